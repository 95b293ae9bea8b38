/** Times that were counted in microseconds, as the result tells them: percentiles in milliseconds. */
import type { Percentiles } from '../model/result.js';
import type { Histogram } from './histogram.js';

const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

/** @param missing how many never came: they count as infinitely late, and percentiles that lie among them are `null` */
export function percentilesOf(histogram: Histogram, missing = 0): Percentiles {
  const at = (share: number): number | null => toMs(histogram.percentile(share, missing));
  return {
    mean: toMs(histogram.mean),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: missing > 0 ? null : toMs(histogram.max),
  };
}
