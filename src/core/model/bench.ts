/** Benchmarks as values: what was measured, how often, and how far the figures lie apart. */

export interface BenchFigures {
  /** Such as `simulate/flood-1000`. */
  readonly name: string;
  readonly summary: string;
  /** What is counted, such as `events`; rates are these a second. */
  readonly unit: string;
  /** One rate a sample, in the order of measuring. */
  readonly rates: readonly number[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Half of the distance between the quartiles, as a share of the median: the noise of this run. */
  readonly spread: number;
  /** Memory held for each node, where there are nodes. */
  readonly bytesPerNode?: number;
}

export interface BenchReport {
  readonly version: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
    readonly node: string;
  };
  readonly cases: readonly BenchFigures[];
  /** False when it was interrupted. */
  readonly complete: boolean;
}

export type BenchVerdict = 'same' | 'faster' | 'slower';

export interface BenchComparisonRow {
  readonly name: string;
  readonly unit: string;
  readonly before: number;
  readonly now: number;
  /** now / before. */
  readonly ratio: number;
  /** Ratios within 1 - noise and 1 + noise say nothing. */
  readonly noise: number;
  readonly verdict: BenchVerdict;
}

export interface BenchComparison {
  readonly rows: readonly BenchComparisonRow[];
  /** Cases that only one of the two has. */
  readonly unmatched: readonly string[];
  /** Whether both come from the same kind of machine and the same Node. */
  readonly sameMachine: boolean;
}
