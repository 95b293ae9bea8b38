/** Reference scenarios as values: what came out, and what must. */

export interface ReferenceRow {
  readonly name: string;
  /** The variant of a sweep, such as `dissemination.fanout=3`; empty without one. */
  readonly set: readonly string[];
  readonly metric: string;
  /** Where the expectation comes from. */
  readonly source: string;
  readonly runs: number;
  /** Mean over the runs, its 95 % interval, and the runs without a value. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly missing: number;
  readonly expected: number;
  /** How far the expectation itself may be off, because its formula leaves something out; see reference-expectations.ts. */
  readonly bias: number;
  /** How far the mean may be away: the bias of the expectation and 3.3 standard errors. */
  readonly tolerance: number;
  readonly agrees: boolean;
  readonly fingerprint: string;
}

export interface ReferenceReport {
  readonly version: string;
  /** False when it was interrupted. */
  readonly complete: boolean;
  /** Scenarios that came to their end, and those that were to. */
  readonly finished: number;
  readonly wanted: number;
  readonly rows: readonly ReferenceRow[];
}
