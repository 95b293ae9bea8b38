/**
 * The validator in one piece: scanner, names and judge. Push bytes in, in pieces of any size; ask for the tally at any
 * time. It has no input or output of its own and so runs in a page, in a worker or in a command. Whoever has messages
 * instead of bytes calls `observe`; the same rules speak.
 */
import { LineBlock, type MalformedKind, malformedKinds, rowFlags } from './log-block.js';
import { type FieldName, makeFields } from './log-fields.js';
import { LogJudge } from './log-judge.js';
import { asName } from './log-line.js';
import { type NameLimits, NameTable, defaultNameLimits } from './log-names.js';
import { JsonWalker } from './log-json.js';
import { PayloadHasher } from './log-payload.js';
import type { LogRule } from './log-rule.js';
import { LogScanner, type ScanSettings, type SignatureCheck } from './log-scanner.js';
import type { LogSample, LogTally } from './log-tally.js';
import { LF, bytesOf, paddingBytes } from './log-text.js';

export const lineBytesMaxDefault = 67_108_864;
export const samplesMaxDefault = 100;
const worstMaxDefault = 20;

export interface ValidatorOptions {
  /** NaN for the right value of a step, else what was expected; undefined: patterns are not checked. */
  readonly patternCheck?: (step: number, received: number) => number;
  /** False for logs without payloads. Default true. */
  readonly needsData?: boolean;
  /** False when the timestamp is not ours to judge. Default true. */
  readonly readsTimestamp?: boolean;
  /** Where the log keeps what we ask for; what is left out keeps its default name. */
  readonly fields?: Partial<Record<FieldName, string>>;
  readonly lineBytesMax?: number;
  /** Compare each line with the previous line of its sender. */
  readonly resync?: boolean;
  readonly jumpMax?: number;
  readonly tolerance?: number;
  readonly rateMax?: number;
  readonly skewMsMax?: number;
  readonly signatureCheck?: SignatureCheck;
  readonly samplesMax?: number;
  readonly worstMax?: number;
  readonly nameLimits?: NameLimits;
  /** Called for every finding and every malformed line, in the order of the log. */
  readonly onFinding?: (sample: LogSample) => void;
}

/** What the scanner has to know. */
export function scanSettingsOf(options: ValidatorOptions): ScanSettings {
  return {
    fields: makeFields(options.fields),
    needsPattern: options.patternCheck !== undefined,
    needsData: options.needsData ?? true,
    readsTimestamp: options.readsTimestamp ?? true,
    patternCheck: options.patternCheck,
    lineBytesMax: options.lineBytesMax ?? lineBytesMaxDefault,
    wantsTimestamps: options.rateMax !== undefined || options.skewMsMax !== undefined,
    notesMax:
      options.onFinding === undefined ? Math.max(1, options.samplesMax ?? samplesMaxDefault) : Infinity,
    signatureCheck: options.signatureCheck,
  };
}

/** The judge for these options. */
export function judgeOf(
  options: ValidatorOptions,
  rules: Iterable<LogRule>,
  nameOf: (sender: number) => string,
): LogJudge {
  const settings = {
    rules,
    resync: options.resync ?? false,
    needsPattern: options.patternCheck !== undefined,
    hasKeys: options.signatureCheck !== undefined,
    jumpMax: options.jumpMax,
    tolerance: options.tolerance,
    rateMax: options.rateMax,
    skewMsMax: options.skewMsMax,
    samplesMax: options.samplesMax ?? samplesMaxDefault,
    worstMax: options.worstMax ?? worstMaxDefault,
    onFinding: options.onFinding,
  };
  return new LogJudge(settings, nameOf);
}

export class LogValidator {
  readonly #names: NameTable;
  readonly #judge: LogJudge;
  readonly #scanner: LogScanner;

