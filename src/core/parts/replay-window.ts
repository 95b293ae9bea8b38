/**
 * A replay window: of one sender and incarnation it remembers the latest numbers, and of each what was said under it. A number that comes
 * again with the same content is a replay, with other content an equivocation, and one that lies behind the window cannot be told
 * and counts as a replay. (The sliding window of RFC 4303, 3.4.3, with a digest in place of a bit.)
 */
export type WindowVerdict = 'fresh' | 'seen' | 'conflict';

export class ReplayWindow {
  readonly #numbers: Float64Array;
  readonly #digests: Int32Array;
  #highest = -1;

  /** @param size how many numbers behind the highest are still told apart */
  constructor(private readonly size: number) {
    this.#numbers = new Float64Array(size).fill(-1);
    this.#digests = new Int32Array(size);
  }

  /** What would be said of this message; changes nothing. */
  look(number: number, digest: number): WindowVerdict {
    if (number <= this.#highest - this.size) return 'seen';
    const at = number % this.size;
    if (this.#numbers[at] !== number) return 'fresh';
    return this.#digests[at] === (digest | 0) ? 'seen' : 'conflict';
  }

  /** Remembers a message that was accepted. */
  accept(number: number, digest: number): void {
    if (number <= this.#highest - this.size) return;
    const at = number % this.size;
    this.#numbers[at] = number;
    this.#digests[at] = digest | 0;
    if (number > this.#highest) this.#highest = number;
  }
}
