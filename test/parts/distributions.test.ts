import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/base/errors.js';
import { RandomStream } from '../../src/core/base/random.js';
import {
  compileDistribution,
  distributionNames,
  normalQuantile,
} from '../../src/core/parts/distributions.js';
import type { DistributionSpec } from '../../src/core/parts/distributions.js';

/** The normal distribution function: the series x + x^3/3 + x^5/15 + ... below 5 (G. Marsaglia, J. Stat. Software 11(4), 2004). */
function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 400; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.91893853320467274178);
}

type Case = readonly [name: string, spec: DistributionSpec, cdf: (x: number) => number];
const cases: readonly Case[] = [
  ['uniform', { distribution: 'uniform', minUs: 10, maxUs: 30 }, (x) => (x - 10) / 20],
  ['normal', { distribution: 'normal', meanUs: 50, deviationUs: 7 }, (x) => normalCdf((x - 50) / 7)],
  ['lognormal', { distribution: 'lognormal', medianUs: 40_000, sigma: 0.5 }, (x) => normalCdf(Math.log(x / 40_000) / 0.5)],
  ['exponential', { distribution: 'exponential', meanUs: 200 }, (x) => 1 - Math.exp(-x / 200)],
  ['pareto', { distribution: 'pareto', scaleUs: 5, shape: 1.5 }, (x) => 1 - (5 / x) ** 1.5],
  ['weibull', { distribution: 'weibull', scaleUs: 100, shape: 0.7 }, (x) => 1 - Math.exp(-((x / 100) ** 0.7))],
  [
    'empirical quantiles',
    { distribution: 'empirical', quantiles: [[0, 10], [0.5, 20], [0.9, 100], [1, 1000]] },
    (x) => (x < 20 ? (x - 10) / 20 : x < 100 ? 0.5 + (0.4 * (x - 20)) / 80 : 0.9 + (0.1 * (x - 100)) / 900),
  ],
  // Cut: the law of redrawing is the conditional distribution (F(x) - F(min)) / (F(max) - F(min)).
  [
    'lognormal, cut',
    { distribution: 'lognormal', medianUs: 40_000, sigma: 0.5, minUs: 30_000, maxUs: 80_000 },
    (x) => {
      const f = (y: number): number => normalCdf(Math.log(y / 40_000) / 0.5);
      return (f(x) - f(30_000)) / (f(80_000) - f(30_000));
    },
  ],
  [
    'exponential, from below',
    { distribution: 'exponential', meanUs: 200, minUs: 500 },
    (x) => 1 - Math.exp(-(x - 500) / 200),
  ],
  [
    'normal, from above',
    { distribution: 'normal', meanUs: 0, deviationUs: 1, maxUs: -1 },
    (x) => normalCdf(x) / normalCdf(-1),
  ],
]; // prettier-ignore

describe('distributions', () => {
  it.each(cases)('%s: Kolmogorov-Smirnov against the exact law', (name, spec, cdf) => {
    const draws = 20_000;
    const stream = RandomStream.named(11, name);
    const sample = compileDistribution(spec);
    const values = Array.from({ length: draws }, () => sample(stream.ratio())).sort((a, b) => a - b);
    let distance = 0;
    values.forEach((value, i) => {
      const truth = cdf(value);
      distance = Math.max(distance, Math.abs(truth - i / draws), Math.abs(truth - (i + 1) / draws));
    });
    // sqrt(n) D exceeds 1.95 with a chance of 0.1 % (Kolmogorov's limit law: 2 exp(-2 * 1.95^2) = 0.001).
    expect(distance * Math.sqrt(draws)).toBeLessThan(1.95);
  });

  it.each(cases)('%s: never falls, and stays between min and max', (_name, spec) => {
    const sample = compileDistribution(spec);
    const { minUs = -Infinity, maxUs = Infinity } = spec as { minUs?: number; maxUs?: number };
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (i, j) => {
        const [a, b] = [i / 2 ** 53, j / 2 ** 53];
        const [low, high] = [sample(Math.min(a, b)), sample(Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high + Math.abs(high) * 1e-14);
        expect(low >= minUs && high <= maxUs && Number.isFinite(low) && Number.isFinite(high)).toBe(true);
      }),
    );
    for (const draw of [0, 2 ** -53, 1 - 2 ** -53]) expect(Number.isFinite(sample(draw))).toBe(true);
  });

  it('draw measured values evenly, only those that fit', () => {
    const sample = compileDistribution({ distribution: 'empirical', valuesUs: [9, 1, 5, 5], maxUs: 8 });
    expect([0, 0.33, 0.34, 0.99].map(sample)).toEqual([1, 1, 5, 5]);
    expect(compileDistribution({ distribution: 'constant', valueUs: 7 })(0.3)).toBe(7);
  });

  it.each<[DistributionSpec, string]>([
    [{ distribution: 'uniform', minUs: 2, maxUs: 1 }, 'min is at most max'],
    [{ distribution: 'lognormal', medianUs: 0, sigma: 1 }, 'median is above 0'],
    [{ distribution: 'lognormal', medianUs: 1, sigma: -1 }, 'sigma'],
    [{ distribution: 'exponential', meanUs: NaN }, 'mean is above 0'],
    [{ distribution: 'pareto', scaleUs: 1, shape: 0 }, 'shape'],
    [{ distribution: 'empirical', valuesUs: [] }, 'at least one number'],
    [{ distribution: 'empirical', valuesUs: [1], minUs: 2 }, 'at least one of the values'],
    [{ distribution: 'empirical', quantiles: [[0, 1], [0.5, 2]] }, 'from share 0 to share 1'],
    [{ distribution: 'empirical', quantiles: [[0, 3], [1, 2]] }, 'rise in share'],
    [{ distribution: 'normal', meanUs: 0, deviationUs: 1, minUs: 9 }, 'one value in a million'],
    [{ distribution: 'normal', meanUs: 0, deviationUs: 1, minUs: 1, maxUs: 0 }, 'min is at most max'],
  ])('refuses %j', (spec, expected) => {
    expect(() => compileDistribution(spec)).toThrow(UserError);
    expect(() => compileDistribution(spec)).toThrow(expected);
  }); // prettier-ignore

  it('lists every kind once', () => {
    expect(new Set(distributionNames).size).toBe(distributionNames.length);
    expect(distributionNames).toHaveLength(8);
  });
});

describe('normalQuantile', () => {
  // NIST/SEMATECH handbook of statistical methods, section 1.3.6.7.1, and Wichura's own check values.
  it.each([
    [0.5, 0],
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-16, -8.222082216130435],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
  ])('of %d is %d', (draw, z) => {
    expect(Math.abs(normalQuantile(draw) - z)).toBeLessThanOrEqual(3e-15 * Math.abs(z));
  });

  it('undoes the distribution function', () => {
    for (let i = 1; i < 2000; i++) {
      expect(Math.abs(normalCdf(normalQuantile(i / 2000)) - i / 2000)).toBeLessThan(1e-14);
    }
  });
});
