/**
 * What the members of a committee claim, as each node remembers it. To know the k-th highest claim one need not remember them all: the k
 * highest will do, because whoever is pushed out of them comes back only with a higher claim, and that is told anew. Nor is there a need
 * for claims that the node has reached already, which support no move. So a node has k places and no more, however large the committee.
 */
import { assert } from '../base/assert.js';

/** Bytes of one place: a step and a member. */
const placeBytes = 10;

export class CommitteeClaims {
  readonly #steps: Float64Array;
  readonly #members: Uint16Array;
  readonly #counts: Uint32Array;

  /** @param wanted k: how many claims it takes, at least 1 */
  constructor(
    rows: number,
    private readonly wanted: number,
  ) {
    this.#steps = new Float64Array(rows * wanted);
    this.#members = new Uint16Array(rows * wanted);
    this.#counts = new Uint32Array(rows);
  }

  /** Bytes for so many nodes. */
  static bytes(nodeCount: number, wanted: number): number {
    return nodeCount * (4 + wanted * placeBytes);
  }

  forget(row: number): void {
    this.#counts[row] = 0;
  }

  /**
   * A member claims a step.
   * @param own the step of the node itself, below the claim
   * @param member its place in the committee
   * @returns the k-th highest of all members' highest claims, or -1 while fewer than k of them are above `own`
   */
  hear(row: number, own: number, member: number, step: number): number {
    assert(step > own, 'a claim that was reached already is no news');
    const steps = this.#steps;
    const members = this.#members;
    const first = row * this.wanted;
    let count = this.#counts[row];
    let known = -1;
    let lowest = -1;
    for (let at = first; at < first + count; at++) {
      if (members[at] === member) known = at;
      if (lowest < 0 || steps[at] < steps[lowest]) lowest = at;
    }
    if (lowest >= 0 && steps[lowest] <= own) {
      count = this.#dropReached(first, count, own);
      this.#counts[row] = count;
      return this.hear(row, own, member, step);
    }
    if (known >= 0) steps[known] = Math.max(steps[known], step);
    else if (count < this.wanted) {
      steps[first + count] = step;
      members[first + count] = member;
      this.#counts[row] = ++count;
    } else if (steps[lowest] < step) {
      steps[lowest] = step;
      members[lowest] = member;
    }
    if (count < this.wanted) return -1;
    let kth = steps[first];
    for (let at = first + 1; at < first + count; at++) if (steps[at] < kth) kth = steps[at];
    return kth;
  }

  /** @returns how many claims are left that the node has not reached */
  #dropReached(first: number, count: number, own: number): number {
    let left = first;
    for (let at = first; at < first + count; at++) {
      if (this.#steps[at] <= own) continue;
      this.#steps[left] = this.#steps[at];
      this.#members[left] = this.#members[at];
      left++;
    }
    return left - first;
  }
}
