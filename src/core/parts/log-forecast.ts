/**
 * The fast path. The next line is held against the frame of an earlier one (`log-layout`), eight bytes at a time. If the
 * frame fits and each value is plain, the line is well-formed by construction: same keys, so none missing or twice; same
 * brackets, so valid JSON. If anything is unusual the answer is "I do not know", never "it is bad", and the long way
 * decides. So this file may be slow, but it cannot be wrong about a bad line.
 *
 * It is written as one long function on purpose: V8 keeps what it knows about an array only until the next call.
 */
import { type LineBlock, rowFlags } from './log-block.js';
import {
  type Layout,
  gapData,
  gapPattern,
  gapPayloadNumber,
  gapPayloadString,
  gapPayloadValue,
  gapSender,
  gapStep,
  gapTimestamp,
  layoutOf,
} from './log-layout.js';
import { type LineReader, asName } from './log-line.js';
import type { NameTable } from './log-names.js';
import { asNumber, asObject, asString, mix, numberOf, tailMask } from './log-payload.js';
import { QUOTE } from './log-text.js';

const layoutsMax = 4;
/** Integers of up to this many digits are exact as doubles. */
const exactDigits = 15;
const tens = new Float64Array([1, 10, 100, 1000, 10_000]);
const creditMax = 64;
const lessonCost = 4;

/** How many bytes lie before the lowest set top bit of a byte; `marks` is not zero. */
function bytesBefore(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}

/** The number that four decimal digits make; the first of them in the lowest byte. */
function fourDigits(digits: number): number {
  return (
    (digits & 0xff) * 1000 + ((digits >>> 8) & 0xff) * 100 + ((digits >>> 16) & 0xff) * 10 + (digits >>> 24)
  );
}

export class Forecast {
  /** The pattern value of the line that fitted last. */
  patternValue = NaN;
  #layouts: Layout[] = [];
  /** The layout that followed each one last time. */
  readonly #next = new Int32Array(layoutsMax);
  #last = 0;
  #replace = 0;
  /** Learning costs; a log in which no two lines look alike soon cannot afford it. */
  #credit = creditMax;

  constructor(
    private readonly reader: LineReader,
    private readonly names: NameTable,
    /** False when nothing is asked of timestamps but that they are numbers. */
    private readonly wantsTimestamp: boolean,
  ) {}

