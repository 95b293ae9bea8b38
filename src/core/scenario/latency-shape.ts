/**
 * Latency, one way, in four forms: a duration for all links; a distribution from which each link draws once; coordinates, which make
 * it the time of light in fibre; or a table between regions.
 */
import type { DistributionSpec } from '../parts/distributions.js';
import { fileShape } from './knob-shape.js';
import {
  fieldsSchema,
  objectSchema,
  optional,
  plainFields,
  readFields,
  required,
  withDefault,
  type Fields,
} from './section.js';
import {
  booleanShape,
  complain,
  listShape,
  meantHint,
  numberShape,
  orList,
  unitShape,
  wrong,
  type JsonSchema,
  type Plain,
  type Shape,
} from './shape.js';
import type { MapTree } from './tree.js';

export type LatencySpec =
  | { readonly form: 'constant'; readonly delayUs: number }
  | {
      readonly form: 'distribution';
      readonly name: string;
      readonly values: Readonly<Record<string, unknown>>;
    }
  | {
      readonly form: 'coordinates';
      readonly stretch: number;
      readonly overhead: number;
      readonly fallback?: number;
    }
  | {
      readonly form: 'regions';
      readonly table?: RegionTable;
      readonly file?: string;
      readonly rtt: boolean;
      readonly within: number;
      readonly fallback?: number;
    };

/** One-way delays in microseconds as given, by region and region. */
export type RegionTable = ReadonlyMap<string, ReadonlyMap<string, number>>;

const duration = unitShape('duration');
const positive = unitShape('duration', 1);

const cut = {
  min: optional(duration, 'Values below are drawn again.'),
  max: optional(duration, 'Values above are drawn again.'),
};

/** `[share, value]` points of a distribution. */
const quantileShape: Shape<readonly [number, number]> = {
  words: '[share, duration]',
  read(tree, path, issues) {
    if (tree.kind !== 'list' || tree.items.length !== 2) return complain(quantileShape, tree, path, issues);
    const share = numberShape('ratio').read(tree.items[0], [...path, 0], issues);
    const value = duration.read(tree.items[1], [...path, 1], issues);
    return share === wrong || value === wrong ? wrong : [share, value];
  },
  plain: ([share, us]) => [share, duration.plain(us)],
  schema: () => ({ type: 'array', minItems: 2, maxItems: 2 }),
};

/** The parameters of each distribution. */
export const distributionFields: Readonly<Record<DistributionSpec['distribution'], Fields>> = {
  constant: { value: required(duration, 'The same for every link.') },
  uniform: { min: required(duration, 'The shortest.'), max: required(duration, 'The longest.') },
  normal: {
    mean: required(duration, 'The mean.'),
    deviation: required(duration, 'The standard deviation.'),
    ...cut,
  },
  lognormal: {
    median: required(positive, 'Half of the links are faster.'),
    sigma: required(
      numberShape('number', 0, 10),
      'Standard deviation of the logarithm; 0.5 puts one link in six beyond 1.65 medians. Wide-area links have 0.3 to 1.',
    ),
    ...cut,
  },
  exponential: { mean: required(positive, 'The mean.'), ...cut },
  pareto: {
    scale: required(positive, 'The shortest.'),
    shape: required(
      numberShape('number', 0.1, 1e6),
      'The smaller, the heavier the tail; below 2 the variance is infinite.',
    ),
    ...cut,
  },
  weibull: {
    scale: required(positive, '63 % of the links are faster.'),
    shape: required(numberShape('number', 0.1, 1e6), '1 is exponential; below 1 the tail is heavier.'),
    ...cut,
  },
  empirical: {
    values: optional(
      listShape(duration, { min: 1, words: 'a list of durations' }),
      'Measured values, each as likely as the others.',
    ),
    quantiles: optional(
      listShape(quantileShape, { min: 2, words: 'a list of [share, duration], from share 0 to share 1' }),
      'Points of the cumulative distribution, with straight lines between them.',
    ),
    ...cut,
  },
};

const regionTableShape: Shape<RegionTable> = {
  words: 'a table such as {eu: {us: 40ms}}',
  read(tree, path, issues) {
    if (tree.kind !== 'map' || tree.entries.size === 0) return complain(regionTableShape, tree, path, issues);
    const table = new Map<string, Map<string, number>>();
    let allRight = true;
    for (const [from, { value: row }] of tree.entries) {
      if (row.kind !== 'map') {
        complain({ words: 'a row such as {us: 40ms}' }, row, [...path, from], issues);
        allRight = false;
        continue;
      }
      const delays = new Map<string, number>();
      for (const [to, { value }] of row.entries) {
        const us = duration.read(value, [...path, from, to], issues);
        if (us === wrong) allRight = false;
        else delays.set(to, us);
      }
      table.set(from, delays);
    }
    return allRight ? table : wrong;
  },
  plain: (table) =>
    Object.fromEntries(
      [...table].map(([from, row]) => [
        from,
        Object.fromEntries([...row].map(([to, us]) => [to, duration.plain(us)])),
      ]),
    ),
  schema: () => ({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: duration.schema() },
  }),
};

