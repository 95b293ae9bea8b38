/**
 * What each node holds in order to pass it on: a shelf of limited length, in the order in which the node itself received things; what
 * was received longest ago makes room. The shelf of a node lies in one piece, eight bytes an entry, because every question is about all
 * of it; messages that many nodes hold are described once, and the description is what digests name.
 */
import type { Bodies } from '../model/bodies.js';
import { withRoomFor } from './columns.js';
import { ShortLists } from './short-lists.js';

/** What may become of a held message. `spreading`: told at every activation. `kept`: given to those who ask. `mute`: given to nobody. */
export const holdings = { spreading: 0, kept: 1, mute: 2 } as const;
export type Holding = (typeof holdings)[keyof typeof holdings];

/** A message on its way through the network. */
export interface Held {
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: number;
  /** Its identity, two 32-bit words; see `MessageIdentity`. */
  readonly x: number;
  readonly y: number;
}

/** A message as the shelves of a population describe it, once for all who hold it. */
export interface Described extends Held {
  /** It has this number while anybody holds it; afterwards another message may. */
  readonly number: number;
  /** Another message had the same identity when this one came up. */
  readonly hasTwin: boolean;
}

/** An entry's first word: the message's number, and what becomes of it in the lowest bits. */
const holdingBits = 2;
const holdingMask = (1 << holdingBits) - 1;
/** Its second word: hops, and above them how tired the node is of it. */
const hopsMax = 0xffff;
const tirednessShift = 16;
const tirednessMax = 0x7fff;

export class GossipShelf {
  readonly #entries: ShortLists;
  /** By row: the handle of the body that lists what is on the shelf; 0 while there is none. */
  readonly #digests: Int32Array;
  /** By row: the sums, modulo 2^32, of both words of all identities on the shelf. */
  readonly #sums: Int32Array;

  readonly #messages: (Described | undefined)[] = [];
  readonly #holders: number[] = [];
  readonly #freeNumbers: number[] = [];
  /** Numbers of messages by the first word of their identity. */
  readonly #byIdentity = new Map<number, number[]>();
  /** Messages that another one equals in everything but the body that they travel with. */
  #twins = 0;
  /** By message number: when it was marked. */
  #marks = new Uint32Array(64);
  #now = 0;

  constructor(
    rows: number,
    private readonly capacity: number,
    private readonly bodies: Bodies,
  ) {
    this.#entries = new ShortLists(rows);
    this.#digests = new Int32Array(rows);
    this.#sums = new Int32Array(2 * rows);
  }

  /** Reads the first entries of these shelves, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    return this.#entries.touchAll(rows, count);
  }

  count(row: number): number {
    return this.#entries.count(row);
  }

  sumX(row: number): number {
    return this.#sums[2 * row];
  }

  sumY(row: number): number {
    return this.#sums[2 * row + 1];
  }

  /** The handle of the body that lists what is on the shelf; 0 while there is none. It is kept for `ShelfDigests`. */
  digest(row: number): number {
    return this.#digests[row];
  }

  setDigest(row: number, handle: number): void {
    this.#digests[row] = handle;
  }

  /**
   * The entry received longest ago; the `count(row)` entries of a shelf have numbers one after another, in the order in which they came.
   * They are valid until something is put on a shelf or taken off.
   */
  first(row: number): number {
    return this.#entries.start(row);
  }

  message(entry: number): Described {
    return this.#messages[this.#entries.words[2 * entry] >> holdingBits] as Described;
  }

  hops(entry: number): number {
    return this.#entries.words[2 * entry + 1] & hopsMax;
  }

