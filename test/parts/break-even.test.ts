/** Break-even search, against a scan of all points, and its interval against the truth. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/base/random.js';
import {
  breakEven,
  contradictions,
  runsToBeSure,
  type BreakEven,
  type Outcome,
} from '../../src/core/parts/break-even.js';

/** Runs that each bear everything up to a limit of their own (`below`), or from a limit on. */
function runsWith(limits: readonly number[], below: boolean): (point: number) => Outcome {
  return (point) => limits.map((limit) => (below ? point <= limit : point >= limit));
}

function search(
  last: number,
  share: number,
  outcomeAt: (point: number) => Outcome,
): { found: BreakEven; asked: number[] } {
  const asked: number[] = [];
  const steps = breakEven(last, share);
  let step = steps.next();
  while (step.done !== true) {
    asked.push(step.value);
    step = steps.next(outcomeAt(step.value));
  }
  return { found: step.value, asked };
}

/** Wilson's interval by its definition: the shares p for which |k/n - p| <= z sqrt(p (1 - p) / n), by bisection. */
function wilsonByDefinition(k: number, n: number): [number, number] {
  const inside = (p: number): boolean =>
    Math.abs(k / n - p) <= 1.959963984540054 * Math.sqrt((p * (1 - p)) / n);
  const edge = (from: number, to: number): number => {
    let [out, within] = [from, to];
    for (let i = 0; i < 60; i++) {
      const middle = (out + within) / 2;
      if (inside(middle)) within = middle;
      else out = middle;
    }
    return within;
  };
  return [k === 0 ? 0 : edge(0, k / n), k === n ? 1 : edge(1, k / n)];
}

const cases = fc.record({
  last: fc.integer({ min: 1, max: 200 }),
  below: fc.boolean(),
  share: fc.constantFrom(0.25, 0.5, 0.8),
  limits: fc.array(fc.integer({ min: -20, max: 220 }), { minLength: 15, maxLength: 40 }),
});

describe('break-even', () => {
  it('is what a scan of all points finds, with few of them', () => {
    fc.assert(
      fc.property(cases, ({ last, below, share, limits }) => {
        const outcomeAt = runsWith(limits, below);
        const { found, asked } = search(last, share, outcomeAt);
        const points = Array.from({ length: last + 1 }, (_, point) => (below ? point : last - point));
        const ratio = (point: number): number => outcomeAt(point).filter(Boolean).length / limits.length;
        const interval = (point: number): [number, number] =>
          wilsonByDefinition(Math.round(ratio(point) * limits.length), limits.length);
        expect(new Set(asked).size).toBe(asked.length);
        expect(asked.length).toBeLessThanOrEqual(2 + 3 * Math.ceil(Math.log2(last + 1)));
        const holding = points.filter((point) => ratio(point) >= share);
        if (holding.length === 0 || holding.length === points.length) {
          expect(found.status).toBe(holding.length === 0 ? 'nowhere' : 'everywhere');
          expect(asked).toHaveLength(2);
          return;
        }
        expect(found).toEqual({
          status: 'found',
          holdsBelow: below,
          at: holding.at(-1),
          surelyHolds: points.filter((point) => interval(point)[0] > share).at(-1),
          surelyFails: points.find((point) => interval(point)[1] < share),
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('ends, whatever the outcomes are, and asks nothing twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.infiniteStream(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })),
        (last, stream) => {
          const { found, asked } = search(last, 0.5, () => stream.next().value as Outcome);
          expect(new Set(asked).size).toBe(asked.length);
          for (const point of asked) expect(point >= 0 && point <= last).toBe(true);
          if (found.status === 'found') expect(asked).toContain(found.at);
        },
      ),
    );
  });

  it('the interval holds the true break-even in 95 of 100 searches', () => {
    const chance = RandomStream.named(1, 'break-even-test');
    let inside = 0;
    const searches = 2000;
    for (let i = 0; i < searches; i++) {
      // The limits are uniform on 0 to 1000: half of all runs bear 500.
      const limits = Array.from({ length: 30 }, () => chance.below(1001));
      const { found } = search(1000, 0.5, runsWith(limits, true));
      if ((found.surelyHolds ?? -1) <= 500 && (found.surelyFails ?? 1001) >= 500) inside++;
    }
    // With 30 runs, the binomial gives 0.9572 for 10 to 20 successes, and five standard errors are 0.023.
    expect(Math.abs(inside / searches - 0.9572)).toBeLessThan(0.023);
  });

  it.each([
    // From the definition: n/(n + z^2) > share with z^2 = 3.8415, so n > 3.8415 share/(1 - share), and the same from the other side.
    [0.5, 4],
    [0.9, 35],
    [0.95, 73],
    [0.1, 35],
  ])('to be sure of a share of %f takes %i runs', (share, runs) => {
    expect(runsToBeSure(share)).toBe(runs);
  });

  it('counts runs that contradict it', () => {
    const outcomes = new Map<number, Outcome>([
      [9, [false, true, false, true]],
      [0, [true, true, true, true]],
      [5, [true, false, false, true]],
    ]);
    expect(contradictions(outcomes, true)).toBe(1);
    expect(contradictions(outcomes, false)).toBe(3);
  });
});
