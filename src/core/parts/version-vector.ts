/**
 * A shopping list of what I have heard so far, one line a writer: "from Anna everything up to number 17". Two lists side by side tell at a
 * glance who lacks what, so that only the difference has to travel. What arrived out of its order is noted behind the line as an
 * exception, until the gap before it closes.
 *
 * A vector never changes; adding to it makes another one, so it can be sent while its owner goes on. A writer is one replica in one life:
 * whoever lost its state numbers its writes anew, and needs a new id for them. D. S. Parker et al., "Detection of mutual inconsistency in
 * distributed systems", IEEE TSE SE-9(3), 1983; exceptions as in D. Malkhi, D. Terry, "Concise version vectors in WinFS", DISC 2005.
 */
import { UserError } from '../base/errors.js';
import { countBytes, listBytes, stringBytes } from './json-size.js';

/** How two vectors stand to each other; `concurrent`: each has something that the other lacks. */
export type VersionOrder = 'equal' | 'before' | 'after' | 'concurrent';

/** A writer, all of its numbers up to here, and those beyond a gap, ascending. */
export type VersionLine =
  | readonly [writer: string, upTo: number]
  | readonly [writer: string, upTo: number, beyond: readonly number[]];

const none: readonly number[] = [];

export class VersionVector {
  static #empty: VersionVector | undefined;

  /** Nothing is known. (No static field with an initial value: compiled, it would be read before the class is there.) */
  static get empty(): VersionVector {
    return (VersionVector.#empty ??= new VersionVector(new Map(), new Map()));
  }

  #lines: readonly VersionLine[] | undefined;
  #sizeBytes = -1;

  private constructor(
    /** The last number of each writer before its first gap; absent for 0. */
    private readonly upTo: ReadonlyMap<string, number>,
    /** Numbers beyond a gap, ascending; writers without any are absent. */
    private readonly beyond: ReadonlyMap<string, readonly number[]>,
  ) {}

  /** How many writers it knows of, those with nothing but gaps left out. */
  get writerCount(): number {
    return this.upTo.size;
  }

  /** The number up to which nothing of this writer is missing; 0 when it is unknown. */
  of(writer: string): number {
    return this.upTo.get(writer) ?? 0;
  }

  has(writer: string, number: number): boolean {
    return number <= this.of(writer) || (this.beyond.get(writer)?.includes(number) ?? false);
  }

  /** This and one number more, counted from 1; what is missing before it becomes a gap. */
  with(writer: string, number: number): VersionVector {
    if (!Number.isSafeInteger(number) || number < 1)
      throw new UserError('invalid-value', {
        what: `a write has the number ${number}`,
        expected: 'an integer from 1',
      });
    return this.has(writer, number) ? this : this.#joined([[writer, this.of(writer), [number]]]);
  }

  /** Everything that either knows; one of the two themselves where it knows all. */
  merge(other: VersionVector): VersionVector {
    if (this === other || this.covers(other)) return this;
    if (other.covers(this)) return other;
    if (this.beyond.size + other.beyond.size > 0) return this.#joined(other.lines());
    const upTo = new Map(this.upTo);
    for (const [writer, number] of other.upTo) if (number > this.of(writer)) upTo.set(writer, number);
    return new VersionVector(upTo, this.beyond);
  }

  /** Does it know everything that the other knows? */
  covers(other: VersionVector): boolean {
    for (const [writer, number] of other.upTo) {
      if (number > this.of(writer) && !this.#hasAll(writer, this.of(writer) + 1, number)) return false;
    }
    for (const [writer, numbers] of other.beyond) {
      if (!numbers.every((number) => this.has(writer, number))) return false;
    }
    return true;
  }

  equals(other: VersionVector): boolean {
    if (this === other) return true;
    return this.upTo.size === other.upTo.size && this.covers(other) && other.covers(this);
  }

  compare(other: VersionVector): VersionOrder {
    const covers = this.covers(other);
    const isCovered = other.covers(this);
    if (covers) return isCovered ? 'equal' : 'after';
    return isCovered ? 'before' : 'concurrent';
  }

  /** Sorted by writer, as text. The same vector has the same lines, whatever the order in which it was put together. */
  lines(): readonly VersionLine[] {
    this.#lines ??= [...new Set([...this.upTo.keys(), ...this.beyond.keys()])].sort().map((writer) => {
      const beyond = this.beyond.get(writer);
      return beyond === undefined ? [writer, this.of(writer)] : [writer, this.of(writer), beyond];
    });
    return this.#lines;
  }

  /** Size of its canonical JSON, in bytes. */
  get sizeBytes(): number {
    if (this.#sizeBytes >= 0) return this.#sizeBytes;
    let bytes = 0;
    let lines = this.upTo.size;
    for (const [writer, number] of this.upTo) bytes += stringBytes(writer) + countBytes(number) + 3;
    for (const [writer, numbers] of this.beyond) {
      if (!this.upTo.has(writer)) {
        lines++;
        bytes += stringBytes(writer) + countBytes(0) + 3;
      }
      bytes +=
        1 +
        listBytes(
          numbers.length,
          numbers.reduce((sum, number) => sum + countBytes(number), 0),
        );
    }
    return (this.#sizeBytes = listBytes(lines, bytes));
  }

  toJSON(): readonly VersionLine[] {
    return this.lines();
  }

  /**
   * From what `toJSON` gives, wherever it came from.
   * @throws UserError `invalid-value` when it is no list of [writer, number] or [writer, number, [number, ...]]
   */
  static fromJson(value: unknown): VersionVector {
    const lines = Array.isArray(value) ? value.map(readLine) : [undefined];
    if (lines.includes(undefined)) {
      throw new UserError('invalid-value', {
        what: 'this is no version vector',
        expected: 'a list of [writer, number] or [writer, number, [number, ...]]',
      });
    }
    return VersionVector.empty.#joined(lines as VersionLine[]);
  }

  #hasAll(writer: string, first: number, last: number): boolean {
    const beyond = this.beyond.get(writer) ?? none;
    // Ascending and without repetition: the last of them stands where it must if nothing between is missing.
    const at = beyond.indexOf(first);
    return at >= 0 && beyond[at + last - first] === last;
  }

  #joined(lines: readonly VersionLine[]): VersionVector {
    const upTo = new Map(this.upTo);
    const beyond = new Map(this.beyond);
    for (const [writer, number, far = none] of lines) {
      const own = beyond.get(writer) ?? none;
      let last = Math.max(upTo.get(writer) ?? 0, number);
      if (own.length > 0 || far.length > 0) {
        const rest: number[] = [];
        for (const next of [...new Set([...own, ...far])].sort((p, q) => p - q)) {
          if (next === last + 1) last = next;
          else if (next > last) rest.push(next);
        }
        if (rest.length === 0) beyond.delete(writer);
        else beyond.set(writer, rest);
      }
      if (last > 0) upTo.set(writer, last);
    }
    return new VersionVector(upTo, beyond);
  }
}

function isCount(value: unknown, min: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
}

function readLine(value: unknown): VersionLine | undefined {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return undefined;
  const [writer, upTo, beyond = none] = value as unknown[];
  if (typeof writer !== 'string' || !isCount(upTo, 0) || !Array.isArray(beyond)) return undefined;
  return beyond.every((number) => isCount(number, 1)) ? [writer, upTo, beyond as number[]] : undefined;
}
