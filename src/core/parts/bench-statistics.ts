/** Samples of a benchmark in a few figures, and whether two benchmarks differ by more than their noise. */
import { assert } from '../base/assert.js';
import type { BenchComparison, BenchComparisonRow, BenchFigures, BenchReport } from '../model/bench.js';

/** No machine is quieter than this, whatever a handful of samples says. */
const noiseMin = 0.05;

/** The quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7). */
export function quantile(sorted: readonly number[], share: number): number {
  assert(sorted.length > 0, 'a quantile is of at least one value');
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

export function figuresOf(
  about: { readonly name: string; readonly summary: string; readonly unit: string },
  rates: readonly number[],
  bytesPerNode?: number,
): BenchFigures {
  const sorted = [...rates].sort((p, q) => p - q);
  const median = quantile(sorted, 0.5);
  return {
    name: about.name,
    summary: about.summary,
    unit: about.unit,
    rates,
    median,
    min: sorted[0],
    max: sorted[sorted.length - 1],
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / median,
    ...(bytesPerNode === undefined ? {} : { bytesPerNode }),
  };
}

function compareCase(before: BenchFigures, now: BenchFigures): BenchComparisonRow {
  const ratio = now.median / before.median;
  // Twice the half distance between the quartiles of both runs: about 1.35 standard deviations of each.
  const noise = Math.max(noiseMin, 2 * (before.spread + now.spread));
  const verdict = ratio < 1 - noise ? 'slower' : ratio > 1 + noise ? 'faster' : 'same';
  return { name: now.name, unit: now.unit, before: before.median, now: now.median, ratio, noise, verdict };
}

export function compareReports(before: BenchReport, now: BenchReport): BenchComparison {
  const known = new Map(before.cases.map((figures) => [figures.name, figures]));
  const rows: BenchComparisonRow[] = [];
  const unmatched: string[] = [];
  for (const figures of now.cases) {
    const other = known.get(figures.name);
    if (other === undefined) unmatched.push(figures.name);
    else rows.push(compareCase(other, figures));
    known.delete(figures.name);
  }
  return {
    rows,
    unmatched: [...unmatched, ...known.keys()],
    sameMachine:
      before.machine.processor === now.machine.processor &&
      before.machine.cores === now.machine.cores &&
      before.machine.node === now.machine.node,
  };
}
