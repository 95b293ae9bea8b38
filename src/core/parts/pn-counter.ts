/**
 * A counter that goes up and down, kept by many: two tallies a writer, one for what it added and one for what it took away. Both only
 * grow, so of two versions the larger is the newer; the count is the difference of the sums. It may fall below zero: nobody can know at
 * the time what the others are taking away.
 *
 * Shapiro et al., INRIA RR-7506, 2011, specification 7.
 */
import { UserError } from '../base/errors.js';
import { Entry, isWhole, Replica } from './replica.js';
import type { VersionVector } from './version-vector.js';

class Tallies extends Entry {
  constructor(
    readonly writer: string,
    /** How often it counted, and how much it added and took away. */
    readonly writes: number,
    readonly added: number,
    readonly taken: number,
  ) {
    super(writer, [writer, writes, added, taken]);
  }
}
export type { Tallies as PNCounterEntry };

export class PNCounter extends Replica<Tallies> {
  #value = 0;

  /** The count, as far as this replica has heard. */
  get value(): number {
    return this.#value;
  }

  /** Changing it by 0 changes nothing. @throws UserError `invalid-value` unless `by` is a whole number and all sums stay exact */
  increment(by = 1): void {
    const own = this.entryAt(this.id);
    const added = (own?.added ?? 0) + Math.max(by, 0);
    const taken = (own?.taken ?? 0) + Math.max(-by, 0);
    if (!Number.isSafeInteger(by) || !isWhole(added, 0) || !isWhole(taken, 0)) {
      throw new UserError('invalid-value', {
        what: `a counter is to be changed by ${by}`,
        expected: 'an integer, and sums of at most 2^53-1',
      });
    }
    if (by !== 0) this.write(new Tallies(this.id, this.nextWrite, added, taken));
  }

  decrement(by = 1): void {
    this.increment(-by);
  }

  protected join(a: Tallies, b: Tallies): Tallies {
    const writes = Math.max(a.writes, b.writes);
    const added = Math.max(a.added, b.added);
    const taken = Math.max(a.taken, b.taken);
    if (a.writes === writes && a.added === added && a.taken === taken) return a;
    if (b.writes === writes && b.added === added && b.taken === taken) return b;
    return new Tallies(a.writer, writes, added, taken);
  }

  protected isKnown({ writer, writes }: Tallies, version: VersionVector): boolean {
    return version.of(writer) >= writes;
  }

  readEntry(json: unknown): Tallies | undefined {
    if (!Array.isArray(json) || json.length !== 4) return undefined;
    const [writer, writes, added, taken] = json as unknown[];
    if (typeof writer !== 'string' || !isWhole(writes, 1) || !isWhole(added, 0) || !isWhole(taken, 0))
      return undefined;
    return new Tallies(writer, writes, added, taken);
  }

  protected override replaced(before: Tallies | undefined, after: Tallies): void {
    this.#value += after.added - after.taken - (before === undefined ? 0 : before.added - before.taken);
  }
}
