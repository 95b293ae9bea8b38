/** What links are like beyond latency and plain loss: keys of the section `network`, and from them to settings of the simulator. */
import type { NetworkSettings } from '../model/experiment.js';
import type { Layout } from '../model/topology.js';
import type { Issues } from './issues.js';
import { optional, required, sectionShape, withDefault, type FieldValues } from './section.js';
import { booleanShape, numberShape, unitShape } from './shape.js';

const ratio = numberShape('ratio');

export const burstFields = {
  p: required(ratio, 'The chance, with each message, that a good link turns bad.'),
  r: required(
    ratio,
    'The chance, with each message, that a bad link turns good again: bad spells last 1/r messages on average.',
  ),
  goodLoss: withDefault(ratio, 0, 'The chance that a message is lost while the link is good: 1-k.'),
  badLoss: withDefault(ratio, 1, 'And while it is bad: 1-h.'),
};

export const linkFields = {
  measuredLoss: optional(
    booleanShape,
    '`true`: links whose loss the topology file measured lose that share, and `loss` is for all others.',
  ),
  burst: optional(
    sectionShape(burstFields),
    'Loss in bursts (Gilbert and Elliott): each direction of a link is good or bad, on its own. In the long run p/(p+r) of the messages meet a bad link.',
  ),
  duplicate: optional(
    ratio,
    'Chance that a message that gets through is followed by an extra copy, with jitter and damage of its own.',
  ),
  reorder: optional(ratio, 'Chance that a message is held back, so that later ones overtake it.'),
  reorderBy: optional(
    unitShape('duration', 1),
    'How long it is held back. Default: as long again as it takes anyway.',
  ),
  corrupt: optional(
    ratio,
    'Chance that a message arrives damaged: one digit, letter or bit of its step, value, sequence or data is another. Messages without a publication in them are lost then.',
  ),
  bandwidthUp: optional(
    unitShape('bandwidth', 1),
    'What each node can send in a second. Messages leave one after the other. Default: without limit.',
  ),
  bandwidthDown: optional(
    unitShape('bandwidth', 1),
    'What each node can receive in a second. Messages come in one after the other. Default: without limit.',
  ),
  queueCapacity: optional(
    unitShape('size'),
    'How much may wait before an uplink, and before a downlink, the rest of what is being sent included. A message that finds no room is lost. Default: without limit.',
  ),
};

type LinkSpec = FieldValues<typeof linkFields>;

/** What can be wrong with these keys together. */
export function checkLinks(
  { bandwidthUp, bandwidthDown, queueCapacity, reorder, reorderBy }: LinkSpec,
  issues: Issues,
): void {
  if (queueCapacity !== undefined && bandwidthUp === undefined && bandwidthDown === undefined)
    issues.reportAt(
      ['network', 'queueCapacity'],
      'nothing waits where bandwidth has no limit',
      'Add bandwidthUp or bandwidthDown, such as bandwidthUp: 1MB/s',
    );
  if (reorderBy !== undefined && reorder === undefined)
    issues.reportAt(['network', 'reorderBy'], 'nothing is held back', 'Add reorder, such as reorder: 0.01');
}

/** The settings; undefined when the topology lacks something, and the issues say what. */
export function planLinks(
  spec: LinkSpec,
  lossRatio: number,
  { lossOf }: Layout,
  issues: Issues,
): Partial<NetworkSettings> | undefined {
  const { burst } = spec;
  if (spec.measuredLoss === true && lossOf === undefined) {
    issues.reportAt(
      ['network', 'measuredLoss'],
      'the topology has no measured loss',
      'Use a topology file with losses, or give loss',
    );
    return undefined;
  }
  return {
    lossOf:
      spec.measuredLoss === true && lossOf !== undefined
        ? (from, to) => {
            const measured = lossOf(from, to);
            return Number.isNaN(measured) ? lossRatio : measured;
          }
        : undefined,
    burst: burst && {
      enterRatio: burst.p,
      leaveRatio: burst.r,
      goodLossRatio: burst.goodLoss,
      badLossRatio: burst.badLoss,
    },
    duplicateRatio: spec.duplicate,
    reorderRatio: spec.reorder,
    reorderByUs: spec.reorderBy,
    corruptRatio: spec.corrupt,
    upBytesPerSecond: spec.bandwidthUp,
    downBytesPerSecond: spec.bandwidthDown,
    queueBytes: spec.queueCapacity,
  };
}
