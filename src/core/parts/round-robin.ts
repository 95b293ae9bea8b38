/**
 * Everybody once, in random order, and then again in another: a node that goes round like this leaves nobody waiting for longer than
 * twice the round. The orders of many nodes share a few large arrays, four bytes a peer, and a node takes its part when it first goes
 * round.
 */
import type { Chance } from '../base/random.js';

/** Words of a row: the array that holds its order, where it begins there, how many there is room for, for how many it is, the next. */
const words = 5;
const word = { chunk: 0, start: 1, room: 2, count: 3, next: 4 } as const;
/** Orders of so many peers share an array; larger ones have one of their own. */
const chunkPlaces = 1 << 18;

export class RoundRobin {
  readonly #rows: Int32Array;
  readonly #chunks: Int32Array[] = [];
  /** Places of the last chunk that are taken. */
  #used = 0;

  constructor(rows: number) {
    this.#rows = new Int32Array(rows * words);
  }

  /** The node forgets where it was and begins anew. */
  restart(row: number): void {
    this.#rows[row * words + word.count] = 0;
  }

  /** The next position of a view with `count` peers, at least 1. */
  next(row: number, count: number, chance: Chance): number {
    const rows = this.#rows;
    const at = row * words;
    if (rows[at + word.count] !== count) this.#begin(at, count);
    const orders = this.#chunks[rows[at + word.chunk]];
    const start = rows[at + word.start];
    if (rows[at + word.next] >= count) {
      for (let i = count - 1; i > 0; i--) {
        const j = chance.below(i + 1);
        const moved = orders[start + i];
        orders[start + i] = orders[start + j];
        orders[start + j] = moved;
      }
      rows[at + word.next] = 0;
    }
    return orders[start + rows[at + word.next]++];
  }

  /** Reads the rows of these nodes, so that memory has them at hand. */
  touch(rows: Int32Array, count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= this.#rows[rows[i] * words];
    return sum;
  }

  /** A new round, of so many peers. */
  #begin(at: number, count: number): void {
    const rows = this.#rows;
    const chunks = this.#chunks;
    if (count > rows[at + word.room]) {
      if (chunks.length === 0 || this.#used + count > chunks[chunks.length - 1].length) {
        chunks.push(new Int32Array(Math.max(count, Math.min(chunkPlaces, (rows.length / words) * count))));
        this.#used = 0;
      }
      rows[at + word.chunk] = chunks.length - 1;
      rows[at + word.start] = this.#used;
      rows[at + word.room] = count;
      this.#used += count;
    }
    rows[at + word.count] = count;
    rows[at + word.next] = count;
    const orders = chunks[rows[at + word.chunk]];
    for (let i = 0; i < count; i++) orders[rows[at + word.start] + i] = i;
  }
}
