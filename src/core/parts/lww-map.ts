/**
 * A map in which the last writer wins: every value carries the time of its writing, and of two values for one key the later stays. Of two
 * written in the same microsecond the writer whose id is the greater as text wins, so that all replicas judge alike. A deleted key leaves
 * a grave with a date behind, or an old value on its way would bring it back to life.
 *
 * Clocks differ, and a slow one would write in vain for ever. Therefore a write is dated after what it replaces, as far as its writer knows
 * that: S. Kulkarni et al., "Logical physical clocks", OPODIS 2014. LWW as in Shapiro et al., INRIA RR-7506, 2011, specification 8.
 */
import { UserError } from '../base/errors.js';
import { Entry, isWhole, Replica } from './replica.js';
import type { VersionVector } from './version-vector.js';

class Cell extends Entry {
  /** @param value any JSON value; undefined: deleted */
  constructor(
    key: string,
    readonly stampUs: number,
    readonly writer: string,
    readonly writes: number,
    readonly value: unknown,
  ) {
    super(key, value === undefined ? [key, stampUs, writer, writes] : [key, stampUs, writer, writes, value]);
  }
}
export type { Cell as LwwMapEntry };

export class LwwMap extends Replica<Cell> {
  #live = 0;

  /** Keys that have a value. */
  get size(): number {
    return this.#live;
  }

  has(key: string): boolean {
    return this.entryAt(key)?.value !== undefined;
  }

  /** The value; undefined where there is none. */
  get(key: string): unknown {
    return this.entryAt(key)?.value;
  }

  /** Keys and values, sorted by key. */
  toMap(): Map<string, unknown> {
    return new Map(
      this.entries().flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])),
    );
  }

  /**
   * @param value any JSON value
   * @param nowUs the writer's clock, whole microseconds from 0
   * @throws UserError `invalid-value` for a value that is not JSON or a time that is not whole
   */
  set(key: string, value: unknown, nowUs: number): void {
    if (value === undefined)
      throw new UserError('invalid-value', {
        what: 'undefined is not JSON',
        next: 'To remove a key, use delete',
      });
    this.write(new Cell(key, this.#stamp(key, nowUs), this.id, this.nextWrite, value));
  }

  /** Removes a key; one that nobody ever set is left alone. */
  delete(key: string, nowUs: number): void {
    const stampUs = this.#stamp(key, nowUs);
    if (this.has(key)) this.write(new Cell(key, stampUs, this.id, this.nextWrite, undefined));
  }

  #stamp(key: string, nowUs: number): number {
    const stampUs = Math.max(nowUs, (this.entryAt(key)?.stampUs ?? -1) + 1);
    if (!isWhole(nowUs, 0) || !isWhole(stampUs, 0))
      throw new UserError('invalid-value', { what: `a time of ${nowUs} us`, expected: 'an integer from 0' });
    return stampUs;
  }

  protected join(a: Cell, b: Cell): Cell {
    return isLater(a, b) ? a : b;
  }

  protected isKnown({ writer, writes }: Cell, version: VersionVector): boolean {
    return version.of(writer) >= writes;
  }

  readEntry(json: unknown): Cell | undefined {
    if (!Array.isArray(json) || json.length < 4 || json.length > 5) return undefined;
    const [key, stampUs, writer, writes, value] = json as unknown[];
    if (typeof key !== 'string' || typeof writer !== 'string') return undefined;
    if (!isWhole(stampUs, 0) || !isWhole(writes, 1)) return undefined;
    return new Cell(key, stampUs, writer, writes, value);
  }

  protected override replaced(before: Cell | undefined, after: Cell): void {
    this.#live +=
      Number(after.value !== undefined) - Number(before !== undefined && before.value !== undefined);
  }
}

/** A total order: time, then writer, then the writer's own order; equal in all three are only two lies about one write. */
function isLater(a: Cell, b: Cell): boolean {
  if (a.stampUs !== b.stampUs) return a.stampUs > b.stampUs;
  if (a.writer !== b.writer) return a.writer > b.writer;
  if (a.writes !== b.writes) return a.writes > b.writes;
  return a.text >= b.text;
}
