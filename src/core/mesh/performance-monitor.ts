/**
 * Stopwatches by name, and what they have measured. Count, smallest, largest and total are exact; percentiles come from a histogram
 * and are within 1/256. Memory does not grow with the number of measurements.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { Histogram } from '../parts/histogram.js';
import type { MeshClock } from './clock.js';
import { realClock } from './real-clock.js';

/** Milliseconds, but for `count`. */
export interface TimerMetrics {
  readonly count: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  readonly total: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Series {
  readonly nanoseconds: Histogram;
  count: number;
  total: number;
  min: number;
  max: number;
}

/** Names that are measured, and timers that run, at the most; so that generated names cannot fill memory. */
const namesMax = 10_000;

export class PerformanceMonitor {
  readonly #clock: MeshClock;
  readonly #series = new Map<string, Series>();
  /** Starting times of running timers by name, the latest last. */
  readonly #running = new Map<string, number[]>();

  constructor(options: { readonly clock?: MeshClock } = {}) {
    this.#clock = options.clock ?? realClock;
  }

  /**
   * Starts a timer. Several of one name may run; `endTimer` ends the latest of them.
   * @returns a function that ends just this one and returns its milliseconds
   * @throws UserError `invalid-value` when too many names are used
   */
  startTimer(name: string): () => number {
    const startUs = this.#clock.nowUs();
    const running = this.#running.get(name);
    if (running === undefined) {
      if (this.#running.size >= namesMax) throw tooMany();
      this.#running.set(name, [startUs]);
    } else {
      if (running.length >= namesMax) throw tooMany();
      running.push(startUs);
    }
    return () => {
      const list = this.#running.get(name);
      const at = list?.lastIndexOf(startUs) ?? -1;
      if (list === undefined || at < 0) throw notRunning(name);
      list.splice(at, 1);
      return this.#end(name, startUs);
    };
  }

  /** Ends the timer that was started last under this name. @returns milliseconds @throws UserError `invalid-value` */
  endTimer(name: string): number {
    const startUs = this.#running.get(name)?.pop();
    if (startUs === undefined) throw notRunning(name);
    return this.#end(name, startUs);
  }

  #end(name: string, startUs: number): number {
    if (this.#running.get(name)?.length === 0) this.#running.delete(name);
    const ms = Math.max(0, this.#clock.nowUs() - startUs) / 1000;
    this.record(name, ms);
    return ms;
  }

  /** Adds a measurement of one's own, in milliseconds. @throws UserError `invalid-value` */
  record(name: string, ms: number): void {
    if (!(ms >= 0 && ms <= 9e9)) {
      throw new UserError('invalid-value', {
        what: `a duration is ${ms} ms`,
        expected: '0 to 9,000,000,000 ms',
      });
    }
    let series = this.#series.get(name);
    if (series === undefined) {
      if (this.#series.size >= namesMax) throw tooMany();
      series = { nanoseconds: new Histogram(), count: 0, total: 0, min: Infinity, max: 0 };
      this.#series.set(name, series);
    }
    series.nanoseconds.record(Math.round(ms * 1e6));
    series.count++;
    series.total += ms;
    series.min = Math.min(series.min, ms);
    series.max = Math.max(series.max, ms);
  }

  /** What was measured under a name; undefined when nothing was. */
  getMetrics(name: string): TimerMetrics | undefined {
    const series = this.#series.get(name);
    if (series === undefined) return undefined;
    const { nanoseconds, count, total, min, max } = series;
    const percentile = (share: number): number =>
      Math.min(max, Math.max(min, (nanoseconds.percentile(share) ?? 0) / 1e6));
    return {
      count,
      avg: total / count,
      min,
      max,
      total,
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
    };
  }

  /** All measurements, by name. */
  getAllMetrics(): Map<string, TimerMetrics> {
    const all = new Map<string, TimerMetrics>();
    for (const name of this.#series.keys()) all.set(name, this.getMetrics(name) as TimerMetrics);
    return all;
  }

  /** Forgets all measurements and running timers. */
  reset(): void {
    this.#series.clear();
    this.#running.clear();
  }
}

function notRunning(name: string): UserError {
  return new UserError('invalid-value', {
    what: `no timer ${quoteText(name)} is running`,
    next: 'Start it first.',
  });
}

function tooMany(): UserError {
  return new UserError('invalid-value', {
    what: `more than ${namesMax} timers`,
    next: 'Use fewer names, or end them.',
  });
}
