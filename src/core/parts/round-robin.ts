/**
 * Everybody once, in random order, and then again in another: a node that goes round like this leaves nobody waiting for longer than
 * twice the round. The orders of all nodes lie in one array, four bytes a peer, and a node takes its part of it when it first goes round.
 */
import type { Chance } from '../base/random.js';

/** Words of a row: where its order begins, how many there is room for, for how many peers it is, and the place of the next. */
const words = 4;

export class RoundRobin {
  readonly #rows: Int32Array;
  #orders = new Int32Array(64);
  #used = 0;

  constructor(rows: number) {
    this.#rows = new Int32Array(rows * words);
  }

  /** The node forgets where it was and begins anew. */
  restart(row: number): void {
    this.#rows[row * words + 2] = 0;
  }

  /** The next position of a view with `count` peers, at least 1. */
  next(row: number, count: number, chance: Chance): number {
    const rows = this.#rows;
    const at = row * words;
    if (rows[at + 2] !== count) this.#begin(at, count);
    const orders = this.#orders;
    const start = rows[at];
    if (rows[at + 3] >= count) {
      for (let i = count - 1; i > 0; i--) {
        const j = chance.below(i + 1);
        const moved = orders[start + i];
        orders[start + i] = orders[start + j];
        orders[start + j] = moved;
      }
      rows[at + 3] = 0;
    }
    return orders[start + rows[at + 3]++];
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
    if (count > rows[at + 1]) {
      if (this.#used + count > this.#orders.length) {
        const larger = new Int32Array(Math.max(this.#used + count, this.#orders.length * 2));
        larger.set(this.#orders);
        this.#orders = larger;
      }
      rows[at] = this.#used;
      rows[at + 1] = count;
      this.#used += count;
    }
    rows[at + 2] = count;
    rows[at + 3] = count;
    for (let i = 0; i < count; i++) this.#orders[rows[at] + i] = i;
  }
}
