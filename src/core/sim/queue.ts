/**
 * The event queue: a tray of coarse time buckets. Throwing an event into its bucket costs one append; only when the clock reaches
 * a bucket is it tipped out and sorted, while it is small enough to stay in the processor's cache. Events that fall into the
 * bucket that is just being read go to a small heap beside it, events beyond the last bucket wait in a far pile.
 *
 * The order is that of docs/semantics: (time, class, destination, source, the source's own counter). It never depends on the
 * order of insertion, so equal times are no accident of the program.
 *
 * The idea is Brown's calendar queue (CACM 31(10), 1988) with the lazy sorting of Tang, Goh and Thng's ladder queue (TOMACS
 * 15(3), 2005). Records are integers and floats in chunks of typed arrays; no object is made for an event.
 */
import { assert } from '../base/assert.js';

/** Why something happens at a time, in the order in which equal times are taken. */
export const eventClasses = { world: 0, delivery: 1, timer: 2, measurement: 3 } as const;

const bucketCount = 4096;
const bucketMask = bucketCount - 1;
const chunkRecords = 32;
const chunkShift = 5;
const segmentChunks = 256;
const segmentShift = 8;
const segmentPositionShift = chunkShift + segmentShift;
const segmentPositionMask = chunkRecords * segmentChunks - 1;
const headDoubles = 4;
/** Up to this many records are sorted by insertion. */
const insertionMax = 24;
/** Two to this many bins at most are counted in one pass of a sort. */
const binBitsMax = 11;
/** Every this many events, or buckets walked over, the bucket width is thought over. */
const retuneEvents = 1 << 15;

/** Events of one kind that come next: whose turn it will be, and what they carry. */
export interface Expected {
  readonly nodes: Int32Array;
  readonly bodies: Int32Array;
  count: number;
}

/** What comes next, by slot; all arrays have room for the same number. */
export interface Foresight {
  readonly events: number;
  readonly messages: readonly Expected[];
  readonly timers: readonly Expected[];
}

/** A record being read or written: all fields of one event. `meta` = class | slot << 2 | kind << 8. */
export class EventQueue {
  // The event that `pop` took out.
  time = 0;
  class = 0;
  destination = 0;
  source = 0;
  counter = 0;
  slot = 0;
  kind = 0;
  body = 0;
  /** How long the event was under way, in microseconds, at most 2^31-1. */
  delayUs = 0;
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /** How many events wait. */
  size = 0;

  readonly #stride: number;
  readonly #words: number;
  #segments: Float64Array[] = [];
  #segmentInts: Int32Array[] = [];
  #chunkNext = new Int32Array(segmentChunks);
  #freeChunk = -1;
  #chunkTotal = 0;

  /** First chunk of each bucket, -1 for none, and the position after its last record. */
  readonly #head = new Int32Array(bucketCount).fill(-1);
  readonly #end = new Int32Array(bucketCount);
  #inBuckets = 0;

  /** Width of a bucket in microseconds, a power of two. */
  #width = 1024;
  #perWidth = 1 / 1024;
  /** Number of the open bucket: floor(time / width). */
  #current = -1;
  /** Events before this time go to the heap; it is the end of the open bucket. */
  #openEnd = 0;
  /** Events from this time on go to the far pile. */
  #farStart = (bucketCount - 1) * 1024;

  // The open bucket, sorted: positions of records, and the next to be read.
  #order = new Int32Array(1024);
  #orderCount = 0;
  #orderNext = 0;
  /** Up to here `foresee` has looked. */
  #foreseen = 0;
  #offsets = new Int32Array(1024);
  #sortedOrder = new Int32Array(1024);
  #sortedOffsets = new Int32Array(1024);
  readonly #counts = new Int32Array((1 << binBitsMax) + 1);
  #keys = new Float64Array(0);

  // Events that fell into the open bucket: a binary heap of records.
  #nearHeap = new Int32Array(64);
  #nearCount = 0;
  #near: Float64Array;
  #nearInts: Int32Array;
  #nearFree: number[] = [];
  #nearTotal = 0;

