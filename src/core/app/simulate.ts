/**
 * `mesh simulate`: reads a scenario, runs it, and writes down what was asked for. The run is driven in slices of some tens of
 * milliseconds, between which outputs are written, progress is told and an interruption is heard.
 */
import { version } from '../base/version.js';
import { UserError } from '../base/errors.js';
import { companionReader, readSmallFile, type CompanionFile } from '../io/input-file.js';
import { memoryHeldBytes, memoryInUseBytes, monotonicMs, peakRssBytes, yieldToOthers } from '../io/clock.js';
import { openOutput, type OutputFile } from '../io/output-file.js';
import { simulatedSigner } from '../io/signers.js';
import type { Experiment } from '../model/experiment.js';
import { combineListeners } from '../model/listeners.js';
import { measuredNames } from '../model/metrics.js';
import type { RunListener } from '../model/record.js';
import type { RunResult, SimulateResult } from '../model/result.js';
import { loadScenario, type LoadedScenario } from '../scenario/load.js';
import { scenarioText } from '../scenario/print.js';
import type { Vocabulary } from '../scenario/vocabulary.js';
import { resultOf } from '../sim/result.js';
import { MessageLog } from '../sim/message-log.js';
import { Series } from '../sim/series.js';
import { memoryRow } from '../sim/targets.js';
import { Simulation } from '../sim/simulation.js';
import { headerOf, type TraceHeader } from '../trace/header.js';
import { TraceWriter } from '../trace/writer.js';
import { firstDifference } from './first-difference.js';
import { openTelemetry, type TelemetryFiles } from './telemetry.js';

/** Somewhat more than the language allows, so that its own message is the one that is shown. */
const scenarioBytesMax = 2 * 2 ** 20;
const sliceMs = 40;
const eventsPerLook = 2048;
const pendingBytesMax = 1 << 20;

export interface ScenarioRequest {
  /** Path of the scenario, or `-`. */
  readonly file: string;
  /** What stands in the file, where it was read before. */
  readonly text?: Uint8Array;
  readonly set?: readonly string[];
  readonly filesAnywhere?: boolean;
  readonly force?: boolean;
  /** The words of the language; more than the usual ones where plug-ins are at work. */
  readonly vocabulary?: Vocabulary;
}

export interface OpenScenario extends LoadedScenario {
  /** The files that it named. */
  readonly files: readonly CompanionFile[];
  /** What stood in the file. */
  readonly text: Uint8Array;
}

/** @throws UserError `input-unreadable`, `bad-scenario`, `too-expensive` */
export function openScenario(request: ScenarioRequest): OpenScenario {
  const { file, set, filesAnywhere = false, force, vocabulary } = request;
  const text = request.text ?? readSmallFile(file, scenarioBytesMax);
  const { files, readFile } = companionReader(file, filesAnywhere);
  const fileName = file === '-' ? 'standard input' : file;
  const loaded = loadScenario({
    text,
    fileName,
    readFile,
    set,
    filesAnywhere,
    force,
    makeSigner: simulatedSigner,
    vocabulary,
  });
  return { ...loaded, files, text };
}

/** The scenario with every default written out, as YAML that loads to the same experiment. */
export function resolvedText(scenario: OpenScenario): string {
  return scenarioText(scenario.resolved);
}

export interface DriveOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how far the run is, 0 to 1. */
  readonly onProgress?: (share: number, events: number) => void;
  /** Writes what has gathered. */
  readonly flush?: () => Promise<void>;
  /** Stops when everything up to and including this moment has happened, and maybe a little more. */
  readonly untilUs?: number;
}

/** Runs a simulation to its end, to the wished moment, or until the signal is given. */
export async function drive(simulation: Simulation, options: DriveOptions = {}): Promise<void> {
  const { signal, onProgress, flush, untilUs = Infinity } = options;
  simulation.begin();
  let sliceBegan = monotonicMs();
  while (simulation.advance(eventsPerLook)) {
    if (flush !== undefined) await flush();
    if (simulation.nowUs > untilUs) break;
    if (monotonicMs() - sliceBegan < sliceMs) continue;
    await yieldToOthers();
    if (signal?.aborted === true) break;
    onProgress?.(simulation.nowUs / simulation.experiment.stopTimeUs, simulation.events);
    sliceBegan = monotonicMs();
  }
  if (flush !== undefined) await flush();
}

