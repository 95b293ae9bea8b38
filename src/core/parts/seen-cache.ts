/**
 * What have I seen? Each node remembers the identities of the latest messages: at least `capacity` of them, at most twice as many, so
 * that memory is bounded however long it runs. Two tables take turns: when the young one is full it becomes the old one, and the
 * old one is forgotten. All nodes share one array and grow together, because in a flood they see about the same number.
 */

const slotsMin = 2;

/** Identities are pairs of 32-bit words that are not both zero. */
export class SeenCache {
  #slots: number;
  #young: Int32Array;
  #old: Int32Array | undefined;
  readonly #counts: Uint32Array;

  /**
   * @param rows how many nodes
   * @param capacity identities that a node remembers surely, at least 1
   */
  constructor(
    private readonly rows: number,
    private readonly capacity: number,
  ) {
    this.#slots = slotsMin;
    this.#young = new Int32Array(rows * this.#slots * 2);
    this.#counts = new Uint32Array(rows);
  }

  get bytes(): number {
    return this.#young.byteLength + (this.#old?.byteLength ?? 0) + this.#counts.byteLength;
  }

  has(row: number, x: number, y: number): boolean {
    return (
      find(this.#young, row, this.#slots, x, y) ||
      (this.#old !== undefined && find(this.#old, row, this.#slots, x, y))
    );
  }

  /** Remembers an identity; false when it was remembered already. */
  add(row: number, x: number, y: number): boolean {
    if (this.has(row, x, y)) return false;
    const count = this.#counts[row];
    if (count >= this.capacity) {
      this.#turn(row);
    } else if ((count + 1) * 3 > this.#slots * 2) {
      this.#grow();
    }
    insert(this.#young, row, this.#slots, x, y);
    this.#counts[row]++;
    return true;
  }

  /** Reads where these rows begin, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    const young = this.#young;
    const ints = this.#slots * 2;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= young[rows[i] * ints];
    return sum;
  }

  /** Forgets everything that one node saw. */
  clear(row: number): void {
    const from = row * this.#slots * 2;
    this.#young.fill(0, from, from + this.#slots * 2);
    this.#old?.fill(0, from, from + this.#slots * 2);
    this.#counts[row] = 0;
  }

  /** The young table of a node becomes its old one. */
  #turn(row: number): void {
    this.#old ??= new Int32Array(this.#young.length);
    const from = row * this.#slots * 2;
    const to = from + this.#slots * 2;
    this.#old.set(this.#young.subarray(from, to), from);
    this.#young.fill(0, from, to);
    this.#counts[row] = 0;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = before * 2;
    this.#young = rehash(this.#young, this.rows, before);
    if (this.#old !== undefined) this.#old = rehash(this.#old, this.rows, before);
  }
}

function find(table: Int32Array, row: number, slots: number, x: number, y: number): boolean {
  const base = row * slots;
  const mask = slots - 1;
  for (let at = x & mask; ; at = (at + 1) & mask) {
    const i = (base + at) * 2;
    const foundX = table[i];
    const foundY = table[i + 1];
    if (foundX === x && foundY === y) return true;
    if (foundX === 0 && foundY === 0) return false;
  }
}

function insert(table: Int32Array, row: number, slots: number, x: number, y: number): void {
  const base = row * slots;
  const mask = slots - 1;
  let at = x & mask;
  while (table[(base + at) * 2] !== 0 || table[(base + at) * 2 + 1] !== 0) at = (at + 1) & mask;
  table[(base + at) * 2] = x;
  table[(base + at) * 2 + 1] = y;
}

function rehash(table: Int32Array, rows: number, slots: number): Int32Array {
  const larger = new Int32Array(table.length * 2);
  for (let row = 0; row < rows; row++) {
    for (let i = row * slots * 2; i < (row + 1) * slots * 2; i += 2) {
      if (table[i] !== 0 || table[i + 1] !== 0) insert(larger, row, slots * 2, table[i], table[i + 1]);
    }
  }
  return larger;
}