  constructor(options: ValidatorOptions, rules: Iterable<LogRule>) {
    this.#names = new NameTable(options.nameLimits ?? defaultNameLimits);
    this.#judge = judgeOf(options, rules, (sender) => this.#names.name(sender));
    this.#scanner = new LogScanner(scanSettingsOf(options), this.#names, (block) =>
      this.#judge.take(block, this.#names.count),
    );
  }

  /** Lines judged so far. */
  get lines(): number {
    return this.#judge.lines;
  }

  /** Findings and malformed lines so far. */
  get findings(): number {
    return this.#judge.findings;
  }

  /** True when the tally has findings or malformed lines. */
  get hasFindings(): boolean {
    return this.#judge.hasFindings;
  }

  /**
   * Begins a file. Not needed for a single one.
   * @param file its name, put into samples
   */
  begin(file?: string): void {
    this.#judge.beginFile(file);
    this.#scanner.begin();
  }

  /** Takes the next bytes of the log; cut wherever you like. They are copied. */
  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk);
  }

  /** Says that the file is over: a last line without a line feed is a line. Another file may follow. */
  end(): void {
    this.#scanner.end();
  }

  tally(): LogTally {
    return this.#judge.tally();
  }
}

/**
 * Reads a whole log from any source of chunks, such as a stream of a page or of Node.
 * @returns the tally when the source has ended
 */
