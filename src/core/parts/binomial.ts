/**
 * How many of so many throws succeed: the binomial distribution, by sums of its terms and without logarithms or powers. Terms are weighed
 * against the likeliest one, outward from it, until they no longer count; so nothing underflows, and a million throws take some thousand terms.
 */

/** Terms that are smaller than this part of the largest do not count. */
const weightMin = 1e-18;
/** What an interval of 95 % leaves out at each end. */
const tailRatio = 0.025;
/** Halvings after which a share between 0 and 1 is known to the last digit. */
const halvings = 60;

/** Weights of the terms below and above the likeliest one, which is 1, from the inside to the outside. */
interface Terms {
  readonly mode: number;
  readonly below: readonly number[];
  readonly above: readonly number[];
  readonly all: number;
}

/** @param odds chance of success / chance of failure; above 0 and finite */
function termsOf(count: number, odds: number): Terms {
  const mode = Math.min(count, Math.floor(((count + 1) * odds) / (1 + odds)));
  const below: number[] = [];
  for (let k = mode, weight = 1; k > 0; k--) {
    weight *= k / ((count - k + 1) * odds);
    if (weight < weightMin) break;
    below.push(weight);
  }
  const above: number[] = [];
  for (let k = mode, weight = 1; k < count; k++) {
    weight *= ((count - k) * odds) / (k + 1);
    if (weight < weightMin) break;
    above.push(weight);
  }
  return { mode, below, above, all: 1 + sumFrom(below, 0) + sumFrom(above, 0) };
}

/** The sum from an index on, smallest terms first. */
function sumFrom(weights: readonly number[], from: number): number {
  let sum = 0;
  for (let i = weights.length - 1; i >= from; i--) sum += weights[i];
  return sum;
}

/** Chance of at least so many successes. */
function chanceOfAtLeast(successes: number, { mode, below, above, all }: Terms): number {
  if (successes > mode) return sumFrom(above, successes - mode - 1) / all;
  return 1 - sumFrom(below, mode - successes) / all;
}

/**
 * The 95 % interval of a share that is never wrong more often than it says, however few the runs and near the end the share: the shares under
 * which so many successes, and so few, are not too unlikely. C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial", Biometrika 26(4), 1934.
 */
export function exactShare95(successes: number, trials: number): readonly [low: number, high: number] {
  /** The share under which at least so many succeed in one of forty cases, or all but one of forty. */
  const shareWhere = (atLeast: number, chance: number): number => {
    let [low, high] = [0, 1];
    for (let i = 0; i < halvings; i++) {
      const middle = (low + high) / 2;
      if (chanceOfAtLeast(atLeast, termsOf(trials, middle / (1 - middle))) < chance) low = middle;
      else high = middle;
    }
    return low;
  };
  return [
    successes === 0 ? 0 : shareWhere(successes, tailRatio),
    successes === trials ? 1 : shareWhere(successes + 1, 1 - tailRatio),
  ];
}

/**
 * Between which two of the sorted values a percentile of the whole population lies in at least 95 of 100 samples, whatever its
 * distribution: W. R. Thompson, "On confidence ranges for the median and other expectation distributions for populations of unknown
 * distribution form", Annals of Mathematical Statistics 7(3), 1936. So many values lie below it as a coin with that bias falls heads.
 * @returns ranks from 1; 0 and count + 1 where the sample is too small to set a bound
 */
export function quantileRanks95(count: number, percent: number): readonly [low: number, high: number] {
  const { mode, below, above, all } = termsOf(count, percent / (100 - percent));
  const tail = tailRatio * all;
  /** How far from the mode the first term lies that does not fit into the tail any more. */
  const reach = (weights: readonly number[]): number => {
    let cut = 0;
    for (let i = weights.length; i > 0; i--) {
      cut += weights[i - 1];
      if (cut > tail) return i;
    }
    return 0;
  };
  return [mode - reach(below), mode + reach(above) + 1];
}
