/**
 * What each node holds in order to pass it on: a shelf of limited length, in the order in which the node itself received things; what
 * was received longest ago makes room. All shelves of a population share one pool of entries, and messages that many nodes hold are
 * described once, so an entry is sixteen bytes.
 */
import type { Bodies } from '../model/bodies.js';

/** What may become of a held message. `spreading`: told at every activation. `kept`: given to those who ask. `mute`: given to nobody. */
export const holdings = { spreading: 0, kept: 1, mute: 2 } as const;
export type Holding = (typeof holdings)[keyof typeof holdings];

export interface Held {
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: number;
  /** Its identity, two 32-bit words; see `MessageIdentity`. */
  readonly x: number;
  readonly y: number;
}

const ints = 4;
const column = { head: 0, tail: 1, count: 2, digest: 3 } as const;
const field = { message: 0, next: 1, hops: 2, state: 3 } as const;
const stateShift = 16;

export class GossipShelf {
  /** Four words a row: first entry, last entry, how many, and the handle of the shelf's digest. */
  readonly #rows: Int32Array;
  #pool = new Int32Array(64 * ints);
  #used = 0;
  #free = -1;

  readonly #messages: (Held | undefined)[] = [];
  readonly #holders: number[] = [];
  readonly #freeMessages: number[] = [];
  readonly #byBody = new Map<number, number[]>();

  constructor(
    rows: number,
    private readonly capacity: number,
    private readonly bodies: Bodies,
  ) {
    this.#rows = new Int32Array(rows * ints);
    for (let at = 0; at < this.#rows.length; at += ints) this.#rows[at] = this.#rows[at + 1] = -1;
  }

  /** Reads the first entries of these rows, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    const shelves = this.#rows;
    const pool = this.#pool;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const entry = shelves[rows[i] * ints];
      if (entry >= 0) sum ^= pool[entry * ints];
    }
    return sum;
  }

  count(row: number): number {
    return this.#rows[row * ints + column.count];
  }

  /** The handle of the body that lists what is on the shelf; 0 while there is none. It is kept for `ShelfDigests`. */
  digest(row: number): number {
    return this.#rows[row * ints + column.digest];
  }

  setDigest(row: number, handle: number): void {
    this.#rows[row * ints + column.digest] = handle;
  }

  /** The entry received longest ago, or -1. Entries stay valid until they are taken off the shelf. */
  first(row: number): number {
    return this.#rows[row * ints + column.head];
  }

  /** The entry received after this one, or -1. */
  next(entry: number): number {
    return this.#pool[entry * ints + field.next];
  }

  message(entry: number): Held {
    return this.#messages[this.#pool[entry * ints + field.message]] as Held;
  }

  hops(entry: number): number {
    return this.#pool[entry * ints + field.hops];
  }

  holding(entry: number): Holding {
    return (this.#pool[entry * ints + field.state] >> stateShift) as Holding;
  }

  setHolding(entry: number, holding: Holding): void {
    const at = entry * ints + field.state;
    this.#pool[at] = (holding << stateShift) | (this.#pool[at] & 0xffff);
  }

  /** How tired the node is of the message: a count of the stop rule. */
  tiredness(entry: number): number {
    return this.#pool[entry * ints + field.state] & 0xffff;
  }

  setTiredness(entry: number, count: number): void {
    const at = entry * ints + field.state;
    this.#pool[at] = (this.#pool[at] & ~0xffff) | Math.min(count, 0xffff);
  }

  /** The entry of the message with this identity, or -1. */
  find(row: number, x: number, y: number): number {
    for (let entry = this.first(row); entry >= 0; entry = this.next(entry)) {
      const message = this.message(entry);
      if (message.x === x && message.y === y) return entry;
    }
    return -1;
  }

  /** Puts a message at the end of the node's shelf. The body is retained while any node holds it. */
  put(row: number, held: Held, hops: number, holding: Holding): void {
    const shelves = this.#rows;
    const shelf = row * ints;
    if (shelves[shelf + column.count] >= this.capacity) this.#dropFirst(row);
    const entry = this.#takeEntry();
    const at = entry * ints;
    this.#pool[at + field.message] = this.#numberOf(held);
    this.#pool[at + field.next] = -1;
    this.#pool[at + field.hops] = hops;
    this.#pool[at + field.state] = holding << stateShift;
    const last = shelves[shelf + column.tail];
    if (last < 0) shelves[shelf + column.head] = entry;
    else this.#pool[last * ints + field.next] = entry;
    shelves[shelf + column.tail] = entry;
    shelves[shelf + column.count]++;
  }

  clear(row: number): void {
    while (this.first(row) >= 0) this.#dropFirst(row);
  }

  #dropFirst(row: number): void {
    const shelves = this.#rows;
    const shelf = row * ints;
    const entry = shelves[shelf + column.head];
    const at = entry * ints;
    const next = this.#pool[at + field.next];
    shelves[shelf + column.head] = next;
    if (next < 0) shelves[shelf + column.tail] = -1;
    shelves[shelf + column.count]--;
    this.#releaseMessage(this.#pool[at + field.message]);
    this.#pool[at + field.next] = this.#free;
    this.#free = entry;
  }

  #takeEntry(): number {
    const entry = this.#free;
    if (entry >= 0) {
      this.#free = this.#pool[entry * ints + field.next];
      return entry;
    }
    if ((this.#used + 1) * ints > this.#pool.length) {
      const larger = new Int32Array(this.#pool.length * 2);
      larger.set(this.#pool);
      this.#pool = larger;
    }
    return this.#used++;
  }

  // --- descriptions that holders share -------------------------------------------------------------------------

  #numberOf(held: Held): number {
    const twins = this.#byBody.get(held.body);
    if (twins !== undefined) {
      for (const twin of twins) {
        const known = this.#messages[twin];
        if (known?.x === held.x && known.y === held.y) {
          this.#holders[twin]++;
          return twin;
        }
      }
    }
    const number = this.#freeMessages.pop() ?? this.#messages.length;
    this.#messages[number] = { ...held };
    this.#holders[number] = 1;
    this.bodies.retain(held.body);
    if (twins === undefined) this.#byBody.set(held.body, [number]);
    else twins.push(number);
    return number;
  }

  #releaseMessage(number: number): void {
    if (--this.#holders[number] > 0) return;
    const { body } = this.#messages[number] as Held;
    this.#messages[number] = undefined;
    this.#freeMessages.push(number);
    const twins = this.#byBody.get(body) ?? [];
    if (twins.length === 1) this.#byBody.delete(body);
    else twins.splice(twins.indexOf(number), 1);
    this.bodies.release(body);
  }
}
