/**
 * What a run would cost, before it is begun. Rough on purpose, but within a factor of three where nothing odd happens: good enough to tell
 * an afternoon from a century. What a slot does, by itself or because of what is published, it says itself (`Protocol.events`); most of what
 * is not said is said by the knobs that are intervals.
 */
import { formatCount, formatSize } from '../base/units.js';
import type { Experiment } from '../model/experiment.js';
import type { EventLoad, Protocol } from '../model/protocol.js';
import { eventsOfFlood, eventsOfTurns } from '../parts/event-count.js';
import type { Issues } from './issues.js';
import { estimateMemoryBytes, publicationsOf, type Publications } from './memory.js';

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
  const { nodeCount, stopTimeUs, measureEveryUs, stack } = experiment;
  const publications = publicationsOf(experiment);
  const { total, writes } = publications;
  const degree = degreeOf(experiment);
  const load = loadOf(experiment, publications, degree);
  // A flood goes over every link, gossip to every node.
  const isGossip = stack.some(
    ({ protocol, parameters }) => protocol.slot === 'spread' && 'fanout' in parameters,
  );
  const copies = isGossip ? nodeCount : Math.max(nodeCount * degree, nodeCount);
  const bred = breeding(experiment, total === 0 ? 0 : copies);
  let own = 0;
  for (const { protocol, parameters } of stack) {
    const events = protocol.events?.(load, parameters as never) ?? usualEvents(load, protocol, parameters);
    own += protocol.slot === 'spread' ? events * bred : events;
  }
  const measurements = measureEveryUs > 0 ? stopTimeUs / measureEveryUs : 0;
  return {
    breeding: bred,
    events: Math.round(own + total + writes + measurements + changesOf(experiment)),
    memoryBytes: estimateMemoryBytes(experiment, publications),
  };
}

/** Peers that a node talks to: its neighbours, or those it chooses and those that chose it. */
function degreeOf({ layout: { graph }, nodeCount, stack }: Experiment): number {
  const neighbours = ((graph.directed ? 1 : 2) * graph.edgeCount) / Math.max(1, nodeCount);
  const chosen = stack.find(({ protocol }) => protocol.slot === 'peers')?.parameters.degree;
  return typeof chosen === 'number' ? Math.min(neighbours, 2 * chosen) : neighbours;
}

function loadOf(
  { nodeCount, stopTimeUs, stopWhen, timing }: Experiment,
  { total, publishers, writes, writers, messageSeconds }: Publications,
  degree: number,
): EventLoad {
  const roundUs = timing?.mode === 'rounds' ? timing.roundUs : undefined;
  const untilUs = roundUs === undefined || stopWhen === undefined ? Infinity : roundsToConverge * roundUs;
  return {
    nodeCount,
    degree,
    messages: total,
    publishers,
    writes,
    writers,
    messageSeconds,
    seconds: Math.min(stopTimeUs, untilUs) / 1e6,
    inRounds: roundUs !== undefined,
    roundUs,
  };
}

/** Of a protocol that does not say. */
function usualEvents(
  load: EventLoad,
  { knobs, slot, messages, isStraight }: Protocol,
  parameters: Readonly<Record<string, unknown>>,
): number {
  let events = 0;
  if (slot === 'spread') events = isStraight === true ? load.messages * load.degree : eventsOfFlood(load);
  if (load.roundUs !== undefined) return events;
  for (const [name, value] of Object.entries(parameters)) {
    if (knobs[name]?.kind === 'duration' && /interval$/i.test(name) && Number(value) > 0)
      events += eventsOfTurns(load, Number(value), slot === 'spread' || messages.length === 0 ? 0 : 2);
  }
  return events;
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
