/** Finding an address among sorted peers, held against looking through the list. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { neighboursOf, positionAmong } from '../../src/core/parts/sorted-peers.js';

it('finds whoever is there, and nobody else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 40 }), (addresses) => {
      const list = [...addresses].sort((a, b) => a - b);
      const view = neighboursOf({ peerCount: list.length, peerAt: (index) => list[index] });
      for (let address = -1; address <= 61; address++)
        expect(positionAmong(view, address)).toBe(list.indexOf(address));
    }),
  );
});

it('looks at a handful of a million', () => {
  let looks = 0;
  const evens = { count: () => 1_000_000, at: (index: number) => (looks++, 2 * index) };
  expect(positionAmong(evens, 1_234_568)).toBe(617_284);
  expect(looks).toBeLessThanOrEqual(21);
});
