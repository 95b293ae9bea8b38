/**
 * `mesh simulate --permute-ties`: does a result hang on the order of equal times? Each seed is run twice, in the usual order and in a
 * random one, and the pairs are compared. Single runs may well part, for one choice leads to another; what must not is the mean. A
 * metric whose mean moves by more than four standard errors is an artefact: nothing in a real network is sorted by address.
 */
import { UserError } from '../base/errors.js';
import { sqrt } from '../base/math.js';
import { version } from '../base/version.js';
import type { RepetitionRun } from '../model/repetitions.js';
import type { TieResult, TieRow } from '../model/ties.js';
import { runAll, type RepetitionRequest } from './repetitions.js';
import { runColumns } from '../parts/run-figures.js';
import type { OpenScenario } from './simulate.js';

/** With 20 pairs, chance alone exceeds this in one metric of a thousand. */
const errorsAllowed = 4;
/** Sums in another order differ in their last digits, which means nothing. */
const roundingRatio = 1e-9;

/** @throws UserError `bad-flag` where there are no ties, or several variants */
export async function permuteTies(request: RepetitionRequest, scenario: OpenScenario): Promise<TieResult> {
  const { experiment } = scenario;
  if (experiment.timing?.mode === 'rounds') refuse('rounds have no ties: everybody acts at once', undefined);
  if (scenario.sweep !== undefined)
    refuse('it compares runs of one variant, and there is a sweep', 'Pass --set sweep=null.');
  const { repetitions, plugins = [], file, set, filesAnywhere, force } = request;
  const task = {
    request: { file, set, filesAnywhere, force, text: scenario.text },
    plugins,
    seed: experiment.seed,
  };
  const orders = Array.from({ length: 2 * repetitions }, (_, place) => ({
    set: [],
    index: place >> 1,
    permuteTies: place % 2 === 1,
  }));
  const runs = await runAll(task, orders, request);
  const pairs: [usual: RepetitionRun, permuted: RepetitionRun][] = [];
  for (let i = 0; i < repetitions; i++) {
    const usual = runs[2 * i];
    const permuted = runs[2 * i + 1];
    if (usual !== undefined && permuted !== undefined) pairs.push([usual, permuted]);
  }
  // What faults touched and checks saw follows from these; each figure more is a chance more to be struck by chance.
  const found = ({ metrics, sections }: RepetitionRun): object => ({ ...metrics, ...sections });
  const usual = runColumns(pairs.map(([run]) => found(run)));
  const permuted = runColumns(pairs.map(([, run]) => found(run)));
  const metrics = [...usual].flatMap(([metric, values]) =>
    compare(metric, values, permuted.get(metric) ?? []),
  );
  return {
    scenario: experiment.name,
    seed: experiment.seed,
    version,
    repetitions,
    errorsAllowed,
    status:
      pairs.length < repetitions
        ? 'interrupted'
        : metrics.some(({ isArtefact }) => isArtefact)
          ? 'failed'
          : 'passed',
    metrics,
  };
}

function refuse(what: string, next: string | undefined): never {
  throw new UserError('bad-flag', { place: '--permute-ties', what, next });
}

function compare(
  metric: string,
  usual: readonly (number | null)[],
  permuted: readonly (number | null)[],
): TieRow[] {
  const differences: number[] = [];
  let unpaired = 0;
  let changed = 0;
  let usualSum = 0;
  let permutedSum = 0;
  usual.forEach((before, place) => {
    const after = permuted[place] ?? null;
    if (before === null || after === null) {
      if (before !== after) unpaired++;
      return;
    }
    const isSame = Math.abs(after - before) <= roundingRatio * Math.max(Math.abs(before), Math.abs(after));
    differences.push(isSame ? 0 : after - before);
    if (!isSame) changed++;
    usualSum += before;
    permutedSum += after;
  });
  const pairs = differences.length;
  if (pairs === 0) return [];
  const difference = differences.reduce((sum, value) => sum + value, 0) / pairs;
  const squares = differences.reduce((sum, value) => sum + (value - difference) * (value - difference), 0);
  const standardError = pairs < 2 ? 0 : sqrt(squares / (pairs - 1) / pairs);
  return [
    {
      metric,
      pairs,
      unpaired,
      changed,
      usual: usualSum / pairs,
      permuted: permutedSum / pairs,
      difference,
      standardError,
      isArtefact: changed > 0 && Math.abs(difference) > errorsAllowed * standardError,
    },
  ];
}
