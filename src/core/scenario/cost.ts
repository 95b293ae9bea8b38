/**
 * What a run would cost, before it is begun. Rough on purpose: every publication is taken to cross every link in both directions, which
 * is what flooding does and what nothing else exceeds; every knob called `interval` wakes every node. Good enough to tell an
 * afternoon from a century.
 */
import { formatCount, formatSize } from '../base/units.js';
import type { Experiment } from '../model/experiment.js';
import type { Issues } from './issues.js';

export interface Cost {
  /** Deliveries, timers and measurements. */
  readonly events: number;
  readonly memoryBytes: number;
}

/** About a day of computing. */
export const eventsMax = 1e11;
export const memoryBytesMax = 16 * 2 ** 30;

/** Rough sizes of what is kept: a node with all of its slots, an arc of the graph, an event under way. */
const nodeBytes = 400;
const arcBytes = 8;
const eventBytes = 60;

export function estimateCost(experiment: Experiment): Cost {
  const { nodeCount, stopTimeUs, layout } = experiment;
  let publications = 0;
  for (const { who, atUs, everyUs, untilUs } of experiment.workload) {
    let publishers = who.ids?.length ?? nodeCount;
    if (who.count !== undefined) publishers = Math.min(publishers, who.count);
    if (who.share !== undefined) publishers *= who.share;
    const spanUs = Math.min(untilUs, stopTimeUs) - atUs;
    publications += spanUs < 0 ? 0 : publishers * (everyUs === 0 ? 1 : Math.floor(spanUs / everyUs) + 1);
  }
  const arcs = layout.graph.directed ? layout.graph.edgeCount : 2 * layout.graph.edgeCount;
  let timers = 0;
  for (const { parameters } of experiment.stack) {
    const { interval } = parameters;
    if (typeof interval === 'number' && interval > 0) timers += nodeCount * (stopTimeUs / interval);
  }
  const measurements = experiment.measureEveryUs > 0 ? stopTimeUs / experiment.measureEveryUs : 0;
  const storedArcs = arcs === nodeCount * (nodeCount - 1) ? 0 : arcs;
  return {
    events: Math.round(publications * Math.max(arcs, nodeCount) + timers + measurements),
    memoryBytes: Math.round(
      nodeCount * nodeBytes + storedArcs * arcBytes + Math.min(arcs, publications * arcs) * eventBytes,
    ),
  };
}

/** Adds an issue when the run would be absurd. */
export function checkCost(cost: Cost, issues: Issues): void {
  if (cost.events > eventsMax) {
    issues.add({
      place: issues.placeText({ line: 1, column: 1 }),
      what: `the run would take about ${formatCount(roughly(cost.events))} events`,
      expected: `at most ${formatCount(eventsMax)}`,
      next: 'Make the scenario smaller or shorter, or pass --force',
    });
  }
  if (cost.memoryBytes > memoryBytesMax) {
    issues.add({
      place: issues.placeText({ line: 1, column: 1 }),
      what: `the run would take about ${formatSize(cost.memoryBytes)} of memory`,
      expected: `at most ${formatSize(memoryBytesMax)}`,
      next: 'Make the scenario smaller, or pass --force',
    });
  }
}

/** Two significant digits. */
function roughly(count: number): number {
  return Number(count.toPrecision(2));
}
