/** Lots against the plain way to say it: sort the candidates by what they drew, and take the first. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyedDraws } from '../../src/core/base/random.js';
import { drawLots } from '../../src/core/parts/lots.js';

it('the smallest lots win, and the winners stand in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(5000), { maxLength: 60 }),
      fc.nat(70),
      fc.nat(5),
      (addresses, wanted, occasion) => {
        const candidates = addresses.sort((a, b) => a - b);
        const draws = new KeyedDraws(3, 'lots');
        const expected = candidates
          .map((address) => ({ address, lot: draws.ratio(address, occasion) }))
          .sort((a, b) => a.lot - b.lot || a.address - b.address)
          .slice(0, wanted)
          .map(({ address }) => address)
          .sort((a, b) => a - b);
        expect([...drawLots(candidates, wanted, draws, occasion)]).toEqual(expected);
      },
    ),
  );
});

it('equal lots go to the lower addresses', () => {
  const draws = { ratio: (address: number) => (address < 4 ? 0.5 : 0.25) } as unknown as KeyedDraws;
  expect([...drawLots([1, 2, 3, 8, 9], 3, draws, 0)]).toEqual([1, 8, 9]);
  expect([...drawLots([1, 2, 3, 8, 9], 1, draws, 0)]).toEqual([8]);
});
