/**
 * From bytes to trays. The scanner takes a log in pieces of any size, cuts it at line feeds, judges each line by itself and
 * hands over trays (`log-block`) in the order of the log. It remembers nothing about senders but their names, so any part
 * of a log can be scanned anywhere; what depends on earlier lines is the judge's business.
 *
 * Memory: the longest line that is allowed, and no more. Pieces are worked through 64 KiB at a time, in a function that is
 * called often, because V8 compiles those well.
 */
import {
  LineBlock,
  type MalformedNote,
  invalidJson,
  invalidUtf8,
  rowFlags,
  rowsMax,
  tooLong,
} from './log-block.js';
import { Forecast } from './log-forecast.js';
import { type LineDemands, LineReader, blankLine, wellFormed } from './log-line.js';
import type { NameTable } from './log-names.js';
import { LF, paddingBytes, textOf } from './log-text.js';

const sliceBytes = 65_536;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const cutMessage = 'probably cut while being written';

/** What the scanner found on a line that only a key holder can judge; see `SignatureCheck`. */
export interface SignatureVerdict {
  readonly flag: number;
  readonly message: string;
}

/** Judges the signature of the well-formed line that the reader has just read. */
export type SignatureCheck = (reader: LineReader, sender: string) => SignatureVerdict | undefined;

export interface ScanSettings extends LineDemands {
  /** NaN for the right value of a step, else what was expected; undefined: patterns are not checked. */
  readonly patternCheck?: (step: number, received: number) => number;
  /** Bytes of the longest line that is read. */
  readonly lineBytesMax: number;
  /** True when a rule looks at timestamps. */
  readonly wantsTimestamps: boolean;
  /** How many lines of each kind a tray describes in words; all are counted. */
  readonly notesMax: number;
  readonly signatureCheck?: SignatureCheck;
}

export class LogScanner {
  readonly #reader: LineReader;
  readonly #forecast: Forecast;
  readonly #block = new LineBlock();
  readonly #mayPredict: boolean;
  #buffer = new Uint8Array(4 * sliceBytes + paddingBytes);
  #view = new DataView(this.#buffer.buffer);
  #filled = 0;
  #atStart = true;
  /** Set while the rest of a line that is too long goes by. */
  #skipping = false;
  #skippedOnlyBlanks = true;

  /**
   * @param names where the names of senders are kept; may be shared by scanners that take turns
   * @param emit is handed each tray and must be done with it when it returns
   */
  constructor(
    private readonly settings: ScanSettings,
    private readonly names: NameTable,
    private readonly emit: (block: LineBlock) => void,
  ) {
    this.#reader = new LineReader(settings);
    this.#forecast = new Forecast(this.#reader, names, settings.wantsTimestamps);
    this.#mayPredict = this.#reader.isFlat && settings.signatureCheck === undefined;
    this.#reader.use(this.#buffer, this.#view);
  }

  /**
   * Begins a file, or a part of one.
   * @param isHead false for a part that does not begin at byte 0, where a byte order mark is no mark
   */
  begin(isHead = true): void {
    this.#atStart = isHead;
  }

