/**
 * The network that nodes make by choosing their peers, seen from above: does it hang together, how long are its links, and how many of
 * them lead to the dead? Looked at when somebody asks, and at the end.
 */
import type { OverlayFigures, ResultSections } from '../model/result.js';
import { distanceM } from '../parts/places.js';
import { largestStrongComponent } from '../parts/strong-components.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** Pairs that stand for all pairs where there are too many of them. */
const pairsMax = 20_000;

type Look = Omit<OverlayFigures, 'type' | 'nearBy' | 'peerKm' | 'anyKm' | 'counters'>;

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
    const steps = stepsAround(length);
    let sumUs = 0;
    for (let i = 0; i < length; i++)
      for (const step of steps) sumUs += this.#roundTripUs(up[i], up[(i + step) % length]);
    return sumUs / (length * steps.length) / 1000;
  }

  /** Mean distances on the map, of those that are on it; only at the end, because asking a sphere takes time. */
  #distances(): Pick<OverlayFigures, 'peerKm' | 'anyKm'> {
    const { simulation, world } = this;
    const { nodeCount, layout } = simulation.experiment;
    const { positions } = layout;
    if (positions === undefined) return {};
    const up = Array.from({ length: nodeCount }, (_, node) => node).filter((node) => world.isUp(node));
    const steps = stepsAround(up.length);
    const mean = (othersOf: (place: number) => readonly number[]): number | null => {
      const ways = up
        .flatMap((node, place) => othersOf(place).map((other) => distanceM(positions, node, other)))
        .filter((metres) => metres >= 0);
      return ways.length === 0 ? null : ways.reduce((sum, metres) => sum + metres, 0) / ways.length / 1000;
    };
    return {
      peerKm: mean((place) => simulation.peersOf(up[place])),
      anyKm: mean((place) => steps.map((step) => up[(place + step) % up.length])),
    };
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'peerRtt':
        return this.#now.peerRttMs;
      case 'deadPeers':
        return this.#now.deadPeers;
      case 'connectedShare':
        return this.#now.connectedShare;
      case 'rebalances':
        return this.simulation.figuresOf('peers')?.rebalances ?? null;
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    const counters = this.simulation.figuresOf('peers') ?? {};
    const nearBy = this.simulation.mannerOf('peers') ?? null;
    return { peers: { type: this.type, nearBy, ...this.#now, ...this.#distances(), counters } };
  }
}

/** How far around a ring of so many to look for a partner, so that the pairs stand for all: all steps, or some, evenly chosen. */
function stepsAround(length: number): number[] {
  const count = Math.min(length - 1, Math.max(1, Math.floor(pairsMax / length)));
  return Array.from({ length: Math.max(0, count) }, (_, k) => 1 + Math.floor((k * (length - 1)) / count));
}

export function overlayOf(simulation: Simulation, world: WorldChanges): Overlay | undefined {
  const layer = simulation.experiment.stack.find(({ protocol }) => protocol.slot === 'peers');
  return layer === undefined ? undefined : new Overlay(simulation, world, layer.protocol.name);
}
