/** What `mesh simulate --permute-ties` finds: the same runs with equal times in the usual order, and in a random one. */

export interface TieRow {
  /** Nested names joined with dots: `disseminationLatency.p99`. */
  readonly metric: string;
  /** Pairs of runs in which both have a value, and pairs of which only one has. */
  readonly pairs: number;
  readonly unpaired: number;
  /** Pairs that differ. */
  readonly changed: number;
  /** Means over the pairs, and the mean difference (random order - usual order) with its standard error. */
  readonly usual: number;
  readonly permuted: number;
  readonly difference: number;
  readonly standardError: number;
  /** The mean difference is more than `errorsAllowed` standard errors. */
  readonly isArtefact: boolean;
}

/** The object that `mesh simulate --permute-ties --json` prints. */
export interface TieResult {
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  readonly repetitions: number;
  readonly errorsAllowed: number;
  /** `failed` when some metric is an artefact of the order of ties. */
  readonly status: 'passed' | 'failed' | 'interrupted';
  /** Every metric that is a number, in the order of a result. */
  readonly metrics: readonly TieRow[];
}