const fallback = optional(
  positive,
  'For links of which one end has no place. Left out, such links are refused.',
);

/** The parameters of `from: ...`. */
export const sourceFields = {
  coordinates: {
    stretch: withDefault(
      numberShape('number', 1, 100),
      1,
      'Cables take detours: distances are multiplied by this. Measured networks have 1.3 to 3.',
    ),
    overhead: withDefault(duration, 0, 'Added to every link, for routers and the last mile.'),
    fallback,
  },
  regions: {
    table: optional(
      regionTableShape,
      'One-way latency from row to column; a direction that is missing is the same as the other.',
    ),
    file: optional(fileShape, 'The same as CSV, in milliseconds: `From/to,A,B`, then one row a region.'),
    rtt: withDefault(booleanShape, false, 'The table holds round trips, which are halved.'),
    within: withDefault(positive, 500, 'Between two nodes of one region, where the table says nothing or 0.'),
    fallback,
  },
} as const;
type Source = keyof typeof sourceFields;

const distributions = Object.keys(distributionFields) as DistributionSpec['distribution'][];

export const latencyShape: Shape<LatencySpec> = {
  words: 'a duration such as 25ms, or a section with distribution, from: coordinates or from: regions',
  read(tree, path, issues) {
    if (tree.kind === 'scalar') {
      const delayUs = positive.read(tree, path, issues);
      return delayUs === wrong ? wrong : { form: 'constant', delayUs };
    }
    if (tree.kind === 'list') return complain(latencyShape, tree, path, issues);
    const found = (['distribution', 'from'] as const).filter((key) => tree.entries.has(key));
    if (found.length !== 1) {
      const keys = [...tree.entries.keys()];
      const hint =
        found.length === 0 && keys.length > 0 ? meantHint(keys[0], ['distribution', 'from']) : undefined;
      issues.report(tree.place, path, 'expected either distribution or from', hint);
      return wrong;
    }
    const tag = found[0];
    const names: readonly string[] = tag === 'from' ? Object.keys(sourceFields) : distributions;
    const word = nameIn(tree, tag);
    if (word === undefined || !names.includes(word)) {
      const said = tree.entries.get(tag)?.value ?? tree;
      return complain(
        { words: `one of ${names.join(', ')}` },
        said,
        [...path, tag],
        issues,
        word === undefined ? undefined : meantHint(word, names),
      );
    }
    const fields: Fields =
      tag === 'from'
        ? sourceFields[word as Source]
        : distributionFields[word as (typeof distributions)[number]];
    const values = readFields(tree, fields, path, issues, [tag]);
    if (values === wrong) return wrong;
    if (tag === 'from') {
      if (word === 'regions' && (values.table === undefined) === (values.file === undefined)) {
        issues.report(tree.place, path, 'expected either table or file');
        return wrong;
      }
      return { form: word, ...values } as LatencySpec;
    }
    if (word === 'empirical' && (values.values === undefined) === (values.quantiles === undefined)) {
      issues.report(tree.place, path, 'expected either values or quantiles');
      return wrong;
    }
    return { form: 'distribution', name: word, values };
  },
  plain: (spec) => {
    if (spec.form === 'constant') return positive.plain(spec.delayUs);
    if (spec.form === 'distribution') {
      const fields = distributionFields[spec.name as (typeof distributions)[number]];
      return { distribution: spec.name, ...plainFields(spec.values, fields) };
    }
    return { from: spec.form, ...plainFields({ ...spec }, sourceFields[spec.form]) };
  },
  schema: () => {
    const section = (tag: string, name: string, fields: Fields): JsonSchema => {
      const { properties, required: names } = fieldsSchema(fields);
      return objectSchema({ [tag]: { const: name }, ...properties }, [tag, ...names]);
    };
    const forms: Plain[] = [positive.schema()];
    for (const name of distributions) forms.push(section('distribution', name, distributionFields[name]));
    for (const [name, fields] of Object.entries(sourceFields)) forms.push(section('from', name, fields));
    return {
      anyOf: forms,
      description: `A duration, or a section: ${orList(distributions)}; coordinates; regions.`,
    };
  },
};

function nameIn(tree: MapTree, tag: string): string | undefined {
  const said = tree.entries.get(tag)?.value;
  return said?.kind === 'scalar' ? said.source : undefined;
}

/** The distribution as `parts` compile it: the same words with their units. */
export function distributionSpec(name: string, values: Readonly<Record<string, unknown>>): DistributionSpec {
  const inUs = ['value', 'min', 'max', 'mean', 'deviation', 'median', 'scale', 'values'];
  const spec: Record<string, unknown> = { distribution: name };
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) spec[inUs.includes(key) ? `${key}Us` : key] = value;
  }
  return spec as unknown as DistributionSpec;
}
