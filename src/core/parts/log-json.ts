/**
 * A reader of JSON that walks and does not build. Given the place where a value starts, it says where the value ends, or
 * where and why it is not JSON (RFC 8259, strict, with UTF-8 checked on the way). It keeps one bit for each open bracket
 * and never calls itself, so a million brackets are as harmless as one.
 *
 * A law makes it fast: the byte behind the last byte of every line is a line feed. Nothing in JSON on one line may contain
 * that byte, so every loop stops there by itself and no step has to ask whether the line is over.
 */
import { BACKSLASH, QUOTE, hexValue, utf8End } from './log-text.js';

/** Why a line is not JSON, as words that follow "expected". */
export const jsonExpectations = [
  'a value',
  'a key in double quotes',
  'a colon',
  'a comma or a closing bracket',
  'the rest of a string',
  'a known escape',
  'valid UTF-8',
  'a digit',
  'the end of the line',
] as const;

export const expects = {
  value: 0,
  key: 1,
  colon: 2,
  comma: 3,
  character: 4,
  escape: 5,
  utf8: 6,
  digit: 7,
  end: 8,
} as const;

const isEscapeLetter = new Uint8Array(256);
for (const letter of '"\\/bfnrt') isEscapeLetter[letter.charCodeAt(0)] = 1;

export class JsonWalker {
  bytes: Uint8Array = new Uint8Array(64);
  view: DataView = new DataView(this.bytes.buffer);
  /** Where and why the last walk failed. */
  errorAt = 0;
  errorExpects = 0;
  /** Set when a string with an escape was walked; reset by whoever wants to know. */
  sawEscape = false;
  /** True when the number walked last is written as JavaScript would write it, so that equal text means equal value. */
  numberIsPlain = false;
  #brackets = new Int32Array(32);

  /** Walks in these bytes from now on. They must be followed by padding. */
  use(bytes: Uint8Array, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
  }

  fail(at: number, expected: number): -1 {
    this.errorAt = at;
    this.errorExpects = expected;
    return -1;
  }

  /**
   * @param at the byte behind the opening quote
   * @returns the closing quote, or -1
   */
  stringEnd(at: number): number {
    const bytes = this.bytes;
    const view = this.view;
    let i = at;
    for (;;) {
      // Four bytes at a time while none of them is a quote, a backslash, a control character or beyond ASCII: each term
      // has the top bit of a byte set when that byte is one of those (Warren, "Hacker's Delight", 2nd ed., 6-1).
      let four = view.getInt32(i, true);
      while (
        ((four |
          (four - 0x20202020) |
          ((four ^ 0x22222222) - 0x01010101) |
          ((four ^ 0x5c5c5c5c) - 0x01010101)) &
          0x80808080) ===
        0
      ) {
        i += 4;
        four = view.getInt32(i, true);
      }
      let byte = bytes[i];
      while (byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH) byte = bytes[++i];
      if (byte === QUOTE) return i;
      if (byte >= 0x80) {
        const next = utf8End(bytes, i);
        if (next < 0) return this.fail(i, expects.utf8);
        i = next;
      } else if (byte === BACKSLASH) {
        this.sawEscape = true;
        const letter = bytes[i + 1];
        if (letter === 0x75) {
          for (let digit = i + 2; digit < i + 6; digit++) {
            if (hexValue(bytes[digit]) < 0) return this.fail(digit, expects.escape);
          }
          i += 6;
        } else {
          if (isEscapeLetter[letter] === 0) return this.fail(i + 1, expects.escape);
          i += 2;
        }
      } else {
        return this.fail(i, expects.character);
      }
    }
  }