/** An output that gathers pieces while the simulation runs and writes them between slices. */
export class Sheet {
  #pieces: (string | Uint8Array)[] = [];
  #size = 0;

  constructor(private readonly file: OutputFile) {}

  readonly add = (piece: string | Uint8Array): void => {
    this.#pieces.push(piece);
    this.#size += piece.length;
  };

  async flush(all: boolean): Promise<void> {
    if (!all && this.#size < pendingBytesMax) return;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    for (const piece of pieces) await this.file.write(piece);
  }

  async commit(): Promise<void> {
    await this.flush(true);
    await this.file.commit();
  }

  discard(): Promise<void> {
    return this.file.discard();
  }
}

/** Bytes of a trace for each event of a run: 15 to 36 in the examples that are no rounds. */
const traceBytesPerEvent = 20;

/** How large the trace of a run will be, roughly: somewhat less precise than the estimate of its events. */
export function expectedTraceBytes({ cost }: Pick<OpenScenario, 'cost'>): number {
  return cost.events * traceBytesPerEvent;
}

export interface SimulateRequest extends ScenarioRequest {
  /** Where to write the observers' message log. */
  readonly messages?: string;
  /** Where to write the trace. */
  readonly record?: string;
  /** Where to write how the metrics move, as CSV. */
  readonly series?: string;
  /** The folder in which to write metrics, spans and logs for other tools. */
  readonly telemetry?: string;
  /** Run twice and compare. */
  readonly checkDeterminism?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number, events: number) => void;
}

export interface SimulateReport {
  readonly result: SimulateResult;
  /** What the reader should know about the input; escaped. */
  readonly remarks: readonly string[];
  /** Lines of the message log, where one was written. */
  readonly messagesWritten?: number;
  /** Whether a second run gave the same, where one was asked for: undefined, or how the runs differ. */
  readonly determinism?: { readonly same: boolean; readonly difference?: string };
}

function traceHeader(scenario: OpenScenario): TraceHeader {
  return headerOf(scenario.experiment, { mesh: version, scenario: JSON.stringify(scenario.resolved) });
}

/**
 * @param scenario the scenario of the request, where it was opened before
 * @throws UserError for whatever is wrong with the scenario or the outputs
 */
export async function simulate(
  request: SimulateRequest,
  scenario: OpenScenario = openScenario(request),
): Promise<SimulateReport> {
  const { experiment } = scenario;
  if (request.messages !== undefined && experiment.observers.length === 0) {
    throw new UserError('bad-scenario', {
      place: '--messages',
      what: 'the scenario has no observer, so there is nobody to write a message log',
      next: "Name one, for example with --set 'observers={count: 1}'.",
    });
  }
  const options = { force: request.force, inputs: request.file === '-' ? [] : [request.file] };
  const sheets: Sheet[] = [];
  const openSheet = async (path: string): Promise<Sheet> => {
    const sheet = new Sheet(await openOutput(path, options));
    sheets.push(sheet);
    return sheet;
  };
  try {
    // Whoever compares wants to know what is held, and not how much garbage lies about.
    const memoryBytes = experiment.targets?.memoryBytes === undefined ? memoryInUseBytes : memoryHeldBytes;
    const memoryBefore = memoryBytes();
    const began = monotonicMs();
    const simulation = new Simulation(experiment);
    const listeners: RunListener[] = [];
    let log: MessageLog | undefined;
    let trace: TraceWriter | undefined;
    const nameOf = (address: number): string => experiment.nameOf(address);
    if (request.messages !== undefined) {
      const sheet = await openSheet(request.messages);
      log = new MessageLog((handle) => simulation.bodies.get(handle), nameOf, sheet.add);
      listeners.push(log);
    }
    if (request.record !== undefined) {
      const sheet = await openSheet(request.record);
      trace = new TraceWriter(traceHeader(scenario), nameOf, simulation.bodies, sheet.add, scenario.files);
      listeners.push(trace);
    }
    if (request.series !== undefined) {
      const sheet = await openSheet(request.series);
      simulation.observations.onlookers.push(new Series(measuredNames(), sheet.add));
    }
    let telemetry: TelemetryFiles | undefined;
    if (request.telemetry !== undefined) {
      telemetry = await openTelemetry(request.telemetry, simulation, openSheet);
      listeners.push(telemetry.telemetry);
    }
    simulation.listener = combineListeners(listeners);
    await drive(simulation, {
      signal: request.signal,
      onProgress: request.onProgress,
      flush: sheets.length === 0 ? undefined : () => flushAll(sheets),
    });
    const wallMs = monotonicMs() - began;
    const run = resultOf(simulation);
    trace?.finish({
      fingerprint: run.fingerprint,
      endUs: simulation.nowUs,
      interrupted: !simulation.finished,
    });
    telemetry?.finish(simulation.nowUs);
    for (const sheet of sheets) await sheet.commit();
    const memoryBytesPerNode = Math.max(0, memoryBytes() - memoryBefore) / experiment.nodeCount;
    const result: SimulateResult = {
      ...run,
      version,
      engine: {
        events: simulation.events,
        wallMs,
        eventsPerSecond: wallMs > 0 ? simulation.events / (wallMs / 1000) : 0,
        peakRssBytes: peakRssBytes(),
        memoryBytesPerNode,
        memoryTarget: memoryRow(experiment, memoryBytesPerNode),
      },
    };
    const determinism =
      request.checkDeterminism === true && simulation.finished
        ? await compareRuns({ ...request, text: scenario.text }, run, request.signal)
        : undefined;
    return { result, remarks: experiment.layout.remarks, messagesWritten: log?.lines, determinism };
  } catch (error) {
    for (const sheet of sheets) await sheet.discard();
    throw error;
  }
}

