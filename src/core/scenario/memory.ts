/**
 * How much memory a run will take, before it begins: the program itself, the graph, what each slot holds, the messages, and the events
 * that are under way at a time. The graph alone is there already, for much follows from how many edges it has; what would be too large a
 * graph is refused while it is built (parts/layouts.ts). Meant to be no less than the truth and at most about twice as much; docs/memory.md has estimates
 * beside measurements, and scripts/memory.ts makes them anew.
 *
 * Events under way follow from J. Little's law (Operations Research 9(3), 1961): so many on average as begin a second, times the seconds
 * that each takes; but what is published at one moment may be under way all at once.
 */
import type { Experiment } from '../model/experiment.js';
import type { MemoryLoad } from '../model/protocol.js';
import { floodAtOnce } from '../parts/flood-waves.js';
import { eventBytes, objectBytes } from '../parts/memory-size.js';
import { headCounter } from './head-count.js';

/** An idle process with the program loaded. */
const programBytes = 75 * 2 ** 20;
/** What the simulator keeps of every node, whatever runs on it: streams, digests, counts, whether it is up, its name's group. */
const nodeBytes = 70;
/** Where nodes are picked by lot to crash: the lots, and who was touched. */
const lotBytes = 40;
/** Neighbours in the finished graph, and three times more while it is built. */
const arcBytes = 16;
/** A published message with its data, its figures and its book-keeping. */
const messageBytes = 2048;
const publisherBytes = 3 * objectBytes;
/** What a slot takes that does not say. */
const slotBytes = 20;
/** From a few pairs the mean latency is good enough. */
const pairsSampled = 64;

export interface Publications {
  readonly total: number;
  readonly publishers: number;
  /** The most that fall on one moment. */
  readonly atOnce: number;
  readonly perSecond: number;
  /** From publication to the end of the run, all messages added up. */
  readonly messageSeconds: number;
  /** What is written into the state slot is no message: it travels when nodes compare. */
  readonly writes: number;
  readonly writers: number;
}

export function publicationsOf(experiment: Experiment): Publications {
  const { workload, adversaries, nodeCount, stopTimeUs } = experiment;
  const headCount = headCounter(experiment);
  let total = 0;
  let publishers = 0;
  let perSecond = 0;
  let messageSeconds = 0;
  let writes = 0;
  let writers = 0;
  const moments = new Map<number, number>();
  for (const { who, atUs, everyUs, untilUs, spreadPhases, write } of workload) {
    const count = headCount(who);
    const spanUs = Math.min(untilUs, stopTimeUs) - atUs;
    if (spanUs < 0) continue;
    const times = everyUs === 0 ? 1 : Math.floor(spanUs / everyUs) + 1;
    if (write !== undefined) {
      writes += count * times;
      writers += count;
      continue;
    }
    total += count * times;
    messageSeconds += (count * times * (stopTimeUs - atUs - ((times - 1) * everyUs) / 2)) / 1e6;
    publishers += count;
    if (everyUs > 0) perSecond += (count * 1e6) / everyUs;
    if (everyUs === 0 || !spreadPhases) moments.set(atUs, (moments.get(atUs) ?? 0) + count);
  }
  // Liars that publish at a rate of their own.
  for (const { kind, parameters, who, fromUs, untilUs } of adversaries) {
    const own = kind.publishesPerSecond?.(parameters as never) ?? 0;
    if (own === 0) continue;
    const count = headCount(who);
    const rate = count * own;
    const endUs = Math.max(fromUs, Math.min(untilUs, stopTimeUs));
    const published = (rate * (endUs - fromUs)) / 1e6;
    total += published;
    messageSeconds += (published * (stopTimeUs - (fromUs + endUs) / 2)) / 1e6;
    publishers += count;
    perSecond += rate;
  }
  return {
    total,
    publishers: Math.min(publishers, nodeCount),
    atOnce: Math.max(0, ...moments.values()),
    perSecond,
    messageSeconds,
    writes,
    writers: Math.min(writers, nodeCount),
  };
}

