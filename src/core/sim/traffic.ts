/** Messages and bytes by sender, lost ones included. */
import { assert } from '../base/assert.js';
import type { Spread } from '../model/result.js';

export class Traffic {
  messages = 0;
  bytes = 0;
  /** Publications sent, lost ones included: what messages would cost if control were free. */
  payloads = 0;
  /** Calls in rounds. */
  calls = 0;
  readonly #messagesOf: Uint32Array;
  readonly #bytesOf: Float64Array;

  constructor(nodeCount: number) {
    this.#messagesOf = new Uint32Array(nodeCount);
    this.#bytesOf = new Float64Array(nodeCount);
  }

  count(from: number, bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    this.#messagesOf[from]++;
    this.#bytesOf[from] += bytes;
  }

  /** In rounds: publications that went over in one call. */
  carry(from: number, publications: number, bytes: number): void {
    this.messages += publications;
    this.payloads += publications;
    this.bytes += bytes;
    this.#messagesOf[from] += publications;
    this.#bytesOf[from] += bytes;
  }

  /** What one node sent. */
  messagesOf(node: number): number {
    return this.#messagesOf[node];
  }

  /** Messages a node and second. */
  messageRate(seconds: number): Spread {
    return spread(this.#messagesOf, seconds);
  }

  /** Bytes a node and second. */
  byteRate(seconds: number): Spread {
    return spread(this.#bytesOf, seconds);
  }
}

/** Up to this largest value, whole numbers are counted instead of sorted. */
const countedMax = 1 << 20;

function spread(values: Uint32Array | Float64Array, seconds: number): Spread {
  assert(values.length > 0, 'a network has nodes');
  if (seconds <= 0) return { mean: 0, p99: 0, max: 0 };
  let sum = 0;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    if (values[i] > max) max = values[i];
  }
  const rank = Math.max(1, Math.ceil(values.length * 0.99));
  const p99 = max <= countedMax ? byCounting(values, max, rank) : values.slice().sort()[rank - 1];
  return { mean: sum / values.length / seconds, p99: p99 / seconds, max: max / seconds };
}

/** The `rank`-th smallest of whole numbers up to `max`. */
function byCounting(values: Uint32Array | Float64Array, max: number, rank: number): number {
  const counts = new Uint32Array(max + 1);
  for (let i = 0; i < values.length; i++) counts[values[i]]++;
  let below = 0;
  for (let value = 0; ; value++) {
    below += counts[value];
    if (below >= rank) return value;
  }
}