async function flushAll(sheets: readonly Sheet[]): Promise<void> {
  for (const sheet of sheets) await sheet.flush(false);
}

/** Reads and runs the scenario a second time, from the beginning. */
async function compareRuns(
  request: SimulateRequest,
  first: RunResult,
  signal: AbortSignal | undefined,
): Promise<SimulateReport['determinism']> {
  const second = new Simulation(openScenario(request).experiment);
  await drive(second, { signal, onProgress: request.onProgress });
  if (JSON.stringify(resultOf(second)) === JSON.stringify(first)) return { same: true };
  const difference = firstDifference(openScenario(request).experiment, openScenario(request).experiment);
  return { same: false, difference };
}

/** A recorded run, run again. */
export interface Rerun {
  readonly fingerprint: string;
  /** False when the signal came before the end, or before the wished moment. */
  readonly finished: boolean;
  /** How far it got. */
  readonly nowUs: number;
}

export interface RerunOptions extends DriveOptions {
  /** Takes the bytes of a new trace of the run. */
  readonly sink?: (bytes: Uint8Array) => void;
}

/**
 * Runs a resolved scenario again, with the files that came with it.
 * @param scenario the resolved scenario as JSON text, as a trace carries it
 * @throws UserError when this version of mesh cannot read the scenario
 */
export async function runScenario(
  scenario: string,
  files: readonly CompanionFile[],
  options: RerunOptions = {},
): Promise<Rerun> {
  const readFile = (path: string): Uint8Array => {
    const file = files.find(({ name }) => name === path);
    if (file !== undefined) return file.bytes;
    throw new UserError('bad-trace', { what: 'the trace lacks a file that its scenario needs' });
  };
  const loaded = loadScenario({
    text: scenario,
    fileName: 'embedded scenario',
    readFile,
    filesAnywhere: true,
    force: true,
    makeSigner: simulatedSigner,
  });
  const { experiment } = loaded;
  const simulation = new Simulation(experiment);
  let trace: TraceWriter | undefined;
  if (options.sink !== undefined) {
    const header = headerOf(experiment, { mesh: version, scenario });
    trace = new TraceWriter(
      header,
      (address) => experiment.nameOf(address),
      simulation.bodies,
      options.sink,
      files,
    );
    simulation.listener = trace;
  }
  await drive(simulation, options);
  const { fingerprint, nowUs } = simulation;
  const finished = simulation.finished || nowUs > (options.untilUs ?? Infinity);
  trace?.finish({ fingerprint, endUs: nowUs, interrupted: !finished });
  return { fingerprint, finished, nowUs };
}

/** Runs an experiment in one go: for benchmarks. */
export function runExperiment(experiment: Experiment): Simulation {
  const simulation = new Simulation(experiment);
  simulation.begin();
  while (simulation.advance(65_536));
  return simulation;
}