  holding(entry: number): Holding {
    return (this.#entries.words[2 * entry] & holdingMask) as Holding;
  }

  setHolding(entry: number, holding: Holding): void {
    const { words } = this.#entries;
    words[2 * entry] = (words[2 * entry] & ~holdingMask) | holding;
  }

  /** How tired the node is of the message: a count of the stop rule. */
  tiredness(entry: number): number {
    return this.#entries.words[2 * entry + 1] >>> tirednessShift;
  }

  setTiredness(entry: number, count: number): void {
    const { words } = this.#entries;
    const tiredness = Math.min(count, tirednessMax) << tirednessShift;
    words[2 * entry + 1] = tiredness | (words[2 * entry + 1] & hopsMax);
  }

  /** The entry of the message with this identity, or -1. */
  find(row: number, x: number, y: number): number {
    const first = this.first(row);
    const end = first + this.count(row);
    for (let entry = first; entry < end; entry++) {
      const message = this.message(entry);
      if (message.x === x && message.y === y) return entry;
    }
    return -1;
  }

  /** Puts a message at the end of the node's shelf. The body is retained while any node holds it. */
  put(row: number, held: Held, hops: number, holding: Holding): void {
    if (this.count(row) >= this.capacity) this.#dropFirst(row);
    const number = this.#numberOf(held);
    const entry = this.#entries.append(row);
    const { words } = this.#entries;
    words[2 * entry] = (number << holdingBits) | holding;
    words[2 * entry + 1] = Math.min(hops, hopsMax);
    this.#sums[2 * row] += held.x;
    this.#sums[2 * row + 1] += held.y;
  }

  clear(row: number): void {
    const { words } = this.#entries;
    const first = this.first(row);
    const end = first + this.count(row);
    for (let entry = first; entry < end; entry++) this.#releaseMessage(words[2 * entry] >> holdingBits);
    this.#entries.clear(row);
    this.#sums[2 * row] = this.#sums[2 * row + 1] = 0;
  }

  // --- sets of messages, compared by marks ---------------------------------------------------------------------

  /** Forgets all marks. */
  unmark(): void {
    this.#now++;
    if (this.#now <= 0xffffffff) return;
    this.#marks.fill(0);
    this.#now = 1;
  }

  /** Marks everything that a node holds. */
  markHeld(row: number): void {
    const { words } = this.#entries;
    const marks = this.#marks;
    const first = this.first(row);
    const end = first + this.count(row);
    for (let entry = first; entry < end; entry++) marks[words[2 * entry] >> holdingBits] = this.#now;
  }

  /** Marks one message. */
  mark(message: Described): void {
    if (this.#messages[message.number] === message) this.#marks[message.number] = this.#now;
  }

  /** Is what this entry holds marked? */
  isMarked(entry: number): boolean {
    return this.#marks[this.#entries.words[2 * entry] >> holdingBits] === this.#now;
  }

  isMarkedMessage(message: Described): boolean {
    return this.#marks[message.number] === this.#now && this.#messages[message.number] === message;
  }

  /**
   * May marks be trusted with this message? Not where these shelves describe it by another object (it comes from another population, or
   * had been forgotten in between) or by two: then identities have to be compared.
   */
  isPlain(message: Described): boolean {
    return this.#twins === 0 && this.#messages[message.number] === message;
  }

  #dropFirst(row: number): void {
    const number = this.#entries.words[2 * this.first(row)] >> holdingBits;
    const { x, y } = this.#messages[number] as Described;
    this.#sums[2 * row] -= x;
    this.#sums[2 * row + 1] -= y;
    this.#releaseMessage(number);
    this.#entries.removeFirst(row);
  }

  // --- descriptions that holders share -------------------------------------------------------------------------

  #numberOf(held: Held): number {
    const { step, value, sequence, body, x, y } = held;
    const alike = this.#byIdentity.get(x);
    let hasTwin = false;
    if (alike !== undefined) {
      for (const number of alike) {
        const known = this.#messages[number];
        if (known?.y !== y) continue;
        if (known.body === body) {
          this.#holders[number]++;
          return number;
        }
        hasTwin = true;
      }
    }
    const number = this.#freeNumbers.pop() ?? this.#messages.length;
    this.#marks = withRoomFor(number + 1, this.#marks);
    this.#messages[number] = { step, value, sequence, body, x, y, number, hasTwin };
    this.#holders[number] = 1;
    this.bodies.retain(body);
    if (hasTwin) this.#twins++;
    if (alike === undefined) this.#byIdentity.set(x, [number]);
    else alike.push(number);
    return number;
  }

  #releaseMessage(number: number): void {
    if (--this.#holders[number] > 0) return;
    const { body, x, hasTwin } = this.#messages[number] as Described;
    this.#messages[number] = undefined;
    this.#freeNumbers.push(number);
    if (hasTwin) this.#twins--;
    const alike = this.#byIdentity.get(x) ?? [];
    if (alike.length === 1) this.#byIdentity.delete(x);
    else alike.splice(alike.indexOf(number), 1);
    this.bodies.release(body);
  }
}
