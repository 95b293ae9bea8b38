/**
 * Strength by counting. The expected figures are counted step by step on sequences made by the naive recursion, over a whole common
 * period, with no arithmetic modulo 9 and no fractions; and they are the published ones of docs/pattern.md.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepMax } from '../../src/core/model/pattern.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';
import { hmacPattern } from '../../src/core/patterns/hmac.js';
import { analyze } from '../../src/core/patterns/strength.js';

function naiveRoot(number: bigint): bigint {
  return number <= 9n
    ? number
    : naiveRoot([...String(number)].reduce((sum, digit) => sum + BigInt(digit), 0n));
}

function naiveValues(seed: number, interval: number, count: number): number[] {
  const values: number[] = [];
  let value = 0n;
  for (let k = 0; k < count; k++) {
    value = k % interval === 0 ? BigInt(seed) : naiveRoot(value * BigInt(seed));
    values.push(Number(value));
  }
  return values;
}

function tally(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The smallest d > 0 with values[k + d] = values[k] wherever both exist; the list holds several periods. */
function leastPeriod(values: readonly number[]): number {
  for (let d = 1; ; d++)
    if (values.every((value, k) => k + d >= values.length || values[k + d] === value)) return d;
}

const strengthOf = (seed: number, phaseResetInterval: number) =>
  analyze(digitCollapse, { seed, phaseResetInterval });

/** Equality of fractions without dividing. */
function expectExact(exact: string, part: number, whole: number): void {
  const [numerator, denominator = '1'] = exact.split('/');
  expect(BigInt(numerator) * BigInt(whole)).toBe(BigInt(denominator) * BigInt(part));
}

describe('P-19: the published figures, interval 100', () => {
  it.each([
    // residue, seed, period, distinct values, best constant guess passes
    [0, 9, 1, 1, 1],
    [1, 1, 1, 1, 1],
    [2, 2, 6, 6, 0.17],
    [3, 3, 1, 2, 0.99],
    [4, 4, 3, 3, 0.34],
    [5, 5, 6, 6, 0.17],
    [6, 6, 1, 2, 0.99],
    [7, 7, 3, 3, 0.34],
    [8, 8, 2, 2, 0.5],
  ])(
    'residue %d (seed %d): period %d, %d values, guess passes %d',
    (_residue, seed, period, distinct, informed) => {
      const strength = strengthOf(seed, 100);
      expect(strength.period).toBe(period);
      expect(strength.distinctValues).toBe(distinct);
      expect(strength.odds.informed.value).toBe(informed);
      expect(strength.odds.blind.exact).toBe('1/9');
      expect(strength.odds.observed.value).toBe(1);
    },
  );

  it('settles on 9 for seeds 3 and 6, after the seed itself', () => {
    for (const seed of [3, 6]) {
      const strength = strengthOf(seed, 100);
      expect(strength.preperiod).toBe(1);
      expect(strength.mostCommonValue).toBe(9);
    }
  });

  it('V-11: an altered payload is never noticed, an altered value always, an altered step in 2 of 3 cases for seed 7', () => {
    const { noticed } = strengthOf(7, 100);
    expect(noticed.alteredPayload.value).toBe(0);
    expect(noticed.alteredValue.value).toBe(1);
    // 34 steps have 7, 33 have 4 and 33 have 1.
    expectExact(noticed.alteredStep.exact, 10_000 - 34 * 34 - 33 * 33 - 33 * 33, 10_000);
  });

  it('interval 99 is never told from 198 with seed 7, and 100 from 200 is', () => {
    const blind = analyze(digitCollapse, { seed: 7, phaseResetInterval: 99 }, { phaseResetInterval: 198 });
    expect(blind.against).toMatchObject({ noticed: 'never', expectedMessages: null });
    expect(blind.unseenIntervalMultiple).toBe(3);
    const sighted = analyze(digitCollapse, { seed: 7, phaseResetInterval: 100 }, { phaseResetInterval: 200 });
    expect(sighted.against?.noticed).toBe('sometimes');
    expect(sighted.unseenIntervalMultiple).toBeNull();
  });

  it('seeds of equal residue differ at resets only', () => {
    const { against } = analyze(digitCollapse, { seed: 7 }, { seed: 16 });
    expect(against).toMatchObject({ expectedMessages: 100, noticed: 'sometimes' });
    expect(against?.differs.exact).toBe('1/100');
  });
});

