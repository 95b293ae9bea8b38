/**
 * Fingerprints: short numbers that say whether two runs were the same. One digest a node, fed with everything that happened
 * to it, in its order; the digests of all nodes are combined in the order of their addresses. So a fingerprint does not
 * depend on how work on different nodes was interleaved, and one run can be spread over several engines later.
 *
 * Not cryptographic: it finds accidents, not forgeries. The mixing steps are those of MurmurHash3 (A. Appleby, 2011,
 * public domain), two lanes with different constants.
 */
import type { RowWords } from './random.js';

const word = 4294967296;

/** Two 32-bit lanes a node, in one typed array. */
export class NodeDigests {
  readonly #lanes: Int32Array;
  readonly #stride: number;
  readonly #offset: number;

  /** @param place where the lanes lie: two words of each row; left out, in an array of their own */
  constructor(
    readonly nodeCount: number,
    place: RowWords<Int32Array> = { words: new Int32Array(nodeCount * 2), stride: 2, offset: 0 },
  ) {
    this.#lanes = place.words;
    this.#stride = place.stride;
    this.#offset = place.offset;
  }

  /** Mixes one 32-bit integer into the digest of a node (row). */
  mix(row: number, value: number): void {
    const lanes = this.#lanes;
    const at = row * this.#stride + this.#offset;
    let k = Math.imul(value, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    let a = lanes[at] ^ k;
    a = (a << 13) | (a >>> 19);
    a = (Math.imul(a, 5) + 0xe6546b64) | 0;
    lanes[at] = a;
    // The second lane sees the value and the first lane, so that it is no copy of it.
    let b = lanes[at + 1] ^ Math.imul(value ^ a, 0x85ebca6b);
    b = (b << 17) | (b >>> 15);
    lanes[at + 1] = (Math.imul(b, 5) + 0x38b34ae5) | 0;
  }

  /** Mixes a number up to 2^53 in size, with fractions told apart to 2^-20. */
  mixNumber(row: number, value: number): void {
    const high = Math.floor(value / word);
    this.mix(row, value - high * word);
    if (high !== 0) this.mix(row, high);
    const fraction = value - Math.floor(value);
    if (fraction !== 0) this.mix(row, fraction * 1048576);
  }

  /** The combined fingerprint: 16 hexadecimal digits. */
  combined(): string {
    const all = new NodeDigests(1);
    for (let row = 0; row < this.nodeCount; row++) {
      const at = row * this.#stride + this.#offset;
      all.mix(0, this.#lanes[at]);
      all.mix(0, this.#lanes[at + 1]);
    }
    all.mix(0, this.nodeCount);
    return hex(finalise(all.#lanes[0])) + hex(finalise(all.#lanes[1]));
  }

  /** The digest of one node: 16 hexadecimal digits. */
  of(row: number): string {
    const at = row * this.#stride + this.#offset;
    return hex(finalise(this.#lanes[at])) + hex(finalise(this.#lanes[at + 1]));
  }
}

/** MurmurHash3's finaliser: every input bit touches every output bit. */
export function finalise(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Two 32-bit sums over a text's UTF-16 code units; for identities that stay inside one program. */
export function textDigest(text: string, salt = 0): [number, number] {
  let a = finalise(salt ^ 0x3c6ef372);
  let b = finalise(salt ^ 0x1f83d9ab);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0xcc9e2d51);
    a = (a << 15) | (a >>> 17);
    b = Math.imul(b ^ (unit + a), 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
  }
  return [finalise(a ^ text.length), finalise(b)];
}

/** 16 hexadecimal digits for a text. */
export function textFingerprint(text: string): string {
  const [a, b] = textDigest(text);
  return hex(a) + hex(b);
}
