/**
 * What kind of network is this? Degrees, components, distances, clustering, and the places where one failure cuts it: articulation
 * points (nodes) and bridges (edges). Everything is exact where that is affordable; distances in a large graph are taken from a
 * sample of sources, and the result says so instead of leaving the reader to guess.
 *
 * For a directed graph everything but the degrees treats an arc as an edge.
 */
import type { Graph } from '../model/topology.js';
import type { CompressedGraph } from './graph.js';
import { components, compress } from './graph.js';

export interface DegreeStatistics {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Nodes by degree: `counts[d]` have degree d. For a directed graph, out-degrees. */
  readonly counts: readonly number[];
}

export interface DistanceStatistics {
  /** Every node of the largest component was a source; else the figures come from `sources` of them. */
  readonly exact: boolean;
  readonly sources: number;
  /** Hops between the two nodes that lie furthest apart; a lower bound unless exact. */
  readonly diameter: number;
  /** Hops from the most central node to the one furthest from it; an upper bound unless exact. */
  readonly radius: number;
  /** Mean hops over all ordered pairs of different nodes. */
  readonly meanPath: number;
}

export interface GraphStatistics {
  readonly nodes: number;
  /** Simple edges: no loops, parallel ones counted once; arcs when directed. */
  readonly edges: number;
  readonly directed: boolean;
  readonly degree: DegreeStatistics;
  readonly components: number;
  readonly largestComponent: number;
  /** Of the largest component. */
  readonly distance: DistanceStatistics;
  readonly triangles: number;
  /** Mean over all nodes of the share of neighbour pairs that are neighbours; nodes of degree below 2 count as 0. */
  readonly clustering: number;
  /** Closed among all paths of length two: 3 triangles / paths. */
  readonly transitivity: number;
  /** Nodes whose loss splits their component. */
  readonly articulationPoints: number;
  /** Edges whose loss splits their component. */
  readonly bridges: number;
}

/** Steps (sources times nodes and arcs) up to which distances are exact: about a second of work. */
const exactWork = 1e8;

/** @param distanceWork how many nodes and arcs may be looked at for distances; beyond it, sources are sampled evenly (at least 16) */
export function graphStatistics(graph: Graph, distanceWork = exactWork): GraphStatistics {
  const plain = compress(graph, true);
  const parts = components(plain);
  let largest = 0;
  for (let i = 1; i < parts.count; i++) if (parts.sizes[i] > parts.sizes[largest]) largest = i;
  return {
    nodes: graph.nodeCount,
    edges: graph.edgeCount,
    directed: graph.directed,
    degree: degrees(graph),
    components: parts.count,
    largestComponent: parts.count === 0 ? 0 : parts.sizes[largest],
    distance: distances(
      plain,
      parts.labels,
      largest,
      parts.count === 0 ? 0 : parts.sizes[largest],
      distanceWork,
    ),
    ...triangles(plain),
    ...cuts(plain),
  };
}

function degrees(graph: Graph): DegreeStatistics {
  const counts: number[] = [];
  let min = Infinity;
  let max = 0;
  let sum = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const degree = graph.neighbourCount(node);
    while (counts.length <= degree) counts.push(0);
    counts[degree]++;
    min = Math.min(min, degree);
    max = Math.max(max, degree);
    sum += degree;
  }
  return {
    min: graph.nodeCount === 0 ? 0 : min,
    mean: graph.nodeCount === 0 ? 0 : sum / graph.nodeCount,
    max,
    counts,
  };
}

function distances(
  graph: CompressedGraph,
  labels: Int32Array,
  label: number,
  size: number,
  work: number,
): DistanceStatistics {
  const affordable = Math.max(16, Math.floor(work / (graph.nodeCount + graph.neighbours.length + 1)));
  const sources = Math.min(size, affordable);
  const hops = new Int32Array(graph.nodeCount);
  const queue = new Int32Array(graph.nodeCount);
  let diameter = 0;
  let radius = size === 0 ? 0 : Infinity;
  let sum = 0;
  let seen = 0;
  let taken = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (labels[node] !== label) continue;
    // Evenly spread over the component: the i-th source is its floor(i * size / sources)-th node.
    if (Math.floor((taken * size) / sources) === seen++ && taken < sources) {
      taken++;
      const far = breadthFirst(graph, node, hops, queue);
      diameter = Math.max(diameter, far.eccentricity);
      radius = Math.min(radius, far.eccentricity);
      sum += far.sum;
    }
  }
  return {
    exact: sources === size,
    sources,
    diameter,
    radius,
    meanPath: size < 2 ? 0 : sum / (sources * (size - 1)),
  };
}

