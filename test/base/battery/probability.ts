/**
 * From a figure to a p-value: how often chance alone does as badly or worse. The incomplete gamma function by its series below the peak
 * and by Lentz's continued fraction above it (W. Press et al., "Numerical Recipes", section 6.2), and what follows from it.
 */

/** ln Gamma(a), a > 0: Stirling's series after the argument has been pushed above 10. */
export function logGamma(a: number): number {
  let x = a;
  let shift = 0;
  while (x < 10) shift -= Math.log(x++);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** Q(a, x), the upper regularised incomplete gamma function: `igamc` in NIST's papers. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-16; n++) sum += term *= x / (a + n);
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** The complementary error function. */
export function erfc(x: number): number {
  return x < 0 ? 2 - erfc(-x) : upperGamma(0.5, x * x);
}

/** P(|Z| >= |z|) of a standard normal Z. */
export function bothTails(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

export function normalBelow(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2);
}

/** Pearson's chi-square. Cells that expect fewer than `least` join the next ones. */
export function chiSquareP(
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  total: number,
  least = 8,
): number {
  let statistic = 0;
  let cells = 0;
  let count = 0;
  let expected = 0;
  let left = total;
  for (let i = 0; i < probabilities.length; i++) {
    count += counts[i];
    expected += probabilities[i] * total;
    // The last cell takes all that is left, so what remains must be worth a cell of its own.
    if (expected < least || left - expected < least) continue;
    statistic += (count - expected) ** 2 / expected;
    left -= expected;
    cells++;
    count = 0;
    expected = 0;
  }
  statistic += (count - left) ** 2 / left;
  return upperGamma(cells / 2, statistic / 2);
}

/** Kolmogorov and Smirnov: do these numbers look drawn from [0, 1)? Asymptotic law with Stephens' correction (JRSS B 32, 1970). */
export function uniformP(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((value, i) => {
    distance = Math.max(distance, value - i / n, (i + 1) / n - value);
  });
  const x = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}
