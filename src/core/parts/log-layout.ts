/**
 * The frame of a line: its keys and punctuation, everything but the values. Lines of a log look alike, so the frame of one
 * line is a forecast of the next. A frame is a row of pieces with gaps between them; the payload, when it is an object,
 * is taken apart too, so that its keys belong to the frame as well.
 */
import { type LineReader, membersMax } from './log-line.js';
import { LF, QUOTE } from './log-text.js';

/** What stands in a gap. The first five are the fields in the order of `log-line`. */
export const gapSender = 0;
export const gapStep = 1;
export const gapPattern = 2;
export const gapData = 3;
export const gapTimestamp = 4;
export const gapAnything = 5;
/** Members of a payload that is an object: numbers, strings, and everything else. */
export const gapPayloadNumber = 6;
export const gapPayloadString = 7;
export const gapPayloadValue = 8;

const frameBytesMax = 4096;
const gapsMax = 256;

export interface Layout {
  /** For each piece of the frame its length in bytes. There is one more piece than gaps. */
  readonly lengths: Int32Array;
  /** The pieces of eight bytes and more, eight bytes a number; the last number of a piece overlaps the one before. */
  readonly words: Float64Array;
  /** The first four bytes of each piece, and the last four. */
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly gaps: Uint8Array;
  /** For gaps in a payload: the thumbprint of the key. */
  readonly keyA: Int32Array;
  readonly keyB: Int32Array;
  readonly hasFlatPayload: boolean;
}

interface Sketch {
  readonly pieces: Uint8Array[];
  readonly gaps: number[];
  readonly keyA: number[];
  readonly keyB: number[];
  from: number;
}

/** Ends a piece at `at`, opens a gap, and lets the next piece begin at `end`. */
function cut(
  sketch: Sketch,
  bytes: Uint8Array,
  at: number,
  end: number,
  gap: number,
  keyA = 0,
  keyB = 0,
): void {
  sketch.pieces.push(bytes.subarray(sketch.from, at));
  sketch.gaps.push(gap);
  sketch.keyA.push(keyA);
  sketch.keyB.push(keyB);
  sketch.from = end;
}

/**
 * The frame of the well-formed line `at..end` that the reader has just read.
 * @returns undefined when the line has too many members or too long a frame
 */
export function layoutOf(reader: LineReader, at: number, end: number): Layout | undefined {
  if (reader.members > membersMax) return undefined;
  const bytes = reader.walker.bytes;
  const { needsPattern, readsTimestamp } = reader.demands;
  const sketch: Sketch = { pieces: [], gaps: [], keyA: [], keyB: [], from: at };
  let hasFlatPayload = false;
  for (let member = 0; member < reader.members; member++) {
    const valueAt = reader.memberAt[member];
    const valueEnd = reader.memberEnd[member];
    const field = reader.memberField[member];
    let gap: number = field >= 0 && field <= gapTimestamp ? field : gapAnything;
    if ((gap === gapPattern && !needsPattern) || (gap === gapTimestamp && !readsTimestamp)) {
      gap = gapAnything;
    }
    if (gap === gapData && cutPayload(sketch, reader, valueAt)) {
      hasFlatPayload = true;
      continue;
    }
    // The quotes around a name belong to the frame.
    const quote = gap === gapSender ? 1 : 0;
    cut(sketch, bytes, valueAt + quote, valueEnd - quote, gap);
  }
  sketch.pieces.push(bytes.subarray(sketch.from, end + 1));
  const frameBytes = sketch.pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (frameBytes > frameBytesMax || sketch.gaps.length > gapsMax || bytes[end] !== LF) return undefined;
  return compile(sketch, hasFlatPayload);
}

/** Takes a payload apart if it is an object with members; false if it is not. */
function cutPayload(sketch: Sketch, reader: LineReader, at: number): boolean {
  const { walker, hasher } = reader;
  const bytes = walker.bytes;
  if (bytes[at] !== 0x7b) return false;
  let i = walker.skipBlank(at + 1);
  if (bytes[i] !== QUOTE) return false;
  for (;;) {
    const valueAt = walker.skipBlank(hasher.keyEnd(i));
    const a = hasher.a;
    const b = hasher.b;
    const end = walker.valueEnd(valueAt);
    const byte = bytes[valueAt];
    if (byte === QUOTE) cut(sketch, bytes, valueAt + 1, end - 1, gapPayloadString, a, b);
    else if (byte < 0x40) cut(sketch, bytes, valueAt, end, gapPayloadNumber, a, b);
    else cut(sketch, bytes, valueAt, end, gapPayloadValue, a, b);
    i = walker.skipBlank(end);
    if (bytes[i] === 0x7d) return true;
    i = walker.skipBlank(i + 1);
  }
}

function compile(sketch: Sketch, hasFlatPayload: boolean): Layout {
  const { pieces } = sketch;
  const heads = new Int32Array(pieces.length);
  const tails = new Int32Array(pieces.length);
  const words: number[] = [];
  pieces.forEach((piece, place) => {
    const padded = new Uint8Array(piece.length + 8);
    padded.set(piece);
    const view = new DataView(padded.buffer);
    heads[place] = view.getInt32(0, true);
    if (piece.length >= 4) tails[place] = view.getInt32(piece.length - 4, true);
    if (piece.length < 8) return;
    // As doubles these bytes are never NaN and never zero: no UTF-8 text has the bytes for it, and a line has no NUL.
    for (let i = 0; i < piece.length - 8; i += 8) words.push(view.getFloat64(i, true));
    words.push(view.getFloat64(piece.length - 8, true));
  });
  return {
    lengths: Int32Array.from(pieces, (piece) => piece.length),
    words: Float64Array.from(words),
    heads,
    tails,
    gaps: Uint8Array.from(sketch.gaps),
    keyA: Int32Array.from(sketch.keyA),
    keyB: Int32Array.from(sketch.keyB),
    hasFlatPayload,
  };
}
