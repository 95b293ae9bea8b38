/**
 * A short list of numbers for each of very many rows, all in one pool: no object a row, and a list lies in one piece, so that reading it
 * is one visit to memory. A list that outgrows its block moves into one twice as large, and blocks that were left wait, by size, for the
 * next list that grows: the free list is threaded through the blocks themselves.
 *
 * A place holds one number, or two whole ones of 32 bits for those who look at the pool through `words`.
 */

/** The first block of a list has room for so many numbers. */
const roomMin = 4;
const classes = 28;
const noBlock = -1;
/** Words of a row's head: where its block begins (-1: none), how many numbers it holds, and the block's size class. */
const headWords = 3;

export class ShortLists {
  /** The pool as 32-bit words: places 2 i and 2 i + 1 are the i-th of the pool. Another array after a list has grown. */
  words: Int32Array;
  readonly #heads: Int32Array;
  #pool = new Float64Array(64);
  #used = 0;
  readonly #free = new Array<number>(classes).fill(noBlock);

  constructor(rows: number) {
    this.words = new Int32Array(this.#pool.buffer);
    this.#heads = new Int32Array(rows * headWords);
    for (let at = 0; at < this.#heads.length; at += headWords) this.#heads[at] = noBlock;
  }

  get bytes(): number {
    return this.#heads.byteLength + this.#pool.byteLength;
  }

  count(row: number): number {
    return this.#heads[row * headWords + 1];
  }

  /** Where in the pool the list of a row begins; it lies there in one piece until it grows. Means nothing for an empty list. */
  start(row: number): number {
    return this.#heads[row * headWords];
  }

  /** The index-th number of a row, 0 <= index < count(row). */
  at(row: number, index: number): number {
    return this.#pool[this.#heads[row * headWords] + index];
  }

  set(row: number, index: number, value: number): void {
    this.#pool[this.#heads[row * headWords] + index] = value;
  }

  /** Puts a number before the index-th, or at the end when the index is the count. */
  insert(row: number, index: number, value: number): void {
    const end = this.append(row);
    const pool = this.#pool;
    const place = this.#heads[row * headWords] + index;
    for (let at = end; at > place; at--) pool[at] = pool[at - 1];
    pool[place] = value;
  }

  /**
   * Makes the list longer by one place, whatever stands there.
   * @returns where in the pool it is
   */
  append(row: number): number {
    const heads = this.#heads;
    const head = row * headWords;
    const count = heads[head + 1];
    if (heads[head] === noBlock) heads[head] = this.#take((heads[head + 2] = 0));
    else if (count === roomMin << heads[head + 2]) this.#move(head);
    heads[head + 1] = count + 1;
    return heads[head] + count;
  }

  remove(row: number, index: number): void {
    const head = row * headWords;
    const left = --this.#heads[head + 1];
    if (left === 0) {
      this.clear(row);
      return;
    }
    const pool = this.#pool;
    const start = this.#heads[head];
    for (let at = start + index; at < start + left; at++) pool[at] = pool[at + 1];
  }

  /** Takes the first away; the others move up, bit by bit as they are. */
  removeFirst(row: number): void {
    const head = row * headWords;
    const start = this.#heads[head];
    this.#pool.copyWithin(start, start + 1, start + this.#heads[head + 1]);
    if (--this.#heads[head + 1] === 0) this.clear(row);
  }

  clear(row: number): void {
    const head = row * headWords;
    if (this.#heads[head] === noBlock) return;
    this.#give(this.#heads[head], this.#heads[head + 2]);
    this.#heads[head] = noBlock;
    this.#heads[head + 1] = 0;
  }

  /** Where the first number that is at least `bound` stands in a row that is kept in ascending order; the count when there is none. */
  lowerBound(row: number, bound: number): number {
    const head = row * headWords;
    const start = this.#heads[head];
    const pool = this.#pool;
    let from = 0;
    let to = this.#heads[head + 1];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (pool[start + middle] < bound) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Reads the heads of these rows, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    const heads = this.#heads;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= heads[rows[i] * headWords];
    return sum;
  }

  /** Reads the heads, and then the first of each list. */
  touchAll(rows: Int32Array, count: number): number {
    const heads = this.#heads;
    const { words } = this;
    let sum = this.touch(rows, count);
    for (let i = 0; i < count; i++) {
      const start = heads[rows[i] * headWords];
      if (start >= 0) sum ^= words[2 * start];
    }
    return sum;
  }

  /** Moves a full list into a block twice as large. */
  #move(head: number): void {
    const size = this.#heads[head + 2];
    const from = this.#heads[head];
    const to = this.#take(size + 1);
    this.#pool.copyWithin(to, from, from + (roomMin << size));
    this.#give(from, size);
    this.#heads[head] = to;
    this.#heads[head + 2] = size + 1;
  }

  #take(size: number): number {
    const block = this.#free[size];
    if (block !== noBlock) {
      this.#free[size] = this.#pool[block];
      return block;
    }
    const room = roomMin << size;
    if (this.#used + room > this.#pool.length) {
      const larger = new Float64Array(Math.max(this.#used + room, this.#pool.length * 2));
      larger.set(this.#pool);
      this.#pool = larger;
      this.words = new Int32Array(larger.buffer);
    }
    this.#used += room;
    return this.#used - room;
  }

  #give(block: number, size: number): void {
    this.#pool[block] = this.#free[size];
    this.#free[size] = block;
  }
}
