/**
 * The closed form against the definition. The naive recursion below multiplies and adds digits as the rule is written, in BigInt where
 * numbers grow; it knows nothing of remainders or powers.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/core/base/errors.js';
import { stepMax } from '../../src/core/model/pattern.js';
import { collapseDigits, digitCollapse } from '../../src/core/patterns/digit-collapse.js';

/** Adds decimal digits until one is left, on the written number. */
function naiveRoot(number: bigint): bigint {
  let rest = number;
  while (rest > 9n) rest = [...rest.toString()].reduce((sum, digit) => sum + BigInt(digit), 0n);
  return rest;
}

/** value(0), value(1), ... of one phase that never resets, by the recursion. */
function naivePhase(seed: bigint, length: number): number[] {
  const values = [seed];
  for (let k = 1; k < length; k++) values.push(naiveRoot(values[k - 1] * seed));
  return values.map(Number);
}

/** value(from) .. value(from + count - 1), counting through the resets. */
function naiveValues(seed: bigint, interval: number, count: number): number[] {
  const values: number[] = [];
  let value = seed;
  for (let k = 0; k < count; k++) {
    value = k % interval === 0 ? seed : naiveRoot(value * seed);
    values.push(Number(value));
  }
  return values;
}

const create = (seed: number, phaseResetInterval: number) =>
  digitCollapse.create({ seed, phaseResetInterval });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as UserError).code;
  }
  return 'nothing thrown';
}

describe('digit-collapse, golden values', () => {
  it('P-01: seed 7 begins 7, 4, 1, 7, 4', () => {
    const pattern = create(7, 100);
    expect([0, 1, 2, 3, 4].map((step) => pattern.value(step))).toEqual([7, 4, 1, 7, 4]);
  });

  it('P-03: a reset carries the seed again, at step 100', () => {
    const pattern = create(7, 100);
    expect([99, 100, 101, 102].map((step) => pattern.value(step))).toEqual([7, 7, 4, 1]);
  });

  it('P-12, P-13: steps 47 and 5 are 1', () => {
    const pattern = create(7, 100);
    expect(pattern.value(47)).toBe(1);
    expect(pattern.value(5)).toBe(1);
  });

  it('P-04, P-05: seed 7 and interval 100 are what nobody needs to say', () => {
    const pattern = digitCollapse.create({});
    const spelled = create(7, 100);
    for (let step = 0; step < 300; step++) expect(pattern.value(step)).toBe(spelled.value(step));
  });

  it('shows a seed of several digits in the clear at resets, not its digital root', () => {
    const pattern = create(1234567, 10);
    // 1+2+3+4+5+6+7 = 28 -> 10 -> 1, and powers of 1 stay 1.
    expect([9, 10, 11].map((step) => pattern.value(step))).toEqual([1, 1234567, 1]);
  });

  it('P-14: counts the steps since the last reset', () => {
    const pattern = create(7, 100);
    expect(pattern.stepsSinceReset(250)).toBe(50);
    expect(pattern.stepsSinceReset(200)).toBe(0);
  });
});

