/**
 * The keys of one object, watched for a second appearance. Few keys are compared with each other; many go into a hash
 * table of numbers, so that a line with ten million keys costs time in proportion and no strings. `"a"` and `"\u0061"` are
 * the same key.
 */
import type { JsonWalker } from './log-json.js';
import { grown } from './columns.js';
import type { PayloadHasher } from './log-payload.js';
import { BACKSLASH, bytesOf, paddingBytes, unfold } from './log-text.js';

const asKey = 0x0fc94e3b;
const fewKeys = 16;

export class KeySet {
  /** The byte behind the opening quote of the first key that repeats another, or -1. */
  duplicateAt = -1;
  #count = 0;
  #at = new Int32Array(32);
  #end = new Int32Array(32);
  #hash = new Int32Array(32);
  #slots = new Int32Array(0);
  #scratch = new Uint8Array(64);
  #scratchView = new DataView(this.#scratch.buffer);
  readonly #known: { bytes: Uint8Array; hash: number }[];

  /** @param known names whose places in the list are reported when they come by */
  constructor(
    private readonly walker: JsonWalker,
    private readonly hasher: PayloadHasher,
    known: readonly string[],
  ) {
    this.#known = known.map((name) => {
      const letters = bytesOf(name);
      const bytes = new Uint8Array(letters.length + paddingBytes);
      bytes.set(letters);
      hasher.hashSpan(new DataView(bytes.buffer), 0, letters.length, asKey);
      return { bytes: bytes.subarray(0, letters.length), hash: hasher.a };
    });
  }

  clear(): void {
    this.#count = 0;
    this.duplicateAt = -1;
  }

  /**
   * Adds the key between the quotes.
   * @returns its place among the known names, or -1
   */
  add(at: number, end: number, hasEscape: boolean): number {
    let bytes = this.walker.bytes;
    let from = at;
    let to = end;
    if (hasEscape) {
      [bytes, from, to] = this.#unfold(at, end);
      this.hasher.hashSpan(this.#scratchView, from, to, asKey);
    } else {
      this.hasher.hashSpan(this.walker.view, from, to, asKey);
    }
    const hash = this.hasher.a;
    if (this.duplicateAt < 0 && this.#holds(at, end, hash)) this.duplicateAt = at;
    this.#append(at, end, hash);
    for (let place = 0; place < this.#known.length; place++) {
      const name = this.#known[place];
      if (name.hash === hash && sameBytes(name.bytes, 0, name.bytes.length, bytes, from, to)) return place;
    }
    return -1;
  }

  #unfold(at: number, end: number): [Uint8Array, number, number] {
    if (this.#scratch.length < end - at + paddingBytes) {
      this.#scratch = new Uint8Array(2 * (end - at) + paddingBytes);
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    return [this.#scratch, 0, unfold(this.walker.bytes, at, end, this.#scratch)];
  }

  #holds(at: number, end: number, hash: number): boolean {
    if (this.#count <= fewKeys) {
      for (let key = 0; key < this.#count; key++) {
        if (this.#hash[key] === hash && this.#same(key, at, end)) return true;
      }
      return false;
    }
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const key = this.#slots[slot] - 1;
      if (this.#hash[key] === hash && this.#same(key, at, end)) return true;
    }
    return false;
  }

  #same(key: number, at: number, end: number): boolean {
    const bytes = this.walker.bytes;
    const hasEscape = (from: number, to: number): boolean => bytes.subarray(from, to).includes(BACKSLASH);
    if (!hasEscape(this.#at[key], this.#end[key]) && !hasEscape(at, end)) {
      return sameBytes(bytes, this.#at[key], this.#end[key], bytes, at, end);
    }
    const mine = new Uint8Array(this.#end[key] - this.#at[key]);
    const yours = new Uint8Array(end - at);
    const mineLength = unfold(bytes, this.#at[key], this.#end[key], mine);
    return sameBytes(mine, 0, mineLength, yours, 0, unfold(bytes, at, end, yours));
  }

  #append(at: number, end: number, hash: number): void {
    const key = this.#count;
    if (key === this.#at.length) {
      this.#at = grown(this.#at, key * 2);
      this.#end = grown(this.#end, key * 2);
      this.#hash = grown(this.#hash, key * 2);
    }
    this.#at[key] = at;
    this.#end[key] = end;
    this.#hash[key] = hash;
    this.#count = key + 1;
    if (this.#count > fewKeys) this.#file(key);
  }

  /** Puts a key into the hash table; when the table is made, or made larger, all keys go into it again. */
  #file(key: number): void {
    const isFirst = key === fewKeys;
    if (!isFirst && this.#count * 2 <= this.#slots.length) {
      this.#insert(key);
      return;
    }
    this.#slots = new Int32Array(isFirst ? 64 : this.#slots.length * 2);
    for (let each = 0; each <= key; each++) this.#insert(each);
  }

  #insert(key: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash[key] & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = key + 1;
  }
}

function sameBytes(
  a: Uint8Array,
  aAt: number,
  aEnd: number,
  b: Uint8Array,
  bAt: number,
  bEnd: number,
): boolean {
  if (aEnd - aAt !== bEnd - bAt) return false;
  for (let i = 0; i < aEnd - aAt; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}
