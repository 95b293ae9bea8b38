/**
 * What a leader has been told, one entry a member, always overwritten and never added to: that is why nobody is counted twice. An entry that
 * is not renewed goes out of the sum after a while.
 *
 * A leader of nodes keeps what each node said last. A leader of groups keeps a cell for each group with the term of whoever spoke for it:
 * a cell takes nothing of an older term, so two that both think they lead a group never stand side by side in a sum. (Fencing by
 * epoch, as in C. Gray, D. Cheriton, "Leases", SOSP 1989, and in every lock service since.)
 */

const never = -Infinity;

/** Sums of what is not older than `sinceUs`; the last answers stay readable until the next question. */
export class TallyBook {
  protected readonly tallies: Float64Array;
  protected readonly heardUs: Float64Array;
  /** How many entries the last `total` added up. */
  freshCount = 0;

  constructor(readonly size: number) {
    this.tallies = new Float64Array(size);
    this.heardUs = new Float64Array(size).fill(never);
  }

  put(place: number, tally: number, nowUs: number): void {
    this.tallies[place] = tally;
    this.heardUs[place] = nowUs;
  }

  total(sinceUs: number): number {
    const { tallies, heardUs } = this;
    let sum = 0;
    let fresh = 0;
    for (let place = 0; place < tallies.length; place++) {
      if (heardUs[place] < sinceUs) continue;
      sum += tallies[place];
      fresh++;
    }
    this.freshCount = fresh;
    return sum;
  }

  /** Did the last `total` find every entry? */
  get isComplete(): boolean {
    return this.freshCount === this.size;
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
  accept(place: number, term: number, version: number, tally: number, nowUs: number): boolean {
    const known = this.#terms[place];
    if (term < known || (term === known && version < this.#versions[place])) return false;
    this.#terms[place] = term;
    this.#versions[place] = version;
    this.put(place, tally, nowUs);
    return true;
  }
}
