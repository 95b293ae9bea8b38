/**
 * One line, read the long way. This is the general path that understands every line, and the only judge of lines that are
 * wrong; the fast path of `log-layout` may say "I recognise this one" but never "this one is bad".
 */
import { showText } from '../base/escape.js';
import {
  badNumber,
  badStep,
  duplicateKey,
  invalidJson,
  invalidUtf8,
  missingField,
  notObject,
  wrongType,
} from './log-block.js';
import type { FieldName, FieldPath, LogFields } from './log-fields.js';
import { JsonWalker, expects, jsonExpectations } from './log-json.js';
import { KeySet } from './log-keys.js';
import { PayloadHasher, numberOf, stepOf } from './log-payload.js';
import { LF, QUOTE, firstBadUtf8, paddingBytes, textOf, unfold } from './log-text.js';

/** What is asked of each line. */
export interface LineDemands {
  readonly fields: LogFields;
  readonly needsPattern: boolean;
  readonly needsData: boolean;
  /** False when the timestamp of these logs is not ours to judge. */
  readonly readsTimestamp: boolean;
}

/** `LineReader.kind` when the line is well-formed, or blank. */
export const wellFormed = -1;
export const blankLine = -2;

/** Names are hashed with this kind, so that the fast path and this one find the same sender. */
export const asName = 0x3c6ef373;

const order: readonly FieldName[] = [
  'sender',
  'step',
  'pattern',
  'data',
  'timestamp',
  'sequence',
  'signature',
  'incarnation',
];

/** Top-level members that a layout may have. */
export const membersMax = 48;

export class LineReader {
  readonly walker = new JsonWalker();
  readonly hasher = new PayloadHasher(this.walker);
  /** A number of `log-block`, `wellFormed` or `blankLine`. */
  kind = wellFormed;
  /** Where the name of the sender stands, unfolded: in the line itself or in `scratch`. */
  nameBytes: Uint8Array = this.walker.bytes;
  nameView: DataView = this.walker.view;
  nameAt = 0;
  nameEnd = 0;
  nameHash = 0;
  step = 0;
  patternValue = 0;
  timestamp = NaN;
  hasPayload = false;
  payloadA = 0;
  payloadB = 0;
  /** The top-level members of the line in order: where each value starts and ends, and which field it is (-1: none). */
  members = 0;
  readonly memberAt = new Int32Array(membersMax);
  readonly memberEnd = new Int32Array(membersMax);
  readonly memberField = new Int32Array(membersMax);
  /** False when a field stands deeper than at the top, so that no layout can be learned. */
  readonly isFlat: boolean;

  readonly #keys: KeySet;
  readonly #fieldAt = new Int32Array(order.length);
  readonly #fieldEnd = new Int32Array(order.length);
  readonly #paths: readonly FieldPath[];
  /** The top-level names that matter, and for each field the place of its first name among them. */
  readonly #tops: string[] = [];
  readonly #fieldTop: number[] = [];
  readonly #topAt: Int32Array;
  readonly #topEnd: Int32Array;
  #scratch = new Uint8Array(256);
  #scratchView = new DataView(this.#scratch.buffer);
  #why = '';

