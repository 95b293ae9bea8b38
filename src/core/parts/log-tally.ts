/** What was found in a log: counts that are exact, and a few samples to look at. Plain data, the same for every output. */
import type { MalformedKind } from './log-block.js';

/** One finding, or one malformed line. */
export interface LogSample {
  /** Only when several files are read. */
  readonly file?: string;
  /** Counted from 1, in its file. */
  readonly line: number;
  /** The name of a rule or of a malformed kind. */
  readonly kind: string;
  /** As it stands in the log: not safe to print. */
  readonly senderId: string | null;
  readonly step: number | null;
  readonly expected: string | number | null;
  readonly received: string | number | null;
  /** Safe to print. */
  readonly message: string;
}

/** What is known of a sender with findings or gaps. */
export interface SenderTally {
  /** As it stands in the log: not safe to print. */
  readonly senderId: string;
  readonly lines: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly gaps: number;
  readonly missingSteps: number;
}

export interface LogTally {
  readonly lines: number;
  readonly blank: number;
  readonly malformed: number;
  readonly wellFormed: number;
  /** Well-formed lines without a finding. */
  readonly valid: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly malformedKinds: Readonly<Record<MalformedKind, number>>;
  /** Different senders of well-formed lines. */
  readonly senders: number;
  /** Well-formed lines of senders that came when the memory for senders was full: only checked by themselves. */
  readonly untrackedLines: number;
  readonly gaps: number;
  /** A string of digits when it is beyond 2^53. */
  readonly missingSteps: number | string;
  /** Repeated steps whose payloads could not be compared. */
  readonly equivocationUnknown: number;
  /** The line of the first finding of each kind that occurs. */
  readonly firstLines: Readonly<Record<string, number>>;
  /** Senders with the most findings, and with the most missing steps after them; at most as many as asked for. */
  readonly worstSenders: readonly SenderTally[];
  readonly samples: readonly LogSample[];
  readonly samplesOmitted: number;
}