  /**
   * Holds the line at `at` against the layouts that are known, and if one fits fills row `block.rows` of the tray.
   * @param lineBytesMax a longer line does not fit
   * @returns the first byte behind the line feed of the line, or -1 when no layout fits; the row is then rubbish
   */
  match(at: number, lineBytesMax: number, block: LineBlock): number {
    const layouts = this.#layouts;
    const count = layouts.length;
    if (count === 0) return -1;
    const guess = this.#next[this.#last];
    let end = this.#fit(layouts[guess], at, lineBytesMax, block);
    if (end >= 0) {
      this.#last = guess;
      if (this.#credit < creditMax) this.#credit++;
      return end;
    }
    for (let other = 0; other < count; other++) {
      if (other === guess) continue;
      end = this.#fit(layouts[other], at, lineBytesMax, block);
      if (end >= 0) {
        this.#next[this.#last] = other;
        this.#last = other;
        return end;
      }
    }
    return -1;
  }

  /** Keeps the frame of the well-formed line `at..end` that the reader has just read. */
  learn(at: number, end: number): void {
    if (this.#credit < lessonCost) {
      this.#credit += 0.01;
      this.#layouts = [];
      this.#last = 0;
      this.#next.fill(0);
      return;
    }
    const layout = layoutOf(this.reader, at, end);
    if (layout === undefined) return;
    this.#credit -= lessonCost;
    const place = this.#layouts.length < layoutsMax ? this.#layouts.length : this.#replace++ % layoutsMax;
    this.#layouts[place] = layout;
    this.#next[place] = place;
    this.#next[this.#last] = place;
    this.#last = place;
  }

  #fit(layout: Layout, at: number, lineBytesMax: number, block: LineBlock): number {
    const walker = this.reader.walker;
    const bytes = walker.bytes;
    const view = walker.view;
    const { lengths, words, heads, tails, gaps: kinds } = layout;
    const row = block.rows;
    const gapCount = kinds.length;
    let i = at;
    let word = 0;
    let nameAt = 0;
    let nameEnd = 0;
    let nameHash = 0;
    let step = 0;
    let timestamp = NaN;
    let sumA = asObject;
    let sumB = asObject + 1;
    let payloadA = 0;
    let payloadB = 0;
    let flags = 0;
    for (let piece = 0; ; piece++) {
      const length = lengths[piece];
      if (length >= 8) {
        const last = i + length - 8;
        for (; i < last; i += 8) if (view.getFloat64(i, true) !== words[word++]) return -1;
        if (view.getFloat64(last, true) !== words[word++]) return -1;
        i = last + 8;
      } else if (length >= 4) {
        if (view.getInt32(i, true) !== heads[piece]) return -1;
        i += length;
        if (view.getInt32(i - 4, true) !== tails[piece]) return -1;
      } else {
        if (((view.getInt32(i, true) ^ heads[piece]) & tailMask[length]) !== 0) return -1;
        i += length;
      }
      if (piece === gapCount) break;
      const gap = kinds[piece];
      if (gap === gapTimestamp && !this.wantsTimestamp) {
        // Only that it is a number matters, so its digits are not added up.
        const start = i;
        let stop = 0;
        for (;;) {
          const digits = view.getInt32(i, true) ^ 0x30303030;
          stop = (digits | (digits + 0x76767676)) & 0x80808080;
          if (stop !== 0) break;
          i += 4;
        }
        i += bytesBefore(stop);
        const next = bytes[i];
        const isPlain = i > start && i - start <= exactDigits && (bytes[start] !== 0x30 || i - start === 1);
        if (!isPlain || next === 0x2e || (next | 0x20) === 0x65) {
          i = walker.numberEnd(start);
          if (i < 0 || (!walker.numberIsPlain && !Number.isFinite(numberOf(bytes, start, i)))) return -1;
        }
      } else if (gap === gapStep || gap === gapPattern || gap === gapTimestamp) {
        const start = i;
        let value = 0;
        for (;;) {
          // Four digits at a time; a byte that is none has its top bit set in `stop`.
          const digits = view.getInt32(i, true) ^ 0x30303030;
          const stop = (digits | (digits + 0x76767676)) & 0x80808080;
          if (stop === 0) {
            value = value * 10_000 + fourDigits(digits);
            i += 4;
            continue;
          }
          const count = bytesBefore(stop);
          if (count > 0) value = value * tens[count] + fourDigits(digits << (32 - 8 * count));
          i += count;
          break;
        }
        const digits = i - start;
        const next = bytes[i];
        const isInteger =
          digits > 0 &&
          digits <= exactDigits &&
          (digits === 1 || bytes[start] !== 0x30) &&
          next !== 0x2e &&
          (next | 0x20) !== 0x65;
        if (gap === gapStep) {
          if (!isInteger) return -1;
          step = value;
        } else {
          if (!isInteger) {
            i = walker.numberEnd(start);
            if (i < 0) return -1;
            value = numberOf(bytes, start, i);
            if (!Number.isFinite(value)) return -1;
          }
          if (gap === gapPattern) this.patternValue = value;
          else timestamp = value;
        }
      } else if (gap === gapSender || gap === gapPayloadString) {
        // The same test for plain characters as in `stringEnd`, and the same thumbprint as in `hashSpan`, in one go.
        const start = i;
        let a = 0;
        let b = 0;
        for (;;) {
          const four = view.getInt32(i, true);
          const stop =
            (four |
              (four - 0x20202020) |
              ((four ^ 0x22222222) - 0x01010101) |
              ((four ^ 0x5c5c5c5c) - 0x01010101)) &
            0x80808080;
          if (stop === 0) {
            a = Math.imul(a ^ four, 0x9e3779b1);
            a ^= a >>> 15;
            b = Math.imul(b + four, 0x85ebca77);
            b = (b << 13) | (b >>> 19);
            i += 4;
            continue;
          }
          const count = bytesBefore(stop);
          if (count > 0) {
            const rest = four & tailMask[count];
            a = Math.imul(a ^ rest, 0x9e3779b1);
            a ^= a >>> 15;
            b = Math.imul(b + rest, 0x85ebca77);
            b = (b << 13) | (b >>> 19);
            i += count;
          }
          break;
        }
        const isName = gap === gapSender;
        const kind = isName ? asName : asString;
        if (bytes[i] === QUOTE) {
          const length = Math.imul(i - start, kind);
          a = mix(a + length);
          b = mix(b ^ length);
        } else {
          // Not all plain: other letters than ASCII, or an escape.
          const hasher = this.reader.hasher;
          walker.sawEscape = false;
          i = walker.stringEnd(start);
          if (i < 0 || (isName && walker.sawEscape)) return -1;
          if (isName) hasher.hashSpan(view, start, i, kind);
          else hasher.hashString(start, i, walker.sawEscape);
          a = hasher.a;
          b = hasher.b;
        }
        if (isName) {
          nameAt = start;
          nameEnd = i;
          nameHash = a;
        } else {
          sumA += mix(layout.keyA[piece] ^ Math.imul(a, 0x9e3779b1));
          sumB += mix(layout.keyB[piece] + Math.imul(b, 0x85ebca77));
        }
      } else if (gap === gapPayloadNumber) {
        // Digits and points, four at a time, with the thumbprint of `hashSpan`; `pointAt` is where the last point stands.
        const start = i;
        let a = 0;
        let b = 0;
        let points = 0;
        let pointAt = 0;
        for (;;) {
          const four = view.getInt32(i, true);
          const digits = four ^ 0x30303030;
          const stop = (digits | (digits + 0x76767676)) & 0x80808080;
          let count = stop === 0 ? 4 : bytesBefore(stop);
          if (count < 4 && bytes[i + count] === 0x2e) {
            points++;
            pointAt = i + count;
            // Behind the point the number goes on.
            const rest = stop & ~(0x80 << (8 * count));
            count = rest === 0 ? 4 : bytesBefore(rest);
          }
          if (count === 4) {
            a = Math.imul(a ^ four, 0x9e3779b1);
            a ^= a >>> 15;
            b = Math.imul(b + four, 0x85ebca77);
            b = (b << 13) | (b >>> 19);
            i += 4;
            continue;
          }
          if (count > 0) {
            const rest = four & tailMask[count];
            a = Math.imul(a ^ rest, 0x9e3779b1);
            a ^= a >>> 15;
            b = Math.imul(b + rest, 0x85ebca77);
            b = (b << 13) | (b >>> 19);
            i += count;
          }
          break;
        }
        const size = i - start;
        const next = bytes[i];
        const isPlain =
          size > 0 &&
          size <= exactDigits &&
          (next | 0x20) !== 0x65 &&
          next !== 0x2e &&
          (points === 0
            ? bytes[start] !== 0x30 || size === 1
            : points === 1 &&
              pointAt > start &&
              pointAt < i - 1 &&
              bytes[i - 1] !== 0x30 &&
              (bytes[start] !== 0x30 || (pointAt === start + 1 && bytes[pointAt + 1] !== 0x30)));
        if (isPlain) {
          const length = Math.imul(size, asNumber);
          a = mix(a + length);
          b = mix(b ^ length);
        } else {
          i = walker.numberEnd(start);
          if (i < 0) return -1;
          this.reader.hasher.hashNumber(start, i);
          a = this.reader.hasher.a;
          b = this.reader.hasher.b;
        }
        sumA += mix(layout.keyA[piece] ^ Math.imul(a, 0x9e3779b1));
        sumB += mix(layout.keyB[piece] + Math.imul(b, 0x85ebca77));
      } else if (gap === gapPayloadValue || gap === gapData) {
        i = this.reader.hasher.valueEnd(i);
        if (i < 0) return -1;
        if (gap === gapData) {
          payloadA = this.reader.hasher.a;
          payloadB = this.reader.hasher.b;
          flags = rowFlags.hasPayload;
        } else {
          sumA += mix(layout.keyA[piece] ^ Math.imul(this.reader.hasher.a, 0x9e3779b1));
          sumB += mix(layout.keyB[piece] + Math.imul(this.reader.hasher.b, 0x85ebca77));
        }
      } else {
        i = walker.valueEnd(i);
        if (i < 0) return -1;
      }
    }
    if (i - at - 1 > lineBytesMax) return -1;
    if (layout.hasFlatPayload) {
      payloadA = mix(sumA);
      payloadB = mix(sumB);
      flags = rowFlags.hasPayload;
    }
    block.sender[row] = this.names.intern(bytes, view, nameAt, nameEnd, nameHash);
    block.step[row] = step;
    block.timestamp[row] = timestamp;
    block.payloadA[row] = payloadA;
    block.payloadB[row] = payloadB;
    block.line[row] = block.lines;
    block.flags[row] = flags;
    return i;
  }
}
