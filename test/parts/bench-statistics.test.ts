import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/core/model/bench.js';
import { compareReports, figuresOf, quantile } from '../../src/core/parts/bench-statistics.js';

describe('quantile', () => {
  // Hyndman and Fan's type 7, as R's default gives it for c(1, 2, 4, 8, 16).
  it.each([
    [0, 1],
    [0.25, 2],
    [0.5, 4],
    [0.75, 8],
    [0.9, 12.8],
    [1, 16],
  ])('%f of 1 2 4 8 16 is %f', (share, expected) => {
    expect(quantile([1, 2, 4, 8, 16], share)).toBeCloseTo(expected, 12);
  });
});

const machine = { processor: 'p', cores: 4, memoryBytes: 1, platform: 'linux-x64', node: 'v20' };

function reportOf(cases: Readonly<Record<string, readonly number[]>>, node = 'v20'): BenchReport {
  return {
    version: '0',
    machine: { ...machine, node },
    complete: true,
    cases: Object.entries(cases).map(([name, rates]) =>
      figuresOf({ name, summary: '', unit: 'things' }, rates),
    ),
  };
}

describe('figures', () => {
  it('are median, extremes and half the distance between the quartiles', () => {
    expect(figuresOf({ name: 'a', summary: '', unit: 'u' }, [16, 1, 4, 2, 8])).toMatchObject({
      median: 4,
      min: 1,
      max: 16,
      spread: (8 - 2) / 2 / 4,
    });
  });
});

describe('comparison', () => {
  it('calls slower what is slower beyond the noise, and nothing else', () => {
    const before = reportOf({
      quiet: [99, 100, 101],
      noisy: [60, 100, 140],
      gone: [1],
      steady: [100, 100, 100],
    });
    const now = reportOf({ quiet: [79, 80, 81], noisy: [60, 80, 140], new: [1], steady: [97, 97, 97] });
    const comparison = compareReports(before, now);
    expect(comparison.rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['quiet', 'slower'],
      ['noisy', 'same'],
      ['steady', 'same'],
    ]);
    expect(comparison.unmatched).toEqual(['new', 'gone']);
    expect(comparison.sameMachine).toBe(true);
    expect(comparison.rows[0].ratio).toBeCloseTo(0.8, 12);
  });

  it('says faster, and that another Node is another machine', () => {
    const comparison = compareReports(reportOf({ a: [10, 10, 10] }), reportOf({ a: [20, 20, 20] }, 'v26'));
    expect(comparison.rows[0].verdict).toBe('faster');
    expect(comparison.sameMachine).toBe(false);
  });
});
