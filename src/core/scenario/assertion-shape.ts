/** What must hold: `{always: nodesUp >= 3}`, `{eventually: deliveryRatio >= 0.99, within: 20s}`. One comparison of a metric and a number. */
import type { Assertion, Comparison } from '../model/experiment.js';
import type { Metric } from '../model/metrics.js';
import { showText } from '../base/escape.js';
import { parseDuration, parseRate } from '../base/units.js';
import type { Issues } from './issues.js';
import { fieldsSchema, objectSchema, optional, plainFields, readFields } from './section.js';
import {
  complain,
  meantHint,
  orList,
  quoted,
  unitShape,
  wrong,
  type JsonSchema,
  type Plain,
  type Read,
  type Shape,
} from './shape.js';
import type { MapTree, Path, Tree } from './tree.js';

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
export const assertionFields = windowDocs;

export interface AssertionSpec {
  readonly mode: Mode;
  readonly metric: string;
  readonly comparison: Comparison;
  readonly bound: number;
  /** As written, with single blanks. */
  readonly text: string;
  readonly from?: number;
  readonly until?: number;
  readonly within?: number;
}

const form = /^\s*([A-Za-z][A-Za-z0-9.]*)\s*(<=|>=|==|!=|<|>|=)\s*(\S.*?)\s*$/;
const opposite: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  '>=': '<',
  '>': '<=',
};

/** @param metrics what can be compared */
export function assertionShape(metrics: readonly Metric[]): Shape<AssertionSpec> {
  const shape: Shape<AssertionSpec> = {
    words: `a section with one of ${modes.join(', ')}`,
    read(tree, path, issues) {
      if (tree.kind !== 'map') return complain(shape, tree, path, issues);
      const found = modes.filter((mode) => tree.entries.has(mode));
      const values = readFields(tree, windowDocs, path, issues, modes);
      if (found.length !== 1) {
        if (values !== wrong) issues.report(tree.place, path, `expected exactly one of ${modes.join(', ')}`);
        return wrong;
      }
      const mode = found[0];
      const said = readComparison(entryOf(tree, mode), metrics, [...path, mode], issues);
      if (said === wrong || values === wrong) return wrong;
      return { mode, ...said, ...values };
    },
    plain: (spec) => ({ [spec.mode]: spec.text, ...plainFields({ ...spec }, windowDocs) }),
    schema: () => {
      const { properties } = fieldsSchema(windowDocs);
      const sections = modes.map((mode): JsonSchema => {
        const comparison: Record<string, Plain> = {
          type: 'string',
          description: modeDocs[mode],
          examples: [`${metrics[0]?.name ?? 'metric'} >= 0.99`],
        };
        return objectSchema({ [mode]: comparison, ...properties }, [mode]);
      });
      return { anyOf: sections };
    },
  };
  return shape;
}

function entryOf(tree: MapTree, key: string): Tree {
  return tree.entries.get(key)?.value ?? tree;
}

function readComparison(
  tree: Tree,
  metrics: readonly Metric[],
  path: Path,
  issues: Issues,
): Read<Pick<AssertionSpec, 'metric' | 'comparison' | 'bound' | 'text'>> {
  const parts =
    tree.kind === 'scalar' && typeof tree.value === 'string' && tree.value.length < 200
      ? form.exec(tree.value)
      : null;
  if (parts === null)
    return complain({ words: 'a comparison such as deliveryRatio >= 0.99' }, tree, path, issues);
  const [, name, comparison, number] = parts;
  if (comparison === '=') {
    issues.report(tree.place, path, 'a comparison is written with ==, not =', 'Write ==');
    return wrong;
  }
  const metric = metrics.find((known) => known.name === name);
  if (metric === undefined) {
    const names = metrics.map((known) => known.name);
    issues.report(
      tree.place,
      path,
      `unknown metric ${quoted(name)}, expected ${orList(names)}`,
      meantHint(name, names),
    );
    return wrong;
  }
  const bound = readBound(number, metric);
  if (typeof bound === 'string') {
    issues.report(tree.place, path, bound);
    return wrong;
  }
  return {
    metric: name,
    comparison: comparison as Comparison,
    bound,
    text: `${name} ${comparison} ${number}`,
  };
}

/** The number behind a comparison in the metric's own unit, or what is wrong with it. */
function readBound(text: string, metric: Metric): number | string {
  const plain = /^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$/.test(text) ? Number(text) : NaN;
  if (metric.unit === 'milliseconds') {
    if (plain === 0) return 0;
    const us = parseDuration(text);
    return typeof us === 'number' ? us / 1000 : `${us.what}, expected ${us.expected}`;
  }
  if (metric.unit === 'perSecond' && text.includes('/')) {
    const rate = parseRate(text);
    return typeof rate === 'number' ? rate : `${rate.what}, expected ${rate.expected}`;
  }
  const percent = /^([0-9]+(?:\.[0-9]+)?) ?%$/.exec(text);
  if (percent !== null && metric.unit === 'ratio') {
    return `${metric.name} is a share from 0 to 1, found ${quoted(text)}, write ${Number((Number(percent[1]) / 100).toPrecision(12))}`;
  }
  if (percent !== null && metric.unit === 'percent') return Number(percent[1]);
  if (!Number.isFinite(plain)) return `expected a number behind the comparison, found ${quoted(text)}`;
  if (metric.unit === 'ratio' && (plain < 0 || plain > 1)) {
    return `${metric.name} is a share from 0 to 1, found ${showText(text, 40)}`;
  }
  return plain;
}

/** The assertion as the simulator wants it: `never` is `always` of the opposite, `sometimes` is `eventually`. */
export function planAssertion(
  spec: AssertionSpec,
  stopTimeUs: number,
  path: Path,
  issues: Issues,
): Assertion {
  const { mode, metric, bound, from = 0, until, within } = spec;
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
  const comparison = mode === 'never' ? opposite[spec.comparison] : spec.comparison;
  const planned = mode === 'never' ? 'always' : mode === 'sometimes' ? 'eventually' : mode;
  return {
    text: `${mode} ${spec.text}${windowText(spec)}`,
    mode: planned,
    metric,
    comparison,
    bound,
    fromUs: from,
    untilUs,
  };
}

function windowText(spec: AssertionSpec): string {
  const words = (['from', 'until', 'within'] as const).flatMap((name) => {
    const us = spec[name];
    return us === undefined ? [] : [`${name} ${String(windowDocs[name].shape.plain(us))}`];
  });
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}
