/**
 * A failed run to attach to a report: the scenario with every default written out, the files that it needs, the trace, the result, and a
 * page that says how to look at it. The run is done once more for it, which also shows that it can be repeated.
 */
import { assert } from '../base/assert.js';
import { showText } from '../base/escape.js';
import { version } from '../base/version.js';
import type { CompanionFile } from '../io/input-file.js';
import { openOutput } from '../io/output-file.js';
import { checkFolder, fillFolder } from '../io/output-folder.js';
import { tarGz, ustarName } from '../io/tar-file.js';
import type { RunResult } from '../model/result.js';
import { bundlePage } from '../reports/bundle-page.js';
import { confine } from '../scenario/paths.js';
import { scenarioText } from '../scenario/print.js';
import { resultOf } from '../sim/result.js';
import { Simulation } from '../sim/simulation.js';
import { headerOf } from '../trace/header.js';
import { TraceWriter } from '../trace/writer.js';
import { drive, openScenario, type ScenarioRequest } from './simulate.js';

/** Where to put it: a folder, or one file where the name says so. */
export interface BundleTarget {
  readonly path: string;
  readonly force: boolean;
}

const isArchive = (path: string): boolean => /\.(tar\.gz|tgz)$/i.test(path);

/** Looks before the run whether the place is free. @throws UserError */
export async function checkBundle({ path, force }: BundleTarget, input: string): Promise<void> {
  if (!isArchive(path)) return checkFolder(path, force);
  const file = await openOutput(path, { force, inputs: input === '-' ? [] : [input] });
  await file.discard();
}

/** The run that failed. */
export interface FailedRun {
  readonly fingerprint: string;
  /** The command that repeats it where it failed. */
  readonly recipe: string;
  /** Modules that it needs beside mesh; they are not part of the bundle. */
  readonly plugins: readonly string[];
}

/**
 * Runs the scenario again and writes the bundle.
 * @param request of one run: its seed and its variant are among the overrides
 * @returns the files in it, by name
 */
export async function writeBundle(
  target: BundleTarget,
  request: ScenarioRequest,
  failed: FailedRun,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const scenario = openScenario(request);
  const { experiment, files: needed } = scenario;
  const simulation = new Simulation(experiment);
  const pieces: Uint8Array[] = [];
  const header = headerOf(experiment, { mesh: version, scenario: JSON.stringify(scenario.resolved) });
  const nameOf = (address: number): string => experiment.nameOf(address);
  const trace = new TraceWriter(header, nameOf, simulation.bodies, (piece) => pieces.push(piece), needed);
  simulation.listener = trace;
  await drive(simulation, { signal });
  if (!simulation.finished) return [];
  const result: RunResult = resultOf(simulation);
  assert(result.fingerprint === failed.fingerprint, 'a run that is repeated gives the same fingerprint');
  trace.finish({ fingerprint: result.fingerprint, endUs: simulation.nowUs, interrupted: false });

  const { inside, outside } = sortFiles(needed);
  const resolved = { ...scenario.resolved, repetitions: 1 };
  if ('sweep' in resolved) delete (resolved as { sweep?: unknown }).sweep;
  const page = bundlePage(result, {
    version,
    ...failed,
    outside: outside.map(({ name }) => showText(name)),
    names: inside.map(({ name }) => showText(name)),
  });
  const files = [
    { name: 'README.md', bytes: utf8(page) },
    { name: 'scenario.yaml', bytes: utf8(scenarioText(resolved)) },
    { name: 'original.yaml', bytes: scenario.text },
    { name: 'result.json', bytes: utf8(`${JSON.stringify({ ...result, version }, undefined, 2)}\n`) },
    { name: 'run.trace', bytes: Buffer.concat(pieces) },
    ...inside,
  ];
  if (isArchive(target.path)) {
    const folder = folderIn(target.path);
    const file = await openOutput(target.path, { force: target.force });
    await file.write(tarGz(files.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }))));
    await file.commit();
  } else await fillFolder(target.path, files, target.force);
  return files.map(({ name }) => name);
}

const own = ['README.md', 'scenario.yaml', 'original.yaml', 'result.json', 'run.trace'];

/** Files beside the scenario keep their names; others, which only --files-anywhere allows, are in the trace alone. */
function sortFiles(files: readonly CompanionFile[]): { inside: CompanionFile[]; outside: CompanionFile[] } {
  const inside: CompanionFile[] = [];
  const outside: CompanionFile[] = [];
  for (const file of files) {
    const name = confined(file.name);
    const fits = name !== undefined && !own.includes(name) && ustarName(`bundle/${name}`) !== undefined;
    if (fits) inside.push({ name, bytes: file.bytes });
    else outside.push(file);
  }
  return { inside, outside };
}

function confined(name: string): string | undefined {
  try {
    return confine(name);
  } catch {
    return undefined;
  }
}

/** `reports/night.tar.gz` -> `night`: what the archive unpacks into. */
function folderIn(path: string): string {
  const base = path.split(/[\\/]/).pop() ?? '';
  const name = base.replace(/\.(tar\.gz|tgz)$/i, '').replace(/[^\w.-]/g, '-');
  return /^[\w-][\w.-]{0,39}$/.test(name) ? name : 'bundle';
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