  /**
   * @param at the first byte of what may be a number
   * @returns the byte behind it, or -1
   */
  numberEnd(at: number): number {
    const bytes = this.bytes;
    let i = at;
    const negative = bytes[i] === 0x2d;
    if (negative) i++;
    const first = bytes[i];
    if (first < 0x30 || first > 0x39) return this.fail(i, expects.digit);
    const start = i;
    let byte = bytes[++i];
    if (first !== 0x30) while (byte >= 0x30 && byte <= 0x39) byte = bytes[++i];
    if (byte !== 0x2e && (byte | 0x20) !== 0x65) {
      this.numberIsPlain = i - start <= 15 && !(negative && first === 0x30);
      return i;
    }
    let plain = true;
    if (byte === 0x2e) {
      const point = i;
      byte = bytes[++i];
      if (byte < 0x30 || byte > 0x39) return this.fail(i, expects.digit);
      while (byte >= 0x30 && byte <= 0x39) byte = bytes[++i];
      plain = i - start <= 16 && bytes[i - 1] !== 0x30 && (first !== 0x30 || bytes[point + 1] !== 0x30);
    }
    if ((byte | 0x20) === 0x65) {
      plain = false;
      byte = bytes[++i];
      if (byte === 0x2b || byte === 0x2d) byte = bytes[++i];
      if (byte < 0x30 || byte > 0x39) return this.fail(i, expects.digit);
      while (byte >= 0x30 && byte <= 0x39) byte = bytes[++i];
    }
    this.numberIsPlain = plain;
    return i;
  }

  /** The byte behind `true`, `false` or `null` at `at`, or -1. */
  wordEnd(at: number): number {
    const bytes = this.bytes;
    const four = this.view.getInt32(at, true);
    if (four === 0x65757274 || four === 0x6c6c756e) return at + 4;
    if (four === 0x736c6166 && bytes[at + 4] === 0x65) return at + 5;
    return this.fail(at, expects.value);
  }

  /** The first byte at or behind `at` that is not a space, tab or CR. */
  skipBlank(at: number): number {
    const bytes = this.bytes;
    let i = at;
    let byte = bytes[i];
    while (byte === 0x20 || byte === 0x09 || byte === 0x0d) byte = bytes[++i];
    return i;
  }

  /**
   * Walks over one value of any kind and depth.
   * @param at its first byte; blanks before it are allowed
   * @returns the byte behind it, or -1
   */
  valueEnd(at: number): number {
    const bytes = this.bytes;
    let brackets = this.#brackets;
    let depth = 0;
    let i = at;
    for (;;) {
      let byte = bytes[i];
      if (byte <= 0x20) byte = bytes[(i = this.skipBlank(i))];
      let opened = false;
      if (byte === QUOTE) {
        const end = this.stringEnd(i + 1);
        if (end < 0) return -1;
        i = end + 1;
      } else if (byte === 0x7b || byte === 0x5b) {
        i = this.skipBlank(i + 1);
        // The closing bracket is two above the opening one, for both kinds.
        if (bytes[i] === byte + 2) {
          i++;
        } else {
          const word = depth >> 5;
          if (word === brackets.length) {
            brackets = new Int32Array(word * 2);
            brackets.set(this.#brackets);
            this.#brackets = brackets;
          }
          const bit = 1 << (depth & 31);
          brackets[word] = byte === 0x7b ? brackets[word] | bit : brackets[word] & ~bit;
          depth++;
          opened = true;
        }
      } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
        i = this.numberEnd(i);
        if (i < 0) return -1;
      } else {
        i = this.wordEnd(i);
        if (i < 0) return -1;
      }
      if (!opened) {
        // Close as many brackets as stand here, up to the comma that asks for more.
        for (;;) {
          if (depth === 0) return i;
          byte = bytes[i];
          if (byte <= 0x20) byte = bytes[(i = this.skipBlank(i))];
          if (byte === 0x2c) {
            i++;
            break;
          }
          const inObject = (brackets[(depth - 1) >> 5] >>> ((depth - 1) & 31)) & 1;
          if (byte !== (inObject === 1 ? 0x7d : 0x5d)) return this.fail(i, expects.comma);
          i++;
          depth--;
        }
      }
      if (((brackets[(depth - 1) >> 5] >>> ((depth - 1) & 31)) & 1) === 1) {
        i = this.keyEnd(i);
        if (i < 0) return -1;
      }
    }
  }

  /**
   * Walks over a key and its colon.
   * @returns the byte behind the colon, or -1
   */
  keyEnd(at: number): number {
    let i = this.skipBlank(at);
    if (this.bytes[i] !== QUOTE) return this.fail(i, expects.key);
    const end = this.stringEnd(i + 1);
    if (end < 0) return -1;
    i = this.skipBlank(end + 1);
    if (this.bytes[i] !== 0x3a) return this.fail(i, expects.colon);
    return i + 1;
  }
}
