/**
 * Is this the message that I had already? Two messages are the same when sender, incarnation, sequence, step, value, time and data are:
 * whoever alters a copy makes another message, so that the altered one is compared and not mistaken for a duplicate.
 */
import { finalise, textDigest } from '../base/digest.js';
import type { Body } from '../model/bodies.js';

const word = 4294967296;

/** Two 32-bit words, never both zero. One object serves many questions. */
export class MessageIdentity {
  x = 0;
  y = 0;

  /** Leaves the identity of the message with these words and this body in `x` and `y`. */
  of(body: Body, step: number, value: number, sequence: number): void {
    let x = mix(body.digest0, step | 0);
    let y = mix(body.digest1, Math.floor(step / word) | 0);
    x = mix(x, value | 0);
    y = mix(y, Math.floor(value * 1048576) | 0);
    x = mix(x, Math.floor(value / word) ^ y);
    y = mix(y, sequence | 0);
    x = mix(x, Math.floor(sequence / word));
    this.x = finalise(x);
    this.y = finalise(y ^ x) | 1;
  }
}

function mix(lane: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = lane ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** The body's part of the identity. */
export function bodyDigest(
  origin: number,
  incarnation: number,
  timestampMs: number,
  canonical: string,
): [number, number] {
  const [a, b] = textDigest(canonical, origin);
  const x = mix(mix(a, incarnation), timestampMs | 0);
  const y = mix(mix(b, origin), Math.floor(timestampMs / word) | 0);
  return [finalise(x), finalise(y)];
}
