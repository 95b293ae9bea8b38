/**
 * Many runs of one scenario, with seeds hash(seed, i), on as many threads as there are. Whoever is free takes the next run; results are
 * put down by their place, so that the same bytes come out for any number of threads. A sweep is the same for every combination of
 * the values that its keys take.
 */
import { textFingerprint } from '../base/digest.js';
import { version } from '../base/version.js';
import { threadsOfMachine } from '../io/workers.js';
import type { Assertion } from '../model/experiment.js';
import type {
  AssertionShare,
  MetricSummary,
  RepetitionCell,
  RepetitionDeterminism,
  RepetitionResult,
  RepetitionRun,
} from '../model/repetitions.js';
import type { RunStatus } from '../model/result.js';
import { judgeRuns } from '../parts/over-runs.js';
import { runColumns } from '../parts/run-figures.js';
import { summarize, wilson95 } from '../parts/sample-summary.js';
import { cellsOf } from '../scenario/sweep-shape.js';
import type { RepeatOrder, RepeatTask } from './repeat-run.js';
import { RunPool } from './run-pool.js';
import { openScenario, type OpenScenario, type ScenarioRequest } from './simulate.js';

export interface RepetitionRequest extends ScenarioRequest {
  readonly repetitions: number;
  /** Threads; default: as many as the machine runs at a time. */
  readonly jobs?: number;
  /** Modules that the request's vocabulary came from, for the threads. */
  readonly plugins?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * @param scenario the scenario of the request, where it was opened before
 * @throws UserError for whatever is wrong with the scenario, or with one of its variants
 */
export async function repeat(
  request: RepetitionRequest,
  scenario: OpenScenario = openScenario(request),
): Promise<RepetitionResult> {
  const { repetitions, plugins = [] } = request;
  const { file, set, filesAnywhere, force } = request;
  const plain = { file, set, filesAnywhere, force, text: scenario.text };
  const cells = cellsOf(scenario.sweep);
  // What is wrong with a variant is said before hours are spent on the others.
  const properties = cells.map((cell) => propertiesOf(openVariant(request, scenario, cell)));
  const task: RepeatTask = { request: plain, plugins, seed: scenario.experiment.seed };
  const orders = cells.flatMap((set) => Array.from({ length: repetitions }, (_, index) => ({ set, index })));
  const runs = await runAll(task, orders, request);
  const judged = cells.map((set, cell) => {
    const own = runs.slice(cell * repetitions, (cell + 1) * repetitions);
    const done = own.filter((run) => run !== undefined);
    return cellOf(set, properties[cell], done, done.length < repetitions);
  });
  return {
    scenario: scenario.experiment.name,
    seed: scenario.experiment.seed,
    version,
    repetitions,
    status: worst(judged.map(({ status }) => status)),
    cells: judged,
    ...(scenario.sweep === undefined ? { runs: judged[0].runs, summary: judged[0].summary } : {}),
  };
}

/** The same runs once more, dealt to the threads in another way, and whether the same bytes came of them. */
export async function repeatAgain(
  request: RepetitionRequest,
  scenario: OpenScenario,
  first: RepetitionResult,
): Promise<RepetitionDeterminism> {
  const jobs = (request.jobs ?? threadsOfMachine) === 1 ? 2 : 1;
  const second = await repeat({ ...request, jobs }, scenario);
  for (const [cell, { set, runs }] of first.cells.entries()) {
    for (const [index, run] of runs.entries()) {
      const again = second.cells[cell].runs[index] as RepetitionRun | undefined;
      if (again === undefined) return { same: false, difference: 'the second pass was interrupted' };
      if (JSON.stringify(again) === JSON.stringify(run)) continue;
      const variant = set.length === 0 ? '' : ` of ${set.join(' ')}`;
      return { same: false, difference: `run ${index}${variant} (seed ${run.seed}) gave another result` };
    }
  }
  return { same: true };
}

function openVariant(request: ScenarioRequest, whole: OpenScenario, set: readonly string[]): OpenScenario {
  if (set.length === 0) return whole;
  return openScenario({ ...request, text: whole.text, set: [...(request.set ?? []), ...set] });
}

/** @returns by place; undefined for runs that an interruption prevented */
export async function runAll(
  task: RepeatTask,
  orders: readonly RepeatOrder[],
  { vocabulary, jobs, signal, onProgress }: RepetitionRequest,
): Promise<(RepetitionRun | undefined)[]> {
  const pool = new RunPool(task, { vocabulary, jobs, signal });
  let done = 0;
  try {
    return await pool.run(orders, () => onProgress?.(++done, orders.length));
  } finally {
    await pool.stop();
  }
}

/** Interrupted outweighs invalid, which outweighs failed. */
function worst(statuses: readonly RunStatus[]): RunStatus {
  return (
    (['interrupted', 'invalid', 'failed'] as const).find((status) => statuses.includes(status)) ?? 'passed'
  );
}

/** What each run is asked, in the order of its verdicts: the assertions, and whether it recovered. */
function propertiesOf({ experiment: { assertions, recovery } }: OpenScenario): readonly Property[] {
  return recovery === undefined ? assertions : [...assertions, recovery];
}

type Property = Pick<Assertion, 'text' | 'overRuns'>;

function cellOf(
  set: readonly string[],
  properties: readonly Property[],
  runs: readonly RepetitionRun[],
  interrupted: boolean,
): RepetitionCell {
  const assertions = properties.map((property, index) => shareOf(property, runs, index));
  const together = assertions.flatMap(({ overRuns }) => (overRuns === undefined ? [] : overRuns.status));
  const statuses = together.map((status): RunStatus => (status === 'unevaluated' ? 'invalid' : status));
  return {
    set,
    status: interrupted ? 'interrupted' : worst([...runs.map(({ status }) => status), ...statuses]),
    fingerprint: textFingerprint(runs.map(({ fingerprint }) => fingerprint).join(' ')),
    summary: summaryOf(runs),
    assertions,
    runs,
  };
}

function shareOf(
  { text, overRuns }: Property,
  runs: readonly RepetitionRun[],
  index: number,
): AssertionShare {
  const count = (wanted: string): number =>
    runs.filter(({ assertions }) => assertions[index] === wanted).length;
  const tally = { passed: count('passed'), failed: count('failed'), unevaluated: count('unevaluated') };
  const [low, high] = wilson95(tally.passed, tally.passed + tally.failed);
  const share: AssertionShare = { text, ...tally, low, high };
  if (overRuns === undefined) return share;
  const values = (): number[] => runs.map(({ measured }) => measured?.[index] ?? NaN);
  return { ...share, overRuns: judgeRuns(overRuns, tally, values) };
}

function summaryOf(runs: readonly RepetitionRun[]): Record<string, MetricSummary> {
  const columns = runColumns(
    runs.map(({ metrics, sections, detection, faults, adversaries, targets = [] }) => ({
      ...metrics,
      ...sections,
      detection,
      faults,
      adversaries,
      targets,
    })),
  );
  return Object.fromEntries([...columns].map(([name, values]) => [name, summarize(values)]));
}
