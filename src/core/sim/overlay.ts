/**
 * The network that nodes make by choosing their peers, seen from above: does it hang together, how long are its links, and how many of
 * them lead to the dead? Looked at when somebody asks, and at the end.
 */
import type { OverlayFigures, ResultSections } from '../model/result.js';
import { largestStrongComponent } from '../parts/strong-components.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** Pairs that stand for all pairs where there are too many of them. */
const pairsMax = 20_000;

type Look = Omit<OverlayFigures, 'type' | 'counters'>;

export class Overlay implements Instrument {
  #look: { readonly atUs: number; readonly figures: Look } | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly type: string,
  ) {}

  get #now(): Look {
    const { nowUs } = this.simulation;
    if (this.#look?.atUs !== nowUs) this.#look = { atUs: nowUs, figures: this.#lookAround() };
    return this.#look.figures;
  }

  #roundTripUs(from: number, to: number): number {
    const { latency } = this.simulation.experiment.network;
    return latency.latencyUs(from, to) + latency.latencyUs(to, from);
  }

  #lookAround(): Look {
    const { simulation, world } = this;
    const up: number[] = [];
    const placeOf = new Int32Array(simulation.experiment.nodeCount).fill(-1);
    for (let node = 0; node < placeOf.length; node++) if (world.isUp(node)) placeOf[node] = up.push(node) - 1;
    let links = 0;
    let sumUs = 0;
    let deadPeers = 0;
    let min = Infinity;
    let max = 0;
    const arcs = up.map((node) => {
      const peers = simulation.peersOf(node);
      min = Math.min(min, peers.length);
      max = Math.max(max, peers.length);
      for (const peer of peers) {
        links++;
        sumUs += this.#roundTripUs(node, peer);
        if (placeOf[peer] < 0) deadPeers++;
      }
      return peers.flatMap((peer) => (placeOf[peer] < 0 ? [] : [placeOf[peer]]));
    });
    return {
      degree: {
        mean: up.length === 0 ? null : links / up.length,
        min: up.length === 0 ? null : min,
        max: up.length === 0 ? null : max,
      },
      peerRttMs: links === 0 ? null : sumUs / links / 1000,
      anyRttMs: this.#anyRttMs(up),
      deadPeers,
      connectedShare: up.length === 0 ? null : largestStrongComponent(arcs) / up.length,
    };
  }

  /** Over all pairs of live nodes, or over those at so many distances around a ring, evenly chosen. */
  #anyRttMs(up: readonly number[]): number | null {
    const { length } = up;
    if (length < 2) return null;
    const distances = Math.min(length - 1, Math.max(1, Math.floor(pairsMax / length)));
    let sumUs = 0;
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < distances; k++) {
        const distance = 1 + Math.floor((k * (length - 1)) / distances);
        sumUs += this.#roundTripUs(up[i], up[(i + distance) % length]);
      }
    }
    return sumUs / (length * distances) / 1000;
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'peerRtt':
        return this.#now.peerRttMs;
      case 'deadPeers':
        return this.#now.deadPeers;
      case 'connectedShare':
        return this.#now.connectedShare;
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    const counters = this.simulation.figuresOf('peers') ?? {};
    return { peers: { type: this.type, ...this.#now, counters } };
  }
}

export function overlayOf(simulation: Simulation, world: WorldChanges): Overlay | undefined {
  const layer = simulation.experiment.stack.find(({ protocol }) => protocol.slot === 'peers');
  return layer === undefined ? undefined : new Overlay(simulation, world, layer.protocol.name);
}