/** Mean time of a message on its way, in seconds. */
function secondsUnderWay({ nodeCount, network, layout: { graph } }: Experiment): number {
  let sumUs = 0;
  let pairs = 0;
  for (let i = 0; i < pairsSampled && nodeCount > 1; i++) {
    const from = Math.floor((i * nodeCount) / pairsSampled);
    if (graph.neighbourCount(from) === 0) continue;
    sumUs += network.latency.latencyUs(from, graph.neighbourAt(from, i % graph.neighbourCount(from)));
    pairs++;
  }
  return (sumUs / Math.max(1, pairs) + network.jitterUs / 2) / 1e6;
}

/** Messages under way at a time, at the most. */
function underWay(experiment: Experiment, publications: Publications, arcs: number): number {
  const { nodeCount, stack, timing } = experiment;
  if (timing?.mode === 'rounds') return 0;
  const { total, atOnce, perSecond } = publications;
  const seconds = secondsUnderWay(experiment);
  const layer = stack.find(({ protocol }) => protocol.slot === 'spread');
  const spread = layer?.parameters ?? {};
  const { fanout, interval } = spread;
  if (typeof fanout === 'number' && typeof interval === 'number') {
    // A call is a request and an answer; payloads come with a few duplicates, in one interval or the next.
    const share = Math.min(1, (2 * seconds * 1e6) / interval);
    const kept = Math.min(total, typeof spread.held === 'number' ? spread.held : total);
    return nodeCount * share * (2 * fanout + kept);
  }
  // Told by the publisher alone, or passed on by everybody.
  const isStraight = layer?.protocol.isStraight === true;
  // Where nodes pass on to so many and not to all neighbours, that share of the links is used.
  const { degreeHigh } = spread;
  const used = typeof degreeHigh === 'number' ? Math.min(1, (degreeHigh * nodeCount) / Math.max(1, arcs)) : 1;
  const perMessage = isStraight ? arcs / Math.max(1, nodeCount) : used * floodAtOnce(experiment.layout.graph);
  const floods = Math.min(total, Math.max(1, atOnce) + 2 * perSecond * seconds);
  return floods * perMessage;
}

/** How many peers a node talks to where it chooses them: those, and about as many that chose it. */
function viewOf({ stack }: Experiment): number {
  const degree = stack.find(({ protocol }) => protocol.slot === 'peers')?.parameters.degree;
  return typeof degree === 'number' ? 2 * degree : Infinity;
}

export function estimateMemoryBytes(experiment: Experiment, publications: Publications): number {
  const { nodeCount, layout, stack, faults, lateStarts, timing } = experiment;
  const { graph } = layout;
  const arcs = graph.directed ? graph.edgeCount : 2 * graph.edgeCount;
  const isFormula = arcs === nodeCount * (nodeCount - 1);
  const load: MemoryLoad = {
    nodeCount,
    degree: arcs / Math.max(1, nodeCount),
    messages: Math.max(1, Math.ceil(publications.total)),
    publishers: Math.max(1, Math.ceil(publications.publishers)),
    writes: Math.ceil(publications.writes),
    writers: Math.ceil(publications.writers),
    inRounds: timing?.mode === 'rounds',
  };
  const narrowed = { ...load, degree: Math.min(load.degree, viewOf(experiment)) };
  let slots = 0;
  for (const { protocol, parameters } of stack) {
    const own = protocol.slot === 'detector' || protocol.slot === 'spread' ? narrowed : load;
    slots += protocol.memoryBytes?.(own, parameters as never) ?? slotBytes * nodeCount;
  }
  // Where nodes come and go, the latency of each delivery is kept until its message is judged.
  const mayChange = lateStarts.length > 0 || faults.some(({ kind }) => kind.changesNodes);
  const perMessage = messageBytes + nodeCount * (mayChange ? 4.5 : 0.125);
  const named = layout.names === undefined ? 0 : nodeCount * objectBytes;
  return Math.round(
    programBytes +
      nodeCount * (nodeBytes + (mayChange ? lotBytes : 0)) +
      named +
      (isFormula ? 0 : nodeCount * 4 + arcs * arcBytes) +
      slots +
      load.messages * perMessage +
      load.publishers * publisherBytes +
      underWay(experiment, publications, arcs) * eventBytes,
  );
}
