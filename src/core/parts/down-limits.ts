/**
 * How far bad luck may go. Whatever takes nodes down by chance can be told to leave enough of them, and to leave the network in one
 * piece, so that a test is about the protocol and not about a network that was cut to bits. What is left out is counted.
 */
import { knobs } from '../base/knobs.js';
import type { FaultContext, World } from '../model/fault.js';

export const downLimitKnobs = knobs({
  maxDown: {
    kind: 'ratio',
    default: 1,
    doc: 'While this share of all nodes is down, for whatever reason, nobody more is taken down: it is left out, and counted.',
  },
  protectConnectivity: {
    kind: 'boolean',
    default: false,
    doc: 'Whose going would tear the network of those that are up apart is left out, and counted. Links and partitions are not looked at.',
  },
});

export interface DownLimits {
  readonly maxDown: number;
  readonly protectConnectivity: boolean;
}

/** May this node, which is up, be taken down? A refusal is counted. */
export function mayGoDown(context: FaultContext, world: World, limits: DownLimits, node: number): boolean {
  // 0.29 x 100 is a little less than 29 in binary.
  const downMax = Math.floor(limits.maxDown * context.nodeCount + 1e-6);
  const allowed =
    context.nodeCount - world.upCount < downMax && !(limits.protectConnectivity && world.wouldSplit(node));
  if (!allowed) context.leaveOut();
  return allowed;
}
