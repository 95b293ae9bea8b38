/** Targets against what a run measured, and against what arithmetic allows (parts/lower-bounds.ts). */
import { formatCount, formatDuration, formatNumber, formatSize } from '../base/units.js';
import type { Experiment, StackLayer } from '../model/experiment.js';
import type { HierarchyFigures, Metrics } from '../model/result.js';
import { targetRow, type Bound, type TargetRow, type Targets } from '../model/targets.js';
import {
  callsToMostPopular,
  cyclesForRumour,
  largestGroup,
  longestWayUs,
  roundsForRumour,
  type CallStyle,
} from '../parts/lower-bounds.js';

export interface Measured {
  readonly metrics: Metrics;
  readonly hierarchy: HierarchyFigures | undefined;
  /** How long a cycle of the dissemination takes; undefined where it has none. */
  readonly cycleUs: number | undefined;
}

/** What the engine holds for a node: known only to who runs it, and another figure in every run. */
export function memoryRow({ targets, nodeCount }: Experiment, bytesPerNode: number): TargetRow | undefined {
  if (targets?.memoryBytes === undefined) return undefined;
  return targetRow('memory a node', 'bytes', bytesPerNode, targets.memoryBytes, {
    value: null,
    because: `${formatSize(bytesPerNode * nodeCount)} in all, with what the engine needs for any number of nodes.`,
  });
}

/** Rows in the order of the scenario's keys. Memory is the engine's to say. */
export function targetRows(experiment: Experiment, measured: Measured): TargetRow[] {
  const { targets } = experiment;
  if (targets === undefined) return [];
  return [
    ...rumourRows(experiment, targets, measured),
    ...countRows(experiment, targets, measured),
    ...byteRows(experiment, targets, measured),
  ];
}

function layerOf({ stack }: Experiment, slot: string): StackLayer | undefined {
  return stack.find(({ protocol }) => protocol.slot === slot);
}

// --- rumours --------------------------------------------------------------------------------------------------------

function callStyle(experiment: Experiment): CallStyle | undefined {
  const layer = layerOf(experiment, 'spread');
  const { fanout } = layer?.parameters ?? {};
  const name = layer?.protocol.name;
  if (typeof fanout !== 'number' || (name !== 'push' && name !== 'pull' && name !== 'push-pull'))
    return undefined;
  return { push: name !== 'pull', pull: name !== 'push', fanout };
}

/** From publication to the last node that was to have it, and how many rounds or cycles that is. */
function rumourRows(experiment: Experiment, targets: Targets, { metrics, cycleUs }: Measured): TargetRow[] {
  if (metrics.publications === 0) return [];
  const rows: TargetRow[] = [];
  const style = callStyle(experiment);
  const { nodeCount, layout } = experiment;
  const inRounds = experiment.timing?.mode === 'rounds';
  const timeMs = metrics.disseminationLatency.max;
  const pullCalls = style?.pull === true ? callsToMostPopular(layout.graph, style.fanout) : 0;
  if (targets.rounds !== undefined && (inRounds || cycleUs !== undefined)) {
    const rounds = inRounds
      ? metrics.convergenceRounds
      : timeMs === null || cycleUs === undefined
        ? null
        : Math.ceil((timeMs * 1000) / cycleUs);
    const bound =
      style === undefined || !inRounds
        ? cyclesBound(experiment, style, pullCalls, cycleUs)
        : {
            value: roundsForRumour(nodeCount, style, pullCalls),
            because: `A round multiplies those who know by ${formatNumber(1 + (style.push ? style.fanout : 0) + pullCalls)} at the most, on the average, and ${formatCount(nodeCount)} have to know.`,
          };
    rows.push(targetRow('rumour, rounds', 'rounds', rounds, targets.rounds, bound));
  }
  if (targets.timeUs !== undefined && !inRounds) {
    const cycles = cyclesBound(experiment, style, pullCalls, cycleUs);
    const bound =
      cycles === undefined || cycleUs === undefined
        ? undefined
        : {
            value: (cycles.value * cycleUs) / 1000,
            because: `${formatNumber(cycles.value)} cycles of ${formatDuration(cycleUs)}: ${lowered(cycles.because)}`,
          };
    rows.push(targetRow('rumour, time', 'milliseconds', timeMs, targets.timeUs / 1000, bound));
  }
  return rows;
}

