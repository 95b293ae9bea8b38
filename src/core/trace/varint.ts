/**
 * Small numbers in few bytes: seven bits a byte, lowest first, the eighth says "more follows" (LEB128, as in DWARF and Protocol Buffers).
 * Numbers go up to 2^53-1, beyond what the usual 32-bit tricks can hold. Signed ones are folded first: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
 */
import { DamageError } from './damage.js';

/** Longest number in bytes: 53 bits. */
export const varintBytesMax = 8;

/** Signed numbers whose folded form is still exact lie in [-foldable, foldable). */
export const foldable = 2 ** 52;

/** Writes a whole number 0 .. 2^53-1; returns the place behind it. The caller has made room. */
export function putVarint(buffer: Uint8Array, at: number, value: number): number {
  let place = at;
  let large = value;
  while (large > 0x7fffffff) {
    buffer[place++] = (large % 128) | 128;
    large = Math.floor(large / 128);
  }
  let rest = large | 0;
  while (rest > 127) {
    buffer[place++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[place++] = rest;
  return place;
}

/** Folds a signed whole number: see above. */
export function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unfold(folded: number): number {
  return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}

/** A place in bytes that moves forward; everything that it reads is checked against the end first. */
export class ByteReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;

  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws DamageError at the end */
  byte(): number {
    if (this.at >= this.bytes.length) throw new DamageError('an event ends in the middle');
    return this.bytes[this.at++];
  }

  /** A whole number 0 .. 2^53-1. @throws DamageError */
  varint(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first & 127;
    let scale = 128;
    for (let i = 1; i < varintBytesMax; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 128;
    }
    throw new DamageError('a number is larger than 2^53-1');
  }

  /** The next `length` bytes, not copied. @throws DamageError when there are fewer */
  take(length: number): Uint8Array {
    if (length > this.left) throw new DamageError('a text ends in the middle');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  /** Eight bytes, lowest first. @throws DamageError */
  double(): number {
    const part = this.take(8);
    return new DataView(part.buffer, part.byteOffset, 8).getFloat64(0, true);
  }
}
