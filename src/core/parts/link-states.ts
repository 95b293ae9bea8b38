/**
 * The weather on each link: good or bad, and every message that passes may see it change (E. N. Gilbert, "Capacity of a burst-noise
 * channel", Bell System Technical Journal 39, 1960; E. O. Elliott, ibid. 42, 1963). Only links that were used are remembered, a few bytes
 * each; what a link was like at first is drawn by its two ends, in the proportion in which good and bad take turns in the long run.
 */
import type { KeyedDraws } from '../base/random.js';
import type { BurstSettings } from '../model/experiment.js';

const empty = -1;

export class LinkStates {
  /** Open addressing: `from * nodeCount + to`, or `empty`; and 1 beside it where the weather is bad. */
  #keys = new Float64Array(1024).fill(empty);
  #bad = new Uint8Array(1024);
  #used = 0;
  readonly #badShare: number;

  /**
   * @param beginnings keyed by (from, to)
   * @param draws keyed by (sender, message number)
   */
  constructor(
    private readonly nodeCount: number,
    private readonly settings: BurstSettings,
    private readonly beginnings: KeyedDraws,
    private readonly draws: KeyedDraws,
  ) {
    const { enterRatio, leaveRatio } = settings;
    this.#badShare = enterRatio === 0 ? 0 : enterRatio / (enterRatio + leaveRatio);
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#bad.byteLength;
  }

  /**
   * One message passes: is it lost? Loss is judged in the state that the message meets, then the state may change for the next.
   * @param number the message's own number at its sender
   */
  loses(from: number, to: number, number: number): boolean {
    const at = this.#place(from, to);
    const { enterRatio, leaveRatio, goodLossRatio, badLossRatio } = this.settings;
    const isBad = this.#bad[at] === 1;
    const { draws } = this;
    draws.pair(from, number);
    if (draws.second < (isBad ? leaveRatio : enterRatio)) this.#bad[at] = isBad ? 0 : 1;
    return draws.first < (isBad ? badLossRatio : goodLossRatio);
  }

  #place(from: number, to: number): number {
    const key = from * this.nodeCount + to;
    const mask = this.#keys.length - 1;
    let at = placeOf(key, mask);
    while (this.#keys[at] !== key) {
      if (this.#keys[at] === empty) {
        if ((this.#used + 1) * 2 > this.#keys.length) {
          this.#grow();
          return this.#place(from, to);
        }
        this.#used++;
        this.#keys[at] = key;
        this.#bad[at] = this.beginnings.ratio(from, to) < this.#badShare ? 1 : 0;
        break;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  #grow(): void {
    const keys = this.#keys;
    const bad = this.#bad;
    const mask = keys.length * 2 - 1;
    this.#keys = new Float64Array(mask + 1).fill(empty);
    this.#bad = new Uint8Array(mask + 1);
    keys.forEach((key, old) => {
      if (key === empty) return;
      let at = placeOf(key, mask);
      while (this.#keys[at] !== empty) at = (at + 1) & mask;
      this.#keys[at] = key;
      this.#bad[at] = bad[old];
    });
  }
}

/** Knuth's multiplicative hashing over both halves of the key. */
function placeOf(key: number, mask: number): number {
  const mixed = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 4294967296), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & mask;
}
