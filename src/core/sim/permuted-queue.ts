/**
 * The event queue with random ties: deliveries and timers of one microsecond come in an order that is drawn anew for every moment. For
 * `--permute-ties` only. What changes beyond noise under it hangs on the order of equal times, which no network knows.
 *
 * The queue itself stays as it is. Its order looks at destination and source, so these go in under other names and come out under
 * their own: names are mixed with a key of the moment, by steps that can be taken back.
 */
import { KeyedDraws } from '../base/random.js';
import { EventQueue, eventClasses } from './queue.js';

/** Other names are numbers below 2^20, as nodes are, and scattered over all of them. */
const halfBits = 10;
const mask = (1 << (2 * halfBits)) - 1;
const oddFactor = 0x2545f491;
const wordSize = 4294967296;

export class PermutedQueue extends EventQueue {
  readonly #draws: KeyedDraws;
  readonly #inverse: number;
  #keyTime = -1;
  #keyClass = -1;
  #destinationKey = 0;
  #sourceKey = 0;

  constructor(words: 0 | 1 | 2 | 3 | 4, seed: number) {
    super(words);
    this.#draws = new KeyedDraws(seed, 'ties');
    // Newton's iteration doubles the digits that are right; an odd number is its own inverse in three bits.
    let inverse = oddFactor;
    for (let i = 0; i < 4; i++) inverse = Math.imul(inverse, 2 - Math.imul(oddFactor, inverse));
    this.#inverse = inverse;
  }

  override push(
    time: number,
    meta: number,
    destination: number,
    source: number,
    counter: number,
    body: number,
    delayUs: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const isTied = isPermuted(meta & 3);
    if (isTied) this.#settle(time, meta & 3);
    super.push(
      time,
      meta,
      isTied ? this.#hide(destination, this.#destinationKey) : destination,
      isTied ? this.#hide(source, this.#sourceKey ^ Math.imul(destination, oddFactor)) : source,
      counter,
      body,
      delayUs,
      a,
      b,
      c,
      d,
    );
  }

  override pop(): boolean {
    const found = super.pop();
    if (!found || !isPermuted(this.class)) return found;
    this.#settle(this.time, this.class);
    this.destination = this.#show(this.destination, this.#destinationKey);
    this.source = this.#show(this.source, this.#sourceKey ^ Math.imul(this.destination, oddFactor));
    return true;
  }

  /** What comes is known by other names: nothing can be foreseen. */
  override get isUnforeseen(): boolean {
    return false;
  }

  /** The keys of a moment. */
  #settle(time: number, eventClass: number): void {
    if (time === this.#keyTime && eventClass === this.#keyClass) return;
    this.#keyTime = time;
    this.#keyClass = eventClass;
    this.#draws.pair(time | 0, Math.floor(time / wordSize) * 4 + eventClass);
    this.#destinationKey = Math.floor(this.#draws.first * wordSize) | 0;
    this.#sourceKey = Math.floor(this.#draws.second * wordSize) | 0;
  }

  /** One to one on [0, 2^20): add a key, multiply, fold the upper half into the lower one; three times, with other bits of the key. */
  #hide(node: number, key: number): number {
    let x = node;
    for (let turn = 0; turn < 3; turn++) {
      x = Math.imul((x ^ (key >>> (turn * 5))) & mask, oddFactor) & mask;
      x ^= x >>> halfBits;
    }
    return x;
  }

  /** Takes `#hide` back. */
  #show(hidden: number, key: number): number {
    let x = hidden;
    for (let turn = 2; turn >= 0; turn--) {
      x ^= x >>> halfBits;
      x = (Math.imul(x, this.#inverse) ^ (key >>> (turn * 5))) & mask;
    }
    return x;
  }
}

function isPermuted(eventClass: number): boolean {
  return eventClass === eventClasses.delivery || eventClass === eventClasses.timer;
}
