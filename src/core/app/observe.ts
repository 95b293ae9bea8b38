/**
 * The use case of `mesh observe`: opens the logs, sends their bytes through the validator, and comes back with counts and
 * samples. It waits for its inputs chunk by chunk, so an interruption is heard between two of them.
 */
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { checks } from '../checks/registry.js';
import { followFile } from '../io/follow-file.js';
import { openLog, type LogInput } from '../io/log-input.js';
import type { LogSample, LogTally } from '../parts/log-tally.js';
import type { LogJudge } from '../parts/log-judge.js';
import { NameTable, defaultNameLimits } from '../parts/log-names.js';
import { LogScanner } from '../parts/log-scanner.js';
import { type ValidatorOptions, judgeOf, scanSettingsOf } from '../parts/log-validator.js';
import type { ObserveExplanation, ObserveResult } from '../reports/observe-result.js';
import { SinceFilter, skipLines } from './observe-ranges.js';
import { looksLike, overtakenHint } from './observe-hints.js';
import { magic } from '../trace/format.js';
import type { TraceLog } from './observe-trace.js';
import { type PortableRequest, validatorOptions } from './observe-options.js';

export interface ObserveProgress {
  /** Bytes read, as they lie on the disk. */
  readonly bytes: number;
  /** Bytes of all inputs, when they are known. */
  readonly bytesTotal: number | undefined;
  readonly lines: number;
  readonly findings: number;
}

export interface ObserveRequest extends PortableRequest {
  /** Paths in the order in which they are read; `-` is standard input. */
  readonly files: readonly string[];
  /** Threads that scan a plain file together. Default 1; the result does not depend on it. */
  readonly threads?: number;
  /** Smaller files are scanned by one thread, because starting others takes longer. Default 32 MiB. */
  readonly parallelBytesMin?: number;
  /** Bytes of a stretch that a thread scans at a time. Default 2 MiB. */
  readonly partBytes?: number;
  /** Called for every finding and every malformed line, in the order of the log. */
  readonly onFinding?: (sample: LogSample) => void;
  readonly onProgress?: (progress: ObserveProgress) => void;
  /** Awaited after each chunk, so that whoever writes findings can keep pace. False stops the run. */
  readonly onChunk?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Lines before this one, counted from 1, are passed over in every file. */
  readonly fromLine?: number;
  /** Milliseconds since 1970: lines before the first one with such a timestamp or a later one are passed over. */
  readonly sinceMs?: number;
  /** Keep reading the one file that is named, until `signal`. */
  readonly follow?: boolean;
}

const parallelBytesMinDefault = 33_554_432;

/**
 * Reads logs to their end.
 * @throws UserError `input-unreadable` before anything is read; what goes wrong later is in the result
 */
export async function observe(request: ObserveRequest): Promise<ObserveResult> {
  const inputs: LogInput[] = [];
  try {
    for (const file of request.files) inputs.push(await openLog(file));
    const { input, pattern } = await recordedRun(inputs, request);
    // What the user says goes before what the trace says.
    const said = Object.entries(request).filter(([, value]) => value !== undefined);
    const asked = { ...pattern, ...Object.fromEntries(said) } as ObserveRequest;
    const options = { ...validatorOptions(asked), onFinding: request.onFinding };
    return await new Observation(asked, options, input === undefined ? inputs : [input]).run();
  } finally {
    for (const input of inputs) await input.close();
  }
}

/** A single input that is a trace, as the log of its run, with the pattern that it ran with. */
async function recordedRun(
  inputs: readonly LogInput[],
  { follow }: ObserveRequest,
): Promise<Partial<TraceLog>> {
  if (inputs.length !== 1 || follow === true || !inputs[0].isSeekable) return {};
  const { isTrace, traceAsLog } = await import('./observe-trace.js');
  return (await isTrace(inputs[0])) ? traceAsLog(inputs[0]) : {};
}

/** What the checks that ran say of themselves. */
export function explanations(result: ObserveResult): ObserveExplanation[] {
  return [...checks]
    .filter(({ name }) => name in result.findings)
    .map(({ name, summary, canMean, cannotSee }) => ({ kind: name, summary, canMean, cannotSee }));
}

class Observation {
  readonly #names: NameTable;
  readonly #judge: LogJudge;
  readonly #scanner: LogScanner;
  readonly #notesMax: number;
  readonly #hints: string[] = [];
  #bytes = 0;

