/**
 * How much can it bear? Somewhere along a line of values something that held no longer holds, and where that is, is found as one finds a
 * word in a dictionary: by halving. Runs are chance, so that "holds" means: in at least a given share of the runs. Three halvings, which
 * share what they learn: for the break-even itself, for the last value at which it surely holds (the whole 95 % interval of its share,
 * E. B. Wilson 1927, lies above the wanted one), and for the first at which it surely does not.
 *
 * All points use the same seeds. Where one run bears more the easier its life is, the number of runs that hold only falls along the line,
 * and the two sure ends are order statistics: between them lies, in 95 of 100 searches, the value at which exactly the wanted share holds.
 */
import { assert } from '../base/assert.js';
import { wilson95 } from './sample-summary.js';

/** What came of the runs at one point: whether it held, by run. */
export type Outcome = readonly boolean[];

export interface BreakEven {
  /** `everywhere`, `nowhere`: at both ends of the line, so that there is nothing to be found between them. */
  readonly status: 'found' | 'everywhere' | 'nowhere';
  /** Does it hold at small values, so that the largest is looked for, or at large ones? */
  readonly holdsBelow: boolean;
  /** The last point, counted from where it holds, at which it holds in the wanted share of runs. */
  readonly at: number | undefined;
  /** The last at which it surely holds, and the first at which it surely does not; undefined where the line ends before. */
  readonly surelyHolds: number | undefined;
  readonly surelyFails: number | undefined;
}

/** The fewest runs of which all together can be sure of a share. */
export function runsToBeSure(share: number): number {
  let runs = 1;
  while (wilson95(runs, runs)[0] <= share || wilson95(0, runs)[1] >= share) runs++;
  return runs;
}

function held(outcome: Outcome): number {
  return outcome.reduce((sum, one) => sum + Number(one), 0);
}

/** Which way a point leans, and whether that is sure. */
export function lean(
  outcome: Outcome,
  share: number,
): { holds: boolean; surelyHolds: boolean; surelyFails: boolean } {
  const runs = outcome.length;
  const [low, high] = wilson95(held(outcome), runs);
  // Divided, and not multiplied: 0.55 x 100 is more than 55, and 55 / 100 is not less than 0.55.
  return { holds: held(outcome) / runs >= share, surelyHolds: low > share, surelyFails: high < share };
}

/**
 * Asks for points 0 to `last`, each at most once, and wants their outcomes handed to `next`.
 * @param share what share of the runs must hold, 0 to 1
 */
export function* breakEven(last: number, share: number): Generator<number, BreakEven, Outcome> {
  assert(Number.isInteger(last) && last >= 1, 'a line has two ends');
  const known = new Map<number, ReturnType<typeof lean>>();
  function* at(point: number): Generator<number, ReturnType<typeof lean>, Outcome> {
    let answer = known.get(point);
    if (answer === undefined) known.set(point, (answer = lean(yield point, share)));
    return answer;
  }
  const first = yield* at(0);
  const final = yield* at(last);
  const holdsBelow = first.holds;
  if (first.holds === final.holds)
    return {
      status: first.holds ? 'everywhere' : 'nowhere',
      holdsBelow,
      at: undefined,
      surelyHolds: undefined,
      surelyFails: undefined,
    };
  // Distances from the end where it holds; the rest need not know which one that is.
  const pointAt = (distance: number): number => (holdsBelow ? distance : last - distance);
  /** The last distance at which `still` is true, given that it is so at 0 and not at the other end; starts from what is known. */
  function* halve(still: (answer: ReturnType<typeof lean>) => boolean): Generator<number, number, Outcome> {
    let yes = 0;
    let no = last;
    for (const [point, answer] of known) {
      const distance = holdsBelow ? point : last - point;
      if (!still(answer)) no = Math.min(no, distance);
    }
    for (const [point, answer] of known) {
      const distance = holdsBelow ? point : last - point;
      if (still(answer) && distance < no) yes = Math.max(yes, distance);
    }
    while (no - yes > 1) {
      const middle = yes + Math.floor((no - yes) / 2);
      if (still(yield* at(pointAt(middle)))) yes = middle;
      else no = middle;
    }
    return yes;
  }
  const [good, poor] = holdsBelow ? [first, final] : [final, first];
  const found = yield* halve(({ holds }) => holds);
  const sure = good.surelyHolds ? yield* halve(({ surelyHolds }) => surelyHolds) : undefined;
  const unsure = poor.surelyFails ? yield* halve(({ surelyFails }) => !surelyFails) : undefined;
  return {
    status: 'found',
    holdsBelow,
    at: pointAt(found),
    surelyHolds: sure === undefined ? undefined : pointAt(sure),
    surelyFails: unsure === undefined ? undefined : pointAt(unsure + 1),
  };
}

/** How many runs held at a harder value though they did not at an easier one: what contradicts the idea of a break-even. */
export function contradictions(outcomes: ReadonlyMap<number, Outcome>, holdsBelow: boolean): number {
  const inOrder = [...outcomes]
    .sort(([a], [b]) => (holdsBelow ? a - b : b - a))
    .map(([, outcome]) => outcome);
  const runs = inOrder[0]?.length ?? 0;
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const firstFailure = inOrder.findIndex((outcome) => !outcome[run]);
    if (firstFailure >= 0 && inOrder.slice(firstFailure).some((outcome) => outcome[run])) count++;
  }
  return count;
}
