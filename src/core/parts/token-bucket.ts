/**
 * Token buckets: a bucket holds `burst` tokens when full and gains `rate` a second; who has a token may pass. From a full bucket exactly
 * min(offered, burst + rate * t) pass in a time t in which there is never a lack of offers. Counted in millionths of a token, which
 * are whole numbers at every microsecond, so that nothing is lost in rounding.
 */
import { assert } from '../base/assert.js';

const token = 1_000_000;

export class TokenBucket {
  #level: number;
  #atUs: number;
  readonly #full: number;

  /**
   * @param rate tokens a second
   * @param burst how many tokens it holds, at least 1; it begins full
   */
  constructor(
    private readonly rate: number,
    burst: number,
    nowUs = 0,
  ) {
    assert(rate >= 0 && burst >= 1, 'a bucket holds a token at least');
    this.#full = burst * token;
    this.#level = this.#full;
    this.#atUs = nowUs;
  }

  /** Takes a token if there is one. Time may stand still and never runs backwards; a clock that does gains nothing. */
  take(nowUs: number): boolean {
    const gainedUs = nowUs - this.#atUs;
    if (gainedUs > 0) {
      this.#level = Math.min(this.#full, this.#level + gainedUs * this.rate);
      this.#atUs = nowUs;
    }
    if (this.#level < token) return false;
    this.#level -= token;
    return true;
  }
}
