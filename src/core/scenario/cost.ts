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
  /** What it grows by because damage breeds; 1 where it does not. See `breeding`. */
  readonly breeding: number;
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
  // A flood goes over every link, gossip to every node.
  const copies = calls === undefined ? Math.max(arcs, nodeCount) : nodeCount;
  const bred = breeding(experiment, total === 0 ? 0 : copies);
  return {
    breeding: bred,
    events: Math.round(messages * bred + timers + measurements + changesOf(experiment)),
    memoryBytes: estimateMemoryBytes(experiment, publications),
  };
}

/** How often faults begin, and nodes come and go. */
function changesOf({ faults, nodeCount, stopTimeUs }: Experiment): number {
  let changes = 0;
  for (const { kind, parameters, schedule } of faults) {
    const { atUs, everyUs, untilUs } = schedule;
    const times = everyUs === 0 ? 1 : Math.max(0, Math.min(untilUs, stopTimeUs) - atUs) / everyUs + 1;
    changes += kind.events?.(parameters as never, nodeCount, Math.min(untilUs, stopTimeUs)) ?? times;
  }
  return changes;
}

/** Messages of nodes that compare what they hold: three a talk. */
function talksOf({ stack, nodeCount, stopTimeUs, timing }: Experiment): number {
  const state = stack.find(({ protocol }) => protocol.slot === 'state')?.parameters;
  if (typeof state?.fanout !== 'number' || typeof state.interval !== 'number') return 0;
  const turnUs = timing?.mode === 'rounds' ? timing.roundUs : state.interval;
  return 3 * nodeCount * state.fanout * (stopTimeUs / turnUs);
}

/** More than this is without end. */
const breedingMax = 1e15;

/**
 * A damaged copy that no check sees is passed on as a message of its own, and its copies are damaged again: with more than one such child a
 * message there is no end to it but the ttl. How many messages one publication becomes, with its children and their children.
 */
function breeding({ network, faults, stack }: Experiment, copies: number): number {
  const spread = stack.find(({ protocol }) => protocol.slot === 'spread');
  if (spread === undefined || spread.protocol.isStraight === true) return 1;
  let ratio = network.corruptRatio ?? 0;
  for (const { kind, parameters } of faults)
    if (kind.name === 'corrupt') ratio = Math.max(ratio, Number(parameters.ratio));
  const checks = stack.map(({ protocol }) => protocol.name);
  const isSigned = checks.includes('authentication');
  // Signatures do not cover the value, and the pattern covers hardly anything else.
  const unseen = isSigned ? (checks.includes('pattern-check') ? 0 : 0.1) : 1;
  const children = copies * ratio * unseen;
  const ttl = Number(spread.parameters.ttl ?? Infinity);
  let all = 1;
  for (
    let generation = 1, born = children;
    generation < ttl && born > 1e-3 && all < breedingMax;
    generation++
  ) {
    all += born;
    born *= children;
  }
  return all;
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
      next:
        cost.breeding > 100
          ? 'Damaged messages that no check sees are passed on, and damaged again: set authentication, or corrupt less, or pass --force'
          : 'Make the scenario smaller or shorter, or pass --force',
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
