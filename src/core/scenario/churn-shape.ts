/** The section `churn`: what it holds, what can be wrong with it, and how it becomes a fault of its own kind. */
import type { Who } from '../base/who.js';
import { showText } from '../base/escape.js';
import { churn as churnKind, type ChurnPlan } from '../faults/churn.js';
import type { PlannedFault } from '../model/experiment.js';
import { readChurnTrace } from '../parts/churn-trace.js';
import { downLimitKnobs } from '../parts/down-limits.js';
import type { DistributionSpec } from '../parts/distributions.js';
import { compileLives } from '../parts/residual-life.js';
import type { Issues } from './issues.js';
import { fileShape, knobFields } from './knob-shape.js';
import { distributionSpec, latencyShape, type LatencySpec } from './latency-shape.js';
import { checkWho, pickNodes, type NodePlan } from './nodes.js';
import { optional, withDefault, type Field, type FieldValues } from './section.js';
import { choiceShape, complain, numberShape, unitShape, wrong, type Shape } from './shape.js';
import { whoShape } from './who-shape.js';
import { KeyedDraws } from '../base/random.js';

/** A length of time, or the law that it is drawn from. */
const spanShape: Shape<LatencySpec> = {
  words: 'a duration such as 60min, or a section such as {distribution: exponential, mean: 60min}',
  read(tree, path, issues) {
    const isForm = tree.kind === 'scalar' || (tree.kind === 'map' && tree.entries.has('distribution'));
    if (!isForm) return complain(spanShape, tree, path, issues);
    const spec = latencyShape.read(tree, path, issues);
    if (spec === wrong || spec.form === 'constant' || spec.form === 'distribution') return spec;
    return complain(spanShape, tree, path, issues);
  },
  plain: (spec) => latencyShape.plain(spec),
  schema: () => latencyShape.schema(),
};

export const churnFields = {
  lifetime: optional(
    spanShape,
    'How long a node stays: a duration, or a distribution (as for latency, with durations).',
  ),
  downtime: optional(
    spanShape,
    'How long it is away until it returns. The run starts in the steady state: up is the share mean lifetime / (mean lifetime + mean downtime), each in the middle of a life.',
  ),
  joinRate: optional(
    unitShape('rate'),
    'Instead of downtime: newcomers come at this rate, at random moments, and each is one of those who are away. On average joinRate times mean lifetime are up, and as many at the start.',
  ),
  targetSize: optional(
    numberShape('integer', 1),
    'Instead of downtime: so many are up at the start. Alone, whoever goes is replaced at once by somebody who is away; with joinRate, newcomers come only while fewer are up.',
  ),
  gracefulLeaveProbability: withDefault(
    numberShape('ratio'),
    0,
    'This share of those who go say goodbye first (see the fault `leave`); the others crash.',
  ),
  nodes: withDefault<Who>(whoShape, {}, 'Who comes and goes; the others stay.'),
  state: withDefault(
    choiceShape(['lose', 'keep']),
    'lose',
    'What those know who return: nothing, in a new incarnation, or what they knew.',
  ),
  until: optional(
    unitShape('duration', 1),
    'From this moment on nobody goes any more; who is away returns when its downtime is over. Default: the end of the run.',
  ),
  trace: optional(
    fileShape,
    'A measured history in place of all these: CSV lines `time,node,up` or `down` or `left`, times in seconds. A node is in the other state before its first line.',
  ),
  ...(knobFields(downLimitKnobs) as { maxDown: Field<number>; protectConnectivity: Field<boolean> }),
};
export type ChurnSpec = FieldValues<typeof churnFields>;

/** What can be wrong with the section, without knowing the nodes. */
export function checkChurn(spec: ChurnSpec, stopTimeUs: number, issues: Issues): void {
  const { lifetime, downtime, joinRate, targetSize, trace, until, gracefulLeaveProbability } = spec;
  if (trace !== undefined) {
    for (const [key, value] of Object.entries({ lifetime, downtime, joinRate, targetSize, until })) {
      if (value !== undefined)
        issues.reportAt(['churn', key], `${key} means nothing beside a trace`, 'Keep one of the two');
    }
    if (gracefulLeaveProbability > 0)
      issues.reportAt(
        ['churn', 'gracefulLeaveProbability'],
        'the trace says who leaves in good order',
        'Leave it out, and write left for down in the trace',
      );
    return;
  }
  if (lifetime === undefined) {
    issues.reportAt(['churn'], 'expected lifetime or trace, found neither', 'Add one of them');
    return;
  }
  const ways = Object.entries({ downtime, joinRate, targetSize }).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  if (ways.length === 0)
    issues.reportAt(
      ['churn'],
      'expected downtime, joinRate or targetSize, found none: nobody would ever come',
      'Add downtime, or use a crash fault',
    );
  if (downtime !== undefined && ways.length > 1)
    issues.reportAt(
      ['churn', ways[1]],
      `${ways.join(' and ')} cannot both say when somebody comes`,
      'Keep one of them',
    );
  if (until !== undefined && until > stopTimeUs)
    issues.reportAt(['churn', 'until'], 'this is after stopTime', 'Leave it out');
  for (const key of ['lifetime', 'downtime'] as const) {
    const span = spec[key];
    if (span !== undefined) issues.attempt(['churn', key], () => compileLives(lawOf(span)));
  }
}

/**
 * @param endUs when all faults end; undefined: never
 * @returns undefined when the nodes do not fit, and the issues say why
 */
export function planChurn(
  spec: ChurnSpec,
  { seed, endUs = Infinity }: { readonly seed: number; readonly endUs: number | undefined },
  plan: NodePlan,
  readFile: (path: string) => Uint8Array,
  issues: Issues,
): PlannedFault | undefined {
  const { trace, targetSize, until } = spec;
  const before = issues.count;
  checkWho(spec.nodes, plan, ['churn', 'nodes'], issues);
  if (issues.count > before) return undefined;
  const draws = new KeyedDraws(seed, `fault:${churnKind.name}`);
  const members = targetSize === undefined ? 0 : pickNodes(spec.nodes, plan, draws).length;
  const most = spec.joinRate === undefined ? members - 1 : members;
  if (targetSize !== undefined && targetSize > most)
    issues.reportAt(
      ['churn', 'targetSize'],
      `expected at most ${most}, found ${targetSize}: of ${members} nodes, some have to be away to take the place of others`,
      'Make it smaller, or add nodes',
    );
  const moves =
    trace === undefined
      ? undefined
      : issues.attempt(['churn', 'trace'], () =>
          readChurnTrace(readFile(trace), showText(trace), (name) => plan.addressOf(name)),
        );
  if (issues.count > before) return undefined;
  const parameters: ChurnPlan = {
    nodes: spec.nodes,
    lifetime: spec.lifetime && lawOf(spec.lifetime),
    downtime: spec.downtime && lawOf(spec.downtime),
    joinsPerSecond: spec.joinRate,
    targetSize,
    gracefulLeaveRatio: spec.gracefulLeaveProbability,
    state: spec.state,
    maxDown: spec.maxDown,
    protectConnectivity: spec.protectConnectivity,
    moves,
  };
  return {
    id: churnKind.name,
    kind: churnKind,
    parameters: { ...parameters },
    schedule: { atUs: 0, everyUs: 0, untilUs: Math.min(until ?? Infinity, endUs), durationUs: Infinity },
  };
}

function lawOf(span: LatencySpec): DistributionSpec {
  return span.form === 'distribution'
    ? distributionSpec(span.name, span.values)
    : { distribution: 'constant', valueUs: span.form === 'constant' ? span.delayUs : 0 };
}
