/** Verdicts about many runs together, against whole-number arithmetic: binomial sums without any rounding. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRuns } from '../../src/core/parts/over-runs.js';
import { lean } from '../../src/core/parts/break-even.js';
import { exactShare95, quantileRanks95 } from '../../src/core/parts/binomial.js';
import type { runFigures } from '../../src/core/model/experiment.js';
import { type OverRuns } from '../../src/core/model/experiment.js';

/** C(count, k) percent^k (100 - percent)^(count - k) for every k: chances times 100^count. */
function weights(count: number, percent: number): bigint[] {
  const [yes, no] = [BigInt(percent), BigInt(100 - percent)];
  let ways = 1n;
  return Array.from({ length: count + 1 }, (_, k) => {
    const weight = ways * yes ** BigInt(k) * no ** BigInt(count - k);
    ways = (ways * BigInt(count - k)) / BigInt(k + 1);
    return weight;
  });
}

const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);

describe('quantileRanks95', () => {
  it.each([1, 2, 5, 19, 20, 50, 99, 100, 137, 300])('%i values: exact binomial tails', (count) => {
    for (const percent of [1, 5, 10, 50, 90, 95, 99]) {
      const law = weights(count, percent);
      const all = 100n ** BigInt(count);
      const isSmall = (tail: readonly bigint[]): boolean => 40n * sum(tail) <= all;
      let low = 0;
      while (isSmall(law.slice(0, low + 1))) low++;
      let high = count + 1;
      while (isSmall(law.slice(high - 1))) high--;
      expect(quantileRanks95(count, percent), `p${percent}`).toEqual([low, high]);
    }
  });

  // W. J. Conover, "Practical nonparametric statistics": the interval of a median.
  it.each([
    [5, 0, 6],
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [100, 40, 61],
  ])('the median of %i lies between the values of rank %i and %i', (count, low, high) => {
    expect(quantileRanks95(count, 50)).toEqual([low, high]);
  });

  it('stands a million runs', () => {
    const [low, high] = quantileRanks95(1_000_000, 95);
    // The normal approximation: 950,000 -+ 1.96 sqrt(10^6 x 0.95 x 0.05).
    const half = 1.959964 * Math.sqrt(47_500);
    expect(Math.abs(low - (950_000 - half))).toBeLessThan(3);
    expect(Math.abs(high - (950_000 + half))).toBeLessThan(3);
  });
});

const share = (wanted: number): OverRuns => ({ kind: 'share', share: wanted });
const none = (): never => {
  throw new Error('a share needs no figures');
};

describe('a share of the runs', () => {
  it('holds by counting, and surely where so many, or so few, would be too unlikely at the very share', () => {
    for (const runs of [1, 2, 5, 20, 72, 73, 100]) {
      for (const percent of [5, 50, 90, 95, 99]) {
        const law = weights(runs, percent);
        const isRare = (tail: readonly bigint[]): boolean => 40n * sum(tail) < 100n ** BigInt(runs);
        for (let passed = 0; passed <= runs; passed++) {
          const tally = { passed, failed: runs - passed, unevaluated: 0 };
          const verdict = judgeRuns(share(percent / 100), tally, none);
          const holds = 100 * passed >= percent * runs;
          expect(verdict.status).toBe(holds ? 'passed' : 'failed');
          expect(verdict.sure, `${passed} of ${runs}, ${percent} %`).toBe(
            isRare(holds ? law.slice(passed) : law.slice(0, passed + 1)),
          );
        }
      }
    }
  });

  it('says of 0.95 what the 95th percentile says', () => {
    for (const runs of [20, 71, 72, 73, 150]) {
      for (let passed = 0; passed <= runs; passed++) {
        const values = Array.from({ length: runs }, (_, run) => (run < passed ? 1 : 2));
        const bySorting = judge(figure('p95', '<=', 1), values);
        const byCounting = judgeRuns(share(0.95), { passed, failed: runs - passed, unevaluated: 0 }, none);
        expect([bySorting.status, bySorting.sure]).toEqual([byCounting.status, byCounting.sure]);
      }
    }
  });

  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 5.
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('has the exact interval: %i of %i', (passed, runs, low, high) => {
    const found = exactShare95(passed, runs);
    expect(found).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
  });

  it('has an interval for a million runs', () => {
    const [low, high] = exactShare95(950_000, 1_000_000);
    // The normal approximation: 1.96 sqrt(0.95 x 0.05 / 10^6).
    expect(low).toBeCloseTo(0.95 - 0.000427, 5);
    expect(high).toBeCloseTo(0.95 + 0.000427, 5);
  });

  it('counts in whole runs: 55 of 100 are a share of 0.55', () => {
    // 0.55 x 100 is 55.00000000000001.
    expect(judgeRuns(share(0.55), { passed: 55, failed: 45, unevaluated: 0 }, none).status).toBe('passed');
    const outcome = Array.from({ length: 100 }, (_, run) => run < 55);
    expect(lean(outcome, 0.55).holds).toBe(true);
  });

  it('is known where runs without an answer could not change it', () => {
    const verdict = (passed: number, failed: number, unevaluated: number): string =>
      judgeRuns(share(0.9), { passed, failed, unevaluated }, none).status;
    expect(verdict(18, 0, 2)).toBe('passed');
    expect(verdict(17, 0, 3)).toBe('unevaluated');
    expect(verdict(17, 1, 2)).toBe('unevaluated');
    expect(verdict(15, 3, 2)).toBe('failed');
    expect(verdict(0, 0, 0)).toBe('unevaluated');
  });
});

