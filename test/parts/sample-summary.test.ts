/** Means and intervals against published tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { student95, summarize, wilson95 } from '../../src/core/parts/sample-summary.js';

describe('student95', () => {
  // D. S. Moore and G. P. McCabe, "Introduction to the practice of statistics", table D, column 95 %.
  it.each([
    [1, 12.706],
    [10, 2.228],
    [30, 2.042],
    [40, 2.021],
    [50, 2.009],
    [60, 2.0],
    [80, 1.99],
    [100, 1.984],
    [1000, 1.962],
  ])('%i degrees of freedom', (degrees, point) => {
    expect(Math.abs(student95(degrees) - point)).toBeLessThan(0.0006);
  });

  it('falls with every degree of freedom', () => {
    for (let degrees = 1; degrees < 200; degrees++)
      expect(student95(degrees + 1)).toBeLessThan(student95(degrees));
  });
});

describe('summarize', () => {
  it('an example worked by hand: 2, 4, 4, 4, 5, 5, 7, 9', () => {
    // Sum 40, squares of distances 32, variance 32/7, t(7) = 2.365.
    const { mean, deviation, low, high } = summarize([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(mean).toBe(5);
    expect(deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
    const half = (2.365 * Math.sqrt(32 / 7)) / Math.sqrt(8);
    expect([low, high]).toEqual([expect.closeTo(5 - half, 12), expect.closeTo(5 + half, 12)]);
  });

  it('counts what never came and leaves it out', () => {
    expect(summarize([null, 3, null])).toEqual({
      count: 1,
      missing: 2,
      mean: 3,
      deviation: null,
      low: null,
      high: null,
    });
    expect(summarize([null])).toMatchObject({ count: 0, missing: 1, mean: null });
  });

  it('covers the true mean in about 95 of 100 samples', () => {
    let covered = 0;
    const trials = 2000;
    let state = 12345;
    const draw = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 12 }, () => draw() + draw() + draw());
      const { low, high } = summarize(sample);
      if ((low ?? 9) <= 1.5 && (high ?? 0) >= 1.5) covered++;
    }
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
  });
});

describe('wilson95', () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (successes, trials, low, high) => {
    const found = wilson95(successes, trials);
    expect(found[0]).toBeCloseTo(low, 4);
    expect(found[1]).toBeCloseTo(high, 4);
  });

  it('holds the share and stays between 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(), (trials, draw) => {
        const successes = draw % (trials + 1);
        const [low, high] = wilson95(successes, trials);
        return 0 <= low && low <= successes / trials && successes / trials <= high && high <= 1;
      }),
    );
  });
});
