/**
 * `recovery: {after: 60s, within: 30s}`: first the bad day, then the question whether the network gets over it. At `after` every fault
 * ends and every liar stops; `within` that time from then on the network must have come back. The idea of a safety phase that a liveness
 * phase follows is that of TigerBeetle's simulator. Nothing new happens in the engine: what goes wrong is planned to end in time.
 */
import type { PlannedAdversary, PlannedFault, RecoveryPlan, WorkItem } from '../model/experiment.js';
import type { Metric } from '../model/metrics.js';
import { expressionShape } from './expression-shape.js';
import type { Issues } from './issues.js';
import { runShareShape, runsText } from './runs-shape.js';
import { optional, required, sectionShape, withDefault, type FieldValues } from './section.js';
import { choiceShape, unitShape, type Shape } from './shape.js';

const untilDoc = 'What must come true then, an expression as in assertions.';

/** The fields for the metrics of a vocabulary. */
export const recoveryFields = (metrics: readonly Metric[]) =>
  ({
    after: required(
      unitShape('duration', 1),
      'When all faults end and all liars stop. Nodes that are down stay down, unless a fault has planned their restart.',
    ),
    within: required(unitShape('duration', 1), 'How long the network has from then on.'),
    until: optional(
      expressionShape(metrics, untilDoc),
      `${untilDoc} Default: all live honest nodes hold the same, nothing is under way, and no restart is to come.`,
    ),
    workload: withDefault(
      choiceShape(['stop', 'continue']),
      'stop',
      'Whether nodes go on publishing after `after`. While they do, they hardly ever hold the same: `continue` is for an `until` of your own.',
    ),
    runs: optional(
      runShareShape,
      'With `repetitions`: the share of the runs that must come back. Left out, each must.',
    ),
  }) as const;

export type RecoverySpec = FieldValues<ReturnType<typeof recoveryFields>>;

export function recoveryShape(metrics: readonly Metric[]): Shape<RecoverySpec> {
  return sectionShape(recoveryFields(metrics));
}

const durationOf = unitShape('duration');

/** What the run does about recovery; the issues say what is wrong. */
export function planRecovery(
  { after, within, until, runs }: RecoverySpec,
  stopTimeUs: number,
  issues: Issues,
): RecoveryPlan {
  if (after + within > stopTimeUs)
    issues.reportAt(
      ['recovery', 'within'],
      'the network would have until after stopTime',
      `Make stopTime at least ${String(durationOf.plain(after + within))}`,
    );
  const words = [durationOf.plain(after), durationOf.plain(within)].map(String);
  const aim = until === undefined ? '' : `, ${until.text}`;
  return {
    text: `recovery after ${words[0]}, within ${words[1]}${aim}${runsText(runs)}`,
    afterUs: after,
    withinUs: within,
    condition: until?.condition,
    ...(runs === undefined ? {} : { overRuns: { kind: 'share', share: runs } as const }),
  };
}

const never = 'this begins when all faults have ended (recovery.after), so it would never happen';
const sooner = 'Let it begin sooner, or recovery later';

/** Faults end in time; what mends something may come at any time. */
export function faultsUntil(
  faults: readonly PlannedFault[],
  afterUs: number,
  issues: Issues,
): PlannedFault[] {
  return faults.map((fault, index) => {
    const { schedule, kind } = fault;
    if (kind.mends === true) return fault;
    if (schedule.atUs >= afterUs) issues.reportAt(['faults', index], never, sooner);
    return { ...fault, schedule: { ...schedule, untilUs: Math.min(schedule.untilUs, afterUs) } };
  });
}

export function liarsUntil(
  adversaries: readonly PlannedAdversary[],
  afterUs: number,
  issues: Issues,
): PlannedAdversary[] {
  return adversaries.map((liar, index) => {
    if (liar.fromUs >= afterUs) issues.reportAt(['adversaries', index, 'from'], never, sooner);
    return { ...liar, untilUs: Math.min(liar.untilUs, afterUs) };
  });
}

export function workUntil(workload: readonly WorkItem[], afterUs: number, issues: Issues): WorkItem[] {
  return workload.map((item, index) => {
    if (item.atUs >= afterUs)
      issues.reportAt(
        ['workload', index],
        'this begins when nothing is published any more (recovery.after)',
        'Let it begin sooner, or set recovery.workload to continue',
      );
    return { ...item, untilUs: Math.min(item.untilUs, afterUs - 1) };
  });
}
