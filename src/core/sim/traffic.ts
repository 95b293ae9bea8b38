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

  /** Messages a node and second. */
  messageRate(seconds: number): Spread {
    return spread(Float64Array.from(this.#messagesOf), seconds);
  }

  /** Bytes a node and second. */
  byteRate(seconds: number): Spread {
    return spread(this.#bytesOf.slice(), seconds);
  }
}

/** Sorts its argument. */
function spread(values: Float64Array, seconds: number): Spread {
  assert(values.length > 0, 'a network has nodes');
  if (seconds <= 0) return { mean: 0, p99: 0, max: 0 };
  values.sort();
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    mean: sum / values.length / seconds,
    p99: values[Math.max(0, Math.ceil(values.length * 0.99) - 1)] / seconds,
    max: values[values.length - 1] / seconds,
  };
}