describe('digit-collapse, closed form = recursion (R-09)', () => {
  it('holds for all seeds 1..999, intervals 1..200, steps 0..2000', () => {
    // One phase without reset holds every value that a shorter phase has at the same distance from its reset, so the recursion runs
    // once a seed, and the 400 million comparisons reduce to arithmetic on whole arrays.
    let wrong = 0;
    for (let seed = 1; seed <= 999; seed++) {
      const phase = naivePhase(BigInt(seed), 200);
      for (let interval = 1; interval <= 200; interval++) {
        const pattern = create(seed, interval);
        for (let step = 0, j = 0; step <= 2000; step++) {
          if (pattern.valueUnchecked(step) !== phase[j]) wrong++;
          if (++j === interval) j = 0;
        }
      }
    }
    expect(wrong).toBe(0);
  }, 120_000);

  it('holds when the recursion itself counts through the resets', () => {
    const anySeed = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 200 }), (seed, interval) => {
        const pattern = create(seed, interval);
        const naive = naiveValues(BigInt(seed), interval, 2001);
        expect(naive.map((_, step) => pattern.value(step))).toEqual(naive);
      }),
      { numRuns: 30 },
    );
  });

  it('is exact for seeds whose square leaves the exact integers, up to 2^53-1', () => {
    const notable = [
      94_906_265,
      94_906_266,
      94_906_267,
      2 ** 31,
      2 ** 32 + 1,
      stepMax - 8,
      stepMax - 1,
      stepMax,
    ];
    const seeds = fc.oneof(fc.constantFrom(...notable), fc.integer({ min: 94_906_267, max: stepMax }));
    fc.assert(
      fc.property(seeds, (seed) => {
        const pattern = create(seed, 50);
        const naive = naiveValues(BigInt(seed), 50, 120);
        expect(naive.map((_, step) => pattern.value(step))).toEqual(naive);
      }),
    );
  });

  it('is exact for every step and interval up to 2^53-1, against modular powers in BigInt', () => {
    const power = (base: bigint, exponent: bigint): bigint => {
      let result = 1n;
      for (let rest = exponent, square = base % 9n; rest > 0n; rest >>= 1n, square = (square * square) % 9n) {
        if (rest & 1n) result = (result * square) % 9n;
      }
      return result;
    };
    const huge = fc.oneof(
      fc.integer({ min: 1, max: stepMax }),
      fc.constantFrom(stepMax, stepMax - 1, 2 ** 32),
    );
    fc.assert(
      fc.property(huge, huge, huge, (seed, interval, step) => {
        const j = BigInt(step) % BigInt(interval);
        const remainder = power(BigInt(seed), j + 1n);
        const expected = j === 0n ? seed : Number(remainder === 0n ? 9n : remainder);
        expect(create(seed, interval).value(step)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('P-09: has no phase so long that it costs memory or recursion', () => {
    // Distance 2^53-2 from the reset: exponent 2^53-1, which is 1 modulo 6 and so 7 again.
    expect((2n ** 53n - 1n) % 6n).toBe(1n);
    expect(create(7, stepMax).value(stepMax - 1)).toBe(7);
    expect(create(7, stepMax).value(stepMax)).toBe(7);
    expect(create(7, 10_000_000).value(7_690)).toBe(4);
  });

  it('P-06: two nodes that share the settings agree without talking', () => {
    const settings = fc.record({
      seed: fc.integer({ min: 1, max: stepMax }),
      phaseResetInterval: fc.integer({ min: 1, max: stepMax }),
    });
    fc.assert(
      fc.property(settings, fc.nat(stepMax), (shared, step) => {
        expect(digitCollapse.create(shared).value(step)).toBe(
          digitCollapse.create({ ...shared }).value(step),
        );
      }),
    );
  });
});

describe('digit-collapse, refusals', () => {
  const notNatural = [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 53, 1e300];
  const wrongTypes = ['7', null, {}, [], true, 7n] as unknown as number[];

  it.each([...notNatural, ...wrongTypes])('P-20: step %s is invalid-step', (step) => {
    expect(codeOf(() => create(7, 100).value(step))).toBe('invalid-step');
  });

  it.each([0, ...notNatural, ...wrongTypes])('P-05: seed %s is invalid-seed', (seed) =>
    expect(codeOf(() => create(seed, 100))).toBe('invalid-seed'),
  );

  it.each([0, ...notNatural, ...wrongTypes])('P-04: interval %s is invalid-interval', (interval) =>
    expect(codeOf(() => create(7, interval))).toBe('invalid-interval'),
  );

  it('takes -0 for 0, as JSON readers do', () => {
    expect(create(7, 100).value(-0)).toBe(7);
  });
});

describe('collapseDigits', () => {
  it.each([
    [0, 0],
    [9, 9],
    [10, 1],
    [18, 9],
    [49, 4],
    [157, 4],
    [999_999_999, 9],
    // 9+0+0+7+1+9+9+2+5+4+7+4+0+9+9+1 = 76 -> 13 -> 4
    [9_007_199_254_740_991, 4],
  ])('P-02: %d -> %d', (number, expected) => expect(collapseDigits(number)).toBe(expected));

  it('adds digits, for any number', () => {
    fc.assert(
      fc.property(fc.nat(stepMax), (number) => {
        expect(collapseDigits(number)).toBe(Number(naiveRoot(BigInt(number))));
      }),
    );
  });

  it.each([-1, 1.5, NaN, Infinity, 2 ** 53])('P-02: refuses %s', (number) => {
    expect(codeOf(() => collapseDigits(number))).toBe('invalid-value');
  });
});
