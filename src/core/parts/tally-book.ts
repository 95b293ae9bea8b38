/**
 * What a leader has been told, one entry a member, always overwritten and never added to: that is why nobody is counted twice. An entry stands until
 * a moment of its own, and goes out of the sum when it is not renewed by then.
 *
 * A leader of nodes keeps what each node said last. A leader of groups keeps a cell for each group with the term of whoever spoke for it:
 * a cell takes nothing of an older term, so two that both think they lead a group never stand side by side in a sum. (Fencing by
 * epoch, as in C. Gray, D. Cheriton, "Leases", SOSP 1989, and in every lock service since.)
 */

const never = -Infinity;

export class TallyBook {
  /** Tally of each entry and until when it stands, side by side. */
  readonly #entries: Float64Array;
  /** How many entries the last `total` added up. */
  #standing = 0;

  constructor(readonly size: number) {
    this.#entries = new Float64Array(size * 2);
    for (let place = 0; place < size; place++) this.#entries[place * 2 + 1] = never;
  }

  put(place: number, tally: number, untilUs: number): void {
    this.#entries[place * 2] = tally;
    this.#entries[place * 2 + 1] = untilUs;
  }

  /** Does the entry stand? */
  has(place: number, nowUs: number): boolean {
    return this.#entries[place * 2 + 1] >= nowUs;
  }

  total(nowUs: number): number {
    const entries = this.#entries;
    let sum = 0;
    let standing = 0;
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at + 1] < nowUs) continue;
      sum += entries[at];
      standing++;
    }
    this.#standing = standing;
    return sum;
  }

  /** Did the last `total` find every entry? */
  get isComplete(): boolean {
    return this.#standing === this.size;
  }
}

/** A book about groups. */
export class CellBook extends TallyBook {
  readonly #terms: Float64Array;
  readonly #versions: Float64Array;

  constructor(size: number) {
    super(size);
    this.#terms = new Float64Array(size);
    this.#versions = new Float64Array(size);
  }

  /** The highest term known of a group. */
  termOf(place: number): number {
    return this.#terms[place];
  }

  /** Learns that a group has a leader of this term, who has not spoken yet. The entry stays until it does, or is too old. */
  raise(place: number, term: number): void {
    if (term <= this.#terms[place]) return;
    this.#terms[place] = term;
    this.#versions[place] = -1;
  }

  /** @returns false when it comes from an older term, or is overtaken by a later word of the same */
  accept(place: number, term: number, version: number, tally: number, untilUs: number): boolean {
    const known = this.#terms[place];
    if (term < known || (term === known && version < this.#versions[place])) return false;
    this.#terms[place] = term;
    this.#versions[place] = version;
    this.put(place, tally, untilUs);
    return true;
  }
}
