/**
 * Tests of fit for theory. A mean over R runs may be off by 3.3 standard deviations of a mean, which chance exceeds one time in a
 * thousand; a shape is judged by Pearson's chi-square at the same level. Seeds are fixed, so a test that passes goes on passing.
 */

/** The largest honest deviation of a mean over `runs` runs: b + 3.3 sd / sqrt(R). */
export function tolerance(sd: number, runs: number, bias = 0): number {
  return bias + (3.3 * sd) / Math.sqrt(runs);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * The quantile of chi-square with `freedom` degrees of freedom that chance exceeds one time in a thousand, by the approximation of
 * E. B. Wilson and M. M. Hilferty (PNAS 17(12), 1931), good to about 1 % here.
 */
export function chiSquareLimit(freedom: number): number {
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + 3.0902 * Math.sqrt(part)) ** 3;
}

/**
 * How badly whole numbers fit a distribution. Values are put into cells, from below, that expect at least five of them each.
 * @param expected probability of each value, by value
 * @returns chi-square and its limit; a good fit is below
 */
export function chiSquare(
  values: readonly number[],
  expected: readonly number[],
): { readonly statistic: number; readonly limit: number } {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const cells: { probability: number; count: number }[] = [];
  let open = { probability: 0, count: 0 };
  const total = values.length;
  expected.forEach((probability, value) => {
    open.probability += probability;
    open.count += counts.get(value) ?? 0;
    counts.delete(value);
    if (open.probability * total < 5) return;
    cells.push(open);
    open = { probability: 0, count: 0 };
  });
  const last = cells[cells.length - 1];
  last.probability = 1 - cells.slice(0, -1).reduce((sum, cell) => sum + cell.probability, 0);
  last.count += open.count + [...counts.values()].reduce((sum, count) => sum + count, 0);
  const statistic = cells.reduce(
    (sum, { probability, count }) => sum + (count - probability * total) ** 2 / (probability * total),
    0,
  );
  return { statistic, limit: chiSquareLimit(cells.length - 1) };
}
