/** Messages and bytes by sender, lost ones included. */
import { assert } from '../base/assert.js';
import type { RowWords } from '../base/random.js';
import type { Spread } from '../model/result.js';
import type { NodeRows } from './node-rows.js';

export class Traffic {
  messages = 0;
  bytes = 0;
  /** Publications sent, lost ones included: what messages would cost if control were free. */
  payloads = 0;
  /** Calls in rounds. */
  calls = 0;
  readonly #messagesOf: Uint32Array;
  readonly #bytesOf: Float64Array;
  readonly #messages: RowWords<Uint32Array>;
  readonly #bytes: RowWords<Float64Array>;

  constructor(
    private readonly nodeCount: number,
    { messages, bytes }: NodeRows,
  ) {
    this.#messages = messages;
    this.#bytes = bytes;
    this.#messagesOf = messages.words;
    this.#bytesOf = bytes.words;
  }

  count(from: number, bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    this.#messagesOf[from * this.#messages.stride + this.#messages.offset]++;
    this.#bytesOf[from * this.#bytes.stride + this.#bytes.offset] += bytes;
  }

  /** In rounds: publications that went over in one call. */
  carry(from: number, publications: number, bytes: number): void {
    this.payloads += publications;
    this.spend(from, publications, bytes);
  }

  /** In rounds: messages that went over in one call and are no publications. */
  spend(from: number, messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
    this.#messagesOf[from * this.#messages.stride + this.#messages.offset] += messages;
    this.#bytesOf[from * this.#bytes.stride + this.#bytes.offset] += bytes;
  }

  /** What one node sent. */
  messagesOf(node: number): number {
    return this.#messagesOf[node * this.#messages.stride + this.#messages.offset];
  }

  /** Messages a node and second. @param seconds of the run; or by node, the time that each was up, where they come and go */
  messageRate(seconds: number | Float64Array): Spread {
    return spread(this.#messages, this.nodeCount, seconds);
  }

  /** Bytes a node and second. @param seconds as for `messageRate` */
  byteRate(seconds: number | Float64Array): Spread {
    return spread(this.#bytes, this.nodeCount, seconds);
  }
}

/** Up to this largest value, whole numbers are counted instead of sorted. */
const countedMax = 1 << 20;

/** Mean, 99th percentile and largest of one word of each row, by second. */
function spread(
  values: RowWords<Uint32Array | Float64Array>,
  rows: number,
  seconds: number | Float64Array,
): Spread {
  if (typeof seconds !== 'number') return ownSpread(values, seconds);
  const { words, stride, offset } = values;
  assert(rows > 0, 'a network has nodes');
  if (seconds <= 0) return { mean: 0, p99: 0, max: 0 };
  const end = offset + rows * stride;
  let sum = 0;
  let max = 0;
  for (let at = offset; at < end; at += stride) {
    sum += words[at];
    if (words[at] > max) max = words[at];
  }
  const rank = Math.max(1, Math.ceil(rows * 0.99));
  let p99: number;
  if (max <= countedMax) {
    const counts = new Uint32Array(max + 1);
    for (let at = offset; at < end; at += stride) counts[words[at]]++;
    p99 = placeOf(rank, counts);
  } else {
    p99 = Float64Array.from({ length: rows }, (_, row) => words[offset + row * stride]).sort()[rank - 1];
  }
  return { mean: sum / rows / seconds, p99: p99 / seconds, max: max / seconds };
}

/** Each by its own time; of less than a second of life no rate can be read, so it counts as one. Who was never there is left out. */
function ownSpread(
  { words, stride, offset }: RowWords<Uint32Array | Float64Array>,
  seconds: Float64Array,
): Spread {
  let sum = 0;
  let time = 0;
  const rates: number[] = [];
  for (let row = 0; row < seconds.length; row++) {
    if (seconds[row] === 0) continue;
    const value = words[offset + row * stride];
    sum += value;
    time += seconds[row];
    rates.push(value / Math.max(1, seconds[row]));
  }
  if (rates.length === 0) return { mean: 0, p99: 0, max: 0 };
  const sorted = Float64Array.from(rates).sort();
  const count = sorted.length;
  return { mean: sum / time, p99: sorted[Math.ceil(count * 0.99) - 1], max: sorted[count - 1] };
}

/** The value at a rank, counted from 1, where `counts` says how often each value from 0 on is there. */
function placeOf(rank: number, counts: Uint32Array): number {
  let below = 0;
  for (let value = 0; ; value++) {
    below += counts[value];
    if (below >= rank) return value;
  }
}
