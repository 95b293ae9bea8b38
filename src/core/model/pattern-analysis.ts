/**
 * What can be said of a pattern's strength: how long its sequence is, how easily a forged value passes, and how soon a node with wrong
 * settings gives itself away. The figures are shares of all cases, counted and not sampled. None of them is about security: whoever
 * has read the traffic of a `digit-collapse` network passes always.
 */

/** A share of cases: the nearest double, and the exact fraction in lowest terms such as `17/50`. */
export interface Share {
  readonly value: number;
  readonly exact: string;
}

export interface PatternStrength {
  /** Steps after which values repeat between resets; null for a keyed pattern, which does not repeat. */
  readonly period: number | null;
  /** 1 when the value at a reset is no part of that cycle, else 0; null for a keyed pattern. */
  readonly preperiod: number | null;
  /** The smallest distance after which the whole sequence repeats, resets included; null for a keyed pattern. */
  readonly repeatsAfter: number | null;
  readonly distinctValues: number;
  /** The best constant guess; null where all guesses are equally bad. */
  readonly mostCommonValue: number | null;
  /** Chance that a forged value passes, at a step drawn evenly. */
  readonly odds: {
    /** Who knows nothing and says a digit 1..9 at random (keyed: any of the values). */
    readonly blind: Share;
    /** Who knows how often each value occurs, but not the step: the best constant guess. */
    readonly informed: Share;
    /** Who has read the traffic, and speaks for a step that was not in it. */
    readonly observed: Share;
  };
  /** Share of alterations on the way that the check notices. */
  readonly noticed: {
    /** Another value in the place of the right one. */
    readonly alteredValue: Share;
    /** The step replaced by one drawn evenly, the value left as it was. */
    readonly alteredStep: Share;
    readonly alteredPayload: Share;
  };
  /** Whole sentences, each about one weakness of these settings. Empty when there is nothing to say. */
  readonly warnings: readonly string[];
}

/** A node that goes by other settings, and how soon it gives itself away. */
export interface Stray {
  readonly seed: number;
  readonly phaseResetInterval: number;
  /** Share of steps at which its value is another one than ours. */
  readonly differs: Share;
  readonly noticed: 'never' | 'sometimes' | 'always';
  /** Mean number of messages, at steps drawn evenly, up to the first that is flagged; null for never. */
  readonly expectedMessages: number | null;
}

/** Strays of one kind. */
export interface Strays {
  /** Mean of `expectedMessages` over `each`; null when one of them is never noticed, or there is none. */
  readonly expectedMessages: number | null;
  readonly each: readonly Stray[];
}

export interface PatternAnalysis extends PatternStrength {
  /** The other digits 1 to 9 as seeds. Absent for a keyed pattern, as are the next three. */
  readonly wrongSeed?: Strays;
  /** Common slips: one less, one more, half, double. */
  readonly wrongInterval?: Strays;
  /** Other intervals that are never noticed are the multiples of this number; null when every other interval is noticed. */
  readonly unseenIntervalMultiple?: number | null;
  /** The settings that were asked about. */
  readonly against?: Stray;
}
