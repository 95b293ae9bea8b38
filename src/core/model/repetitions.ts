/** The result of many runs of one scenario: each run, and what they have in common. */
import type { Comparison, RunFigure } from './experiment.js';
import type { Measure } from './metrics.js';
import type { AssertionVerdict, Detection, Metrics, ResultSections, RunStatus, Touched } from './result.js';
import type { TargetRow } from './targets.js';

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
  /** What the checks saw, and what faults and liars touched. */
  readonly detection: Detection;
  readonly faults: readonly Touched[];
  readonly adversaries: readonly Touched[];
  /** Present where the scenario has targets. */
  readonly targets?: readonly TargetRow[];
  /** In the order of the scenario. */
  readonly assertions: readonly ('passed' | 'failed' | 'unevaluated')[];
  /**
   * What was measured in the comparison of each, present where one is about a figure over the runs; JSON has null for nothing and for what
   * is infinite.
   */
  readonly measured?: readonly number[];
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

/** What became of an assertion about many runs together. */
export interface RunsVerdict {
  /** What was asked for: a share of the runs, or a figure of theirs. */
  readonly of: 'share' | RunFigure;
  readonly wanted: { readonly comparison: Comparison; readonly bound: number };
  /** `unevaluated`: some runs had nothing to look at, and it hangs on them. */
  readonly status: 'passed' | 'failed' | 'unevaluated';
  /** The share, or the figure; null when it is infinite, or hangs on runs without a value. */
  readonly value: number | null;
  readonly unit: Measure;
  /** Its 95 % interval; null where the runs are too few to set a bound. */
  readonly low: number | null;
  readonly high: number | null;
  /** The whole interval lies on the same side of what was wanted: other seeds would hardly give another verdict. */
  readonly sure: boolean;
}

/** In how many runs an assertion held, with the 95 % interval of that share (Wilson). */
export interface AssertionShare {
  readonly text: string;
  readonly passed: number;
  readonly failed: number;
  readonly unevaluated: number;
  readonly low: number;
  readonly high: number;
  /** Present where it is about the runs together, and not about each of them. */
  readonly overRuns?: RunsVerdict;
}

/** All runs of one variant. */
export interface RepetitionCell {
  /** What the sweep set, such as `dissemination.fanout=3`; empty without one. */
  readonly set: readonly string[];
  readonly status: RunStatus;
  /** Over the fingerprints of the runs, in order. */
  readonly fingerprint: string;
  /** By figure: `disseminationLatency.p99`, `detector.falsePositives`, `adversaries[0].affectedMessages`; see parts/run-figures.ts. */
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
  /** One for each variant of the sweep; one where nothing is swept. */
  readonly cells: readonly RepetitionCell[];
  /** Where nothing is swept: the runs and the summary of the only cell, for those who never sweep. */
  readonly runs?: readonly RepetitionRun[];
  readonly summary?: RepetitionCell['summary'];
}
