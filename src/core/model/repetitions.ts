/** The result of many runs of one scenario: each run, and what they have in common. */
import type { AssertionVerdict, Metrics, ResultSections, RunStatus } from './result.js';

/** One run of many. */
export interface RepetitionRun {
  readonly index: number;
  readonly seed: number;
  readonly fingerprint: string;
  readonly status: RunStatus;
  readonly stoppedAtMs: number;
  readonly metrics: Metrics;
  /** What instruments found, where there was something to look at. */
  readonly sections: Partial<ResultSections>;
  /** In the order of the scenario. */
  readonly assertions: readonly ('passed' | 'failed' | 'unevaluated')[];
  /** Those that did not pass, and why the run is invalid. */
  readonly troubles: readonly AssertionVerdict[];
  readonly invalidBecause: readonly string[];
}

/** Mean, standard deviation and 95 % interval over the runs; see parts/sample-summary.ts. */
export interface MetricSummary {
  readonly count: number;
  readonly missing: number;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** In how many runs an assertion held, with the 95 % interval of that share (Wilson). */
export interface AssertionShare {
  readonly text: string;
  readonly passed: number;
  readonly failed: number;
  readonly unevaluated: number;
  readonly low: number;
  readonly high: number;
}

/** All runs of one variant. */
export interface RepetitionCell {
  /** What the sweep set, such as `dissemination.fanout=3`; empty without one. */
  readonly set: readonly string[];
  readonly status: RunStatus;
  /** Over the fingerprints of the runs, in order. */
  readonly fingerprint: string;
  /** By metric, nested names joined with dots: `disseminationLatency.p99`; those of a section with its name before them. */
  readonly summary: Readonly<Record<string, MetricSummary>>;
  readonly assertions: readonly AssertionShare[];
  /** In the order of their index; fewer than asked for when the work was interrupted. */
  readonly runs: readonly RepetitionRun[];
}

/** Whether the same runs, done again on another number of threads, gave the same bytes. */
export interface RepetitionDeterminism {
  readonly same: boolean;
  readonly difference?: string;
}

/** The object that `mesh simulate --json` prints for more than one run. */
export interface RepetitionResult {
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  readonly repetitions: number;
  readonly status: RunStatus;
  readonly cells: readonly RepetitionCell[];
}
