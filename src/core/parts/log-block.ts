/**
 * A tray of judged lines on its way from the scanner to the judge. The scanner can work anywhere, on any part of a log and
 * on any thread; the judge needs all trays in the order of the file. A tray holds one row for each well-formed line, in
 * columns, and the few words that a person will want to read about the others.
 */

import { grown } from './columns.js';

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

/** The memory of a tray's columns, for sending it to another thread without a copy. */
export function buffersOf(tray: Tray): ArrayBuffer[] {
  const columns = [
    tray.sender,
    tray.step,
    tray.timestamp,
    tray.payloadA,
    tray.payloadB,
    tray.line,
    tray.flags,
  ];
  return columns.map((column) => column.buffer as ArrayBuffer);
}

/** Rows a tray holds at most. */
export const rowsMax = 4096;

/** What the judge reads: plain data, which may come from another thread. */
export interface Tray {
  lines: number;
  blank: number;
  rows: number;
  malformed: Float64Array;
  malformedNotes: MalformedNote[];
  rowNotes: RowNote[];
  sender: Int32Array;
  step: Float64Array;
  timestamp: Float64Array;
  payloadA: Int32Array;
  payloadB: Int32Array;
  line: Int32Array;
  flags: Uint8Array;
}

export class LineBlock implements Tray {
  lines = 0;
  blank = 0;
  rows = 0;
  malformed = new Float64Array(malformedKinds.length);
  malformedNotes: MalformedNote[] = [];
  rowNotes: RowNote[] = [];
  sender: Int32Array;
  step: Float64Array;
  /** Milliseconds since 1970, NaN where the line has none. */
  timestamp: Float64Array;
  payloadA: Int32Array;
  payloadB: Int32Array;
  /** counted from the first line of the tray */
  line: Int32Array;
  flags: Uint8Array;

  /** @param rowsRoom rows that fit without growing */
  constructor(rowsRoom: number = rowsMax) {
    this.sender = new Int32Array(rowsRoom);
    this.step = new Float64Array(rowsRoom);
    this.timestamp = new Float64Array(rowsRoom);
    this.payloadA = new Int32Array(rowsRoom);
    this.payloadB = new Int32Array(rowsRoom);
    this.line = new Int32Array(rowsRoom);
    this.flags = new Uint8Array(rowsRoom);
  }

  /** Takes over the columns of a tray that has been judged, and its rows with them. */
  adopt(spent: Tray): void {
    this.sender = spent.sender;
    this.step = spent.step;
    this.timestamp = spent.timestamp;
    this.payloadA = spent.payloadA;
    this.payloadB = spent.payloadB;
    this.line = spent.line;
    this.flags = spent.flags;
  }

  clear(): void {
    this.lines = 0;
    this.blank = 0;
    this.rows = 0;
    this.malformed.fill(0);
    if (this.malformedNotes.length > 0) this.malformedNotes = [];
    if (this.rowNotes.length > 0) this.rowNotes = [];
  }

  /** Puts the rows of the next tray behind those of this one, which grows as it must. */
  append(next: LineBlock): void {
    const { rows, lines } = this;
    const needed = rows + next.rows;
    if (needed > this.sender.length) this.#grow(Math.max(needed, 2 * this.sender.length));
    this.sender.set(next.sender.subarray(0, next.rows), rows);
    this.step.set(next.step.subarray(0, next.rows), rows);
    this.timestamp.set(next.timestamp.subarray(0, next.rows), rows);
    this.payloadA.set(next.payloadA.subarray(0, next.rows), rows);
    this.payloadB.set(next.payloadB.subarray(0, next.rows), rows);
    this.flags.set(next.flags.subarray(0, next.rows), rows);
    for (let row = 0; row < next.rows; row++) this.line[rows + row] = next.line[row] + lines;
    for (const note of next.rowNotes) this.rowNotes.push({ ...note, row: note.row + rows });
    for (const note of next.malformedNotes) this.malformedNotes.push({ ...note, line: note.line + lines });
    for (let kind = 0; kind < this.malformed.length; kind++) this.malformed[kind] += next.malformed[kind];
    this.rows = needed;
    this.lines += next.lines;
    this.blank += next.blank;
  }

  #grow(rowsRoom: number): void {
    this.sender = grown(this.sender, rowsRoom);
    this.step = grown(this.step, rowsRoom);
    this.timestamp = grown(this.timestamp, rowsRoom);
    this.payloadA = grown(this.payloadA, rowsRoom);
    this.payloadB = grown(this.payloadB, rowsRoom);
    this.line = grown(this.line, rowsRoom);
    this.flags = grown(this.flags, rowsRoom);
  }
}
