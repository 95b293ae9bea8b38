/**
 * `mesh simulate --search network.loss --until 'deliveryRatio >= 0.99'`: the largest loss, share of liars or rate of crashes that a network
 * still bears, or the smallest fanout that does. The scenario is run with one value after the other in that key, always with the same
 * seeds; where the next value lies, parts/break-even.ts says. Batches do not depend on the number of threads, so nor do the results.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { version } from '../base/version.js';
import type { SearchPoint, SearchResult, SearchValue } from '../model/search.js';
import {
  breakEven,
  contradictions,
  lean,
  runsToBeSure,
  type BreakEven,
  type Outcome,
} from '../parts/break-even.js';
import { readExpression } from '../parts/expression.js';
import { wilson95 } from '../parts/sample-summary.js';
import { modes } from '../scenario/assertion-shape.js';
import { parsePath } from '../scenario/overrides.js';
import { fullVocabulary } from '../scenario/vocabulary.js';
import type { RepetitionRequest } from './repetitions.js';
import { RunPool } from './run-pool.js';
import { blame, searchAxis, type Axis } from './search-axis.js';
import { openScenario, type OpenScenario, type ScenarioRequest } from './simulate.js';

export interface SearchRequest extends Omit<RepetitionRequest, 'onProgress'> {
  /** The key, as `--set` has it. */
  readonly path: string;
  /** What must hold: an expression for the end of the run, or an assertion such as `always nodesUp >= 3`. */
  readonly until: string;
  readonly low?: string;
  readonly high?: string;
  readonly tolerance?: string;
  /** In what share of the runs it must hold. */
  readonly share: number;
  /** Told when the runs at a value begin. */
  readonly onPoint?: (value: SearchValue, points: number) => void;
}

const notSearched = ['seed', 'repetitions', 'sweep', 'assertions'];

function refuse(place: string, what: string, next?: string): never {
  throw new UserError('bad-flag', { place, what, next });
}

/** @throws UserError for whatever is wrong with the scenario, the range or the expression */
export async function search(
  request: SearchRequest,
  scenario: OpenScenario = openScenario(request),
): Promise<SearchResult> {
  const { path, share, repetitions, signal, onPoint, plugins = [], file, filesAnywhere, force } = request;
  check(request, scenario);
  const set = [...(request.set ?? []), 'repetitions=1', `assertions=${assertionText(request)}`];
  const plain: ScenarioRequest = { file, filesAnywhere, force, text: scenario.text, set };
  const axis = searchAxis({
    ...request,
    refusal: refusalOf({ ...plain, vocabulary: request.vocabulary }, path),
  });
  const pool = new RunPool({ request: plain, plugins, seed: scenario.experiment.seed }, request);
  const outcomes = new Map<number, Outcome>();
  const unevaluated = new Map<number, number>();
  let found: BreakEven | undefined;
  try {
    const steps = breakEven(axis.last, share);
    let step = steps.next();
    while (step.done !== true) {
      const point = step.value;
      const value = axis.valueAt(point);
      onPoint?.(value, outcomes.size);
      const override = `${path}=${JSON.stringify(value)}`;
      const orders = Array.from({ length: repetitions }, (_, index) => ({ set: [override], index }));
      const runs = await pool.run(orders).catch((error: unknown) => {
        // Both ends are fine, and a value between them is not: a degree that does not fit an odd number of nodes.
        throw error instanceof UserError ? blame(error, '--search', path, value) : error;
      });
      const verdicts = runs.map((run) => run?.assertions[0]);
      if (signal?.aborted === true || verdicts.includes(undefined)) break;
      const outcome = verdicts.map((verdict) => verdict === 'passed');
      outcomes.set(point, outcome);
      unevaluated.set(point, verdicts.filter((verdict) => verdict === 'unevaluated').length);
      step = steps.next(outcome);
    }
    if (step.done === true) found = step.value;
  } finally {
    await pool.stop();
  }
  const points = [...outcomes]
    .sort(([a], [b]) => a - b)
    .map(([point, outcome]) => pointOf(axis.valueAt(point), outcome, unevaluated.get(point) ?? 0, share));
  return {
    scenario: scenario.experiment.name,
    seed: scenario.experiment.seed,
    version,
    search: path,
    until: request.until,
    share,
    repetitions,
    low: axis.valueAt(0),
    high: axis.valueAt(axis.last),
    tolerance: axis.tolerance,
    ...answer(found, axis, points),
    contradictions: found?.status === 'found' ? contradictions(outcomes, found.holdsBelow) : 0,
    points,
  };
}

