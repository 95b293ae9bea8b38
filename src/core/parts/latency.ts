/**
 * How long a link takes, one way, as a pure function of its two ends. Nothing is drawn twice and nothing needs storing: a drawn latency
 * is a keyed hash of the unordered pair, so both directions agree and a link that is never used costs nothing. For small networks
 * the answers are kept in a table, because asking a sphere for distances a million times is slow.
 */
import { greatCircleKm, propagationDelayUs } from '../base/geo.js';
import { KeyedDraws } from '../base/random.js';
import type { LatencyModel } from '../model/experiment.js';
import type { Positions } from '../model/topology.js';
import type { Sampler } from './distributions.js';
import type { LatencyMatrix } from './latency-matrix.js';

/** The longest latency that a link can have: heavy tails are cut at 30 days. */
export const latencyUsMax = 30 * 86_400 * 1e6;

/** Up to this many nodes, answers are kept: four bytes a pair. */
const rememberedNodesMax = 1024;

/** Whole microseconds, at least 1, at most `latencyUsMax`. */
function wholeUs(us: number): number {
  return us > 1 ? Math.round(Math.min(us, latencyUsMax)) : 1;
}

/** The same for every link. */
export function constantLatency(delayUs: number, description: string): LatencyModel {
  const fixedUs = wholeUs(delayUs);
  return { description, latencyUs: () => fixedUs };
}

/** Drawn once for each unordered pair of nodes, keyed by (seed, 'latency', pair). */
export function drawnLatency(
  seed: number,
  sampler: Sampler,
  nodeCount: number,
  description: string,
): LatencyModel {
  const draws = new KeyedDraws(seed, 'latency');
  return remembered(nodeCount, {
    description,
    latencyUs(from, to) {
      const low = from < to ? from : to;
      return wholeUs(sampler(draws.ratio(low, from < to ? to : from)));
    },
  });
}

export interface CoordinateOptions {
  /** Cables take detours: the distance is multiplied by this, at least 1. */
  readonly stretch: number;
  /** Added to every link: routers and the last mile. */
  readonly overheadUs: number;
  /** For links of which one end has no coordinates, overhead included. */
  readonly fallbackUs: number;
}

/** Propagation at two thirds of the speed of light along the great circle. */
export function coordinateLatency(
  { latitudes, longitudes }: Positions,
  { stretch, overheadUs, fallbackUs }: CoordinateOptions,
  description: string,
): LatencyModel {
  return remembered(latitudes.length, {
    description,
    latencyUs(from, to) {
      const km = greatCircleKm(latitudes[from], longitudes[from], latitudes[to], longitudes[to]);
      if (Number.isNaN(km)) return wholeUs(fallbackUs);
      return wholeUs(propagationDelayUs(km * stretch) + overheadUs);
    },
  });
}

/**
 * From a table of regions.
 * @param regionOf row of the matrix by address; -1 for nodes in no region of it
 * @param withinUs between two nodes of one region, where the matrix says nothing or 0
 * @param fallbackUs where an end has no region or the matrix has a hole
 */
export function regionLatency(
  matrix: LatencyMatrix,
  regionOf: Int32Array,
  withinUs: number,
  fallbackUs: number,
  description: string,
): LatencyModel {
  const size = matrix.names.length;
  const table = Float64Array.from(matrix.delaysUs, (us, cell) => {
    const row = Math.floor(cell / size);
    const column = cell % size;
    if (row === column) return wholeUs(us > 0 ? us : withinUs);
    const mirrored = matrix.delaysUs[column * size + row];
    return wholeUs(Number.isNaN(us) ? (Number.isNaN(mirrored) ? fallbackUs : mirrored) : us);
  });
  const otherUs = wholeUs(fallbackUs);
  return {
    description,
    latencyUs(from, to) {
      const row = regionOf[from];
      const column = regionOf[to];
      return row < 0 || column < 0 ? otherUs : table[row * size + column];
    },
  };
}

/** Keeps answers for small networks. */
function remembered(nodeCount: number, model: LatencyModel): LatencyModel {
  if (nodeCount > rememberedNodesMax) return model;
  const known = new Uint32Array(nodeCount * nodeCount);
  return {
    description: model.description,
    latencyUs(from, to) {
      const at = from * nodeCount + to;
      const before = known[at];
      if (before !== 0) return before;
      const us = model.latencyUs(from, to);
      // What does not fit 32 bits stays 0 and is asked for again.
      if (us < 4294967296) known[at] = us;
      return us;
    },
  };
}
