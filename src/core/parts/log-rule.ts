/**
 * What a rule of a healthy log looks like. A rule is asked about one line at a time, in the order of the log, and answers
 * with a finding or with nothing. It says of itself what a finding can mean and what it can never see, because a check
 * that is trusted too far does more harm than none.
 */
import type { Registered } from '../base/registry.js';

/** A well-formed line as a rule sees it. One object is used for all lines: take what you need, keep nothing. */
export interface LineView {
  /** Number of the sender, in the order of first appearance. */
  sender: number;
  step: number;
  /** Milliseconds since 1970, NaN where the line has none. */
  timestamp: number;
  hasPayload: boolean;
  /** Thumbprint of the payload. */
  payloadA: number;
  payloadB: number;
  /**
   * The step that this one is compared with: of the sender's last line without findings, or with `resync` of its last
   * line. -1 for the first.
   */
  mark: number;
  markHasPayload: boolean;
  markPayloadA: number;
  markPayloadB: number;
  /** What was found on the line alone; see `rowFlags`. */
  flags: number;
  /** For findings on the line alone: what was expected and received, as far as it is known. */
  expected: string | number | null;
  received: string | number | null;
  note: string;
}

export interface Finding {
  readonly expected: string | number | null;
  readonly received: string | number | null;
  /** A short sentence, safe to print. */
  readonly message: string;
}

/** A rule at work on one log. */
export interface RuleRun {
  judge(line: LineView): Finding | undefined;
  /** Told after all rules have spoken; `others` is how many other rules had a finding on the line. */
  settle?(line: LineView, others: number): void;
  /** How often the rule could not know. */
  readonly unknown?: number;
}

export interface RuleSettings {
  readonly resync: boolean;
  readonly needsPattern: boolean;
  readonly hasKeys: boolean;
  /** Steps; undefined: off. */
  readonly jumpMax?: number;
  readonly tolerance?: number;
  /** Messages a second of one sender. */
  readonly rateMax?: number;
  readonly skewMsMax?: number;
}

export interface LogRule extends Registered {
  /**
   * `line`: decided on the line alone, on any thread. `sender`: needs the earlier lines of the sender. `log`: needs all
   * earlier lines. The last two run on one thread, in the order of the log.
   */
  readonly scope: 'line' | 'sender' | 'log';
  /** What a finding can mean, in one or two sentences. */
  readonly canMean: string;
  /** What the check cannot see. */
  readonly cannotSee: string;
  readonly isOn: (settings: RuleSettings) => boolean;
  readonly start: (settings: RuleSettings) => RuleRun;
}
