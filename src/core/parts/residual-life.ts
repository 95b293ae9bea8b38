/**
 * How long what we meet half-way still lasts. Who comes into a network that has run for long meets nodes in the middle of their lives: it
 * meets long lives more often than short ones, and each at a random point. What is left of them has the density (1 - F(x)) / mean, the
 * equilibrium law of renewal theory (D. R. Cox, "Renewal Theory", 1962, section 5.2), and a run that begins with it is in its steady
 * state from the first moment.
 */
import { UserError } from '../base/errors.js';
import { compileDistribution, type DistributionSpec, type Sampler } from './distributions.js';

/** Points of the quantile function: each halving of the tail gets as many, so that heavy tails are followed to one in 10^12. */
const halvings = 40;
const perHalving = 256;

export interface Lives {
  /** A whole life, microseconds. */
  readonly whole: Sampler;
  /** What is left of one that is under way. */
  readonly residual: Sampler;
  readonly meanUs: number;
}

/** @throws UserError `invalid-value` when the parameters are out of range, or there is no mean */
export function compileLives(spec: DistributionSpec): Lives {
  const sample = compileDistribution(spec);
  const whole: Sampler = (draw) => Math.max(1, sample(draw));
  if (spec.distribution === 'pareto' && spec.shape <= 1 && spec.maxUs === undefined) {
    throw new UserError('invalid-value', {
      what: `a pareto distribution of shape ${spec.shape} has no mean, so that there is no steady state`,
      expected: 'a shape above 1, or a max',
    });
  }
  // A table of (value, share of lives that are longer, mean of the shorter of a life and the value).
  const count = halvings * perHalving;
  const values = new Float64Array(count);
  const longer = new Float64Array(count);
  const bounded = new Float64Array(count);
  let before = 0;
  let left = 1;
  let sum = 0;
  let share = 1 / perHalving;
  for (let i = 0; i < count; i++) {
    if (i % perHalving === 0) share /= 2;
    // The last point stands for all that is left of the tail.
    const weight = i === count - 1 ? left : share;
    values[i] = whole(1 - left + weight / 2);
    sum += (values[i] - before) * left;
    before = values[i];
    left = Math.max(0, left - weight);
    longer[i] = left;
    bounded[i] = sum;
  }
  return { whole, residual: (draw) => residualOf(draw * sum, values, longer, bounded), meanUs: sum };
}

/** The x at which the mean of min(life, x) is `target`: straight lines between the points of the table. */
function residualOf(
  target: number,
  values: Float64Array,
  longer: Float64Array,
  bounded: Float64Array,
): number {
  let from = 0;
  let to = bounded.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (bounded[middle] > target) to = middle;
    else from = middle + 1;
  }
  if (from === 0) return target;
  return values[from - 1] + (target - bounded[from - 1]) / longer[from - 1];
}
