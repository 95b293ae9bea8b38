/** What must hold: `{always: nodesUp >= 3}`, `{eventually: deliveryRatio >= 0.99, within: 20s}`. A word, an expression, and a window. */
import type { Assertion, RunFigure } from '../model/experiment.js';
import type { Metric } from '../model/metrics.js';
import type { Expression } from '../parts/expression.js';
import { conditionSchema, readCondition } from './expression-shape.js';
import type { Issues } from './issues.js';
import { overRunsShape, planOverRuns, runsText } from './runs-shape.js';
import { fieldsSchema, objectSchema, optional, plainFields, readFields } from './section.js';
import { complain, unitShape, wrong, type Shape } from './shape.js';
import type { Path } from './tree.js';

export const modeDocs = {
  always: 'At every measurement of the window.',
  never: 'At no measurement of the window.',
  eventually: 'At one measurement of the window at least, which `within` bounds.',
  sometimes: 'The same as `eventually`: a state that should have been seen.',
  finally: 'At the end of the run.',
} as const;
export type Mode = keyof typeof modeDocs;
export const modes = Object.keys(modeDocs) as Mode[];

const windowDocs = {
  from: optional(unitShape('duration'), 'When the window begins. Default: 0s.'),
  until: optional(unitShape('duration'), 'When the window ends. Default: the end of the run.'),
  within: optional(unitShape('duration', 1), 'How long after `from` the window ends.'),
};

export const assertionFields = {
  ...windowDocs,
  runs: optional(
    overRunsShape,
    'With `repetitions`, about all runs together: the share of them in which it must hold, or the figure over them (`mean`, or a percentile) that `finally` compares with a number. Left out, it must hold in each.',
  ),
};

export interface AssertionSpec {
  readonly mode: Mode;
  readonly expression: Expression;
  readonly from?: number;
  readonly until?: number;
  readonly within?: number;
  readonly runs?: number | RunFigure;
}

/** @param metrics what can be compared */
export function assertionShape(metrics: readonly Metric[]): Shape<AssertionSpec> {
  const shape: Shape<AssertionSpec> = {
    words: `a section with one of ${modes.join(', ')}`,
    read(tree, path, issues) {
      if (tree.kind !== 'map') return complain(shape, tree, path, issues);
      const found = modes.filter((mode) => tree.entries.has(mode));
      const values = readFields(tree, assertionFields, path, issues, modes);
      if (found.length !== 1) {
        if (values !== wrong) issues.report(tree.place, path, `expected exactly one of ${modes.join(', ')}`);
        return wrong;
      }
      const mode = found[0];
      const entry = tree.entries.get(mode);
      const expression = readCondition(entry?.value ?? tree, metrics, [...path, mode], issues);
      if (expression === wrong || values === wrong) return wrong;
      return { mode, expression, ...values };
    },
    plain: (spec) => ({ [spec.mode]: spec.expression.text, ...plainFields({ ...spec }, assertionFields) }),
    schema: () => {
      const { properties } = fieldsSchema(assertionFields);
      const sections = modes.map((mode) =>
        objectSchema({ [mode]: conditionSchema(modeDocs[mode]), ...properties }, [mode]),
      );
      return { anyOf: sections };
    },
  };
  return shape;
}

/** The assertion as the simulator wants it: `never` is `always` of the opposite, `sometimes` is `eventually`. */
export function planAssertion(
  spec: AssertionSpec,
  stopTimeUs: number,
  path: Path,
  issues: Issues,
): Assertion {
  const { mode, expression, from = 0, until, within } = spec;
  if (within !== undefined && until !== undefined)
    issues.reportAt(path, 'within and until cannot both hold', 'Keep one of the two');
  if (mode === 'finally' && (spec.from !== undefined || until !== undefined || within !== undefined)) {
    issues.reportAt(
      path,
      'finally looks at the end of the run and has no window',
      'Use always or eventually',
    );
  }
  if (within !== undefined && (mode === 'always' || mode === 'never')) {
    issues.reportAt(
      [...path, 'within'],
      `within belongs to eventually; for ${mode} the window is from and until`,
    );
  }
  if (from > stopTimeUs)
    issues.reportAt([...path, 'from'], 'this is after stopTime, so it would never be looked at');
  const untilUs = Math.min(until ?? (within === undefined ? Infinity : from + within), stopTimeUs);
  if (untilUs < from && from <= stopTimeUs) issues.reportAt([...path, 'until'], 'this is before from');
  const { condition } = expression;
  const overRuns = planOverRuns(spec.runs, mode, condition, path, issues);
  return {
    text: `${mode} ${expression.text}${windowText(spec)}${runsText(spec.runs)}`,
    mode: mode === 'never' ? 'always' : mode === 'sometimes' ? 'eventually' : mode,
    condition:
      mode === 'never' ? { kind: 'not', of: condition, at: condition.at, end: condition.end } : condition,
    asks: expression.metrics,
    fromUs: from,
    untilUs,
    ...(overRuns === undefined ? {} : { overRuns }),
  };
}

function windowText(spec: AssertionSpec): string {
  const words = (['from', 'until', 'within'] as const).flatMap((name) => {
    const us = spec[name];
    return us === undefined ? [] : [`${name} ${String(windowDocs[name].shape.plain(us))}`];
  });
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}
