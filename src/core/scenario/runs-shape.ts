/**
 * `runs: 0.95`, `runs: p95`: what makes an assertion one about many runs together. A share says in how many of them it must hold, whatever it
 * is. A figure (the mean, a percentile) needs one number of each run, which is what `finally` compares with one that is written out.
 */
import { runFigures, type Comparison, type OverRuns, type RunFigure } from '../model/experiment.js';
import type { Condition, Quantity } from '../model/expression.js';
import type { Issues } from './issues.js';
import { choiceShape, complain, meantHint, percentHint, wrong, type Read, type Shape } from './shape.js';
import type { Path, ScalarTree, Tree } from './tree.js';

const shareWords = 'a share of the runs above 0 and up to 1';
const figureShape = choiceShape(runFigures);

function hintOf(tree: ScalarTree, figures: readonly string[]): string | undefined {
  if (typeof tree.value !== 'number') return percentHint(tree) ?? meantHint(tree.source, figures);
  return tree.value > 1
    ? 'How many runs there are is said by repetitions; a share is such as 0.95'
    : undefined;
}

function readShare(tree: Tree): Read<number> {
  const value = tree.kind === 'scalar' ? tree.value : undefined;
  return typeof value === 'number' && value > 0 && value <= 1 ? value : wrong;
}

/** A share of the runs. */
export const runShareShape: Shape<number> = {
  words: shareWords,
  read(tree, path, issues) {
    const share = readShare(tree);
    if (share !== wrong) return share;
    return complain(runShareShape, tree, path, issues, tree.kind === 'scalar' ? hintOf(tree, []) : undefined);
  },
  plain: (value) => value,
  schema: () => ({ type: 'number', exclusiveMinimum: 0, maximum: 1 }),
};

/** A share of the runs, or a figure over them. */
export const overRunsShape: Shape<number | RunFigure> = {
  words: `${shareWords}, or one of ${runFigures.join(', ')}`,
  read(tree, path, issues) {
    const share = readShare(tree);
    if (share !== wrong) return share;
    if (tree.kind !== 'scalar') return complain(overRunsShape, tree, path, issues);
    const figure = runFigures.find((name) => name === tree.source);
    return figure ?? complain(overRunsShape, tree, path, issues, hintOf(tree, runFigures));
  },
  plain: (value) => value,
  schema: () => ({ anyOf: [runShareShape.schema(), figureShape.schema()] }),
};

/** What is planned, and how it is called in the name of the assertion; nothing where it must hold in each run. */
export function runsText(runs: number | RunFigure | undefined): string {
  return runs === undefined ? '' : `, ${typeof runs === 'number' ? `in ${runs}` : runs} of the runs`;
}

/** @param mode the word of the assertion */
export function planOverRuns(
  runs: number | RunFigure | undefined,
  mode: string,
  condition: Condition,
  path: Path,
  issues: Issues,
): OverRuns | undefined {
  if (runs === undefined) return undefined;
  if (typeof runs === 'number') return { kind: 'share', share: runs };
  if (mode !== 'finally') {
    issues.reportAt(
      [...path, 'runs'],
      `${runs} needs one number a run, and ${mode} looks many times`,
      'Use finally, or a share of the runs such as runs: 0.95',
    );
    return undefined;
  }
  const planned = figureOf(condition, runs);
  if (planned === undefined) {
    issues.reportAt(
      [...path, mode],
      `${runs} over the runs needs one comparison with a number by <, <=, >= or >`,
      'Write it such as deliveryRatio >= 0.99, or say runs: 0.95 for a share of the runs',
    );
  }
  return planned;
}

const mirrored: Readonly<Partial<Record<Comparison, '<' | '<=' | '>=' | '>'>>> = {
  '<': '>',
  '<=': '>=',
  '>=': '<=',
  '>': '<',
};

function figureOf(condition: Condition, figure: RunFigure): OverRuns | undefined {
  if (condition.kind !== 'comparison') return undefined;
  const { left, right, comparison } = condition;
  const flipped = mirrored[comparison];
  if (flipped === undefined) return undefined;
  const [one, other] = [numberIn(left), numberIn(right)];
  if ((one === undefined) === (other === undefined)) return undefined;
  return one === undefined
    ? { kind: 'figure', figure, comparison, bound: other ?? 0, unit: left.measure }
    : { kind: 'figure', figure, comparison: flipped, bound: one, unit: right.measure };
}

function numberIn(quantity: Quantity): number | undefined {
  return quantity.kind === 'number' ? quantity.value : undefined;
}
