/**
 * Many runs in a few figures: mean, standard deviation, and the interval in which the true mean lies in 95 of 100 cases, by Student's t.
 * What never came (null) is counted and part of no figure, so a mean of what is left is conditional, and says so by its count.
 */
import { sqrt } from '../base/math.js';

export interface SampleSummary {
  /** Runs with a value, and without. */
  readonly count: number;
  readonly missing: number;
  readonly mean: number | null;
  /** With n - 1; null below two values. */
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom; any table of the distribution. */
const studentTable = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const z = 1.959963984540054;

/** Beyond the table: the expansion around the normal distribution, M. Abramowitz and I. Stegun, 26.7.5; error below 0.0005. */
export function student95(degrees: number): number {
  if (degrees <= studentTable.length) return studentTable[degrees - 1];
  const cube = z * z * z;
  const g1 = (cube + z) / 4;
  const g2 = (5 * cube * z * z + 16 * cube + 3 * z) / 96;
  return z + g1 / degrees + g2 / (degrees * degrees);
}

export function summarize(values: readonly (number | null)[]): SampleSummary {
  const present = values.filter((value): value is number => value !== null);
  const count = present.length;
  const missing = values.length - count;
  if (count === 0) return { count, missing, mean: null, deviation: null, low: null, high: null };
  // Counted from the first value: where all are equal, the mean is that value to the last digit, and the deviation is 0.
  const [first] = present;
  const mean = first + present.reduce((sum, value) => sum + (value - first), 0) / count;
  if (count === 1) return { count, missing, mean, deviation: null, low: null, high: null };
  const deviation = sqrt(
    present.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (count - 1),
  );
  const half = (student95(count - 1) * deviation) / sqrt(count);
  return { count, missing, mean, deviation, low: mean - half, high: mean + half };
}

/**
 * The 95 % interval of a share, which stays between 0 and 1 even when all or none succeeded: E. B. Wilson, "Probable inference, the law
 * of succession, and statistical inference", JASA 22(158), 1927.
 */
export function wilson95(successes: number, trials: number): readonly [low: number, high: number] {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const square = (z * z) / trials;
  const middle = (share + square / 2) / (1 + square);
  const half = (z * sqrt((share * (1 - share)) / trials + square / (4 * trials))) / (1 + square);
  return [successes === 0 ? 0 : middle - half, successes === trials ? 1 : middle + half];
}
