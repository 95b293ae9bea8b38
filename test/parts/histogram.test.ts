import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/core/parts/histogram.js';

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Small and huge alike: a uniform number would nearly always be near 2^53. */
const anyValue = fc
  .tuple(fc.maxSafeNat(), fc.integer({ min: 0, max: 52 }))
  .map(([value, shift]) => Math.floor(value / 2 ** shift));
const someValues = fc.array(anyValue, { minLength: 1, maxLength: 200 });

describe('Histogram', () => {
  it('knows count, ends and sum exactly', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const histogram = filled(values);
        const sum = values.reduce((total, value) => total + BigInt(value), 0n);
        expect(histogram.count).toBe(values.length);
        expect(histogram.min).toBe(Math.min(...values));
        expect(histogram.max).toBe(Math.max(...values));
        expect(histogram.sum).toBe(Number(sum));
        const [high, low] = histogram.toData().sum;
        expect(BigInt(high) * 2n ** 32n + BigInt(low)).toBe(sum);
      }),
    );
  });

  it('reads percentiles within 1/256 of the sorted list', () => {
    fc.assert(
      fc.property(someValues, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((percent * values.length) / 100));
        const truth = sorted[rank - 1];
        const got = filled(values).percentile(percent / 100) ?? NaN;
        expect(Math.abs(got - truth)).toBeLessThanOrEqual(truth / 256);
      }),
      { numRuns: 500 },
    );
  });

  it('is exact below 256, whatever the share', () => {
    const histogram = filled(Array.from({ length: 100 }, (_, i) => i + 1));
    for (let percent = 1; percent <= 100; percent++)
      expect(histogram.percentile(percent / 100)).toBe(percent);
  });

  it('merged halves are the whole, in any order', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(anyValue), (a, b) => {
        const whole = filled([...a, ...b]).toData();
        const ab = filled(a);
        ab.merge(filled(b));
        const ba = filled(b);
        ba.merge(filled(a));
        expect(ab.toData()).toEqual(whole);
        expect(ba.toData()).toEqual(whole);
        expect(Histogram.fromData(whole).toData()).toEqual(whole);
      }),
    );
  });

  it('puts every value between the ends of one bar, within its width', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bars = [...filled([value]).bars()];
        expect(bars).toHaveLength(1);
        const [{ low, high }] = bars;
        expect(low <= value && value <= high).toBe(true);
        expect(high - low).toBeLessThanOrEqual(low / 128);
      }),
    );
  });

  it('treats what never came as infinite', () => {
    const histogram = filled(Array.from({ length: 98 }, (_, i) => i));
    expect(histogram.percentile(0.5, 2)).toBe(49);
    expect(histogram.percentile(0.98, 2)).toBe(97);
    expect(histogram.percentile(0.99, 2)).toBeUndefined();
    const empty = new Histogram();
    expect([empty.percentile(0.5), empty.min, empty.max, empty.mean, empty.sum]).toEqual([
      undefined, undefined, undefined, undefined, 0,
    ]); // prettier-ignore
  });

  it('counts up to a value', () => {
    const histogram = filled([1, 2, 2, 200, 70_000]);
    expect([0, 1, 2, 199, 200, 1000, 70_000, 1e9].map((value) => histogram.countUpTo(value))).toEqual([
      0, 1, 3, 3, 4, 4, 5, 5,
    ]); // prettier-ignore
  });

  it('refuses what is not a whole number', () => {
    for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      expect(() => filled([value])).toThrow('whole numbers');
    }
  });
});
