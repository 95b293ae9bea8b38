/** What a break-even search comes to: the value up to which, or from which on, something holds. Values are as a scenario has them. */
export type SearchValue = number | string;

/** All runs at one value. */
export interface SearchPoint {
  readonly value: SearchValue;
  readonly runs: number;
  readonly held: number;
  /** Runs that had nothing to look at; they count as not holding. */
  readonly unevaluated: number;
  /** The 95 % interval of the share that holds (Wilson). */
  readonly low: number;
  readonly high: number;
  readonly verdict: 'surely holds' | 'holds' | 'fails' | 'surely fails';
}

/** The object that `mesh simulate --search --json` prints. */
export interface SearchResult {
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  /** The key that is searched, and what must hold. */
  readonly search: string;
  readonly until: string;
  /** In what share of the runs it must hold. */
  readonly share: number;
  readonly repetitions: number;
  readonly low: SearchValue;
  readonly high: SearchValue;
  readonly tolerance: SearchValue;
  /**
   * `everywhere`, `nowhere`: from `low` to `high`, so that there is nothing to be found between them. `invalid`: there was never
   * anything to look at.
   */
  readonly status: 'found' | 'everywhere' | 'nowhere' | 'invalid' | 'interrupted';
  /** Which value is looked for; null when none was found. */
  readonly finds: 'largest' | 'smallest' | null;
  /** The largest (or smallest) value at which it holds in the wanted share of runs. */
  readonly breakEven: SearchValue | null;
  /** The last value at which it surely holds, the first at which it surely fails; null where the range ends before. */
  readonly surelyHolds: SearchValue | null;
  readonly surelyFails: SearchValue | null;
  /** Runs (by seed) that held at a harder value though they had failed at an easier one. */
  readonly contradictions: number;
  /** By rising value. */
  readonly points: readonly SearchPoint[];
}
