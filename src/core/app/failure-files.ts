/**
 * Runs, and what they leave behind for those who were not there: the line that repeats what failed, a JUnit file for the build server,
 * and a bundle of the failed run. All places are looked at before the run, so that hours of work do not end at a name that was taken.
 */
import { openOutput } from '../io/output-file.js';
import type { AssertionShare, RepetitionResult, RepetitionRun } from '../model/repetitions.js';
import { repetitionsJunit, runJunit } from '../reports/simulate-junit.js';
import { eventsMax, memoryBytesMax } from '../scenario/cost.js';
import { checkBundle, writeBundle } from './bundle.js';
import { recipeOfOne, type RecipeParts } from './recipe.js';
import { repeatAll, type RepeatAllReport, type RepeatAllRequest } from './repeat-all.js';
import { simulate, type OpenScenario, type SimulateReport, type SimulateRequest } from './simulate.js';

export interface FailureWishes {
  /** Where to write the JUnit file. */
  readonly junit?: string;
  /** Where to write the bundle: a folder, or one file when it ends in .tar.gz. */
  readonly bundle?: string;
  /** Modules of the user's, for recipes. */
  readonly plugins?: readonly string[];
}

/** What is known about a run that failed or proved nothing. */
export interface Failure {
  /** The command that repeats it and nothing else. */
  readonly repeatWith: string;
  /** Which one, where there were many. */
  readonly run?: { readonly index: number; readonly seed: number; readonly set: readonly string[] };
  readonly bundle?: { readonly path: string; readonly files: readonly string[] };
}

/** A run that failed, or proved nothing. */
interface Culprit {
  readonly fingerprint: string;
  readonly seed: number;
  readonly set: readonly string[];
  readonly run?: Failure['run'];
}

const isTrouble = ({ status }: { readonly status: string }): boolean =>
  status === 'failed' || status === 'invalid';

/**
 * Does the work between opening and writing the files.
 * @param judge the JUnit text, and the run that failed first
 */
async function withFiles<R>(
  request: SimulateRequest | RepeatAllRequest,
  wishes: FailureWishes,
  work: () => Promise<R>,
  judge: (report: R) => { readonly junit: () => string; readonly culprit: Culprit | undefined },
  recipe: (set: readonly string[], seed: number) => string,
): Promise<{ readonly report: R; readonly failure?: Failure }> {
  const { file, force = false } = request;
  const { junit, bundle, plugins = [] } = wishes;
  const target = bundle === undefined ? undefined : { path: bundle, force };
  if (target !== undefined) await checkBundle(target, file);
  const inputs = file === '-' ? [] : [file];
  const sheet = junit === undefined ? undefined : await openOutput(junit, { force, inputs });
  try {
    const report = await work();
    const judged = judge(report);
    await sheet?.write(judged.junit());
    await sheet?.commit();
    const { culprit } = judged;
    if (culprit === undefined) return { report };
    const { fingerprint, seed, set, run } = culprit;
    const repeatWith = recipe(set, seed);
    if (target === undefined) return { report, failure: { repeatWith, run } };
    const own = { ...request, set: [...(request.set ?? []), ...set, `seed=${seed}`] };
    const failed = { fingerprint, recipe: repeatWith, plugins };
    const files = await writeBundle(target, own, failed, request.signal);
    const written = files.length === 0 ? undefined : { path: target.path, files };
    return { report, failure: { repeatWith, run, bundle: written } };
  } catch (error) {
    await sheet?.discard();
    throw error;
  }
}

function partsOf(
  { file, set = [], filesAnywhere }: SimulateRequest | RepeatAllRequest,
  { plugins }: FailureWishes,
  { cost }: OpenScenario,
): RecipeParts {
  const isForced = cost.events > eventsMax || cost.memoryBytes > memoryBytesMax;
  // The seed has a flag of its own.
  return { file, set: set.filter((item) => !item.startsWith('seed=')), plugins, filesAnywhere, isForced };
}

/** @throws UserError for whatever is wrong with the scenario or the outputs */
export function simulateWithFiles(
  request: SimulateRequest,
  wishes: FailureWishes,
  scenario: OpenScenario,
): Promise<{ readonly report: SimulateReport; readonly failure?: Failure }> {
  const many = { isMany: scenario.repetitions > 1, hasSweep: scenario.sweep !== undefined };
  const recipe = (set: readonly string[], seed: number): string =>
    recipeOfOne(partsOf(request, wishes, scenario), many, set, seed);
  return withFiles(
    { ...request, text: scenario.text },
    wishes,
    () => simulate(request, scenario),
    ({ result }) => ({
      junit: () => runJunit(result, recipe([], result.seed)),
      culprit: isTrouble(result)
        ? { fingerprint: result.fingerprint, seed: result.seed, set: [] }
        : undefined,
    }),
    recipe,
  );
}

/** Many runs; the failure is that of the first run that failed. */
export function repeatWithFiles(
  request: RepeatAllRequest,
  wishes: FailureWishes,
  scenario: OpenScenario,
): Promise<{ readonly report: RepeatAllReport; readonly failure?: Failure }> {
  const many = { isMany: true, hasSweep: scenario.sweep !== undefined };
  const recipe = (set: readonly string[], seed: number): string =>
    recipeOfOne(partsOf(request, wishes, scenario), many, set, seed);
  return withFiles(
    { ...request, text: scenario.text },
    wishes,
    () => repeatAll(request, scenario),
    ({ result }) => ({ junit: () => repetitionsJunit(result, recipe), culprit: firstTrouble(result) }),
    recipe,
  );
}

/** The first run that failed by itself; else the first that has a part in what the runs failed together. */
function firstTrouble({ cells }: RepetitionResult): Culprit | undefined {
  for (const { set, runs, assertions } of cells) {
    const run: RepetitionRun | undefined = runs.find(isTrouble) ?? accomplice(runs, assertions);
    if (run === undefined) continue;
    const { fingerprint, seed, index } = run;
    return { fingerprint, seed, set, run: { index, seed, set } };
  }
  return undefined;
}

/**
 * Where a share is too small, a run in which it does not hold; where a mean or a percentile is on the wrong side of a bound, one run at
 * least is there, too. Where nothing could be said, a run that had nothing to look at.
 */
function accomplice(
  runs: readonly RepetitionRun[],
  assertions: readonly AssertionShare[],
): RepetitionRun | undefined {
  for (const [index, { overRuns }] of assertions.entries()) {
    if (overRuns === undefined || overRuns.status === 'passed') continue;
    const run = runs.find((one) => one.assertions[index] === overRuns.status);
    if (run !== undefined) return run;
  }
  return undefined;
}
