/**
 * How long things take when they do not always take the same time. A distribution is plain data, `{distribution: 'lognormal',
 * medianUs: 40000, sigma: 0.5}`, and is compiled once into a function from a number in [0, 1) to a value: its inverse cumulative
 * distribution. So one draw gives one value, a keyed draw gives a keyed value, and a larger draw never gives a smaller value.
 *
 * `minUs` and `maxUs` cut the tails as redrawing until the value fits would, only without redrawing: the same law is had by drawing
 * from the part of [0, 1) whose values fit, which is found once by bisection.
 */
import { UserError } from '../base/errors.js';
import { exp, ln, pow, sqrt } from '../base/math.js';

/** Values outside [minUs, maxUs] are as if drawn again. */
interface Cut {
  readonly minUs?: number;
  readonly maxUs?: number;
}

export type DistributionSpec =
  | { readonly distribution: 'constant'; readonly valueUs: number }
  /** Evenly between `minUs` and `maxUs`. */
  | { readonly distribution: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | ({ readonly distribution: 'normal'; readonly meanUs: number; readonly deviationUs: number } & Cut)
  /** `sigma` is the standard deviation of the logarithm: 0.5 puts one value in six beyond 1.65 medians. */
  | ({ readonly distribution: 'lognormal'; readonly medianUs: number; readonly sigma: number } & Cut)
  | ({ readonly distribution: 'exponential'; readonly meanUs: number } & Cut)
  /** P(X > x) = (scale / x)^shape from `scaleUs` on: the smaller the shape, the heavier the tail. */
  | ({ readonly distribution: 'pareto'; readonly scaleUs: number; readonly shape: number } & Cut)
  /** P(X > x) = exp(-(x / scale)^shape): shape 1 is exponential, below 1 the tail is heavier. */
  | ({ readonly distribution: 'weibull'; readonly scaleUs: number; readonly shape: number } & Cut)
  /** One of the measured values, each as likely as the others. */
  | ({ readonly distribution: 'empirical'; readonly valuesUs: readonly number[] } & Cut)
  /** Points (share, value) of the cumulative distribution, from share 0 to share 1, straight lines between them. */
  | ({
      readonly distribution: 'empirical';
      readonly quantiles: readonly (readonly [share: number, valueUs: number])[];
    } & Cut);

export const distributionNames = [
  'constant',
  'uniform',
  'normal',
  'lognormal',
  'exponential',
  'pareto',
  'weibull',
  'empirical',
] as const satisfies readonly DistributionSpec['distribution'][];

/** From a draw in [0, 1) to a value, in the unit of the spec; not rounded. Never falls as the draw rises. */
export type Sampler = (draw: number) => number;

/** Less than this share of the values between `minUs` and `maxUs` is taken for a mistake. */
const fittingShareMin = 1e-6;

/** Rounding must not lift a draw to 1, where values are infinite. */
const largestDraw = 0.9999999999999999;

/**
 * Makes the sampler of a distribution.
 * @throws UserError `invalid-value` when parameters are out of range, or hardly any value fits between `minUs` and `maxUs`
 */
export function compileDistribution(spec: DistributionSpec): Sampler {
  switch (spec.distribution) {
    case 'constant': {
      const { valueUs } = spec;
      require(Number.isFinite(valueUs), spec, 'value is a finite number');
      return () => valueUs;
    }
    case 'uniform': {
      const { minUs, maxUs } = spec;
      require(minUs <= maxUs && Number.isFinite(maxUs - minUs), spec, 'min is at most max');
      return (draw) => minUs + draw * (maxUs - minUs);
    }
    case 'normal': {
      const { meanUs, deviationUs } = spec;
      require(Number.isFinite(meanUs), spec, 'mean is a finite number');
      require(isPositive(deviationUs) || deviationUs === 0, spec, 'deviation is at least 0');
      return cut(spec, (draw) => meanUs + deviationUs * normalQuantile(draw));
    }
    case 'lognormal': {
      const { medianUs, sigma } = spec;
      require(isPositive(medianUs), spec, 'median is above 0');
      require(sigma >= 0 && sigma <= 10, spec, 'sigma is from 0 to 10');
      return cut(spec, (draw) => medianUs * exp(sigma * normalQuantile(draw)));
    }
    case 'exponential': {
      const { meanUs } = spec;
      require(isPositive(meanUs), spec, 'mean is above 0');
      return cut(spec, (draw) => -meanUs * ln(1 - draw));
    }
    case 'pareto': {
      const { scaleUs, shape } = spec;
      require(isPositive(scaleUs), spec, 'scale is above 0');
      require(shape >= 0.1 && shape <= 1e6, spec, 'shape is from 0.1 to 1000000');
      return cut(spec, (draw) => scaleUs * pow(1 - draw, -1 / shape));
    }
    case 'weibull': {
      const { scaleUs, shape } = spec;
      require(isPositive(scaleUs), spec, 'scale is above 0');
      require(shape >= 0.1 && shape <= 1e6, spec, 'shape is from 0.1 to 1000000');
      return cut(spec, (draw) => scaleUs * pow(-ln(1 - draw), 1 / shape));
    }
    case 'empirical':
      return 'valuesUs' in spec ? compileValues(spec, spec.valuesUs) : compileQuantiles(spec, spec.quantiles);
  }
}

function isPositive(value: number): boolean {
  return value > 0 && value < Infinity;
}

function require(condition: boolean, spec: DistributionSpec, expected: string): void {
  if (!condition) {
    throw new UserError('invalid-value', {
      what: `the ${spec.distribution} distribution has unusable parameters`,
      expected,
    });
  }
}

function compileValues(spec: DistributionSpec & Cut, values: readonly number[]): Sampler {
  require(values.length > 0 &&
    values.every(Number.isFinite), spec, 'values is a list of at least one number');
  const { minUs = -Infinity, maxUs = Infinity } = spec;
  const sorted = Float64Array.from(values.filter((value) => value >= minUs && value <= maxUs)).sort();
  require(sorted.length > 0, spec, 'at least one of the values lies between min and max');
  const count = sorted.length;
  return (draw) => sorted[Math.floor(draw * count)];
}

function compileQuantiles(
  spec: DistributionSpec & Cut,
  points: readonly (readonly [number, number])[],
): Sampler {
  const shares = Float64Array.from(points, ([share]) => share);
  const values = Float64Array.from(points, ([, value]) => value);
  const count = points.length;
  require(count >= 2 &&
    shares[0] === 0 &&
    shares[count - 1] === 1, spec, 'quantiles run from share 0 to share 1');
  for (let i = 0; i < count; i++) {
    require(Number.isFinite(values[i]), spec, 'quantiles have finite values');
    const rises = i === 0 || (shares[i] > shares[i - 1] && values[i] >= values[i - 1]);
    require(rises, spec, 'quantiles rise in share and do not fall in value');
  }
  return cut(spec, (draw) => {
    let left = 0;
    let right = count - 1;
    while (right - left > 1) {
      const middle = (left + right) >> 1;
      if (shares[middle] <= draw) left = middle;
      else right = middle;
    }
    const along = (draw - shares[left]) / (shares[right] - shares[left]);
    return values[left] + along * (values[right] - values[left]);
  });
}

/** Narrows the draws to those whose values fit. */
function cut(spec: DistributionSpec & Cut, quantile: Sampler): Sampler {
  const { minUs = -Infinity, maxUs = Infinity } = spec;
  if (minUs === -Infinity && maxUs === Infinity) return quantile;
  require(minUs <= maxUs, spec, 'min is at most max');
  const from = minUs === -Infinity ? 0 : boundary((draw) => quantile(draw) >= minUs);
  const to = maxUs === Infinity ? 1 : boundary((draw) => quantile(draw) > maxUs);
  if (!(to - from >= fittingShareMin)) {
    throw new UserError('invalid-value', {
      what: `hardly any value of the ${spec.distribution} distribution lies between its min and max`,
      expected: 'at least one value in a million to fit',
      next: 'Move min and max to where the values are',
    });
  }
  const width = to - from;
  return (draw) => {
    const value = quantile(Math.min(from + draw * width, largestDraw));
    return value < minUs ? minUs : value > maxUs ? maxUs : value;
  };
}

/** The smallest draw for which a condition holds that stays true once it is, to 2^-54; 1 when there is none. */
function boundary(holds: (draw: number) => boolean): number {
  if (holds(0)) return 0;
  let no = 0;
  let yes = 1;
  for (let i = 0; i < 54; i++) {
    const middle = no + (yes - no) / 2;
    if (middle < 1 && holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

// Coefficients of AS 241 (PPND16), highest power first: numerator and denominator for the middle, the tails and the far tails.
const middle = [
  [2509.0809287301227, 33430.575583588128, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665],
  [5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1],
]; // prettier-ignore
const tail = [
  [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835],
  [1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1],
]; // prettier-ignore
const farTail = [
  [2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103],
  [2.0442631033899397e-15, 1.4215117583164459e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1],
]; // prettier-ignore

function quotient(coefficients: readonly (readonly number[])[], r: number): number {
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < 8; i++) {
    top = top * r + coefficients[0][i];
    bottom = bottom * r + coefficients[1][i];
  }
  return top / bottom;
}

/**
 * The quantile of the standard normal distribution: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal
 * distribution", Applied Statistics 37(3), 1988; relative error about 1e-15. A draw below 2^-54, half the smallest step, counts as that.
 */
export function normalQuantile(draw: number): number {
  const q = draw - 0.5;
  if (q <= 0.425 && q >= -0.425) return q * quotient(middle, 0.180625 - q * q);
  const side = q < 0 ? Math.max(draw, 5.551115123125783e-17) : 1 - draw;
  const r = sqrt(-ln(side));
  const z = r <= 5 ? quotient(tail, r - 1.6) : quotient(farTail, r - 5);
  return q < 0 ? -z : z;
}
