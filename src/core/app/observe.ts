/**
 * The use case of `mesh observe`: opens the logs, sends their bytes through the validator, and comes back with counts and
 * samples. It waits for its inputs chunk by chunk, so an interruption is heard between two of them.
 */
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { checks, createLogValidator, patternCheck } from '../checks/registry.js';
import { openLog, type LogInput } from '../io/log-input.js';
import type { LogSample, LogTally } from '../parts/log-tally.js';
import type { LogValidator, ValidatorOptions } from '../parts/log-validator.js';
import { patternDefaults } from '../model/pattern.js';
import { patterns } from '../patterns/registry.js';
import type { ObserveExplanation, ObserveResult } from '../reports/observe-result.js';
import { looksLike } from './observe-hints.js';

export interface ObserveProgress {
  /** Bytes read, as they lie on the disk. */
  readonly bytes: number;
  /** Bytes of all inputs, when they are known. */
  readonly bytesTotal: number | undefined;
  readonly lines: number;
  readonly findings: number;
}

export interface ObserveRequest {
  /** Paths in the order in which they are read; `-` is standard input. */
  readonly files: readonly string[];
  /** Name in the registry of patterns; undefined with `checksPattern: false`. */
  readonly pattern?: string;
  readonly seed?: number;
  readonly phaseResetInterval?: number;
  /** The key of a keyed pattern. */
  readonly patternKey?: Uint8Array;
  /** Default true. */
  readonly checksPattern?: boolean;
  readonly validator?: Omit<ValidatorOptions, 'patternCheck' | 'onFinding'>;
  readonly onFinding?: (sample: LogSample) => void;
  readonly onProgress?: (progress: ObserveProgress) => void;
  readonly signal?: AbortSignal;
}

/** Settings for the validator: with a pattern, unless it is not to be checked. */
export function validatorOptions(request: ObserveRequest): ValidatorOptions {
  const checksPattern = request.checksPattern ?? true;
  if (!checksPattern) return { ...request.validator, onFinding: request.onFinding };
  const kind = patterns.get(request.pattern ?? patternDefaults.name);
  const pattern = kind.create({
    seed: request.seed,
    phaseResetInterval: request.phaseResetInterval,
    key: request.patternKey,
  });
  return {
    ...request.validator,
    patternCheck: patternCheck((step) => pattern.valueUnchecked(step)),
    onFinding: request.onFinding,
  };
}

/**
 * Reads logs to their end.
 * @throws UserError `input-unreadable` before anything is read; what goes wrong later is in the result
 */
export async function observe(request: ObserveRequest): Promise<ObserveResult> {
  const options = validatorOptions(request);
  const inputs: LogInput[] = [];
  try {
    for (const file of request.files) inputs.push(await openLog(file));
    return await new Observation(request, options, inputs).run();
  } finally {
    for (const input of inputs) await input.close();
  }
}

/** What the checks that ran say of themselves. */
export function explanations(result: ObserveResult): ObserveExplanation[] {
  return [...checks]
    .filter(({ name }) => name in result.findings)
    .map(({ name, summary, canMean, cannotSee }) => ({ kind: name, summary, canMean, cannotSee }));
}

class Observation {
  readonly #validator: LogValidator;
  readonly #hints: string[] = [];
  #bytes = 0;

  constructor(
    private readonly request: ObserveRequest,
    options: ValidatorOptions,
    private readonly inputs: readonly LogInput[],
  ) {
    this.#validator = createLogValidator(options);
  }

  async run(): Promise<ObserveResult> {
    let because: string | null = null;
    for (const input of this.inputs) {
      because = await this.#read(input);
      if (because !== null) break;
    }
    return resultOf(this.request.files, this.#validator.tally(), this.#hints, because);
  }

  /** Reads one input; returns why it is not complete, or null. */
  async #read(input: LogInput): Promise<string | null> {
    const validator = this.#validator;
    const isOne = this.inputs.length === 1;
    validator.begin(isOne ? undefined : input.path);
    let isFirst = true;
    let because: string | null = null;
    try {
      for await (const chunk of input.chunks((bytes) => (this.#bytes += bytes))) {
        if (isFirst) this.#hint(input, chunk);
        isFirst = false;
        validator.push(chunk);
        this.#report();
        if (this.request.signal?.aborted === true) {
          because = 'interrupted';
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'input-lost') throw error;
      because = error.message;
    }
    validator.end();
    return because;
  }

  #hint(input: LogInput, chunk: Uint8Array): void {
    const hint = looksLike(chunk);
    if (hint === undefined) return;
    const name = input.path === '-' ? 'standard input' : showText(input.path, 60);
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
      lines: this.#validator.lines,
      findings: this.#validator.findings,
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
