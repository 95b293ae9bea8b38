/** Runs of scenarios for a build server: one case for each property and run, and one for whether the run proves anything at all. */
import { formatDuration, formatNumber } from '../base/units.js';
import type { RepetitionResult, RunsVerdict } from '../model/repetitions.js';
import type { AssertionVerdict, RunResult } from '../model/result.js';
import { junitXml, type JunitCase } from './junit.js';
import { runsVerdictText } from './over-runs.js';

/** `failed at 12.3 s: deliveryRatio 0.93`, in one line. */
export function verdictText({
  status,
  atMs,
  seen,
}: Pick<AssertionVerdict, 'status' | 'atMs' | 'seen'>): string {
  if (status === 'unevaluated') return 'never had anything to look at';
  const when = atMs === null ? '' : ` at ${formatDuration(atMs * 1000)}`;
  const values = Object.entries(seen).map(
    ([name, value]) => `${name} ${value === null ? 'without a value' : formatNumber(value)}`,
  );
  return `${status}${when}${values.length === 0 ? '' : `: ${values.join(', ')}`}`;
}

function propertyCase(group: string, name: string, verdict: AssertionVerdict, recipe: string): JunitCase {
  if (verdict.status === 'passed') return { group, name };
  const kind = verdict.status === 'failed' ? 'failure' : 'error';
  return { group, name, trouble: { kind, message: verdictText(verdict), text: `repeat with: ${recipe}` } };
}

/** Whether the run itself is good for anything; `missed` when it was to end by converging and did not. */
function runCase(
  group: string,
  name: string,
  run: Pick<RunResult, 'status' | 'invalidBecause'>,
  missed: boolean,
  recipe: string,
): JunitCase {
  const text = `repeat with: ${recipe}`;
  if (run.status === 'interrupted')
    return { group, name, trouble: { kind: 'error', message: 'interrupted' } };
  if (run.invalidBecause.length > 0)
    return { group, name, trouble: { kind: 'error', message: run.invalidBecause.join(' '), text } };
  return missed
    ? { group, name, trouble: { kind: 'failure', message: 'did not converge before stopTime', text } }
    : { group, name };
}

const runName = 'the run is valid and comes to its end';

/** @param recipe the command that repeats the run */
export function runJunit(result: RunResult, recipe: string): string {
  const { scenario, assertions, status } = result;
  const missed = status === 'failed' && assertions.every((verdict) => verdict.status === 'passed');
  const cases = [
    runCase(scenario, runName, result, missed, recipe),
    ...assertions.map((verdict) => propertyCase(scenario, verdict.text, verdict, recipe)),
  ];
  return junitXml('mesh simulate', [{ name: scenario, cases }]);
}

/** @param recipe the command that repeats the first run that has a part in it, if there is one */
function togetherCase(
  group: string,
  name: string,
  verdict: RunsVerdict,
  recipe: string | undefined,
): JunitCase {
  if (verdict.status === 'passed') return { group, name };
  const kind = verdict.status === 'failed' ? 'failure' : 'error';
  const text = recipe === undefined ? undefined : `the first of the runs behind it: ${recipe}`;
  return { group, name, trouble: { kind, message: runsVerdictText(verdict), text } };
}

/** @param recipeOf the command that repeats one run of a variant */
export function repetitionsJunit(
  { scenario, cells }: RepetitionResult,
  recipeOf: (set: readonly string[], seed: number) => string,
): string {
  return junitXml(
    'mesh simulate',
    cells.map(({ set, assertions, runs, status }) => {
      const suite = set.length === 0 ? scenario : `${scenario}, ${set.join(' ')}`;
      const cases = runs.flatMap((run): JunitCase[] => {
        const recipe = recipeOf(set, run.seed);
        const which = ` [run ${run.index}, seed ${run.seed}]`;
        const missed = run.status === 'failed' && run.assertions.every((verdict) => verdict === 'passed');
        return [
          runCase(suite, runName + which, run, missed, recipe),
          ...assertions.flatMap(({ text, overRuns }, index): JunitCase[] => {
            if (overRuns !== undefined) return [];
            const verdict = run.troubles.find((trouble) => trouble.text === text);
            const name = text + which;
            return verdict === undefined || run.assertions[index] === 'passed'
              ? [{ group: suite, name }]
              : [propertyCase(suite, name, verdict, recipe)];
          }),
        ];
      });
      assertions.forEach(({ text, overRuns }, index) => {
        if (overRuns === undefined) return;
        const run = runs.find((one) => one.assertions[index] === overRuns.status);
        cases.push(togetherCase(suite, text, overRuns, run && recipeOf(set, run.seed)));
      });
      if (status === 'interrupted')
        cases.push({ group: suite, name: 'all runs', trouble: { kind: 'error', message: 'interrupted' } });
      return { name: suite, cases };
    }),
  );
}
