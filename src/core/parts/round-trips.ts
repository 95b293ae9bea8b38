/**
 * How long does a round trip take? The last, the smoothed one as TCP keeps it, and the shortest, longest, mean and 99th percentile of the
 * latest hundred. A round trip of long ago says little, so nothing older counts, and memory stays as it is: 400 bytes.
 */

/** RFC 6298: alpha = 1/8. */
const smoothing = 1 / 8;
/** Measurements that count. */
export const roundTripWindow = 100;

/** Microseconds. */
export interface RoundTripFigures {
  readonly currentUs: number;
  readonly smoothedUs: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly meanUs: number;
  /** Nearest rank: the least that 99 % do not exceed. */
  readonly p99Us: number;
  /** Measurements behind the last four, at most a hundred. */
  readonly count: number;
}

export class RoundTrips {
  readonly #window = new Uint32Array(roundTripWindow);
  #total = 0;
  #smoothedUs = 0;

  /** @param us whole microseconds, 0 to 2^32 - 1 */
  add(us: number): void {
    this.#window[this.#total % roundTripWindow] = us;
    this.#smoothedUs = this.#total === 0 ? us : this.#smoothedUs + smoothing * (us - this.#smoothedUs);
    this.#total++;
  }

  /** The smoothed round trip; undefined before the first. */
  get smoothedUs(): number | undefined {
    return this.#total === 0 ? undefined : this.#smoothedUs;
  }

  /** Undefined before the first. */
  get figures(): RoundTripFigures | undefined {
    if (this.#total === 0) return undefined;
    const sorted = this.#window.slice(0, Math.min(this.#total, roundTripWindow)).sort();
    const count = sorted.length;
    return {
      currentUs: this.#window[(this.#total - 1) % roundTripWindow],
      smoothedUs: this.#smoothedUs,
      minUs: sorted[0],
      maxUs: sorted[count - 1],
      meanUs: sorted.reduce((sum, us) => sum + us, 0) / count,
      p99Us: sorted[Math.ceil((99 * count) / 100) - 1],
      count,
    };
  }
}
