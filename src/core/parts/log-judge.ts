/**
 * The judge sits where the trays arrive in the order of the log and remembers one mark for each sender. Healthy lines,
 * nearly all, are recognised in one comparison: nothing found on the line itself, and a step above the mark. Only the
 * others are put to the rules.
 */
import { assert } from '../base/assert.js';
import { ExactSum } from './exact-sum.js';
import { type Tray, type MalformedKind, malformedKinds, rowFlags } from './log-block.js';
import { grown } from './columns.js';
import type { Finding, LineView, LogRule, RuleRun, RuleSettings } from './log-rule.js';
import type { LogSample, LogTally, SenderTally } from './log-tally.js';

export interface JudgeSettings extends RuleSettings {
  readonly rules: Iterable<LogRule>;
  /** Samples that are kept. */
  readonly samplesMax: number;
  /** Senders that are named in the tally. */
  readonly worstMax: number;
  /** Called for every finding and every malformed line that the trays describe, in the order of the log. */
  readonly onFinding?: (sample: LogSample) => void;
}

interface ActiveRule {
  readonly rule: LogRule;
  readonly run: RuleRun;
}

/** Places in a sender's row of `#notes`, before the counts of each rule. */
const gapsPlace = 0;
const missingPlace = 1;
const countsPlace = 2;

