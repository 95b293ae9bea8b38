/**
 * Many hands: a file is cut into stretches, threads scan them in any order, and this one judges the trays in the order of
 * the file. A tray is small beside the text that it stands for, so one judge keeps up with several scanners, and what
 * needs the whole network in order (desync, clock skew) needs no second thought. The result is the same for any number of
 * threads, because the judge sees the same trays in the same order.
 */
import { assert } from '../base/assert.js';
import { startHelper, type Helper } from '../io/workers.js';
import { type Tray, buffersOf } from '../parts/log-block.js';
import type { LogJudge } from '../parts/log-judge.js';
import type { NameLimits, NameTable } from '../parts/log-names.js';
import { paddingBytes } from '../parts/log-text.js';
import type { PortableRequest } from './observe-options.js';

/** A stretch takes a thread a millisecond or two, and a few dozen under way take little memory. */
const partBytesDefault = 524_288;
/** Stretches that may be under way for each thread. */
const partsAhead = 3;
/** A thread forgets its names when it has more than this. */
export const namesKept = 65_536;
export const unlimitedNames: NameLimits = { namesMax: 2 ** 27, bytesMax: 2 ** 31 - 65_536 };

/** What a thread is told when it starts. */
export interface ScanTask {
  readonly path: string;
  readonly request: PortableRequest;
  readonly notesMax: number;
}

export interface PartOrder {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** Columns of a tray that has been judged, to be filled again: else rubbish piles up faster than it is collected. */
  readonly spent?: Tray;
}

export interface PartReport {
  readonly index: number;
  /** True when the thread counts names from zero again. */
  readonly forgets: boolean;
  /** Names that are new to the thread. */
  readonly names: { letters: Uint8Array; lengths: Int32Array; hashes: Int32Array };
  readonly part: Tray;
  readonly problem: string | null;
}

/** The numbers that a thread uses for senders, and ours. */
class Dictionary {
  #ours = new Int32Array(1024);
  #count = 0;

  constructor(private readonly names: NameTable) {}

  learn({ names, forgets }: PartReport): void {
    if (forgets) this.#count = 0;
    const { letters, lengths, hashes } = names;
    const needed = this.#count + lengths.length;
    if (needed > this.#ours.length) {
      const larger = new Int32Array(2 * needed);
      larger.set(this.#ours.subarray(0, this.#count));
      this.#ours = larger;
    }
    const padded = new Uint8Array(letters.length + paddingBytes);
    padded.set(letters);
    const view = new DataView(padded.buffer);
    let at = 0;
    for (let name = 0; name < lengths.length; name++) {
      const end = at + lengths[name];
      this.#ours[this.#count++] = this.names.intern(padded, view, at, end, hashes[name]);
      at = end;
    }
  }

  translate(part: Tray): void {
    const { sender, rows } = part;
    for (let row = 0; row < rows; row++) sender[row] = this.#ours[sender[row]];
  }
}

export interface PartsRequest {
  readonly script: URL;
  readonly task: ScanTask;
  readonly threads: number;
  readonly partBytes?: number;
  readonly sizeBytes: number;
  readonly signal?: AbortSignal;
  readonly onProgress: (bytes: number) => void;
  /** Awaited after each stretch; false stops the run. */
  readonly onPart?: () => Promise<boolean>;
}

/** Threads at work on one file. */
export class PartsRun {
  readonly #helpers: Helper<PartOrder, PartReport>[] = [];
  readonly #waiting = new Map<number, { report: PartReport; dictionary: Dictionary }>();
  readonly #parts: number;
  readonly #partBytes: number;
  #ordered = 0;
  #judged = 0;
  #isJudging = false;
  #problem: string | null = null;
  #idle: (() => void)[] = [];
  readonly #spent: Tray[] = [];
  #finish: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(
    private readonly request: PartsRequest,
    private readonly names: NameTable,
    private readonly judge: LogJudge,
  ) {
    this.#partBytes = request.partBytes ?? partBytesDefault;
    this.#parts = Math.max(1, Math.ceil(request.sizeBytes / this.#partBytes));
  }

  /** Returns why the file was not read to its end, or null. */
  async run(): Promise<string | null> {
    const done = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    const stop = (): void => this.#finish();
    this.request.signal?.addEventListener('abort', stop);
    for (let thread = 0; thread < Math.min(this.request.threads, this.#parts); thread++) this.#hire();
    try {
      if (this.request.signal?.aborted !== true) await done;
    } finally {
      this.request.signal?.removeEventListener('abort', stop);
      await Promise.all(this.#helpers.map((helper) => helper.stop()));
    }
    if (this.#problem !== null) return this.#problem;
    return this.#judged === this.#parts ? null : 'interrupted';
  }

  #hire(): void {
    const helper = startHelper<PartOrder, PartReport>(this.request.script, this.request.task);
    const dictionary = new Dictionary(this.names);
    const give = (): void => {
      if (this.#ordered === this.#parts) return;
      if (this.#ordered >= this.#judged + partsAhead * this.request.threads) {
        this.#idle.push(give);
        return;
      }
      const index = this.#ordered++;
      const to = index === this.#parts - 1 ? Infinity : (index + 1) * this.#partBytes;
      const spent = this.#spent.pop();
      const transfer = spent === undefined ? [] : buffersOf(spent);
      helper.send({ index, from: index * this.#partBytes, to, spent }, transfer);
    };
    helper.onReport = (report) => {
      this.#waiting.set(report.index, { report, dictionary });
      this.#judgeAll().catch((error: unknown) =>
        this.#fail(error instanceof Error ? error : new Error(String(error))),
      );
      give();
    };
    helper.onFailure = (error) => this.#fail(error);
    this.#helpers.push(helper);
    // Two orders each, so that a thread need not wait for us between them.
    give();
    give();
  }

  /** Judges all stretches that are next in the order of the file. */
  async #judgeAll(): Promise<void> {
    if (this.#isJudging) return;
    this.#isJudging = true;
    for (;;) {
      const next = this.#waiting.get(this.#judged);
      if (next === undefined || this.#problem !== null) break;
      this.#waiting.delete(this.#judged);
      const { report, dictionary } = next;
      assert(report.index === this.#judged, 'stretches are judged in the order of the file');
      dictionary.learn(report);
      dictionary.translate(report.part);
      this.judge.take(report.part, this.names.count);
      this.#spent.push({ ...report.part, malformedNotes: [], rowNotes: [] });
      this.#judged++;
      this.request.onProgress(Math.min(this.#judged * this.#partBytes, this.request.sizeBytes));
      if (report.problem !== null) this.#problem = report.problem;
      if (this.request.onPart !== undefined && !(await this.request.onPart()))
        this.#problem = 'the reader has left';
    }
    this.#isJudging = false;
    for (const give of this.#idle.splice(0)) give();
    if (this.#judged === this.#parts || this.#problem !== null) this.#finish();
  }
}
