/**
 * `mesh bench`: how fast is it here? Each case is warmed up and then sampled until its figures are worth something; the median and the
 * spread of the samples are reported, never a single time, because machines are shared and noisy.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import { version } from '../base/version.js';
import { memoryInUseBytes, monotonicMs, yieldToOthers } from '../io/clock.js';
import { readSmallFile } from '../io/input-file.js';
import { thisMachine } from '../io/machine.js';
import { openOutput } from '../io/output-file.js';
import type { BenchComparison, BenchFigures, BenchReport } from '../model/bench.js';
import { compareReports, figuresOf } from '../parts/bench-statistics.js';
import { benchCases, type BenchCase } from './bench-cases.js';

export interface BenchRequest {
  /** Only cases whose name contains this. */
  readonly filter?: string;
  /** How many samples of each case. */
  readonly samples: number;
  /** Where to keep the report. */
  readonly save?: string;
  /** A kept report to compare with. */
  readonly compare?: string;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

export interface BenchOutcome {
  readonly report: BenchReport;
  /** Cases that were to be measured; the report has fewer when it was interrupted. */
  readonly wanted: number;
  readonly comparison?: BenchComparison;
}

const sampleMs = 60;
const reportBytesMax = 16 * 2 ** 20;

/** Repeats the work until a sample is long enough; things a second. */
function sample(run: () => number): number {
  const began = monotonicMs();
  let done = 0;
  let wallMs = 0;
  while (wallMs < sampleMs) {
    done += run();
    wallMs = monotonicMs() - began;
  }
  return done / (wallMs / 1000);
}

async function measure(benchCase: BenchCase, request: BenchRequest): Promise<BenchFigures | undefined> {
  const work = benchCase.prepare();
  const heldBefore = memoryInUseBytes();
  sample(() => work.run());
  let heldBytes = 0;
  const rates: number[] = [];
  while (rates.length < request.samples) {
    if (request.signal?.aborted === true) return undefined;
    request.onProgress?.(`${benchCase.name}: sample ${rates.length + 1} of ${request.samples}`);
    await yieldToOthers();
    rates.push(sample(() => work.run()));
    // The collector comes when it likes: the largest figure is the one that hides nothing.
    heldBytes = Math.max(heldBytes, memoryInUseBytes() - heldBefore);
  }
  return figuresOf(benchCase, rates, work.nodes === undefined ? undefined : heldBytes / work.nodes);
}

/** @throws UserError `unknown-kind` when the filter leaves nothing, `bad-benchmark`, or what reading and writing files can say */
export async function bench(request: BenchRequest): Promise<BenchOutcome> {
  const wanted = [...benchCases].filter(
    ({ name }) => request.filter === undefined || name.includes(request.filter),
  );
  if (wanted.length === 0) throw nothingLike(request.filter ?? '');
  const before = request.compare === undefined ? undefined : readReport(request.compare);
  const output =
    request.save === undefined
      ? undefined
      : await openOutput(request.save, {
          force: request.force,
          inputs: request.compare === undefined ? [] : [request.compare],
        });
  const cases: BenchFigures[] = [];
  for (const benchCase of wanted) {
    const figures = await measure(benchCase, request);
    if (figures === undefined) break;
    cases.push(figures);
  }
  const report: BenchReport = {
    version,
    machine: thisMachine(),
    cases,
    complete: cases.length === wanted.length,
  };
  if (output !== undefined) {
    await output.write(`${JSON.stringify(report, null, 2)}\n`);
    await output.commit();
  }
  const outcome = { report, wanted: wanted.length };
  return before === undefined ? outcome : { ...outcome, comparison: compareReports(before, report) };
}

/** A filter is a part of a name: it is held against whole names, and against what stands before and after their `/`. */
function nothingLike(filter: string): UserError {
  const { names } = benchCases;
  const near = suggest(filter, [...names, ...names.flatMap((name) => name.split('/'))]);
  return new UserError('unknown-kind', {
    place: '--filter',
    what: `no benchmark has a name with ${quoteText(filter)} in it`,
    expected: `a part of ${names.join(', ')}`,
    next: near === undefined ? undefined : `Did you mean ${near}?`,
  });
}

/** A report as `--save` wrote it; a stranger's file is not believed. */
function readReport(path: string): BenchReport {
  const refuse = (what: string): UserError =>
    new UserError('bad-benchmark', {
      place: showText(path),
      what,
      expected: 'a file that mesh bench --save wrote',
      next: 'Save a new one.',
    });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(readSmallFile(path, reportBytesMax)).toString('utf8'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refuse('it is not JSON');
  }
  const report = value as Partial<BenchReport> | null;
  if (typeof report !== 'object' || report === null || !Array.isArray(report.cases))
    throw refuse('it is no benchmark');
  const machine = report.machine as Partial<BenchReport['machine']> | undefined;
  const cases = report.cases.map((entry: unknown): BenchFigures => {
    const figures = entry as Partial<BenchFigures> | null;
    const { name, unit, rates } = figures ?? {};
    if (
      typeof name !== 'string' ||
      typeof unit !== 'string' ||
      !Array.isArray(rates) ||
      rates.length === 0 ||
      !rates.every((rate) => typeof rate === 'number' && rate > 0 && Number.isFinite(rate))
    ) {
      throw refuse('a case lacks its name, unit or rates');
    }
    return figuresOf({ name, summary: '', unit }, rates);
  });
  return {
    version: String(report.version),
    machine: {
      processor: String(machine?.processor),
      cores: Number(machine?.cores),
      memoryBytes: Number(machine?.memoryBytes),
      platform: String(machine?.platform),
      node: String(machine?.node),
    },
    cases,
    complete: report.complete === true,
  };
}