  constructor(
    private readonly request: ObserveRequest,
    private readonly options: ValidatorOptions,
    private readonly inputs: readonly LogInput[],
  ) {
    const settings = scanSettingsOf(options);
    this.#notesMax = settings.notesMax;
    this.#names = new NameTable(options.nameLimits ?? defaultNameLimits);
    this.#judge = judgeOf(options, checks, (sender) => this.#names.name(sender));
    this.#scanner = new LogScanner(settings, this.#names, (block) =>
      this.#judge.take(block, this.#names.count),
    );
  }

  async run(): Promise<ObserveResult> {
    let because: string | null = null;
    for (const input of this.inputs) {
      this.#judge.beginFile(this.inputs.length === 1 ? undefined : input.path);
      because = this.#isForMany(input) ? await this.#readWithMany(input) : await this.#read(input);
      if (because !== null) break;
    }
    const tally = this.#judge.tally();
    return resultOf(this.request.files, tally, [...this.#hints, overtakenHint(tally) ?? []].flat(), because);
  }

  #isForMany(input: LogInput): boolean {
    const { threads = 1, parallelBytesMin = parallelBytesMinDefault } = this.request;
    const { fromLine, sinceMs, follow } = this.request;
    if (fromLine !== undefined || sinceMs !== undefined || follow === true) return false;
    return threads > 1 && input.isSeekable && (input.sizeBytes ?? 0) >= parallelBytesMin;
  }

  /** Reads one input on this thread; returns why it is not complete, or null. */
  async #read(input: LogInput): Promise<string | null> {
    this.#scanner.begin();
    let isFirst = true;
    let because: string | null = null;
    // A line that is still being written when we stop is nobody's fault.
    let isStopped = this.request.follow === true;
    try {
      for await (const chunk of this.#chunks(input)) {
        if (isFirst) this.#hint(input, chunk);
        isFirst = false;
        this.#scanner.push(chunk);
        this.#report();
        const wantsMore = await this.request.onChunk?.();
        if (this.request.signal?.aborted === true) because = 'interrupted';
        else if (wantsMore === false) because = 'the reader has left';
        if (because !== null) {
          isStopped = true;
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'input-lost') throw error;
      because = error.message;
    }
    if (isStopped) this.#scanner.abandon();
    else this.#scanner.end();
    return because;
  }

  /** The bytes of an input from where reading is to begin. */
  async *#chunks(input: LogInput): AsyncIterable<Uint8Array> {
    const { fromLine = 1, sinceMs, follow, signal } = this.request;
    const read = (bytes: number): void => void (this.#bytes += bytes);
    let chunks =
      follow === true && input.path !== '-' && signal !== undefined
        ? this.#followed(input, signal)
        : input.chunks(read);
    if (sinceMs !== undefined) {
      const since = new SinceFilter(scanSettingsOf(this.options).fields, sinceMs);
      chunks = since.filter(chunks, (lines) => (this.#judge.fileLines += lines));
    }
    if (fromLine > 1) chunks = skipLines(chunks, fromLine - 1, (lines) => (this.#judge.fileLines += lines));
    yield* chunks;
  }

  async *#followed(input: LogInput, signal: AbortSignal): AsyncIterable<Uint8Array> {
    for await (const event of followFile(input.path, signal)) {
      if (event.kind === 'bytes') {
        this.#bytes += event.bytes.length;
        yield event.bytes;
        continue;
      }
      this.#scanner.end();
      this.#judge.beginFile(this.#judge.file);
      this.#scanner.begin();
    }
  }

  /** Has several threads scan one plain file; this one judges. */
  async #readWithMany(input: LogInput): Promise<string | null> {
    const { PartsRun } = await import('./observe-parts.js');
    for await (const chunk of input.range(0, 4096)) this.#hint(input, chunk);
    const { pattern, seed, phaseResetInterval, patternKey, checksPattern, validator, keys } = this.request;
    const portable: PortableRequest = {
      pattern,
      seed,
      phaseResetInterval,
      patternKey,
      checksPattern,
      validator,
      keys,
    };
    const before = this.#bytes;
    const run = new PartsRun(
      {
        script: new URL('./observe.worker.js', import.meta.url),
        task: { path: input.path, request: portable, notesMax: this.#notesMax },
        threads: this.request.threads ?? 1,
        partBytes: this.request.partBytes,
        sizeBytes: input.sizeBytes ?? 0,
        signal: this.request.signal,
        onPart: this.request.onChunk,
        onProgress: (bytes) => {
          this.#bytes = before + bytes;
          this.#report();
        },
      },
      this.#names,
      this.#judge,
    );
    return run.run();
  }

  /** @throws UserError `bad-trace` for a trace that came where only a log can be read */
  #hint(input: LogInput, chunk: Uint8Array): void {
    const name = input.path === '-' ? 'standard input' : showText(input.path, 60);
    if (magic.every((byte, place) => chunk[place] === byte)) {
      throw new UserError('bad-trace', {
        place: name,
        what: 'this is a trace of mesh simulate --record, and no log',
        next: 'Traces are read from a plain file, one by itself and without --follow: mesh observe run.trace',
      });
    }
    const hint = looksLike(chunk);
    if (hint === undefined) return;
    this.#hints.push(`${name} looks ${hint}`);
  }

  #report(): void {
    const sizes = this.inputs.map((input) => input.sizeBytes);
    const bytesTotal = sizes.every((size) => size !== undefined)
      ? sizes.reduce((sum, size) => sum + size, 0)
      : undefined;
    this.request.onProgress?.({
      bytes: this.#bytes,
      bytesTotal,
      lines: this.#judge.lines,
      findings: this.#judge.findings,
    });
  }
}

/** A tally as the result that is printed. */
export function resultOf(
  files: readonly string[],
  tally: LogTally,
  hints: readonly string[],
  because: string | null,
): ObserveResult {
  const { samples, samplesOmitted, worstSenders, ...counts } = tally;
  return {
    file: files.length === 1 ? files[0] : null,
    files,
    ...counts,
    worstSenders,
    samples,
    samplesOmitted,
    hints,
    complete: because === null,
    incompleteBecause: because,
  };
}