function cyclesBound(
  experiment: Experiment,
  style: CallStyle | undefined,
  pullCalls: number,
  cycleUs: number | undefined,
): (Bound & { readonly value: number }) | undefined {
  if (style === undefined || cycleUs === undefined) return undefined;
  const { nodeCount } = experiment;
  return {
    value: cyclesForRumour(nodeCount, style, pullCalls, fastestUs(experiment) / cycleUs),
    because: `Those who know grow by what ${formatNumber((style.push ? style.fanout : 0) + pullCalls)} calls a node and cycle can add, on the average, and ${formatCount(nodeCount)} have to know.`,
  };
}

/** The fastest link. */
function fastestUs({ network, layout }: Experiment): number {
  const { graph } = layout;
  // Of more arcs than this not all are asked, and a microsecond is what every link takes.
  if (graph.edgeCount > 4_000_000) return 1;
  let fastest = Infinity;
  for (let node = 0; node < graph.nodeCount; node++) {
    for (let i = 0; i < graph.neighbourCount(node); i++)
      fastest = Math.min(fastest, network.latency.latencyUs(node, graph.neighbourAt(node, i)));
  }
  return Number.isFinite(fastest) ? fastest : 1;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

// --- counts ---------------------------------------------------------------------------------------------------------

function countRows(
  { layout, network, stack }: Experiment,
  targets: Targets,
  { hierarchy }: Measured,
): TargetRow[] {
  const levels = layout.hierarchy;
  if (hierarchy === undefined || levels === undefined) return [];
  const rows: TargetRow[] = [];
  const wayUs = longestWayUs(levels, network.latency);
  const because = `The longest way up, across and down takes ${formatDuration(wayUs)} on the links alone.`;
  if (targets.rounds !== undefined) {
    const interval = stack.find(({ protocol }) => protocol.name === hierarchy.type)?.parameters.interval;
    const bound =
      typeof interval === 'number'
        ? {
            value: wayUs / interval,
            because: `${because.slice(0, -1)}, a cycle ${formatDuration(interval)}.`,
          }
        : undefined;
    rows.push(targetRow('count, rounds', 'rounds', hierarchy.exactCycles, targets.rounds, bound));
  }
  if (targets.timeUs !== undefined) {
    const bound = { value: wayUs / 1000, because };
    rows.push(targetRow('count, time', 'milliseconds', hierarchy.exactTime, targets.timeUs / 1000, bound));
  }
  return rows;
}

// --- bytes ----------------------------------------------------------------------------------------------------------

function byteRows(experiment: Experiment, targets: Targets, { metrics, hierarchy }: Measured): TargetRow[] {
  const { bytesPerSecond } = targets;
  if (bytesPerSecond === undefined) return [];
  const { mean, max } = metrics.bytesPerNode;
  return [
    targetRow('bytes sent, mean', 'bytesPerSecond', mean, bytesPerSecond),
    targetRow(
      'bytes sent, busiest',
      'bytesPerSecond',
      max,
      bytesPerSecond,
      leaderBound(experiment, targets, hierarchy),
    ),
  ];
}

/** A leader tells each of its members once within the time that the result may take. */
function leaderBound(
  { layout, stack }: Experiment,
  { timeUs }: Targets,
  hierarchy: HierarchyFigures | undefined,
): Bound | undefined {
  const levels = layout.hierarchy;
  if (hierarchy === undefined || levels === undefined || timeUs === undefined) return undefined;
  const messages = stack.find(({ protocol }) => protocol.name === hierarchy.type)?.protocol.messages ?? [];
  const result = messages.find(({ name }) => name === 'result');
  if (result === undefined) return undefined;
  const members = largestGroup(levels) - 1;
  return {
    value: (members * result.headBytes * 1e6) / timeUs,
    because: `To tell ${formatCount(members)} members a result of ${formatSize(result.headBytes)} within ${formatDuration(timeUs)}, a leader sends ${formatSize((members * result.headBytes * 1e6) / timeUs)}/s.`,
  };
}
