/**
 * A thumbprint of a payload: 64 bits that are equal when two pieces of JSON say the same, whatever the order of their
 * keys, their blanks, their escapes or the spelling of their numbers. The observer keeps one for the last good message of
 * each sender, and so knows two payloads under one step when it sees them without keeping either.
 *
 * Members of an object are added up, so their order is lost on purpose; elements of a list are chained. Numbers count by
 * their double (RFC 8785 does the same). Below `fineDepth` brackets the text itself is taken. This is no cryptographic
 * digest: who can choose both payloads can make two that look equal, so equality here only ever speaks in favour.
 */
import type { JsonWalker } from './log-json.js';
import { expects } from './log-json.js';
import { QUOTE, bytesOf, paddingBytes, unfold } from './log-text.js';

/** Containers below this many others are compared as text. */
export const fineDepth = 128;

/** Keeps the first 0 to 3 bytes of four. */
export const tailMask = new Int32Array([0, 0xff, 0xffff, 0xffffff]);
// One odd constant for each kind of thing, so that equal bytes of different kinds differ.
export const asString = 0x51ed270b;
export const asNumber = 0x2545f491;
export const asObject = 0x68e31da5;
const asList = 0x1b56c4e9;
const asDeep = 0x7f4a7c15;

/** Spreads every bit over all 32 (the finaliser of MurmurHash3, Appleby 2011). */
export function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export class PayloadHasher {
  /** The two halves of the last thumbprint. */
  a = 0;
  b = 0;
  #scratch = new Uint8Array(256);
  #scratchView = new DataView(this.#scratch.buffer);
  readonly #sumA = new Int32Array(fineDepth);
  readonly #sumB = new Int32Array(fineDepth);
  readonly #keyA = new Int32Array(fineDepth);
  readonly #keyB = new Int32Array(fineDepth);
  readonly #isObject = new Uint8Array(fineDepth);

  constructor(private readonly walker: JsonWalker) {}

  /** Thumbprint of the bytes `at..end` of a view with padding; `kind` is odd. `log-forecast` does the same inline. */
  hashSpan(view: DataView, at: number, end: number, kind: number): void {
    let a = 0;
    let b = 0;
    let i = at;
    for (; i + 4 <= end; i += 4) {
      const four = view.getInt32(i, true);
      a = Math.imul(a ^ four, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b + four, 0x85ebca77);
      b = (b << 13) | (b >>> 19);
    }
    if (i < end) {
      const rest = view.getInt32(i, true) & tailMask[end - i];
      a = Math.imul(a ^ rest, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b + rest, 0x85ebca77);
      b = (b << 13) | (b >>> 19);
    }
    const length = Math.imul(end - at, kind);
    this.a = mix(a + length);
    this.b = mix(b ^ length);
  }

  /** Thumbprint of the valid string between two quotes. */
  hashString(at: number, end: number, hasEscape: boolean): void {
    if (hasEscape) this.#hashEscaped(at, end);
    else this.hashSpan(this.walker.view, at, end, asString);
  }

  /** Thumbprint of a string that contains escapes. */
  #hashEscaped(at: number, end: number): void {
    if (this.#scratch.length < end - at + paddingBytes) {
      this.#scratch = new Uint8Array(2 * (end - at) + paddingBytes);
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    const length = unfold(this.walker.bytes, at, end, this.#scratch);
    this.hashSpan(this.#scratchView, 0, length, asString);
  }

  /** Thumbprint of the number that the walker has just walked over. */
  hashNumber(at: number, end: number): void {
    if (this.walker.numberIsPlain) {
      this.hashSpan(this.walker.view, at, end, asNumber);
      return;
    }
    const value = numberOf(this.walker.bytes, at, end);
    if (!Number.isFinite(value)) {
      this.hashSpan(this.walker.view, at, end, asNumber);
      return;
    }
    const text = bytesOf(String(value));
    this.#scratch.set(text);
    this.hashSpan(this.#scratchView, 0, text.length, asNumber);
  }

  /**
   * Walks over one value like `JsonWalker.valueEnd` and leaves its thumbprint in `a` and `b`.
   * @returns the byte behind the value, or -1
   */
  valueEnd(at: number): number {
    const walker = this.walker;
    const bytes = walker.bytes;
    let depth = -1;
    let i = at;
    for (;;) {
      let byte = bytes[i];
      if (byte <= 0x20) byte = bytes[(i = walker.skipBlank(i))];
      let opened = false;
      if (byte === QUOTE) {
        walker.sawEscape = false;
        const end = walker.stringEnd(i + 1);
        if (end < 0) return -1;
        this.hashString(i + 1, end, walker.sawEscape);
        i = end + 1;
      } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
        const end = walker.numberEnd(i);
        if (end < 0) return -1;
        this.hashNumber(i, end);
        i = end;
      } else if (byte === 0x7b || byte === 0x5b) {
        if (depth === fineDepth - 1) {
          const end = walker.valueEnd(i);
          if (end < 0) return -1;
          this.hashSpan(walker.view, i, end, asDeep);
          i = end;
        } else {
          i = walker.skipBlank(i + 1);
          const kind = byte === 0x7b ? asObject : asList;
          if (bytes[i] === byte + 2) {
            i++;
            this.a = mix(kind);
            this.b = mix(kind + 1);
          } else {
            depth++;
            this.#isObject[depth] = byte === 0x7b ? 1 : 0;
            this.#sumA[depth] = kind;
            this.#sumB[depth] = kind + 1;
            opened = true;
          }
        }
      } else {
        i = walker.wordEnd(i);
        if (i < 0) return -1;
        this.a = mix(byte);
        this.b = mix(byte + 0x100);
      }
      if (!opened) {
        for (;;) {
          if (depth < 0) return i;
          const inObject = this.#isObject[depth] === 1;
          if (inObject) {
            this.#sumA[depth] += mix(this.#keyA[depth] ^ Math.imul(this.a, 0x9e3779b1));
            this.#sumB[depth] += mix(this.#keyB[depth] + Math.imul(this.b, 0x85ebca77));
          } else {
            this.#sumA[depth] = Math.imul(this.#sumA[depth], 0x01000193) ^ this.a;
            this.#sumB[depth] = Math.imul(this.#sumB[depth], 0x2c1b3c6d) + this.b;
          }
          byte = bytes[i];
          if (byte <= 0x20) byte = bytes[(i = walker.skipBlank(i))];
          i++;
          if (byte === 0x2c) break;
          if (byte !== (inObject ? 0x7d : 0x5d)) return walker.fail(i - 1, expects.comma);
          this.a = mix(this.#sumA[depth]);
          this.b = mix(this.#sumB[depth]);
          depth--;
        }
      }
      if (this.#isObject[depth] === 1) {
        i = this.keyEnd(i);
        if (i < 0) return -1;
        this.#keyA[depth] = this.a;
        this.#keyB[depth] = this.b;
      }
    }
  }

  /**
   * Walks over a key and its colon and leaves the thumbprint of the key.
   * @returns the byte behind the colon, or -1
   */
  keyEnd(at: number): number {
    const walker = this.walker;
    let i = walker.skipBlank(at);
    if (walker.bytes[i] !== QUOTE) return walker.fail(i, expects.key);
    walker.sawEscape = false;
    const end = walker.stringEnd(i + 1);
    if (end < 0) return -1;
    this.hashString(i + 1, end, walker.sawEscape);
    i = walker.skipBlank(end + 1);
    if (walker.bytes[i] !== 0x3a) return walker.fail(i, expects.colon);
    return i + 1;
  }
}

/** The double of a valid JSON number; infinite when it is too large for one. */
export function numberOf(bytes: Uint8Array, at: number, end: number): number {
  let text = '';
  for (let i = at; i < end; i += 4096) {
    text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096)));
  }
  return Number(text);
}

const largestStep = '9007199254740991';

/**
 * The exact value of a valid JSON number as a step, or -1 if it is not an integer in 0 .. 2^53-1. Decided on the digits:
 * a double would take 9007199254740991.1 for an integer and 1e-400 for zero.
 */
export function stepOf(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  const negative = bytes[i] === 0x2d;
  if (negative) i++;
  let digits = '';
  let significant = 0;
  let zeros = 0;
  let pointShift = 0;
  let afterPoint = false;
  let exponent = 0;
  for (; i < end; i++) {
    const byte = bytes[i];
    if (byte === 0x2e) {
      afterPoint = true;
    } else if (byte >= 0x30 && byte <= 0x39) {
      if (afterPoint) pointShift++;
      if (byte === 0x30) {
        if (significant > 0) zeros++;
      } else {
        // Zeros count once a digit follows them; those at the end only move the point.
        significant += zeros + 1;
        if (significant <= 17) digits += '0'.repeat(zeros) + String.fromCharCode(byte);
        zeros = 0;
      }
    } else {
      i++;
      const down = bytes[i] === 0x2d;
      if (down || bytes[i] === 0x2b) i++;
      for (; i < end; i++) exponent = Math.min(1e12, exponent * 10 + bytes[i] - 0x30);
      if (down) exponent = -exponent;
    }
  }
  if (significant === 0) return 0;
  const shift = zeros - pointShift + exponent;
  if (negative || shift < 0 || significant + shift > 16) return -1;
  const text = digits + '0'.repeat(shift);
  if (text.length === 16 && text > largestStep) return -1;
  return Number(text);
}
