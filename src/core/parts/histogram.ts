/**
 * A histogram that never forgets a scale: from microseconds to years in a few thousand counters. Like a ruler whose marks stand
 * further apart the further out you look: 128 marks between each power of two and the next, so that whatever is read off is
 * within 1/256 of what was put in. Count, smallest, largest and sum are exact. Two histograms of two halves of a run, merged, are
 * bit for bit the histogram of the run, in any order.
 *
 * The idea is that of G. Tene's HdrHistogram.
 */
import { assert } from '../base/assert.js';

const marks = 128;
const marksLog2 = 7;
const limbSize = 4294967296;
/** A hair below 1. */
const nudge = 1 - 1e-15;

const powersOfTwo = new Float64Array(48);
for (let power = 1, exponent = 0; exponent < 48; exponent++, power *= 2) powersOfTwo[exponent] = power;

/** The counter of a whole number: exact below 256, then 128 counters for each power of two. */
function counterOf(value: number): number {
  if (value < 2 * marks) return value;
  const exponent = value < limbSize ? 31 - Math.clz32(value) : 63 - Math.clz32(value / limbSize);
  const shift = exponent - marksLog2;
  return shift * marks + Math.floor(value / powersOfTwo[shift]);
}

/** The smallest value that a counter holds. */
function lowest(counter: number): number {
  if (counter < 2 * marks) return counter;
  const shift = Math.floor(counter / marks) - 1;
  return (counter - shift * marks) * powersOfTwo[shift];
}

/** What crosses a thread or goes into a file: pairs (counter, count) of the counters that hold anything. */
export interface HistogramData {
  readonly counters: readonly number[];
  readonly counts: readonly number[];
  readonly min: number;
  readonly max: number;
  /** The sum in two parts, high * 2^32 + low. */
  readonly sum: readonly [high: number, low: number];
}

export class Histogram {
  #counts = new Float64Array(marks);
  #count = 0;
  #min = Infinity;
  #max = -Infinity;
  #sumHigh = 0;
  #sumLow = 0;

  /** Adds a whole number from 0 to 2^53-1, `times` times. */
  record(value: number, times = 1): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a histogram takes whole numbers from 0 to 2^53-1');
    assert(Number.isSafeInteger(times) && times >= 0, 'a histogram counts in whole numbers');
    if (times === 0) return;
    const counter = counterOf(value);
    if (counter >= this.#counts.length) this.#reach(counter);
    this.#counts[counter] += times;
    this.#count += times;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const high = Math.floor(value / limbSize);
    this.#sumHigh += high * times;
    this.#sumLow += (value - high * limbSize) * times;
    if (this.#sumLow >= limbSize) this.#carry();
  }

  #reach(counter: number): void {
    // Whole powers of two at a time; 47 of them hold every safe integer.
    const grown = new Float64Array((Math.floor(counter / marks) + 1) * marks);
    grown.set(this.#counts);
    this.#counts = grown;
  }

  #carry(): void {
    const over = Math.floor(this.#sumLow / limbSize);
    this.#sumHigh += over;
    this.#sumLow -= over * limbSize;
  }

  get count(): number {
    return this.#count;
  }

  /** The smallest value, exact; undefined when there is none. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** The largest value, exact; undefined when there is none. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** The sum, exact as long as it is below 2^53 (and never off by more than one rounding above). */
  get sum(): number {
    return this.#sumHigh * limbSize + this.#sumLow;
  }

  /** The mean, undefined when there is no value. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.sum / this.#count;
  }

  /**
   * The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed, within 1/256; exact below 256
   * and at both ends.
   * @param share 0 to 1; 0.99 for the 99th percentile
   * @param missing values that never came and count as infinite
   * @returns undefined when there is no value or the percentile lies among the missing
   */
  percentile(share: number, missing = 0): number | undefined {
    const total = this.#count + missing;
    // The nudge keeps 0.07 * 100, a hair above 7 in doubles, from asking for the eighth value.
    const rank = Math.max(1, Math.ceil(share * total * nudge));
    if (total === 0 || rank > this.#count) return undefined;
    if (rank === 1) return this.#min;
    if (rank === this.#count) return this.#max;
    let seen = 0;
    for (let counter = 0; counter < this.#counts.length; counter++) {
      seen += this.#counts[counter];
      if (seen >= rank) {
        const middle = Math.floor((lowest(counter) + lowest(counter + 1) - 1) / 2);
        return Math.min(this.#max, Math.max(this.#min, middle));
      }
    }
    return this.#max;
  }

  /** How many values are at most `value`: exact below 256, else counts the whole mark that the value falls into. */
  countUpTo(value: number): number {
    if (value >= this.#max) return this.#count;
    if (value < this.#min) return 0;
    const last = counterOf(Math.floor(value));
    let seen = 0;
    for (let counter = 0; counter <= last; counter++) seen += this.#counts[counter];
    return seen;
  }

  /** Marks that hold anything, in rising order: values from `low` to `high`, both included. */
  *bars(): Generator<{ readonly low: number; readonly high: number; readonly count: number }> {
    for (let counter = 0; counter < this.#counts.length; counter++) {
      const count = this.#counts[counter];
      if (count > 0) yield { low: lowest(counter), high: lowest(counter + 1) - 1, count };
    }
  }

  /** Adds everything that another histogram holds. */
  merge(other: Histogram): void {
    if (other.#counts.length > this.#counts.length) this.#reach(other.#counts.length - 1);
    for (let counter = 0; counter < other.#counts.length; counter++) {
      this.#counts[counter] += other.#counts[counter];
    }
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#sumHigh += other.#sumHigh;
    this.#sumLow += other.#sumLow;
    this.#carry();
  }

  toData(): HistogramData {
    const counters: number[] = [];
    const counts: number[] = [];
    this.#counts.forEach((count, counter) => {
      if (count === 0) return;
      counters.push(counter);
      counts.push(count);
    });
    return { counters, counts, min: this.#min, max: this.#max, sum: [this.#sumHigh, this.#sumLow] };
  }

  static fromData(data: HistogramData): Histogram {
    const histogram = new Histogram();
    if (data.counters.length === 0) return histogram;
    histogram.#reach(data.counters[data.counters.length - 1]);
    data.counters.forEach((counter, i) => {
      histogram.#counts[counter] = data.counts[i];
      histogram.#count += data.counts[i];
    });
    histogram.#min = data.min;
    histogram.#max = data.max;
    [histogram.#sumHigh, histogram.#sumLow] = data.sum;
    return histogram;
  }
}