/** What makes no sense is said before any run. */
function check({ path, until, share, repetitions, vocabulary }: SearchRequest, scenario: OpenScenario): void {
  const first = parsePath(path)?.[0];
  if (first === undefined || notSearched.includes(String(first)))
    refuse(
      '--search',
      `cannot search ${quoteText(path, 64)}, expected the path of a number, such as network.loss`,
    );
  if (scenario.sweep !== undefined)
    refuse('--search', 'it looks for one value, and there is a sweep', 'Pass --set sweep=null.');
  const needed = runsToBeSure(share);
  if (repetitions < needed)
    refuse(
      '--repetitions',
      `${repetitions} runs cannot be sure of a share of ${share}, expected at least ${needed}`,
      `Pass --repetitions ${needed} or more.`,
    );
  const [, text] = split(until);
  const lone = modes.find((word) => word === until.trim());
  if (lone !== undefined)
    refuse('--until', `there is nothing after ${lone}`, `Write it such as '${lone} nodesUp >= 3'.`);
  const expression = readExpression(text, (vocabulary ?? fullVocabulary).metrics);
  if (!('problem' in expression)) return;
  const { at, what, next } = expression.problem;
  const hasWindow = /^,\s*(from|until|within)\b/.test(text.slice(at));
  const hint = hasWindow ? 'A search looks at the whole run; warmup and stopTime say what that is.' : next;
  refuse('--until', `character ${until.length - text.length + at + 1}: ${what}`, hint);
}

/** `always nodesUp >= 3` -> `always` and the rest; without such a word it is about the end of the run. */
function split(until: string): [mode: string, text: string] {
  const mode = modes.find((word) => new RegExp(`^\\s*${word}\\s`).test(until));
  return mode === undefined ? ['finally', until] : [mode, until.trimStart().slice(mode.length).trimStart()];
}

/** The one assertion that counts, in place of those of the scenario. */
function assertionText({ until }: SearchRequest): string {
  const [mode, text] = split(until);
  return `[{${mode}: ${JSON.stringify(text)}}]`;
}

function refusalOf(request: ScenarioRequest, path: string): (value: SearchValue) => UserError | undefined {
  return (value) => {
    try {
      openScenario({ ...request, set: [...(request.set ?? []), `${path}=${JSON.stringify(value)}`] });
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  };
}

function pointOf(value: SearchValue, outcome: Outcome, unevaluated: number, share: number): SearchPoint {
  const held = outcome.filter(Boolean).length;
  const [low, high] = wilson95(held, outcome.length);
  const { holds, surelyHolds, surelyFails } = lean(outcome, share);
  const verdict = surelyHolds ? 'surely holds' : surelyFails ? 'surely fails' : holds ? 'holds' : 'fails';
  return { value, runs: outcome.length, held, unevaluated, low, high, verdict };
}

function answer(
  found: BreakEven | undefined,
  axis: Axis,
  points: readonly SearchPoint[],
): Pick<SearchResult, 'status' | 'finds' | 'breakEven' | 'surelyHolds' | 'surelyFails'> {
  const nothing = { finds: null, breakEven: null, surelyHolds: null, surelyFails: null };
  if (found === undefined) return { status: 'interrupted', ...nothing };
  if (points.every(({ runs, unevaluated }) => runs === unevaluated)) return { status: 'invalid', ...nothing };
  if (found.status !== 'found') return { status: found.status, ...nothing };
  const say = (point: number | undefined): SearchValue | null =>
    point === undefined ? null : axis.valueAt(point);
  return {
    status: 'found',
    finds: found.holdsBelow ? 'largest' : 'smallest',
    breakEven: say(found.at),
    surelyHolds: say(found.surelyHolds),
    surelyFails: say(found.surelyFails),
  };
}
