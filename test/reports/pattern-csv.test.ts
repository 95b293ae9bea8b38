/** The counting wheels against numbers printed one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepMax } from '../../src/core/model/pattern.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { hmacPattern } from '../../src/core/patterns/hmac.js';
import { patternCsv } from '../../src/core/reports/pattern-csv.js';

const collect = (chunks: Iterable<Uint8Array>): string => {
  const decoder = new TextDecoder();
  let text = '';
  for (const chunk of chunks) text += decoder.decode(chunk);
  return text;
};

describe('patternCsv', () => {
  it('writes step and value under a heading', () => {
    expect(collect(patternCsv(digitCollapse.create({}), { from: 98, steps: 4 }))).toBe(
      'step,value\n98,1\n99,7\n100,7\n101,4\n',
    );
  });

  it('counts over every carry, and writes what value() says', () => {
    const begins = fc.oneof(
      fc.constantFrom(0, 9, 99, 999_990, 2 ** 31 - 5, 2 ** 32 - 5, 10 ** 15 - 3),
      fc.nat(stepMax - 20_000),
    );
    fc.assert(
      fc.property(
        begins,
        fc.oneof(fc.nat(40), fc.integer({ min: 8000, max: 16_000 })),
        fc.integer({ min: 1, max: stepMax }),
        fc.integer({ min: 1, max: 50 }),
        (from, steps, seed, phaseResetInterval) => {
          const pattern = digitCollapse.create({ seed, phaseResetInterval });
          const lines = Array.from({ length: steps }, (_, i) => `${from + i},${pattern.value(from + i)}\n`);
          expect(collect(patternCsv(pattern, { from, steps })) === `step,value\n${lines.join('')}`).toBe(
            true,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reaches the last step there is', () => {
    const pattern = digitCollapse.create({});
    expect(collect(patternCsv(pattern, { from: stepMax - 1, steps: 2 }))).toBe(
      `step,value\n${stepMax - 1},${pattern.value(stepMax - 1)}\n${stepMax},${pattern.value(stepMax)}\n`,
    );
  });

  it('writes keyed values', () => {
    const pattern = hmacPattern.create({ key: new Uint8Array(32) });
    expect(collect(patternCsv(pattern, { from: 7, steps: 1 }))).toBe(`step,value\n7,${pattern.value(7)}\n`);
  });

  it('writes the heading alone for no steps', () => {
    expect(collect(patternCsv(digitCollapse.create({}), { from: 0, steps: 0 }))).toBe('step,value\n');
  });
});
