/**
 * What somebody hopes a network will cost, beside what it does cost. A target is not an assertion: it fails nothing. Beside each row stands, where
 * arithmetic knows one, a bound that no protocol can go below, so that a hope that contradicts it is told from work left undone.
 */

/** As the scenario says them. */
export interface Targets {
  readonly rounds: number | undefined;
  readonly timeUs: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly memoryBytes: number | undefined;
}

export type TargetUnit = 'rounds' | 'milliseconds' | 'bytesPerSecond' | 'bytes';

/** `impossible`: the bound lies above the target. `unknown`: there was nothing to measure. */
export type TargetVerdict = 'met' | 'missed' | 'impossible' | 'unknown';

export interface TargetRow {
  /** What was measured, such as `rumour, rounds`. */
  readonly what: string;
  readonly unit: TargetUnit;
  readonly measured: number | null;
  readonly target: number;
  /** No less is possible, in the unit of the row; null where nothing is known. */
  readonly bound: number | null;
  /** Where the bound comes from, or what else there is to know: a whole sentence. */
  readonly because: string | null;
  readonly verdict: TargetVerdict;
}

/** A bound, or null, and the sentence that explains it or what else there is to know. */
export interface Bound {
  readonly value: number | null;
  readonly because: string;
}

/** @param measured null: it never came about, or there was nothing to measure */
export function targetRow(
  what: string,
  unit: TargetUnit,
  measured: number | null,
  target: number,
  bound?: Bound,
): TargetRow {
  const least = bound?.value ?? null;
  let verdict: TargetVerdict = 'unknown';
  if (least !== null && least > target) verdict = 'impossible';
  else if (measured !== null) verdict = measured <= target ? 'met' : 'missed';
  return { what, unit, measured, target, bound: least, because: bound?.because ?? null, verdict };
}
