/**
 * What a run would cost, before it is begun. Rough on purpose. A flood takes every publication over every link in both directions, a message told directly goes to the neighbours; gossip
 * lets every node call `fanout` others in every interval, however many messages there are; every knob called `interval` wakes every
 * node. Good enough to tell an afternoon from a century.
 */
import { formatCount, formatSize } from '../base/units.js';
import type { Experiment } from '../model/experiment.js';
import type { Issues } from './issues.js';
import { estimateMemoryBytes, publicationsOf } from './memory.js';

export interface Cost {
  /** Deliveries, timers and measurements. */
  readonly events: number;
  readonly memoryBytes: number;
}

/** About a day of computing. */
export const eventsMax = 1e11;
export const memoryBytesMax = 16 * 2 ** 30;

/** A run that ends when all is said takes no more rounds than this, unless something goes wrong. */
const roundsToConverge = 200;

export function estimateCost(experiment: Experiment): Cost {
  const { nodeCount, stopTimeUs, layout } = experiment;
  const publications = publicationsOf(experiment);
  const { total } = publications;
  const arcs = layout.graph.directed ? layout.graph.edgeCount : 2 * layout.graph.edgeCount;
  const calls = callsOf(experiment);
  let timers = 0;
  for (const { parameters } of experiment.stack) {
    const { interval } = parameters;
    if (typeof interval === 'number' && interval > 0 && experiment.timing?.mode !== 'rounds')
      timers += nodeCount * (stopTimeUs / interval);
  }
  const measurements = experiment.measureEveryUs > 0 ? stopTimeUs / experiment.measureEveryUs : 0;
  const isStraight = experiment.stack.some(({ protocol }) => protocol.isStraight === true);
  const spreading = calls ?? total * (isStraight ? arcs / nodeCount : Math.max(arcs, nodeCount));
  const messages = spreading + talksOf(experiment);
  return {
    events: Math.round(messages + timers + measurements),
    memoryBytes: estimateMemoryBytes(experiment, publications),
  };
}

/** Messages of nodes that compare what they hold: three a talk. */
function talksOf({ stack, nodeCount, stopTimeUs, timing }: Experiment): number {
  const state = stack.find(({ protocol }) => protocol.slot === 'state')?.parameters;
  if (typeof state?.fanout !== 'number' || typeof state.interval !== 'number') return 0;
  const turnUs = timing?.mode === 'rounds' ? timing.roundUs : state.interval;
  return 3 * nodeCount * state.fanout * (stopTimeUs / turnUs);
}

/** Calls of gossip, requests and answers apart, in the whole run; undefined for other ways of spreading. */
function callsOf(experiment: Experiment): number | undefined {
  const { stack, nodeCount, stopTimeUs, timing, stopWhen } = experiment;
  const spread = stack.find(({ protocol }) => protocol.slot === 'spread')?.parameters;
  if (typeof spread?.fanout !== 'number' || typeof spread.interval !== 'number') return undefined;
  const aTurn = nodeCount * spread.fanout;
  if (timing?.mode !== 'rounds') return 2 * aTurn * (stopTimeUs / spread.interval);
  const rounds = stopTimeUs / timing.roundUs;
  return aTurn * (stopWhen === undefined ? rounds : Math.min(rounds, roundsToConverge));
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