export async function validateChunks(
  validator: LogValidator,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<LogTally> {
  validator.begin();
  for await (const chunk of chunks) validator.push(chunk);
  validator.end();
  return validator.tally();
}

/** Texts that need more bytes than this are laid out in an array of their own. */
const scratchMax = 65_536;
/** So many senders are known by name. */
const numbersMax = 65_536;

function missing(field: string): [MalformedKind, string] {
  return ['missing-field', `"${field}" is missing`];
}

/** What was found on one message. */
export interface MessageVerdict {
  readonly malformed: MalformedKind | undefined;
  /** All findings, or the one malformed line; empty when the message is valid. */
  readonly findings: readonly LogSample[];
}

/** The same rules for messages that are objects already. Never throws. */
export class MessageValidator {
  readonly #names: NameTable;
  readonly #judge: LogJudge;
  readonly #block = new LineBlock();
  readonly #settings: ScanSettings;
  readonly #walker = new JsonWalker();
  readonly #hasher = new PayloadHasher(this.#walker);
  /** Where short texts are laid out for the walker. */
  #scratch = new Uint8Array(256);
  #scratchView = new DataView(this.#scratch.buffer);
  /** The senders met first, by name: looking a string up is quicker than spelling it out. */
  readonly #numbers = new Map<string, number>();
  #findings: LogSample[] = [];

  constructor(options: ValidatorOptions, rules: Iterable<LogRule>) {
    this.#names = new NameTable(options.nameLimits ?? defaultNameLimits);
    this.#settings = scanSettingsOf(options);
    const onFinding = (sample: LogSample): void => {
      this.#findings.push(sample);
      options.onFinding?.(sample);
    };
    this.#judge = judgeOf({ ...options, onFinding }, rules, (sender) => this.#names.name(sender));
  }

  /** Judges one message against all that came before it. */
  observe(message: unknown): MessageVerdict {
    this.#findings = [];
    const block = this.#block;
    block.clear();
    block.lines = 1;
    const malformed = this.#read(message);
    if (malformed !== undefined) {
      const [kind, why] = malformed;
      const place = malformedKinds.indexOf(kind);
      block.malformed[place] = 1;
      block.malformedNotes.push({ line: 0, kind: place, message: why });
    }
    this.#judge.take(block, this.#names.count);
    return { malformed: malformed?.[0], findings: this.#findings };
  }

  tally(): LogTally {
    return this.#judge.tally();
  }

  #read(message: unknown): [MalformedKind, string] | undefined {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      return ['not-object', 'the message is not an object'];
    }
    const fields = message as Readonly<Record<string, unknown>>;
    const { needsPattern, needsData, readsTimestamp } = this.#settings;
    const { senderId, globalStep, patternValue, data, timestamp } = fields;
    if (senderId === undefined) return missing('senderId');
    if (globalStep === undefined) return missing('globalStep');
    if (needsPattern && patternValue === undefined) return missing('patternValue');
    if (needsData && data === undefined) return missing('data');
    if (typeof senderId !== 'string') return ['wrong-type', '"senderId" is not a string'];
    const hasTimestamp = readsTimestamp && timestamp !== undefined;
    if (typeof globalStep !== 'number') return ['wrong-type', '"globalStep" is not a number'];
    if (needsPattern && typeof patternValue !== 'number')
      return ['wrong-type', '"patternValue" is not a number'];
    if (hasTimestamp && typeof timestamp !== 'number') return ['wrong-type', '"timestamp" is not a number'];
    if (!Number.isSafeInteger(globalStep) || globalStep < 0) {
      return ['bad-step', 'the step is not an integer from 0 to 9007199254740991'];
    }
    if (needsPattern && !Number.isFinite(patternValue)) return ['bad-number', '"patternValue" is not finite'];
    if (hasTimestamp && !Number.isFinite(timestamp)) return ['bad-number', '"timestamp" is not finite'];
    const received = needsPattern ? (patternValue as number) : NaN;
    const hasPayload = data !== undefined && this.#hash(data);
    this.#fill(senderId, globalStep, received, hasTimestamp ? (timestamp as number) : NaN, hasPayload);
    return undefined;
  }

  /** False when the payload has no JSON text, such as a circle. */
  #hash(data: unknown): boolean {
    let text: string | undefined;
    try {
      text = JSON.stringify(data) as string | undefined;
    } catch {
      // A circle, a bigint, or a toJSON that throws: a stranger's object must not stop the observer.
    }
    if (text === undefined) return false;
    this.#lay(text);
    return this.#hasher.valueEnd(0) >= 0;
  }

  /** Lays a text before the walker, with a line feed behind it. @returns its length in bytes */
  #lay(text: string): number {
    const room = text.length * 3 + 1 + paddingBytes;
    if (room > scratchMax) return this.#layBytes(bytesOf(text));
    if (this.#scratch.length < room) {
      this.#scratch = new Uint8Array(Math.min(scratchMax, room * 2));
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    const scratch = this.#scratch;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return this.#layBytes(bytesOf(text));
      scratch[i] = unit;
    }
    scratch[text.length] = LF;
    scratch.fill(0, text.length + 1, text.length + 1 + paddingBytes);
    this.#walker.use(scratch, this.#scratchView);
    return text.length;
  }

  #layBytes(letters: Uint8Array): number {
    const bytes = new Uint8Array(letters.length + 1 + paddingBytes);
    bytes.set(letters);
    bytes[letters.length] = LF;
    this.#walker.use(bytes, new DataView(bytes.buffer));
    return letters.length;
  }

  /** The number of a sender. */
  #numberOf(sender: string): number {
    const known = this.#numbers.get(sender);
    if (known !== undefined) return known;
    const length = this.#lay(sender);
    this.#hasher.hashSpan(this.#walker.view, 0, length, asName);
    const { bytes, view } = this.#walker;
    const number = this.#names.intern(bytes, view, 0, length, this.#hasher.a);
    if (this.#numbers.size < numbersMax) this.#numbers.set(sender, number);
    return number;
  }

  #fill(sender: string, step: number, received: number, timestamp: number, hasPayload: boolean): void {
    const block = this.#block;
    block.rows = 1;
    block.payloadA[0] = this.#hasher.a;
    block.payloadB[0] = this.#hasher.b;
    block.sender[0] = this.#numberOf(sender);
    block.step[0] = step;
    block.timestamp[0] = timestamp;
    block.line[0] = 0;
    block.flags[0] = hasPayload ? rowFlags.hasPayload : 0;
    const expected = this.#settings.patternCheck?.(step, received) ?? NaN;
    if (Number.isNaN(expected)) return;
    block.flags[0] |= rowFlags.patternMismatch;
    block.rowNotes.push({ row: 0, flag: rowFlags.patternMismatch, expected, received, message: '' });
  }
}
