/**
 * The one way in which a node publishes, whether a scenario's workload or a programmer asks for it: take the step, compute the value,
 * number the message, sign it where signing is on, and hand it to the spread slot.
 */
import { assert } from '../base/assert.js';
import { canonicalJson } from '../base/canonical-json.js';
import type { Host } from '../model/protocol.js';
import type { Wiring } from '../model/stack.js';
import { bodyDigest } from './message-identity.js';
import { signedText } from './signed-text.js';

const encoder = new TextEncoder();

export class Publisher {
  readonly #sequences: Uint32Array;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly wiring: Wiring,
  ) {
    this.#sequences = new Uint32Array(rows);
  }

  /** Numbers of messages start again with a new incarnation. */
  reset(): void {
    this.#sequences[this.host.row] = 0;
  }

  /** The number of the node's next message. */
  get nextSequence(): number {
    return this.#sequences[this.host.row];
  }

  /**
   * Publishes data for the node whose turn it is.
   * @param data any JSON value; owned by the message from now on
   * @returns the step that the message carries
   */
  publish(data: unknown): number {
    const { host, wiring } = this;
    assert(
      wiring.clock !== undefined && wiring.spread !== undefined,
      'a node that publishes has a clock and a spread',
    );
    const step = wiring.clock.take();
    const value = wiring.pattern.value(step);
    const sequence = this.#sequences[host.row]++;
    const timestampMs = wiring.epochMs + Math.floor((wiring.shownUs?.() ?? host.nowUs) / 1000);
    const canonical = canonicalJson(data);
    const [digest0, digest1] = bodyDigest(host.self, host.incarnation, timestampMs, canonical);
    const signature = wiring.signer?.sign(
      host.self,
      signedText(wiring.nameOf(host.self), host.incarnation, step, sequence, timestampMs, canonical),
    );
    const body = wiring.bodies.add({
      origin: host.self,
      incarnation: host.incarnation,
      step,
      sequence,
      timestampMs,
      data,
      canonical,
      sizeBytes: encoder.encode(canonical).length + (signature?.length ?? 0),
      digest0,
      digest1,
      signature,
    });
    wiring.spread.publish(step, value, sequence, body);
    wiring.quorum?.wrote(step, value, sequence, body);
    wiring.bodies.release(body);
    return step;
  }
}
