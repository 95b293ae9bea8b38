/**
 * The same figures for a group of nodes as for the whole network: who of the sensors got what, and when. Deliveries tell of each message
 * when it is published, delivered and judged; counted only in runs where somebody asks for a group.
 */
import type { Experiment } from '../model/experiment.js';
import { Histogram } from '../parts/histogram.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

interface Counts {
  readonly eligible: Float64Array;
  readonly delivered: Float64Array;
}

/** What deliveries tell while a run goes on. */
export interface GroupDeliveries {
  published(body: number, origin: number): void;
  /** @param isFinal false where it is known only at the deadline who counts */
  delivered(body: number, node: number, latencyUs: number, isFinal: boolean): void;
  /** The judgement, where nodes come and go: latencies by node, -1 for none, and who counts. */
  judged(body: number, latenciesUs: Int32Array, isEligible: (node: number) => boolean): void;
  closed(body: number): void;
}

export class GroupFigures implements GroupDeliveries {
  readonly #experiment: Experiment;
  readonly #groupOf: Uint16Array;
  readonly #latencyUs: readonly Histogram[];
  readonly #judged: Counts;
  readonly #open = new Map<number, Counts>();

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {
    this.#experiment = simulation.experiment;
    this.#groupOf = this.#experiment.groupOf ?? new Uint16Array(this.#experiment.nodeCount);
    this.#latencyUs = this.#experiment.groupNames.map(() => new Histogram());
    this.#judged = this.#noCounts();
  }

  published(body: number, origin: number): void {
    const counts = this.#noCounts();
    const { up, honest } = this.world;
    for (let node = 0; node < honest.length; node++)
      if (node !== origin && up[node] === 1 && honest[node] === 1) counts.eligible[this.#groupOf[node]]++;
    this.#open.set(body, counts);
  }

  delivered(body: number, node: number, latencyUs: number, isFinal: boolean): void {
    const counts = this.#open.get(body);
    if (counts === undefined) return;
    counts.delivered[this.#groupOf[node]]++;
    if (isFinal) this.#latencyUs[this.#groupOf[node]].record(latencyUs);
  }

  judged(body: number, latenciesUs: Int32Array, isEligible: (node: number) => boolean): void {
    const counts = this.#noCounts();
    this.#open.set(body, counts);
    for (let node = 0; node < latenciesUs.length; node++) {
      if (!isEligible(node)) continue;
      const group = this.#groupOf[node];
      counts.eligible[group]++;
      if (latenciesUs[node] < 0) continue;
      counts.delivered[group]++;
      this.#latencyUs[group].record(latenciesUs[node]);
    }
  }

  closed(body: number): void {
    const counts = this.#open.get(body);
    if (counts === undefined) return;
    this.#open.delete(body);
    addTo(this.#judged, counts);
  }

  #noCounts(): Counts {
    const { length } = this.#experiment.groupNames;
    return { eligible: new Float64Array(length), delivered: new Float64Array(length) };
  }

  /** A metric of one group; null when there is nothing to measure. */
  metric(name: string, group: number): number | null {
    const [word, figure] = name.split('.');
    switch (word) {
      case 'deliveryRatio':
        return ratio(this.#judged, group);
      case 'coverage': {
        const all = this.#noCounts();
        addTo(all, this.#judged);
        for (const counts of this.#open.values()) addTo(all, counts);
        return ratio(all, group);
      }
      case 'averageLatency':
        return latencyFigure(this.#latencyUs[group], 'mean', 0);
      case 'disseminationLatency': {
        const missing = this.#judged.eligible[group] - this.#judged.delivered[group];
        return latencyFigure(this.#latencyUs[group], figure, missing);
      }
      case 'nodesUp':
        return this.#sum(group, (node) => this.world.up[node]);
      case 'messagesSent':
        return this.#sent(group);
      case 'messagesPerSecond':
        return this.simulation.nowUs === 0 ? null : this.#sent(group) / (this.simulation.nowUs / 1e6);
      case 'stepMin':
        return this.#steps(group).min;
      case 'stepMax':
        return this.#steps(group).max;
      case 'syncDivergence': {
        const { min, max } = this.#steps(group);
        return min === null || max === null ? null : max - min;
      }
      default:
        return null;
    }
  }

  #sum(group: number, of: (node: number) => number): number {
    let sum = 0;
    for (let node = 0; node < this.#groupOf.length; node++)
      if (this.#groupOf[node] === group) sum += of(node);
    return sum;
  }

  #sent(group: number): number {
    const { traffic } = this.simulation.observations;
    return this.#sum(group, (node) => traffic.messagesOf(node));
  }

  /** Of honest nodes that are up. */
  #steps(group: number): { min: number | null; max: number | null } {
    const { up, honest } = this.world;
    let min: number | null = null;
    let max: number | null = null;
    for (let node = 0; node < honest.length; node++) {
      if (this.#groupOf[node] !== group || up[node] === 0 || honest[node] === 0) continue;
      const step = this.simulation.stepOf(node);
      if (step === undefined) continue;
      min = min === null ? step : Math.min(min, step);
      max = max === null ? step : Math.max(max, step);
    }
    return { min, max };
  }
}

function addTo(sum: Counts, counts: Counts): void {
  for (let group = 0; group < sum.eligible.length; group++) {
    sum.eligible[group] += counts.eligible[group];
    sum.delivered[group] += counts.delivered[group];
  }
}

function ratio({ eligible, delivered }: Counts, group: number): number | null {
  return eligible[group] === 0 ? null : delivered[group] / eligible[group];
}

const shares: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 };

/**
 * A figure of latencies in milliseconds. `missing` deliveries never came and count as infinitely late, in every figure but the mean.
 * @returns null when there is nothing to measure
 */
export function latencyFigure(latencyUs: Histogram, figure: string, missing: number): number | null {
  if (figure === 'mean') return latencyUs.mean === undefined ? null : latencyUs.mean / 1000;
  if (latencyUs.count + missing === 0) return null;
  const us = latencyUs.percentile(shares[figure], missing);
  return us === undefined ? Infinity : us / 1000;
}
