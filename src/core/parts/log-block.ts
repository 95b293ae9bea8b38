/**
 * A tray of judged lines on its way from the scanner to the judge. The scanner can work anywhere, on any part of a log and
 * on any thread; the judge needs all trays in the order of the file. A tray holds one row for each well-formed line, in
 * columns, and the few words that a person will want to read about the others.
 */

/** The kinds of malformed lines, in the order in which they are looked for; the first that applies names the line. */
export const malformedKinds = [
  'line-too-long',
  'invalid-utf8',
  'invalid-json',
  'not-object',
  'duplicate-key',
  'missing-field',
  'wrong-type',
  'bad-step',
  'bad-number',
] as const;

export type MalformedKind = (typeof malformedKinds)[number];

export const tooLong = 0;
export const invalidUtf8 = 1;
export const invalidJson = 2;
export const notObject = 3;
export const duplicateKey = 4;
export const missingField = 5;
export const wrongType = 6;
export const badStep = 7;
export const badNumber = 8;

/** What a row's `flags` say, added up. */
export const rowFlags = {
  patternMismatch: 1,
  badSignature: 2,
  unknownSender: 4,
  /** any of those above */
  anyFinding: 7,
  hasPayload: 8,
} as const;

/** A malformed line that may be shown. */
export interface MalformedNote {
  /** counted from the first line of the tray */
  readonly line: number;
  readonly kind: number;
  /** Safe to print. */
  readonly message: string;
}

/** A finding that the scanner made on one line alone. */
export interface RowNote {
  readonly row: number;
  /** one of `rowFlags` */
  readonly flag: number;
  readonly expected: string | number | null;
  readonly received: string | number | null;
  readonly message: string;
}

/** Rows a tray holds at most. */
export const rowsMax = 4096;

export class LineBlock {
  lines = 0;
  blank = 0;
  rows = 0;
  /** Bytes of log up to the end of this tray, in this file. */
  bytesEnd = 0;
  malformed = new Float64Array(malformedKinds.length);
  malformedNotes: MalformedNote[] = [];
  rowNotes: RowNote[] = [];
  sender = new Int32Array(rowsMax);
  step = new Float64Array(rowsMax);
  /** Milliseconds since 1970, NaN where the line has none. */
  timestamp = new Float64Array(rowsMax);
  payloadA = new Int32Array(rowsMax);
  payloadB = new Int32Array(rowsMax);
  /** counted from the first line of the tray */
  line = new Int32Array(rowsMax);
  flags = new Uint8Array(rowsMax);

  clear(): void {
    this.lines = 0;
    this.blank = 0;
    this.rows = 0;
    this.malformed.fill(0);
    if (this.malformedNotes.length > 0) this.malformedNotes = [];
    if (this.rowNotes.length > 0) this.rowNotes = [];
  }
}