/** Hops from one node to all that it reaches. */
function breadthFirst(
  graph: CompressedGraph,
  source: number,
  hops: Int32Array,
  queue: Int32Array,
): { readonly eccentricity: number; readonly sum: number } {
  const { offsets, neighbours } = graph;
  hops.fill(-1);
  hops[source] = 0;
  queue[0] = source;
  let tail = 1;
  let sum = 0;
  for (let head = 0; head < tail; head++) {
    const node = queue[head];
    const next = hops[node] + 1;
    sum += next - 1;
    for (let i = offsets[node]; i < offsets[node + 1]; i++) {
      const other = neighbours[i];
      if (hops[other] >= 0) continue;
      hops[other] = next;
      queue[tail++] = other;
    }
  }
  return { eccentricity: hops[queue[tail - 1]], sum };
}

/**
 * Triangles by the "forward" order: each edge points from the lower degree to the higher (ties by number), and a triangle is found
 * once, at its lowest corner. M. Latapy, "Main-memory triangle computations for very large (sparse (power-law)) graphs", 2008.
 */
function triangles(graph: CompressedGraph): { triangles: number; clustering: number; transitivity: number } {
  const { nodeCount } = graph;
  const corners = new Float64Array(nodeCount);
  const mark = new Int32Array(nodeCount).fill(-1);
  const upward = pointUp(graph);
  let count = 0;
  for (let low = 0; low < nodeCount; low++) {
    const end = upward.offsets[low + 1];
    for (let i = upward.offsets[low]; i < end; i++) mark[upward.neighbours[i]] = low;
    for (let i = upward.offsets[low]; i < end; i++) {
      const middle = upward.neighbours[i];
      for (let j = upward.offsets[middle]; j < upward.offsets[middle + 1]; j++) {
        const high = upward.neighbours[j];
        if (mark[high] !== low) continue;
        count++;
        corners[low]++;
        corners[middle]++;
        corners[high]++;
      }
    }
  }
  let sum = 0;
  let paths = 0;
  for (let node = 0; node < nodeCount; node++) {
    const degree = graph.neighbourCount(node);
    const pairs = (degree * (degree - 1)) / 2;
    paths += pairs;
    if (pairs > 0) sum += corners[node] / pairs;
  }
  return {
    triangles: count,
    clustering: nodeCount === 0 ? 0 : sum / nodeCount,
    transitivity: paths === 0 ? 0 : (3 * count) / paths,
  };
}

/** Each edge once, from its lower end to its higher: so even a hub has only about sqrt(edges) of them. */
function pointUp(graph: CompressedGraph): { readonly offsets: Int32Array; readonly neighbours: Int32Array } {
  const { nodeCount } = graph;
  const offsets = new Int32Array(nodeCount + 1);
  const neighbours = new Int32Array(graph.neighbours.length / 2);
  let used = 0;
  for (let node = 0; node < nodeCount; node++) {
    const degree = graph.neighbourCount(node);
    for (let i = graph.offsets[node]; i < graph.offsets[node + 1]; i++) {
      const other = graph.neighbours[i];
      const difference = graph.neighbourCount(other) - degree;
      if (difference > 0 || (difference === 0 && other > node)) neighbours[used++] = other;
    }
    offsets[node + 1] = used;
  }
  return { offsets, neighbours };
}

/** Articulation points and bridges: R. Tarjan's depth-first search of 1972, with a stack of our own instead of recursion. */
function cuts(graph: CompressedGraph): { articulationPoints: number; bridges: number } {
  const { offsets, neighbours, nodeCount } = graph;
  const order = new Int32Array(nodeCount).fill(-1);
  const lowest = new Int32Array(nodeCount);
  const parent = new Int32Array(nodeCount).fill(-1);
  const cursor = offsets.slice(0, nodeCount);
  const isCut = new Uint8Array(nodeCount);
  let clock = 0;
  let bridges = 0;
  for (let root = 0; root < nodeCount; root++) {
    if (order[root] >= 0) continue;
    let children = 0;
    order[root] = lowest[root] = clock++;
    let node = root;
    while (node >= 0) {
      if (cursor[node] < offsets[node + 1]) {
        const other = neighbours[cursor[node]++];
        if (order[other] < 0) {
          parent[other] = node;
          order[other] = lowest[other] = clock++;
          node = other;
        } else if (other !== parent[node] && order[other] < lowest[node]) {
          lowest[node] = order[other];
        }
        continue;
      }
      const up = parent[node];
      if (up >= 0) {
        if (lowest[node] < lowest[up]) lowest[up] = lowest[node];
        if (lowest[node] > order[up]) bridges++;
        if (up === root) children++;
        else if (lowest[node] >= order[up]) isCut[up] = 1;
      }
      node = up;
    }
    if (children > 1) isCut[root] = 1;
  }
  let articulationPoints = 0;
  for (const flag of isCut) articulationPoints += flag;
  return { articulationPoints, bridges };
}
