/** The tape against writing one value after the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepMax } from '../../src/core/model/pattern.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { hmacPattern } from '../../src/core/patterns/hmac.js';
import { resetText, valueText } from '../../src/core/reports/pattern-values.js';

const collect = (chunks: Iterable<Uint8Array>): string => {
  const decoder = new TextDecoder();
  let text = '';
  for (const chunk of chunks) text += decoder.decode(chunk);
  return text;
};

/** Seeds of one and of several digits; intervals on both sides of the tape's size. */
const seeds = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: stepMax }));
const intervals = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 32_750, max: 32_780 }),
  fc.integer({ min: 65_500, max: 70_000 }),
  fc.integer({ min: 1, max: stepMax }),
);
const places = fc.oneof(fc.nat(1000), fc.nat(stepMax - 400_000));
const lengths = fc.oneof(fc.nat(500), fc.integer({ min: 60_000, max: 300_000 }));

describe('valueText', () => {
  it('writes what value() says, one a line or one an item', () => {
    fc.assert(
      fc.property(seeds, intervals, places, lengths, (seed, phaseResetInterval, from, steps) => {
        const pattern = digitCollapse.create({ seed, phaseResetInterval });
        const values = Array.from({ length: steps }, (_, i) => pattern.value(from + i));
        // Compared with ===, because a difference in a million characters takes long to print.
        const lines = values.map((value) => `${value}\n`).join('');
        expect(collect(valueText(pattern, { from, steps }, 'line')) === lines).toBe(true);
        const items = values.map((value) => `,${value}`).join('');
        expect(collect(valueText(pattern, { from, steps }, 'item')) === items).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('writes whole values in every chunk, so that an interrupted list is a good list', () => {
    for (const [seed, phaseResetInterval] of [
      [123, 100],
      [7, 99],
      [98765, 32_700],
      [12, 70_000],
      [7, 1],
    ]) {
      const pattern = digitCollapse.create({ seed, phaseResetInterval });
      for (const chunk of valueText(pattern, { from: 41, steps: 300_000 }, 'line')) {
        expect(chunk[chunk.length - 1]).toBe(10);
      }
      for (const chunk of valueText(pattern, { from: 41, steps: 300_000 }, 'item')) {
        expect(chunk[0]).toBe(44);
      }
    }
  });

  it('reaches the last step there is', () => {
    for (const phaseResetInterval of [1, 100, 32_000, stepMax - 3, stepMax]) {
      const pattern = digitCollapse.create({ seed: 7, phaseResetInterval });
      const stretch = { from: stepMax - 9, steps: 10 };
      const values = Array.from({ length: 10 }, (_, i) => pattern.value(stretch.from + i));
      expect(collect(valueText(pattern, stretch, 'line'))).toBe(values.map((value) => `${value}\n`).join(''));
    }
  });

  it('begins a stretch of 2^53-1 steps at once, with chunks of bounded size', () => {
    for (const phaseResetInterval of [1, 100, stepMax]) {
      const pattern = digitCollapse.create({ seed: stepMax, phaseResetInterval });
      const chunks = valueText(pattern, { from: 0, steps: stepMax }, 'line');
      for (let i = 0; i < 1000; i++) expect((chunks.next().value as Uint8Array).length).toBeLessThan(200_000);
    }
  });

  it('writes keyed values', () => {
    const pattern = hmacPattern.create({ key: new Uint8Array(32) });
    const values = Array.from({ length: 3000 }, (_, i) => pattern.value(5 + i));
    expect(collect(valueText(pattern, { from: 5, steps: 3000 }, 'line'))).toBe(
      values.map((value) => `${value}\n`).join(''),
    );
  });

  it('writes nothing for no steps', () => {
    expect(collect(valueText(digitCollapse.create({}), { from: 0, steps: 0 }, 'line'))).toBe('');
  });
});

describe('resetText', () => {
  it('lists the multiples of the interval, with commas between them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.nat(2000),
        fc.nat(3000),
        (phaseResetInterval, from, steps) => {
          const resets: number[] = [];
          for (let step = from; step < from + steps; step++)
            if (step % phaseResetInterval === 0) resets.push(step);
          const pattern = digitCollapse.create({ phaseResetInterval });
          expect(collect(resetText(pattern, { from, steps }))).toBe(resets.join(','));
        },
      ),
    );
  });

  it('is exact at the far end', () => {
    const pattern = digitCollapse.create({ phaseResetInterval: 3 });
    // 2^53-1 is 1 modulo 3, so 2^53-2 is the last multiple of 3.
    expect(collect(resetText(pattern, { from: stepMax - 4, steps: 5 }))).toBe(
      `${stepMax - 4},${stepMax - 1}`,
    );
  });

  it('has nothing to say of a keyed pattern', () => {
    const pattern = hmacPattern.create({ key: new Uint8Array(32) });
    expect(collect(resetText(pattern, { from: 0, steps: 1000 }))).toBe('');
  });
});
