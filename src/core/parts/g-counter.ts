/**
 * A counter that only grows, kept by many: everybody counts on a tally of its own, and the sum of all tallies is the count. A tally has one
 * writer, so of two versions of it the larger is the newer, and hearing of a tally twice counts nothing twice.
 *
 * Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", INRIA RR-7506, 2011, specification 6.
 */
import { UserError } from '../base/errors.js';
import { Entry, isWhole, Replica } from './replica.js';
import type { VersionVector } from './version-vector.js';

class Tally extends Entry {
  constructor(
    readonly writer: string,
    /** How often it counted, and how far. */
    readonly writes: number,
    readonly count: number,
  ) {
    super(writer, [writer, writes, count]);
  }
}
export type { Tally as GCounterEntry };

export class GCounter extends Replica<Tally> {
  #value = 0;

  /** The count, as far as this replica has heard. */
  get value(): number {
    return this.#value;
  }

  /**
   * @param by a whole number from 1
   * @throws UserError `invalid-value` for anything else, and when the count would leave the exact numbers
   */
  increment(by = 1): void {
    if (!isWhole(by, 1) || !Number.isSafeInteger(this.#value + by)) {
      throw new UserError('invalid-value', {
        what: `a counter that only grows is to be incremented by ${by}`,
        expected: 'an integer from 1, and a count of at most 2^53-1',
      });
    }
    this.write(new Tally(this.id, this.nextWrite, (this.entryAt(this.id)?.count ?? 0) + by));
  }

  protected join(a: Tally, b: Tally): Tally {
    const writes = Math.max(a.writes, b.writes);
    const count = Math.max(a.count, b.count);
    if (a.writes === writes && a.count === count) return a;
    if (b.writes === writes && b.count === count) return b;
    return new Tally(a.writer, writes, count);
  }

  protected isKnown({ writer, writes }: Tally, version: VersionVector): boolean {
    return version.of(writer) >= writes;
  }

  readEntry(json: unknown): Tally | undefined {
    if (!Array.isArray(json) || json.length !== 3) return undefined;
    const [writer, writes, count] = json as unknown[];
    if (typeof writer !== 'string' || !isWhole(writes, 1) || !isWhole(count, 1)) return undefined;
    return new Tally(writer, writes, count);
  }

  protected override replaced(before: Tally | undefined, after: Tally): void {
    this.#value += after.count - (before?.count ?? 0);
  }
}
