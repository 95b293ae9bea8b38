/**
 * What many runs together come to: whether something holds in a large enough share of them, and whether the mean or a percentile of what
 * each measured lies where it should. The verdict is about these runs; `sure` says whether it is one about all possible runs, too, since
 * the whole 95 % interval lies on its side. A run in which there was nothing to look at is unknown, and what is unknown counts as the
 * worst and as the best in turn: where both come to the same, the others settle the matter.
 */
import type { Comparison, OverRuns, RunFigure } from '../model/experiment.js';
import type { RunsVerdict } from '../model/repetitions.js';
import { exactShare95, quantileRanks95 } from './binomial.js';
import { summarize } from './sample-summary.js';

export interface RunTally {
  readonly passed: number;
  readonly failed: number;
  readonly unevaluated: number;
}

/** @param values one a run, NaN where there was none; asked for where the assertion is about a figure */
export function judgeRuns(asked: OverRuns, tally: RunTally, values: () => readonly number[]): RunsVerdict {
  return asked.kind === 'share' ? judgeShare(asked.share, tally) : judgeFigure(asked, values());
}

function judgeShare(wanted: number, { passed, failed, unevaluated }: RunTally): RunsVerdict {
  const runs = passed + failed + unevaluated;
  const [low] = exactShare95(passed, runs);
  const [, high] = exactShare95(passed + unevaluated, runs);
  // Divided, and not multiplied: 55 / 100 is the number that 0.55 is, and 0.55 x 100 is more than 55.
  const isMet = (holding: number): boolean => runs > 0 && holding / runs >= wanted;
  const status = runs === 0 ? 'unevaluated' : verdictOf(isMet(passed), isMet(passed + unevaluated));
  return {
    of: 'share',
    wanted: { comparison: '>=', bound: wanted },
    status,
    value: unevaluated === 0 && runs > 0 ? passed / runs : null,
    unit: 'ratio',
    low,
    high,
    sure: status === 'passed' ? low > wanted : status === 'failed' && high < wanted,
  };
}

function verdictOf(one: boolean, other: boolean): RunsVerdict['status'] {
  return one === other ? (one ? 'passed' : 'failed') : 'unevaluated';
}

interface Estimate {
  readonly value: number;
  /** Undefined where the runs set no bound. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

function judgeFigure(
  { figure, comparison, bound, unit }: OverRuns & { readonly kind: 'figure' },
  values: readonly number[],
): RunsVerdict {
  const as = (unknown: number): Estimate =>
    estimate(
      figure,
      values.map((value) => (Number.isNaN(value) ? unknown : value)),
    );
  const [least, most] = [as(-Infinity), as(Infinity)];
  const holds = (value: number): boolean => compares(value, comparison, bound);
  const status = values.length === 0 ? 'unevaluated' : verdictOf(holds(least.value), holds(most.value));
  const [low, high] = [finite(least.low), finite(most.high)];
  // The end of the interval that would be the first to be on the other side.
  const isCeiling = comparison === '<' || comparison === '<=';
  const end = isCeiling === (status === 'passed') ? high : low;
  return {
    of: figure,
    wanted: { comparison, bound },
    status,
    value: least.value === most.value ? finite(least.value) : null,
    unit,
    low,
    high,
    sure: status !== 'unevaluated' && end !== null && holds(end) === (status === 'passed'),
  };
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function compares(value: number, comparison: Comparison, bound: number): boolean {
  switch (comparison) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>=':
      return value >= bound;
    case '>':
      return value > bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}

function estimate(figure: RunFigure, values: readonly number[]): Estimate {
  if (figure === 'mean') {
    const endless = values.find((value) => !Number.isFinite(value));
    if (endless !== undefined) return { value: endless, low: undefined, high: undefined };
    const { mean, low, high } = summarize(values);
    return { value: mean ?? NaN, low: low ?? undefined, high: high ?? undefined };
  }
  const percent = Number(figure.slice(1));
  const sorted = Float64Array.from(values).sort();
  const [low, high] = quantileRanks95(sorted.length, percent);
  return {
    value: sorted[Math.ceil((percent * sorted.length) / 100) - 1],
    low: sorted[low - 1],
    high: sorted[high - 1],
  };
}