const figure = (name: (typeof runFigures)[number], comparison: '<' | '<=' | '>=' | '>', bound: number): OverRuns =>
  ({ kind: 'figure', figure: name, comparison, bound, unit: 'number' }); // prettier-ignore

const judge = (asked: OverRuns, values: readonly number[]): ReturnType<typeof judgeRuns> =>
  judgeRuns(asked, { passed: 0, failed: 0, unevaluated: 0 }, () => values);

describe('a figure over the runs', () => {
  it('a percentile holds exactly where so large a share of the runs does', () => {
    const values = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 30 }), fc.constantFrom(1, 5, 10, 50, 90, 95, 99), (all, bound, percent) => {
        const holding = all.filter((value) => value <= bound).length;
        const verdict = judge(figure(`p${percent}` as 'p1', '<=', bound), all);
        expect(verdict.status).toBe(100 * holding >= percent * all.length ? 'passed' : 'failed');
        // At least so many are no larger, and no smaller value can say that.
        const value = verdict.value ?? NaN;
        expect(all.filter((one) => one <= value).length * 100).toBeGreaterThanOrEqual(percent * all.length);
        expect(all.filter((one) => one < value).length * 100).toBeLessThan(percent * all.length);
        return true;
      }), // prettier-ignore
    );
  });

  it('covers the percentile of the population in at least 95 of 100 samples', () => {
    let state = 99;
    const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    let covered = 0;
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: 40 }, draw);
      const { low, high } = judge(figure('p90', '<=', 1), values);
      if ((low ?? 0) <= 0.9 && 0.9 <= (high ?? 1)) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / trials));
  });

  it('a mean by hand, sure where its interval is on one side', () => {
    // Mean 5, interval 5 -+ 2.365 sqrt(32/7) / sqrt(8) = 5 -+ 1.788.
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(judge(figure('mean', '<=', 6.7), values)).toMatchObject({
      status: 'passed',
      value: 5,
      sure: false,
    });
    expect(judge(figure('mean', '<=', 6.8), values)).toMatchObject({ status: 'passed', sure: true });
    expect(judge(figure('mean', '>', 5), values)).toMatchObject({ status: 'failed', sure: false });
    expect(judge(figure('mean', '>', 6.8), values)).toMatchObject({ status: 'failed', sure: true });
    expect(judge(figure('mean', '>=', 3.2), values)).toMatchObject({ status: 'passed', sure: true });
  });

  it('one bound is enough to be sure where the other is not there', () => {
    const values = Array.from({ length: 40 }, () => 10);
    expect(judge(figure('p95', '<=', 9), values)).toMatchObject({ status: 'failed', high: null, sure: true });
    expect(judge(figure('p95', '<=', 11), values)).toMatchObject({
      status: 'passed',
      high: null,
      sure: false,
    });
    expect(judge(figure('p5', '>=', 11), values)).toMatchObject({ status: 'failed', low: null, sure: true });
  });

  it('what has no value is the worst and the best in turn', () => {
    const values = Array.from({ length: 19 }, (_, run) => run);
    expect(judge(figure('p90', '<=', 18), [...values, NaN])).toMatchObject({ status: 'passed', value: null });
    expect(judge(figure('p95', '<=', 17), [...values, NaN]).status).toBe('unevaluated');
    expect(judge(figure('p50', '<=', 3), [...values, NaN]).status).toBe('failed');
    expect(judge(figure('mean', '<=', 100), [...values, NaN]).status).toBe('unevaluated');
    // What never comes is later than everything, and no mean is left.
    expect(judge(figure('mean', '<=', 100), [...values, Infinity])).toMatchObject({
      status: 'failed',
      value: null,
    });
    expect(judge(figure('p95', '<=', 18), [...values, Infinity])).toMatchObject({
      status: 'passed',
      value: 18,
    });
    expect(judge(figure('p95', '<=', 18), []).status).toBe('unevaluated');
  });
});