describe('strength = brute force', () => {
  const seeds = [...Array.from({ length: 20 }, (_, i) => i + 1), 27, 99, 1000, 12345];

  it('counts periods, values and odds of one sequence', () => {
    for (const seed of seeds) {
      for (let interval = 1; interval <= 40; interval++) {
        const values = naiveValues(seed, interval, interval);
        const counts = tally(values);
        const strength = strengthOf(seed, interval);
        const most = Math.max(...counts.values());
        expect(strength.repeatsAfter).toBe(leastPeriod(naiveValues(seed, interval, interval * 3)));
        expect(strength.distinctValues).toBe(counts.size);
        expect(counts.get(strength.mostCommonValue ?? 0)).toBe(most);
        expectExact(strength.odds.informed.exact, most, interval);
        expectExact(strength.odds.blind.exact, values.filter((value) => value <= 9).length, interval * 9);
        let noticed = 0;
        for (const a of values) for (const b of values) if (a !== b) noticed++;
        expectExact(strength.noticed.alteredStep.exact, noticed, interval * interval);
        const afterReset = values.slice(strength.preperiod ?? 0);
        if (interval > 12) expect(strength.period).toBe(leastPeriod(afterReset));
      }
    }
  });

  it('counts the steps at which two sequences differ, over a whole common period', () => {
    for (const seed of [1, 2, 3, 4, 7, 8, 9, 16, 21]) {
      for (const otherSeed of [1, 2, 3, 5, 7, 8, 11, 16, 18]) {
        for (const interval of [1, 2, 3, 5, 6, 7, 10, 12]) {
          for (const otherInterval of [1, 2, 4, 6, 9, 10, 12, 18]) {
            // A multiple of lcm(interval, otherInterval), so that the share is the same.
            const steps = interval * otherInterval;
            const ours = naiveValues(seed, interval, steps);
            const theirs = naiveValues(otherSeed, otherInterval, steps);
            const different = ours.filter((value, k) => value !== theirs[k]).length;
            const { against } = analyze(
              digitCollapse,
              { seed, phaseResetInterval: interval },
              { seed: otherSeed, phaseResetInterval: otherInterval },
            );
            expectExact(against?.differs.exact ?? '', different, steps);
            if (different === 0) expect(against).toMatchObject({ noticed: 'never', expectedMessages: null });
            else expect(against?.expectedMessages).toBeCloseTo(steps / different, 10);
            expect(against?.noticed === 'always').toBe(different === steps);
          }
        }
      }
    }
  });

  it('names exactly the intervals that are never noticed', () => {
    for (let seed = 1; seed <= 12; seed++) {
      for (let interval = 1; interval <= 24; interval++) {
        const { unseenIntervalMultiple } = strengthOf(seed, interval);
        for (let other = 1; other <= 24; other++) {
          if (other === interval) continue;
          const ours = naiveValues(seed, interval, interval * other);
          const same = naiveValues(seed, other, interval * other).every((value, k) => value === ours[k]);
          expect(same).toBe(
            typeof unseenIntervalMultiple === 'number' && other % unseenIntervalMultiple === 0,
          );
        }
      }
    }
  });

  it('lists the other digits as wrong seeds, and says how long they last on average', () => {
    const { wrongSeed } = strengthOf(7, 100);
    const ours = naiveValues(7, 100, 100);
    const waits = [1, 2, 3, 4, 5, 6, 8, 9].map((seed) => {
      const theirs = naiveValues(seed, 100, 100);
      return 100 / ours.filter((value, k) => value !== theirs[k]).length;
    });
    expect(wrongSeed?.each.map((stray) => stray.seed)).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
    expect(wrongSeed?.expectedMessages).toBeCloseTo(waits.reduce((sum, wait) => sum + wait) / 8, 10);
  });

  it('lists wrong intervals as people make them', () => {
    const slips = (interval: number) =>
      strengthOf(7, interval).wrongInterval?.each.map((stray) => stray.phaseResetInterval);
    expect(slips(100)).toEqual([99, 101, 50, 200]);
    expect(slips(1)).toEqual([2]);
    expect(slips(2)).toEqual([1, 3, 4]);
    expect(slips(stepMax)).toEqual([stepMax - 1, (stepMax - 1) / 2]);
  });
});

describe('strength at the far end', () => {
  it('takes no time and no memory for the largest interval, and stays exact', () => {
    const { odds, against } = analyze(digitCollapse, { seed: 7, phaseResetInterval: stepMax }, { seed: 16 });
    // 2^53-1 is 1 modulo 3: the exponents 1, 4, 7, ..., 2^53-1 are one third of the next multiple of 3.
    expect(odds.informed.exact).toBe(`${(BigInt(stepMax) + 2n) / 3n}/${stepMax}`);
    expect(against?.differs.exact).toBe(`1/${stepMax}`);
    expect(against?.expectedMessages).toBe(stepMax);
  });

  it('is symmetric: who flags whom does not matter', () => {
    const settings = fc.record({
      seed: fc.integer({ min: 1, max: stepMax }),
      phaseResetInterval: fc.integer({ min: 1, max: stepMax }),
    });
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        expect(analyze(digitCollapse, one, other).against?.differs.exact).toBe(
          analyze(digitCollapse, other, one).against?.differs.exact,
        );
      }),
    );
  });
});

describe('P-05, P-21: warnings', () => {
  const warnings = (seed: number, interval = 100): string => strengthOf(seed, interval).warnings.join(' ');

  it.each([1, 3, 6, 8, 9, 10, 12, 15, 17, 18])('warns of seed %d', (seed) => {
    expect(warnings(seed)).toContain('Weak seed');
  });

  it.each([2, 4, 5, 7])('does not warn of seed %d', (seed) => expect(warnings(seed)).toBe(''));

  it('says that a seed of several digits travels in the clear', () => {
    expect(warnings(11)).toContain('in the clear: 11.');
    expect(warnings(11)).not.toContain('Weak seed');
  });

  it('says when resets leave no trace', () => {
    expect(warnings(7, 99)).toContain('multiple of the period 3');
    expect(warnings(9)).toContain('no wrong interval is ever noticed');
  });

  it('says when every step is a reset', () => expect(warnings(7, 1)).toContain('every step is a reset'));
});

describe('strength of the keyed pattern', () => {
  it('leaves a guess one chance in 2^48, and a payload unprotected', () => {
    const strength = analyze(hmacPattern, { key: new Uint8Array(32) });
    expect(strength.odds.blind.exact).toBe('1/281474976710656');
    expect(strength.odds.observed.exact).toBe('1/281474976710656');
    expect(strength.noticed.alteredPayload.value).toBe(0);
    expect(strength.period).toBeNull();
    expect(strength.wrongSeed).toBeUndefined();
    expect(strength.warnings).toEqual([]);
  });

  it('warns of a short key', () => {
    expect(analyze(hmacPattern, { key: new Uint8Array(6) }).warnings[0]).toContain('48 bits can be found');
  });
});