  // Events beyond the buckets.
  #far: Float64Array;
  #farInts: Int32Array;
  #farCount = 0;
  #farMinTime = Infinity;

  // What the width is judged by.
  #popped = 0;
  #opened = 0;
  #nearPushes = 0;

  /** @param words how many of the words a, b, c, d events carry: 0 to 4; the others read as 0 */
  constructor(words: 0 | 1 | 2 | 3 | 4) {
    this.#words = words;
    this.#stride = headDoubles + words;
    this.#near = new Float64Array(64 * this.#stride);
    this.#nearInts = new Int32Array(this.#near.buffer);
    this.#far = new Float64Array(64 * this.#stride);
    this.#farInts = new Int32Array(this.#far.buffer);
  }

  /** Bytes held for records and order, for the estimate of memory a node. */
  get bytes(): number {
    const record = this.#stride * 8;
    return (
      this.#segments.length * segmentChunks * chunkRecords * record +
      this.#near.byteLength +
      this.#far.byteLength +
      this.#order.byteLength * 3 +
      this.#chunkNext.byteLength
    );
  }

  /**
   * Adds an event. `time` is a whole number of microseconds, later than the event popped last or equal to it with a later rank.
   * @param meta class | slot << 2 | kind << 8
   */
  push(
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
    this.size++;
    if (time < this.#openEnd) {
      const position = this.#takeNear();
      const at = position * this.#stride;
      this.#write(
        this.#near,
        this.#nearInts,
        at,
        time,
        meta,
        destination,
        source,
        counter,
        body,
        delayUs,
        a,
        b,
        c,
        d,
      );
      this.#siftUp(position);
      this.#nearPushes++;
      return;
    }
    if (time >= this.#farStart) {
      const at = this.#takeFar() * this.#stride;
      if (time < this.#farMinTime) this.#farMinTime = time;
      this.#write(
        this.#far,
        this.#farInts,
        at,
        time,
        meta,
        destination,
        source,
        counter,
        body,
        delayUs,
        a,
        b,
        c,
        d,
      );
      return;
    }
    // The width is a power of two, so the product is exact, and its lower bits are those of its whole part.
    const position = this.#append((time * this.#perWidth) & bucketMask);
    const segment = position >> segmentPositionShift;
    const at = (position & segmentPositionMask) * this.#stride;
    const ints = this.#segmentInts[segment];
    this.#write(
      this.#segments[segment],
      ints,
      at,
      time,
      meta,
      destination,
      source,
      counter,
      body,
      delayUs,
      a,
      b,
      c,
      d,
    );
  }

  /** The time of the next event, or Infinity. */
  nextTime(): number {
    if (this.size === 0) return Infinity;
    if (this.#orderNext === this.#orderCount && this.#nearCount === 0) this.#openNext();
    let time = Infinity;
    if (this.#orderNext < this.#orderCount) time = this.#timeAt(this.#order[this.#orderNext]);
    if (this.#nearCount > 0) {
      const nearTime = this.#near[this.#nearHeap[0] * this.#stride];
      if (nearTime < time) time = nearTime;
    }
    return time;
  }

  /** Takes the first event out and leaves its fields in this object; false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    if (this.#orderNext === this.#orderCount && this.#nearCount === 0) this.#openNext();
    this.size--;
    this.#popped++;
    if (this.#nearCount > 0 && (this.#orderNext === this.#orderCount || this.#nearIsFirst())) {
      const position = this.#nearHeap[0];
      this.#read(this.#near, this.#nearInts, position * this.#stride);
      this.#dropNearTop();
      this.#nearFree.push(position);
      return true;
    }
    const position = this.#order[this.#orderNext++];
    const segment = position >> segmentPositionShift;
    const at = (position & segmentPositionMask) * this.#stride;
    this.#read(this.#segments[segment], this.#segmentInts[segment], at);
    return true;
  }

  /** Has the next event come up since `foresee` looked ahead last? */
  get isUnforeseen(): boolean {
    return this.#orderNext >= this.#foreseen && this.#orderNext < this.#orderCount;
  }

  /** Looks ahead in the open bucket: to whom the next messages go, and whose timers go off next. */
  foresee(soon: Foresight): void {
    const { events, messages, timers } = soon;
    for (let slot = 0; slot < messages.length; slot++) messages[slot].count = timers[slot].count = 0;
    const order = this.#order;
    const end = Math.min(this.#orderCount, this.#orderNext + events);
    for (let i = this.#orderNext; i < end; i++) {
      const position = order[i];
      const ints = this.#segmentInts[position >> segmentPositionShift];
      const at = (position & segmentPositionMask) * this.#stride * 2;
      const meta = ints[at + 5];
      const eventClass = meta & 3;
      if (eventClass !== eventClasses.delivery && eventClass !== eventClasses.timer) continue;
      const expected = (eventClass === eventClasses.delivery ? messages : timers)[(meta >> 2) & 63];
      expected.nodes[expected.count] = ints[at + 2];
      expected.bodies[expected.count++] = ints[at + 6];
    }
    this.#foreseen = end;
  }

  // --- records -------------------------------------------------------------------------------------------------

  #write(
    data: Float64Array,
    ints: Int32Array,
    at: number,
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
    data[at] = time;
    const i = at * 2;
    ints[i + 2] = destination;
    ints[i + 3] = source;
    ints[i + 4] = counter;
    ints[i + 5] = meta;
    ints[i + 6] = body;
    ints[i + 7] = delayUs;
    const words = this.#words;
    if (words > 0) {
      data[at + 4] = a;
      if (words > 1) data[at + 5] = b;
      if (words > 2) data[at + 6] = c;
      if (words > 3) data[at + 7] = d;
    }
  }

  #read(data: Float64Array, ints: Int32Array, at: number): void {
    this.time = data[at];
    const i = at * 2;
    this.destination = ints[i + 2];
    this.source = ints[i + 3];
    this.counter = ints[i + 4];
    const meta = ints[i + 5];
    this.class = meta & 3;
    this.slot = (meta >> 2) & 63;
    this.kind = meta >> 8;
    this.body = ints[i + 6];
    this.delayUs = ints[i + 7];
    const words = this.#words;
    if (words > 0) {
      this.a = data[at + 4];
      if (words > 1) this.b = data[at + 5];
      if (words > 2) this.c = data[at + 6];
      if (words > 3) this.d = data[at + 7];
    }
  }

  #timeAt(position: number): number {
    const segment = this.#segments[position >> segmentPositionShift];
    return segment[(position & segmentPositionMask) * this.#stride];
  }

  // --- buckets -------------------------------------------------------------------------------------------------

  /** Makes room for one record at the end of a bucket; returns its position. */
  #append(bucket: number): number {
    this.#inBuckets++;
    let position = this.#end[bucket];
    if ((position & (chunkRecords - 1)) === 0) position = this.#extend(bucket, position);
    this.#end[bucket] = position + 1;
    return position;
  }

  /** Gives a bucket whose chunks are full another one; returns its first position. */
  #extend(bucket: number, end: number): number {
    const fresh = this.#takeChunk();
    if (this.#head[bucket] < 0) this.#head[bucket] = fresh;
    else this.#chunkNext[(end - 1) >> chunkShift] = fresh;
    return fresh << chunkShift;
  }

  #takeFar(): number {
    if ((this.#farCount + 1) * this.#stride > this.#far.length) {
      this.#far = doubled(this.#far);
      this.#farInts = new Int32Array(this.#far.buffer);
    }
    return this.#farCount++;
  }

  #takeChunk(): number {
    let chunk = this.#freeChunk;
    if (chunk >= 0) {
      this.#freeChunk = this.#chunkNext[chunk];
    } else {
      chunk = this.#chunkTotal++;
      if (chunk >> segmentShift === this.#segments.length) {
        const data = new Float64Array(segmentChunks * chunkRecords * this.#stride);
        this.#segments.push(data);
        this.#segmentInts.push(new Int32Array(data.buffer));
      }
      if (chunk >= this.#chunkNext.length) {
        const larger = new Int32Array(this.#chunkNext.length * 2);
        larger.set(this.#chunkNext);
        this.#chunkNext = larger;
      }
    }
    this.#chunkNext[chunk] = -1;
    return chunk;
  }

  #releaseBucket(bucket: number): void {
    const head = this.#head[bucket];
    if (head < 0) return;
    this.#chunkNext[(this.#end[bucket] - 1) >> chunkShift] = this.#freeChunk;
    this.#freeChunk = head;
    this.#head[bucket] = -1;
    this.#end[bucket] = 0;
  }

  /** How many records of a chunk belong to the bucket: all, but for the last one. */
  #recordsIn(chunk: number, end: number): number {
    return chunk === (end - 1) >> chunkShift ? ((end - 1) & (chunkRecords - 1)) + 1 : chunkRecords;
  }

  #moveTo(current: number): void {
    this.#current = current;
    this.#openEnd = (current + 1) * this.#width;
    this.#farStart = (current + bucketCount) * this.#width;
  }

  /** Moves on to the next bucket that holds something and sorts it. Called when the open one is used up. */
  #openNext(): void {
    if (this.#current >= 0) this.#releaseBucket(this.#current & bucketMask);
    this.#orderNext = this.#orderCount = this.#foreseen = 0;
    if (this.#popped >= retuneEvents || this.#opened >= retuneEvents) this.#retune();
    if (this.#inBuckets === 0) {
      assert(this.#farCount > 0, 'a queue that is not empty has an event somewhere');
      this.#moveTo(Math.floor(this.#farMinTime * this.#perWidth) - 1);
      this.#fetchFar();
    }
    for (;;) {
      this.#moveTo(this.#current + 1);
      this.#opened++;
      // Half a turn before the far pile could be overtaken, what has come within reach is brought in.
      if ((this.#current & (bucketCount / 2 - 1)) === 0 && this.#farCount > 0) this.#fetchFar();
      if (this.#head[this.#current & bucketMask] >= 0) break;
      if (this.#inBuckets === 0 && this.#farCount > 0) {
        this.#moveTo(Math.floor(this.#farMinTime * this.#perWidth) - 1);
        this.#fetchFar();
      }
    }
    this.#sortBucket(this.#current & bucketMask);
  }

  /** Brings the events of the far pile that are within reach into their buckets. */
  #fetchFar(): void {
    const stride = this.#stride;
    const limit = this.#current + bucketCount;
    let kept = 0;
    let minTime = Infinity;
    for (let i = 0; i < this.#farCount; i++) {
      const from = i * stride;
      const time = this.#far[from];
      const number = Math.floor(time * this.#perWidth);
      if (number < limit) {
        const position = this.#append(number & bucketMask);
        const target = this.#segments[position >> segmentPositionShift];
        const at = (position & segmentPositionMask) * stride;
        for (let w = 0; w < stride; w++) target[at + w] = this.#far[from + w];
      } else {
        if (time < minTime) minTime = time;
        if (kept !== i) this.#far.copyWithin(kept * stride, from, from + stride);
        kept++;
      }
    }
    this.#farCount = kept;
    this.#farMinTime = minTime;
  }

  /**
   * A good width leaves some hundreds of events in a bucket: fewer, and the clock walks over empty ones; more, and sorting
   * leaves the cache. Many events that fall into the open bucket say that it is wider than the delays.
   */
  #retune(): void {
    const perBucket = this.#popped / Math.max(1, this.#opened);
    const nearShare = this.#nearPushes / Math.max(1, this.#popped);
    this.#popped = this.#opened = this.#nearPushes = 0;
    let width = this.#width;
    if (nearShare > 0.2 && perBucket > 8 && width > 1) width /= nearShare > 0.6 ? 16 : 4;
    else if (perBucket > 2048) while (width > 1 && perBucket * (width / this.#width) > 512) width /= 2;
    else if (perBucket < 16 && nearShare < 0.02) {
      while (width < 1 << 24 && perBucket * (width / this.#width) < 64) width *= 2;
    }
    width = Math.max(1, width);
    if (width !== this.#width) this.#rebuild(width);
  }

  /** Deals all waiting events into buckets of another width. Only between two buckets. */
  #rebuild(width: number): void {
    assert(
      this.#orderNext === this.#orderCount && this.#nearCount === 0,
      'no bucket is open while widths change',
    );
    const stride = this.#stride;
    const total = this.#inBuckets + this.#farCount;
    let far = this.#far;
    if (far.length < total * stride) {
      far = new Float64Array(Math.max(64, total + (total >> 2)) * stride);
      far.set(this.#far.subarray(0, this.#farCount * stride));
    }
    let count = this.#farCount;
    let minTime = this.#farMinTime;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      for (let chunk = this.#head[bucket]; chunk >= 0; chunk = this.#chunkNext[chunk]) {
        const records = this.#recordsIn(chunk, this.#end[bucket]);
        const segment = this.#segments[chunk >> segmentShift];
        const first = (chunk & (segmentChunks - 1)) * chunkRecords * stride;
        far.set(segment.subarray(first, first + records * stride), count * stride);
        for (let i = 0; i < records; i++) {
          if (far[(count + i) * stride] < minTime) minTime = far[(count + i) * stride];
        }
        count += records;
      }
      this.#releaseBucket(bucket);
    }
    this.#far = far;
    this.#farInts = new Int32Array(far.buffer);
    this.#farCount = count;
    this.#farMinTime = minTime;
    this.#inBuckets = 0;
    this.#width = width;
    this.#perWidth = 1 / width;
    if (count > 0) {
      this.#moveTo(Math.floor(minTime * this.#perWidth) - 1);
      this.#fetchFar();
    }
  }

  // --- sorting a bucket ----------------------------------------------------------------------------------------

  #sortBucket(bucket: number): void {
    const end = this.#end[bucket];
    let count = 0;
    for (let chunk = this.#head[bucket]; chunk >= 0; chunk = this.#chunkNext[chunk])
      count += this.#recordsIn(chunk, end);
    if (this.#order.length < count) {
      const length = 1 << (32 - Math.clz32(count));
      this.#order = new Int32Array(length);
      this.#offsets = new Int32Array(length);
      this.#sortedOrder = new Int32Array(length);
      this.#sortedOffsets = new Int32Array(length);
    }
    const start = this.#current * this.#width;
    const order = this.#order;
    const offsets = this.#offsets;
    const stride = this.#stride;
    let n = 0;
    for (let chunk = this.#head[bucket]; chunk >= 0; chunk = this.#chunkNext[chunk]) {
      const records = this.#recordsIn(chunk, end);
      const segment = this.#segments[chunk >> segmentShift];
      let at = (chunk & (segmentChunks - 1)) * chunkRecords * stride;
      const first = chunk << chunkShift;
      for (let i = 0; i < records; i++, at += stride) {
        order[n] = first + i;
        offsets[n] = segment[at] - start;
        n++;
      }
    }
    this.#inBuckets -= count;
    this.#orderCount = count;
    this.#orderNext = 0;
    if (count <= insertionMax) {
      this.#insertionSort(0, count);
      return;
    }
    // About one event a bin; what shares a bin is sorted by insertion.
    const bits = Math.min(binBitsMax, 31 - Math.clz32(count));
    const shift = Math.max(0, 31 - Math.clz32(this.#width) - bits);
    this.#countingPass(0, count, shift, bits);
    this.#sortBins(count, shift);
  }

  /** One stable counting pass over `bits` bits of the offsets of [from, to); offsets travel with their positions. */
  #countingPass(from: number, to: number, shift: number, bits: number): void {
    const bins = 1 << bits;
    const mask = bins - 1;
    const counts = this.#counts;
    counts.fill(0, 0, bins + 1);
    const order = this.#order;
    const offsets = this.#offsets;
    const sortedOrder = this.#sortedOrder;
    const sortedOffsets = this.#sortedOffsets;
    for (let i = from; i < to; i++) counts[((offsets[i] >>> shift) & mask) + 1]++;
    let sum = from;
    for (let bin = 0; bin < bins; bin++) {
      sum += counts[bin];
      counts[bin] = sum;
    }
    for (let i = from; i < to; i++) {
      const target = counts[(offsets[i] >>> shift) & mask]++;
      sortedOrder[target] = order[i];
      sortedOffsets[target] = offsets[i];
    }
    this.#order = sortedOrder;
    this.#offsets = sortedOffsets;
    this.#sortedOrder = order;
    this.#sortedOffsets = offsets;
  }

  /** Sorts what one pass over the upper bits of the offsets left in one bin. */
  #sortBins(count: number, shift: number): void {
    if (shift === 0) {
      this.#sortTies(0, count);
      return;
    }
    for (let from = 0; from < count;) {
      const bin = this.#offsets[from] >>> shift;
      let to = from + 1;
      while (to < count && this.#offsets[to] >>> shift === bin) to++;
      if (to - from > insertionMax) this.#sortCrowd(from, to, shift);
      else if (to - from > 1) this.#insertionSort(from, to);
      from = to;
    }
  }

  /** Many events in one bin, as clocks that tick together make them: passes over the lower bits, from the lowest on. */
  #sortCrowd(from: number, to: number, shift: number): void {
    for (let done = 0; done < shift; done += binBitsMax) {
      this.#countingPass(from, to, done, Math.min(binBitsMax, shift - done));
      // A pass leaves its result in the other pair of arrays: the rest has to be there as well.
      this.#order.set(this.#sortedOrder.subarray(0, from));
      this.#offsets.set(this.#sortedOffsets.subarray(0, from));
      this.#order.set(this.#sortedOrder.subarray(to, this.#orderCount), to);
      this.#offsets.set(this.#sortedOffsets.subarray(to, this.#orderCount), to);
    }
    this.#sortTies(from, to);
  }

  /** Puts runs of equal times into the order of (class, destination, source, counter). */
  #sortTies(begin: number, end: number): void {
    const offsets = this.#offsets;
    for (let from = begin; from < end;) {
      const offset = offsets[from];
      let to = from + 1;
      while (to < end && offsets[to] === offset) to++;
      if (to - from > 1) {
        if (to - from <= insertionMax) this.#insertionSort(from, to);
        else this.#sortManyTies(from, to);
      }
      from = to;
    }
  }

  /** Full order of [from, to): by offset, and where these are equal by the rest of the records. */
  #insertionSort(from: number, to: number): void {
    const order = this.#order;
    const offsets = this.#offsets;
    for (let i = from + 1; i < to; i++) {
      const position = order[i];
      const offset = offsets[i];
      let j = i - 1;
      while (
        j >= from &&
        (offsets[j] > offset || (offsets[j] === offset && this.#compareBucket(order[j], position) > 0))
      ) {
        order[j + 1] = order[j];
        offsets[j + 1] = offsets[j];
        j--;
      }
      order[j + 1] = position;
      offsets[j + 1] = offset;
    }
  }

  /**
   * A long run of equal times, as synchronous timers make: sorted as floats, (class, destination) above the place in the run,
   * then each group with one destination by its few sources.
   */
  #sortManyTies(from: number, to: number): void {
    const count = to - from;
    if (this.#keys.length < count) this.#keys = new Float64Array(1 << (32 - Math.clz32(count)));
    const keys = this.#keys.subarray(0, count);
    const order = this.#order;
    const run = this.#sortedOrder;
    for (let i = 0; i < count; i++) {
      const position = order[from + i];
      const ints = this.#segmentInts[position >> segmentPositionShift];
      const at = (position & segmentPositionMask) * this.#stride * 2;
      keys[i] = ((ints[at + 5] & 3) * 2097152 + ints[at + 2]) * 1073741824 + i;
      run[i] = position;
    }
    keys.sort();
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      order[from + i] = run[key - Math.floor(key / 1073741824) * 1073741824];
    }
    for (let i = 0; i < count;) {
      const group = Math.floor(keys[i] / 1073741824);
      let end = i + 1;
      while (end < count && Math.floor(keys[end] / 1073741824) === group) end++;
      if (end - i > insertionMax) this.#sortByComparison(from + i, from + end);
      else if (end - i > 1) this.#insertionSort(from + i, from + end);
      i = end;
    }
  }

  #sortByComparison(from: number, to: number): void {
    this.#order.subarray(from, to).sort((p, q) => this.#compareBucket(p, q));
  }

  /** Full order of two records in buckets. */
  #compareBucket(p: number, q: number): number {
    const stride = this.#stride;
    return compareRecords(
      this.#segments[p >> segmentPositionShift],
      this.#segmentInts[p >> segmentPositionShift],
      (p & segmentPositionMask) * stride,
      this.#segments[q >> segmentPositionShift],
      this.#segmentInts[q >> segmentPositionShift],
      (q & segmentPositionMask) * stride,
    );
  }

  // --- the heap beside the open bucket -------------------------------------------------------------------------

  /** Is the top of the heap before the next record of the bucket? Both exist. */
  #nearIsFirst(): boolean {
    const p = this.#order[this.#orderNext];
    return (
      compareRecords(
        this.#near,
        this.#nearInts,
        this.#nearHeap[0] * this.#stride,
        this.#segments[p >> segmentPositionShift],
        this.#segmentInts[p >> segmentPositionShift],
        (p & segmentPositionMask) * this.#stride,
      ) < 0
    );
  }

  #takeNear(): number {
    const free = this.#nearFree.pop();
    if (free !== undefined) return free;
    if ((this.#nearTotal + 1) * this.#stride > this.#near.length) {
      this.#near = doubled(this.#near);
      this.#nearInts = new Int32Array(this.#near.buffer);
    }
    return this.#nearTotal++;
  }

  #compareNear(p: number, q: number): number {
    const stride = this.#stride;
    return compareRecords(this.#near, this.#nearInts, p * stride, this.#near, this.#nearInts, q * stride);
  }

  #siftUp(position: number): void {
    if (this.#nearCount === this.#nearHeap.length) {
      const larger = new Int32Array(this.#nearCount * 2);
      larger.set(this.#nearHeap);
      this.#nearHeap = larger;
    }
    const heap = this.#nearHeap;
    let at = this.#nearCount++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compareNear(heap[parent], position) <= 0) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = position;
  }

  #dropNearTop(): void {
    const heap = this.#nearHeap;
    const count = --this.#nearCount;
    if (count === 0) return;
    const last = heap[count];
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#compareNear(heap[child + 1], heap[child]) < 0) child++;
      if (this.#compareNear(last, heap[child]) <= 0) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}

/** Below zero when record p comes first: (time, class, destination, source, counter). */
function compareRecords(
  p: Float64Array,
  pInts: Int32Array,
  pAt: number,
  q: Float64Array,
  qInts: Int32Array,
  qAt: number,
): number {
  if (p[pAt] !== q[qAt]) return p[pAt] - q[qAt];
  const i = pAt * 2;
  const j = qAt * 2;
  const classes = (pInts[i + 5] & 3) - (qInts[j + 5] & 3);
  if (classes !== 0) return classes;
  if (pInts[i + 2] !== qInts[j + 2]) return pInts[i + 2] - qInts[j + 2];
  if (pInts[i + 3] !== qInts[j + 3]) return pInts[i + 3] - qInts[j + 3];
  return (pInts[i + 4] >>> 0) - (qInts[j + 4] >>> 0);
}

function doubled(array: Float64Array): Float64Array {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
