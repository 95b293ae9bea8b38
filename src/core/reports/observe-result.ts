/** The result of `mesh observe` as every output sees it: plain data. Foreign text in it is raw; outputs escape it. */

/** One finding or one malformed line. */
export interface ObserveSample {
  readonly file?: string;
  readonly line: number;
  readonly kind: string;
  readonly senderId: string | null;
  readonly step: number | null;
  readonly expected: string | number | null;
  readonly received: string | number | null;
  readonly message: string;
}

export interface ObserveSender {
  readonly senderId: string;
  readonly lines: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly gaps: number;
  readonly missingSteps: number;
}

/** What a check can say of itself. */
export interface ObserveExplanation {
  readonly kind: string;
  readonly summary: string;
  readonly canMean: string;
  readonly cannotSee: string;
}

export interface ObserveResult {
  readonly file: string | null;
  readonly files: readonly string[];
  readonly lines: number;
  readonly blank: number;
  readonly malformed: number;
  readonly wellFormed: number;
  readonly valid: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly malformedKinds: Readonly<Record<string, number>>;
  readonly senders: number;
  readonly untrackedLines: number;
  readonly gaps: number;
  readonly missingSteps: number | string;
  readonly equivocationUnknown: number;
  readonly firstLines: Readonly<Record<string, number>>;
  readonly worstSenders: readonly ObserveSender[];
  readonly samples: readonly ObserveSample[];
  readonly samplesOmitted: number;
  /** What the first bytes of an input look like, when they do not look like a log. */
  readonly hints: readonly string[];
  /** False when input was lost on the way or the run was stopped. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly incompleteBecause: string | null;
}
