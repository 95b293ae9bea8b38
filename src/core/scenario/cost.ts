/**
 * What a run would cost, before it is begun. Rough on purpose. A flood takes every publication over every link in both directions; gossip
 * lets every node call `fanout` others in every interval, however many messages there are; every knob called `interval` wakes every
 * node. Good enough to tell an afternoon from a century.
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

/** Rough sizes of what is kept: a node with all of its slots, a message that it remembers, an arc of the graph, an event under way. */
const nodeBytes = 150;
const seenBytes = 24;
const seenMax = 4096;
const arcBytes = 8;
const eventBytes = 60;

/** A run that ends when all is said takes no more rounds than this, unless something goes wrong. */
const roundsToConverge = 200;

export function estimateCost(experiment: Experiment): Cost {
  const { nodeCount, stopTimeUs, layout } = experiment;
  const publications = publicationsOf(experiment);
  const arcs = layout.graph.directed ? layout.graph.edgeCount : 2 * layout.graph.edgeCount;
  const calls = callsOf(experiment);
  let timers = 0;
  for (const { parameters } of experiment.stack) {
    const { interval } = parameters;
    if (typeof interval === 'number' && interval > 0 && experiment.timing?.mode !== 'rounds')
      timers += nodeCount * (stopTimeUs / interval);
  }
  const measurements = experiment.measureEveryUs > 0 ? stopTimeUs / experiment.measureEveryUs : 0;
  const storedArcs = arcs === nodeCount * (nodeCount - 1) ? 0 : arcs;
  const messages = (calls?.all ?? publications * Math.max(arcs, nodeCount)) + talksOf(experiment);
  const underWay = calls?.atOnce ?? Math.min(arcs, publications * arcs);
  return {
    events: Math.round(messages + timers + measurements),
    memoryBytes: Math.round(
      nodeCount * (nodeBytes + seenBytes * Math.min(publications, seenMax)) +
        storedArcs * arcBytes +
        underWay * eventBytes,
    ),
  };
}

function publicationsOf({ workload, nodeCount, stopTimeUs }: Experiment): number {
  let publications = 0;
  for (const { who, atUs, everyUs, untilUs, write } of workload) {
    // What is written is no message: it travels when nodes compare.
    if (write !== undefined) continue;
    let publishers = who.ids?.length ?? nodeCount;
    if (who.count !== undefined) publishers = Math.min(publishers, who.count);
    if (who.share !== undefined) publishers *= who.share;
    const spanUs = Math.min(untilUs, stopTimeUs) - atUs;
    publications += spanUs < 0 ? 0 : publishers * (everyUs === 0 ? 1 : Math.floor(spanUs / everyUs) + 1);
  }
  return publications;
}

/** Messages of nodes that compare what they hold: three a talk. */
function talksOf({ stack, nodeCount, stopTimeUs, timing }: Experiment): number {
  const state = stack.find(({ protocol }) => protocol.slot === 'state')?.parameters;
  if (typeof state?.fanout !== 'number' || typeof state.interval !== 'number') return 0;
  const turnUs = timing?.mode === 'rounds' ? timing.roundUs : state.interval;
  return 3 * nodeCount * state.fanout * (stopTimeUs / turnUs);
}

/** Calls of gossip, requests and answers apart, in the whole run and under way at a time; undefined for other ways of spreading. */
function callsOf(experiment: Experiment): { readonly all: number; readonly atOnce: number } | undefined {
  const { stack, nodeCount, stopTimeUs, timing, stopWhen } = experiment;
  const spread = stack.find(({ protocol }) => protocol.slot === 'spread')?.parameters;
  if (typeof spread?.fanout !== 'number' || typeof spread.interval !== 'number') return undefined;
  const aTurn = nodeCount * spread.fanout;
  if (timing?.mode !== 'rounds')
    return { all: 2 * aTurn * (stopTimeUs / spread.interval), atOnce: 2 * aTurn };
  const rounds = stopTimeUs / timing.roundUs;
  return { all: aTurn * (stopWhen === undefined ? rounds : Math.min(rounds, roundsToConverge)), atOnce: 0 };
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