export class LogJudge {
  /** The name of the file that is being read, put into samples; undefined when there is only one. */
  file: string | undefined;
  /** Lines of this file that came before the next tray. */
  fileLines = 0;
  readonly #active: ActiveRule[] = [];
  /** True when a healthy line must be put to the rules as well. */
  readonly #asksAlways: boolean;
  readonly #counts: Float64Array;
  readonly #firstLines = new Map<string, number>();
  readonly #malformed = new Float64Array(malformedKinds.length);
  readonly #missing = new ExactSum();
  readonly #samples: LogSample[] = [];
  #lines = 0;
  #blank = 0;
  #wellFormed = 0;
  #valid = 0;
  #gaps = 0;
  #untracked = 0;
  #senders = 0;
  // One column each, by the number of the sender.
  #mark = new Float64Array(1024).fill(-1);
  #markA = new Int32Array(1024);
  #markB = new Int32Array(1024);
  #markHasPayload = new Uint8Array(1024);
  #senderLines = new Float64Array(1024);
  /** Place of the sender's row in `notes`, plus one; only senders with findings or gaps have one. */
  #noteOf = new Int32Array(1024);
  #notes = new Float64Array(1024);
  #noted: number[] = [];
  readonly #noteWidth: number;
  readonly #view: LineView = {
    sender: 0,
    step: 0,
    timestamp: NaN,
    hasPayload: false,
    payloadA: 0,
    payloadB: 0,
    mark: -1,
    markHasPayload: false,
    markPayloadA: 0,
    markPayloadB: 0,
    flags: 0,
    expected: null,
    received: null,
    note: '',
  };

  /** @param nameOf the name of a sender by its number */
  constructor(
    private readonly settings: JudgeSettings,
    private readonly nameOf: (sender: number) => string,
  ) {
    for (const rule of settings.rules) {
      if (rule.isOn(settings)) this.#active.push({ rule, run: rule.start(settings) });
    }
    const onDemand = [
      'pattern-mismatch',
      'step-repeat',
      'step-backwards',
      'equivocation',
      'bad-signature',
      'unknown-sender',
    ];
    this.#asksAlways = settings.resync || this.#active.some(({ rule }) => !onDemand.includes(rule.name));
    this.#counts = new Float64Array(this.#active.length);
    this.#noteWidth = countsPlace + this.#active.length;
  }

  /** True when there were findings or malformed lines. */
  get hasFindings(): boolean {
    return this.#wellFormed !== this.#valid || this.#malformed.some((count) => count > 0);
  }

  get lines(): number {
    return this.#lines;
  }

  /** How many findings and malformed lines there were so far. */
  get findings(): number {
    return sum(this.#counts) + sum(this.#malformed);
  }

  /** Begins the next file; lines are counted from its start. */
  beginFile(file: string | undefined): void {
    this.file = file;
    this.fileLines = 0;
  }

  /**
   * Judges the next tray. Trays must come in the order of the log.
   * @param senders how many senders are known by now
   */
  take(block: Tray, senders: number): void {
    if (senders > this.#mark.length) this.#makeRoom(senders);
    this.#senders = senders;
    const rows = block.rows;
    const { sender: senderOf, step: steps, flags: flagsOf } = block;
    const marks = this.#mark;
    const senderLines = this.#senderLines;
    let note = 0;
    let valid = 0;
    for (let row = 0; row < rows; row++) {
      const sender = senderOf[row];
      const step = steps[row];
      if (sender >= 0 && !this.#asksAlways && (flagsOf[row] & rowFlags.anyFinding) === 0) {
        const mark = marks[sender];
        if (step > mark) {
          if (mark >= 0 && step > mark + 1) this.#addGap(sender, step - mark - 1);
          marks[sender] = step;
          senderLines[sender]++;
          this.#markA[sender] = block.payloadA[row];
          this.#markB[sender] = block.payloadB[row];
          this.#markHasPayload[sender] = flagsOf[row] & rowFlags.hasPayload;
          valid++;
          continue;
        }
      }
      note = this.#sayMalformed(block, note, block.line[row]);
      if (this.#judge(block, row)) valid++;
    }
    this.#sayMalformed(block, note, Infinity);
    this.#valid += valid;
    this.#wellFormed += rows;
    this.#lines += block.lines;
    this.fileLines += block.lines;
    this.#blank += block.blank;
    for (let kind = 0; kind < malformedKinds.length; kind++) this.#malformed[kind] += block.malformed[kind];
  }

  /** Everything that is known so far. */
  tally(): LogTally {
    const findings = this.#named(this.#counts);
    const kinds = {} as Record<MalformedKind, number>;
    malformedKinds.forEach((kind, place) => (kinds[kind] = this.#malformed[place]));
    const malformed = sum(this.#malformed);
    assert(
      this.#lines === this.#blank + malformed + this.#wellFormed,
      'every line is blank, malformed or well-formed',
    );
    const all = sum(this.#counts) + malformed;
    const equivocation = this.#active.find(({ rule }) => rule.name === 'equivocation');
    return {
      lines: this.#lines,
      blank: this.#blank,
      malformed,
      wellFormed: this.#wellFormed,
      valid: this.#valid,
      findings,
      malformedKinds: kinds,
      senders: this.#senders,
      untrackedLines: this.#untracked,
      gaps: this.#gaps,
      missingSteps: this.#missing.value,
      equivocationUnknown: equivocation?.run.unknown ?? 0,
      firstLines: Object.fromEntries(this.#firstLines),
      worstSenders: this.#worst(),
      samples: this.#samples,
      samplesOmitted: all - this.#samples.length,
    };
  }

  /** Puts one line to the rules; true when none of them had a finding. */
  #judge(block: Tray, row: number): boolean {
    const view = this.#fill(block, row);
    const sender = view.sender;
    let findings = 0;
    let foundBy = 0;
    for (let place = 0; place < this.#active.length; place++) {
      const { rule, run } = this.#active[place];
      if (sender < 0 && rule.scope !== 'line') continue;
      if (rule.scope === 'line') this.#fillNote(block, row, rule.name);
      const finding = run.judge(view);
      if (finding === undefined) continue;
      findings++;
      foundBy = place;
      this.#counts[place]++;
      if (sender >= 0) this.#note(sender, countsPlace + place, 1);
      this.#say(block.line[row], rule.name, finding, sender < 0 ? null : sender, view.step);
    }
    if (sender < 0) {
      this.#untracked++;
      return findings === 0;
    }
    for (let place = 0; place < this.#active.length; place++) {
      this.#active[place].run.settle?.(view, findings - (findings === 1 && foundBy === place ? 1 : 0));
    }
    this.#senderLines[sender]++;
    if (findings === 0 || this.settings.resync) {
      if (view.mark >= 0 && view.step > view.mark + 1) this.#addGap(sender, view.step - view.mark - 1);
      this.#mark[sender] = view.step;
      this.#markA[sender] = view.payloadA;
      this.#markB[sender] = view.payloadB;
      this.#markHasPayload[sender] = view.hasPayload ? 1 : 0;
    }
    return findings === 0;
  }

  #fill(block: Tray, row: number): LineView {
    const view = this.#view;
    const sender = block.sender[row];
    view.sender = sender;
    view.step = block.step[row];
    view.timestamp = block.timestamp[row];
    view.flags = block.flags[row];
    view.hasPayload = (view.flags & rowFlags.hasPayload) !== 0;
    view.payloadA = block.payloadA[row];
    view.payloadB = block.payloadB[row];
    view.expected = null;
    view.received = null;
    view.note = '';
    if (sender < 0) return view;
    view.mark = this.#mark[sender];
    view.markHasPayload = this.#markHasPayload[sender] !== 0;
    view.markPayloadA = this.#markA[sender];
    view.markPayloadB = this.#markB[sender];
    return view;
  }

  /** What the scanner has written down about a finding of its own. */
  #fillNote(block: Tray, row: number, rule: string): void {
    const flag =
      rule === 'pattern-mismatch'
        ? rowFlags.patternMismatch
        : rule === 'bad-signature'
          ? rowFlags.badSignature
          : rowFlags.unknownSender;
    if ((this.#view.flags & flag) === 0) return;
    const note = block.rowNotes.find((each) => each.row === row && each.flag === flag);
    this.#view.expected = note?.expected ?? null;
    this.#view.received = note?.received ?? null;
    this.#view.note = note?.message ?? '';
  }

  /** Reports the malformed lines before line `before` of the tray, from note `from` on; returns the next note. */
  #sayMalformed(block: Tray, from: number, before: number): number {
    let note = from;
    for (; note < block.malformedNotes.length; note++) {
      const { line, kind, message } = block.malformedNotes[note];
      if (line >= before) break;
      this.#say(line, malformedKinds[kind], { expected: null, received: null, message }, null, null);
    }
    return note;
  }

  #say(line: number, kind: string, finding: Finding, sender: number | null, step: number | null): void {
    const number = this.fileLines + line + 1;
    if (!this.#firstLines.has(kind)) this.#firstLines.set(kind, number);
    const isKept = this.#samples.length < this.settings.samplesMax;
    if (!isKept && this.settings.onFinding === undefined) return;
    const sample: LogSample = {
      ...(this.file === undefined ? {} : { file: this.file }),
      line: number,
      kind,
      senderId: sender === null ? null : this.nameOf(sender),
      step,
      expected: finding.expected,
      received: finding.received,
      message: finding.message,
    };
    if (isKept) this.#samples.push(sample);
    this.settings.onFinding?.(sample);
  }

  #addGap(sender: number, missing: number): void {
    this.#gaps++;
    this.#missing.add(missing);
    this.#note(sender, gapsPlace, 1);
    this.#note(sender, missingPlace, missing);
  }

  #note(sender: number, place: number, amount: number): void {
    let row = this.#noteOf[sender] - 1;
    if (row < 0) {
      row = this.#noted.length;
      this.#noted.push(sender);
      this.#noteOf[sender] = row + 1;
      const needed = (row + 1) * this.#noteWidth;
      if (needed > this.#notes.length) this.#notes = grown(this.#notes, 2 * needed);
    }
    this.#notes[row * this.#noteWidth + place] += amount;
  }

  #makeRoom(senders: number): void {
    const before = this.#mark.length;
    const length = Math.max(senders, 2 * before);
    this.#mark = grown(this.#mark, length).fill(-1, before);
    this.#markA = grown(this.#markA, length);
    this.#markB = grown(this.#markB, length);
    this.#markHasPayload = grown(this.#markHasPayload, length);
    this.#senderLines = grown(this.#senderLines, length);
    this.#noteOf = grown(this.#noteOf, length);
  }

  #named(counts: Float64Array): Record<string, number> {
    const named: Record<string, number> = {};
    this.#active.forEach(({ rule }, place) => (named[rule.name] = counts[place]));
    return named;
  }

  #worst(): SenderTally[] {
    const width = this.#noteWidth;
    const total = (row: number): number =>
      sum(this.#notes.subarray(row * width + countsPlace, (row + 1) * width));
    const rows = this.#noted.map((sender, row) => ({ sender, row, total: total(row) }));
    const missing = (row: number): number => this.#notes[row * width + missingPlace];
    rows.sort((a, b) => b.total - a.total || missing(b.row) - missing(a.row) || a.sender - b.sender);
    return rows.slice(0, this.settings.worstMax).map(({ sender, row }) => ({
      senderId: this.nameOf(sender),
      lines: this.#senderLines[sender],
      findings: this.#named(this.#notes.subarray(row * width + countsPlace, (row + 1) * width)),
      gaps: this.#notes[row * width + gapsPlace],
      missingSteps: missing(row),
    }));
  }
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (let place = 0; place < counts.length; place++) total += counts[place];
  return total;
}