  /** Takes the next bytes. They are copied: the caller may use the array again. */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += sliceBytes) {
      const to = Math.min(chunk.length, from + sliceBytes);
      this.#append(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
    }
  }

  /** Says that the file is over: a last line without a line feed is a line. */
  end(): void {
    if (this.#atStart) this.#skipMark(true);
    if (this.#skipping) {
      this.#endSkipping();
    } else if (this.#filled > 0) {
      this.#buffer[this.#filled] = LF;
      this.#scan(0, this.#filled + 1, true);
      this.#filled = 0;
    }
    this.#flush();
  }

  /** Says that nobody wants to know how the file goes on: what has come of its last line is not judged. */
  abandon(): void {
    this.#filled = 0;
    this.#skipping = false;
    this.#flush();
  }

  #append(slice: Uint8Array): void {
    let rest = slice;
    if (this.#skipping) {
      const feed = rest.indexOf(LF);
      this.#skippedOnlyBlanks &&= onlyBlanks(rest, feed < 0 ? rest.length : feed);
      if (feed < 0) return;
      this.#endSkipping();
      rest = rest.subarray(feed + 1);
    }
    const before = this.#filled;
    this.#reserve(before + rest.length);
    this.#buffer.set(rest, before);
    this.#filled = before + rest.length;
    if (this.#atStart && !this.#skipMark(false)) return;
    const feed = rest.lastIndexOf(LF);
    if (feed >= 0) {
      const end = this.#filled - rest.length + feed + 1;
      this.#scan(0, end, false);
      this.#buffer.copyWithin(0, end, this.#filled);
      this.#filled -= end;
    }
    if (this.#filled > this.settings.lineBytesMax) {
      this.#skipping = true;
      this.#skippedOnlyBlanks = onlyBlanks(this.#buffer, this.#filled);
      this.#filled = 0;
    }
    this.#flush();
  }

  /** Takes the byte order mark away, if there is one; false while it cannot be told. */
  #skipMark(isEnd: boolean): boolean {
    const buffer = this.#buffer;
    const seen = Math.min(3, this.#filled);
    for (let i = 0; i < seen; i++) {
      if (buffer[i] !== byteOrderMark[i]) {
        this.#atStart = false;
        return true;
      }
    }
    if (seen < 3 && !isEnd) return false;
    this.#atStart = false;
    if (seen === 3) {
      buffer.copyWithin(0, 3, this.#filled);
      this.#filled -= 3;
    }
    return true;
  }

  #reserve(length: number): void {
    if (length + paddingBytes <= this.#buffer.length) return;
    const limit = this.settings.lineBytesMax + 2 * sliceBytes + paddingBytes;
    const larger = new Uint8Array(Math.max(length + paddingBytes, Math.min(2 * this.#buffer.length, limit)));
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
    this.#reader.use(larger, this.#view);
  }

  #endSkipping(): void {
    this.#skipping = false;
    if (this.#skippedOnlyBlanks) this.#block.blank++;
    else this.#refuse(tooLong, `the line is longer than ${this.settings.lineBytesMax} bytes`);
    this.#block.lines++;
  }

  /** Judges the lines in `at..end` of the buffer; the byte before `end` is a line feed. */
  #scan(at: number, end: number, isTorn: boolean): void {
    const lineBytesMax = this.settings.lineBytesMax;
    let i = at;
    while (i < end) {
      const block = this.#block;
      if (block.rows === rowsMax) this.#flush();
      const next = this.#mayPredict ? this.#forecast.match(i, lineBytesMax, block) : -1;
      if (next >= 0) {
        const row = block.rows++;
        this.#checkValue(row, block.step[row], this.#forecast.patternValue);
        i = next;
      } else {
        const feed = this.#buffer.indexOf(LF, i);
        this.#readLine(i, feed, isTorn);
        i = feed + 1;
      }
      block.lines++;
    }
  }

  #readLine(at: number, feed: number, isTorn: boolean): void {
    const reader = this.#reader;
    const block = this.#block;
    if (feed - at > this.settings.lineBytesMax) {
      if (onlyBlanks(this.#buffer.subarray(at, feed), feed - at)) block.blank++;
      else this.#refuse(tooLong, `the line is longer than ${this.settings.lineBytesMax} bytes`);
      return;
    }
    reader.read(at, feed);
    if (reader.kind === blankLine) {
      block.blank++;
      return;
    }
    if (reader.kind !== wellFormed) {
      const isCut = isTorn && (reader.kind === invalidJson || reader.kind === invalidUtf8);
      this.#refuse(reader.kind, isCut ? `${cutMessage}: ${reader.why}` : reader.why);
      return;
    }
    const row = block.rows++;
    const { nameBytes, nameView, nameAt, nameEnd, nameHash } = reader;
    const sender = this.names.intern(nameBytes, nameView, nameAt, nameEnd, nameHash);
    block.sender[row] = sender;
    block.step[row] = reader.step;
    block.timestamp[row] = reader.timestamp;
    block.payloadA[row] = reader.payloadA;
    block.payloadB[row] = reader.payloadB;
    block.line[row] = block.lines;
    block.flags[row] = reader.hasPayload ? rowFlags.hasPayload : 0;
    this.#checkValue(row, reader.step, reader.patternValue);
    if (this.settings.signatureCheck !== undefined) this.#checkSignature(row);
    if (this.#mayPredict && !isTorn) this.#forecast.learn(at, feed);
  }

  #checkValue(row: number, step: number, received: number): void {
    const expected = this.settings.patternCheck?.(step, received) ?? NaN;
    if (Number.isNaN(expected)) return;
    const block = this.#block;
    block.flags[row] |= rowFlags.patternMismatch;
    if (block.rowNotes.length < this.settings.notesMax) {
      block.rowNotes.push({ row, flag: rowFlags.patternMismatch, expected, received, message: '' });
    }
  }

  #checkSignature(row: number): void {
    const { nameBytes, nameAt, nameEnd } = this.#reader;
    const sender = textOf(nameBytes, nameAt, nameEnd);
    const verdict = this.settings.signatureCheck?.(this.#reader, sender);
    if (verdict === undefined) return;
    const block = this.#block;
    block.flags[row] |= verdict.flag;
    const { flag, message } = verdict;
    if (block.rowNotes.length < 3 * this.settings.notesMax) {
      block.rowNotes.push({ row, flag, expected: null, received: null, message });
    }
  }

  #refuse(kind: number, message: string): void {
    const block = this.#block;
    block.malformed[kind]++;
    if (block.malformed[kind] > this.settings.notesMax) return;
    const note: MalformedNote = { line: block.lines, kind, message };
    block.malformedNotes.push(note);
  }

  #flush(): void {
    const block = this.#block;
    if (block.lines === 0) return;
    this.emit(block);
    block.clear();
  }
}

function onlyBlanks(bytes: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