  constructor(readonly demands: LineDemands) {
    this.#paths = order.map((field) => demands.fields[field]);
    const topOf = (name: string): number => {
      if (!this.#tops.includes(name)) this.#tops.push(name);
      return this.#tops.indexOf(name);
    };
    for (const path of this.#paths) {
      this.#fieldTop.push(topOf(path.parts[0].name));
      for (const part of path.parts) if (part.isReference) topOf(part.name);
    }
    this.#topAt = new Int32Array(this.#tops.length);
    this.#topEnd = new Int32Array(this.#tops.length);
    this.#keys = new KeySet(this.walker, this.hasher, this.#tops);
    const asked = order.slice(0, 5);
    const names = asked.map((field) => demands.fields[field].parts[0].name);
    this.isFlat =
      asked.every((field) => demands.fields[field].parts.length === 1) &&
      new Set(names).size === names.length;
  }

  use(bytes: Uint8Array, view: DataView): void {
    this.walker.use(bytes, view);
  }

  /** Why the line is malformed, in words that are safe to print. Only valid right after `read`. */
  get why(): string {
    return this.#why;
  }

  /**
   * Judges the line that starts at `at` and leaves what it found in the fields above.
   * @param end the line feed behind the line
   */
  read(at: number, end: number): void {
    const walker = this.walker;
    this.members = 0;
    const first = walker.skipBlank(at);
    if (first === end) {
      this.kind = blankLine;
      return;
    }
    const isObject = walker.bytes[first] === 0x7b;
    let close = isObject ? this.#readMembers(first) : walker.valueEnd(first);
    if (close >= 0) {
      close = walker.skipBlank(close);
      if (close !== end) close = walker.fail(close, expects.end);
    }
    if (close < 0) {
      this.#judgeBroken(at, end);
      return;
    }
    if (!isObject) {
      this.#refuse(notObject, 'the line is JSON but not an object');
      return;
    }
    if (this.#keys.duplicateAt >= 0) {
      const key = showText(textOf(...this.#unfolded(this.#keys.duplicateAt)), 60);
      this.#refuse(duplicateKey, `the key "${key}" stands twice`);
      return;
    }
    this.#judgeFields();
  }

  /** The bytes of a field's value in the line that was read last, or undefined. */
  span(field: FieldName): readonly [at: number, end: number] | undefined {
    const index = order.indexOf(field);
    const at = this.#fieldAt[index];
    return at < 0 ? undefined : [at, this.#fieldEnd[index]];
  }

  #refuse(kind: number, why: string): void {
    this.kind = kind;
    this.#why = why;
  }

  #judgeBroken(at: number, end: number): void {
    const errorAt = this.walker.errorAt;
    const expected = jsonExpectations[this.walker.errorExpects];
    const badAt = firstBadUtf8(this.walker.bytes, at, end);
    if (badAt >= 0) this.#refuse(invalidUtf8, `byte ${badAt - at + 1} of the line is not UTF-8`);
    else this.#refuse(invalidJson, `expected ${expected} at byte ${errorAt - at + 1} of the line`);
  }

  /** Walks over the members of the object at `at`; returns the byte behind its closing brace, or -1. */
  #readMembers(at: number): number {
    const walker = this.walker;
    const bytes = walker.bytes;
    this.#keys.clear();
    this.#topAt.fill(-1);
    this.hasPayload = false;
    const dataTop = this.#paths[3].parts.length === 1 ? this.#fieldTop[3] : -1;
    let i = walker.skipBlank(at + 1);
    if (bytes[i] === 0x7d) return i + 1;
    for (;;) {
      i = walker.skipBlank(i);
      if (bytes[i] !== QUOTE) return walker.fail(i, expects.key);
      walker.sawEscape = false;
      const keyEnd = walker.stringEnd(i + 1);
      if (keyEnd < 0) return -1;
      const top = this.#keys.add(i + 1, keyEnd, walker.sawEscape);
      i = walker.skipBlank(keyEnd + 1);
      if (bytes[i] !== 0x3a) return walker.fail(i, expects.colon);
      const valueAt = walker.skipBlank(i + 1);
      if (top >= 0 && top === dataTop) {
        i = this.hasher.valueEnd(valueAt);
        this.hasPayload = true;
        this.payloadA = this.hasher.a;
        this.payloadB = this.hasher.b;
      } else {
        i = walker.valueEnd(valueAt);
      }
      if (i < 0) return -1;
      if (top >= 0) {
        this.#topAt[top] = valueAt;
        this.#topEnd[top] = i;
      }
      if (this.members < membersMax) {
        this.memberAt[this.members] = valueAt;
        this.memberEnd[this.members] = i;
        this.memberField[this.members] = top < 0 ? -1 : this.#fieldTop.indexOf(top);
      }
      this.members++;
      i = walker.skipBlank(i);
      const byte = bytes[i++];
      if (byte === 0x7d) return i;
      if (byte !== 0x2c) return walker.fail(i - 1, expects.comma);
    }
  }

  #judgeFields(): void {
    const { needsPattern, needsData, readsTimestamp } = this.demands;
    for (let field = 0; field < order.length; field++) this.#locate(field);
    const at = this.#fieldAt;
    for (let field = 0; field < 4; field++) {
      if (field === 2 && !needsPattern) continue;
      if (field === 3 && !needsData) continue;
      if (at[field] < 0) {
        this.#refuse(missingField, `"${showText(this.#paths[field].text, 60)}" is missing`);
        return;
      }
    }
    const bytes = this.walker.bytes;
    for (let field = 0; field < 5; field++) {
      if (field === 3 || at[field] < 0) continue;
      if (field === 2 && !needsPattern) continue;
      if (field === 4 && !readsTimestamp) continue;
      const type = typeAt(bytes, at[field]);
      const expected = field === 0 ? 'a string' : 'a number';
      if (type !== expected) {
        this.#refuse(wrongType, `"${showText(this.#paths[field].text, 60)}" is ${type}, not ${expected}`);
        return;
      }
    }
    this.step = stepOf(bytes, at[1], this.#fieldEnd[1]);
    if (this.step < 0) {
      const text = showText(textOf(bytes, at[1], Math.min(this.#fieldEnd[1], at[1] + 200)), 40);
      this.#refuse(badStep, `the step ${text} is not an integer from 0 to 9007199254740991`);
      return;
    }
    this.patternValue = needsPattern ? numberOf(bytes, at[2], this.#fieldEnd[2]) : NaN;
    this.timestamp = readsTimestamp && at[4] >= 0 ? numberOf(bytes, at[4], this.#fieldEnd[4]) : NaN;
    for (const [field, value] of [
      [2, this.patternValue],
      [4, this.timestamp],
    ]) {
      if (value === Infinity || value === -Infinity) {
        this.#refuse(badNumber, `"${showText(this.#paths[field].text, 60)}" is too large for a number`);
        return;
      }
    }
    if (this.#paths[3].parts.length > 1) {
      this.hasPayload = at[3] >= 0;
      if (this.hasPayload) {
        this.hasher.valueEnd(at[3]);
        this.payloadA = this.hasher.a;
        this.payloadB = this.hasher.b;
      }
    }
    const [nameBytes, nameAt, nameEnd] = this.#unfolded(at[0] + 1);
    this.nameBytes = nameBytes;
    this.nameView = nameBytes === bytes ? this.walker.view : this.#scratchView;
    this.nameAt = nameAt;
    this.nameEnd = nameEnd;
    this.hasher.hashSpan(this.nameView, nameAt, nameEnd, asName);
    this.nameHash = this.hasher.a;
    this.kind = wellFormed;
  }

  /** The string that starts behind the quote at `at - 1`, with its escapes unfolded. */
  #unfolded(at: number): [Uint8Array, number, number] {
    this.walker.sawEscape = false;
    const end = this.walker.stringEnd(at);
    if (!this.walker.sawEscape) return [this.walker.bytes, at, end];
    if (this.#scratch.length < end - at + paddingBytes) {
      this.#scratch = new Uint8Array(2 * (end - at) + paddingBytes);
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    return [this.#scratch, 0, unfold(this.walker.bytes, at, end, this.#scratch)];
  }

  /** Follows the path of a field and leaves the place of its value, or -1. */
  #locate(field: number): void {
    const top = this.#fieldTop[field];
    this.#fieldAt[field] = this.#topAt[top];
    this.#fieldEnd[field] = this.#topEnd[top];
    const parts = this.#paths[field].parts;
    for (let part = 1; part < parts.length && this.#fieldAt[field] >= 0; part++) {
      let name = parts[part].name;
      if (parts[part].isReference) {
        const at = this.#topAt[this.#tops.indexOf(name)];
        if (at < 0 || this.walker.bytes[at] !== QUOTE) {
          this.#fieldAt[field] = -1;
          return;
        }
        name = textOf(...this.#unfolded(at + 1));
      }
      this.#enter(field, name);
    }
  }

  /** Goes from the object at a field's place to its member `name`; the last one counts, as in `JSON.parse`. */
  #enter(field: number, name: string): void {
    const walker = this.walker;
    const bytes = walker.bytes;
    let i = this.#fieldAt[field];
    this.#fieldAt[field] = -1;
    if (bytes[i] !== 0x7b) return;
    i = walker.skipBlank(i + 1);
    while (bytes[i] !== 0x7d && bytes[i] !== LF) {
      i = walker.skipBlank(i);
      const isNamed = textOf(...this.#unfolded(i + 1)) === name;
      const valueAt = walker.skipBlank(walker.keyEnd(i));
      const valueEnd = walker.valueEnd(valueAt);
      if (isNamed) {
        this.#fieldAt[field] = valueAt;
        this.#fieldEnd[field] = valueEnd;
      }
      i = walker.skipBlank(valueEnd);
      if (bytes[i] === 0x2c) i++;
    }
  }
}

function typeAt(bytes: Uint8Array, at: number): string {
  const byte = bytes[at];
  if (byte === QUOTE) return 'a string';
  if (byte === 0x7b) return 'an object';
  if (byte === 0x5b) return 'a list';
  if (byte === 0x6e) return 'null';
  if (byte === 0x74 || byte === 0x66) return 'a boolean';
  return 'a number';
}
