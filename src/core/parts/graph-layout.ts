/**
 * Where to draw nodes that have no place of their own. First a rough map by distances: hops to a few dozen pivots tell how far apart nodes
 * are, and the two directions in which these hops vary most become the axes (U. Brandes and C. Pich, "Eigensolver methods for progressive
 * multidimensional scaling of large data", Graph Drawing 2006). Then edges pull like springs while near nodes push each other away
 * (T. Fruchterman and E. Reingold, 1991), so that what the map laid on one spot opens up.
 *
 * The same graph always gives the same picture: chance is handed in, and nothing but + - * / and our own root is used.
 */
import { cos, pi, sqrt } from '../base/math.js';
import type { Chance } from '../base/random.js';

import type { Graph, Positions } from '../model/topology.js';
import { type CompressedGraph, components, compress, GraphBuilder } from './graph.js';

/** Places on a plane, in any unit; y grows downwards. */
export interface Places {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

const pivotsMax = 50;
/** Beyond it, the rough map is all that is drawn. */
const refinedNodesMax = 5000;
const refiningSteps = 200;

/** Places from the structure of the graph alone; edges are about one unit long. Components stand side by side, the largest first. */
export function springPlaces(graph: Graph, chance: Chance): Places {
  const plain = compress(graph, true);
  const parts = components(plain);
  const xs = new Float64Array(plain.nodeCount);
  const ys = new Float64Array(plain.nodeCount);
  const numbers = new Int32Array(plain.nodeCount);
  const members: number[][] = Array.from({ length: parts.count }, () => []);
  for (let node = 0; node < plain.nodeCount; node++) {
    numbers[node] = members[parts.labels[node]].push(node) - 1;
  }
  const isles = members.map((nodes) => {
    const builder = new GraphBuilder(nodes.length);
    for (const node of nodes) {
      for (let i = plain.offsets[node]; i < plain.offsets[node + 1]; i++) {
        if (plain.neighbours[i] > node) builder.add(numbers[node], numbers[plain.neighbours[i]]);
      }
    }
    return isleOf(nodes, builder.build(), chance);
  });
  isles.sort((a, b) => b.height - a.height || b.nodes.length - a.nodes.length || a.nodes[0] - b.nodes[0]);
  pack(isles, xs, ys);
  return { xs, ys };
}

/** One component with its places, from (0, 0) to (width, height). */
interface Isle extends Places {
  readonly nodes: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Water around each isle, in edges. */
const gap = 1.8;

function isleOf(nodes: readonly number[], graph: CompressedGraph, chance: Chance): Isle {
  const places =
    nodes.length === 1 ? { xs: new Float64Array(1), ys: new Float64Array(1) } : pivotMap(graph, chance);
  if (nodes.length > 1 && nodes.length <= refinedNodesMax) refine(graph, places);
  const { xs, ys } = places;
  const left = xs.reduce((a, b) => Math.min(a, b));
  const top = ys.reduce((a, b) => Math.min(a, b));
  for (let i = 0; i < nodes.length; i++) {
    xs[i] -= left;
    ys[i] -= top;
  }
  return {
    nodes,
    xs,
    ys,
    width: xs.reduce((a, b) => Math.max(a, b)) + gap,
    height: ys.reduce((a, b) => Math.max(a, b)) + gap,
  };
}

/** Puts isles into rows, like words on a page that is half as wide again as it is high. */
function pack(isles: readonly Isle[], xs: Float64Array, ys: Float64Array): void {
  let area = 0;
  let widest = 0;
  for (const isle of isles) {
    area += isle.width * isle.height;
    widest = Math.max(widest, isle.width);
  }
  const pageWidth = Math.max(widest, sqrt(area * 1.7));
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  for (const isle of isles) {
    if (x > 0 && x + isle.width > pageWidth) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    isle.nodes.forEach((node, i) => {
      xs[node] = x + isle.xs[i];
      ys[node] = y + isle.ys[i];
    });
    x += isle.width;
    rowHeight = Math.max(rowHeight, isle.height);
  }
}

/** Places on the map: an equirectangular projection that is true at the middle latitude. Nodes without coordinates go near their neighbours. */
export function mapPlaces(graph: Graph, positions: Positions): Places {
  const count = graph.nodeCount;
  let south = 90;
  let north = -90;
  for (const latitude of positions.latitudes) {
    if (latitude < south) south = latitude;
    if (latitude > north) north = latitude;
  }
  const narrowing = Math.max(0.05, cos(((south + north) / 2) * (pi / 180)));
  const xs = positions.longitudes.map((longitude) => longitude * narrowing);
  const ys = positions.latitudes.map((latitude) => -latitude);
  placeStrays(graph, xs, ys, Math.max((north - south) / 30, 1e-6));
  for (let node = 0; node < count; node++) {
    if (xs[node] !== xs[node]) {
      // Nobody near it has a place: a row below the map.
      xs[node] = xs[0] === xs[0] ? xs[0] : 0;
      ys[node] = -south + (north - south) / 8;
    }
  }
  return { xs, ys };
}

/** Gives nodes without a place the middle of their neighbours, a little aside; twice, for those next to each other. */
function placeStrays(graph: Graph, xs: Float64Array, ys: Float64Array, aside: number): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let node = 0; node < graph.nodeCount; node++) {
      if (xs[node] === xs[node]) continue;
      let x = 0;
      let y = 0;
      let known = 0;
      for (let index = 0; index < graph.neighbourCount(node); index++) {
        const other = graph.neighbourAt(node, index);
        if (xs[other] !== xs[other]) continue;
        x += xs[other];
        y += ys[other];
        known++;
      }
      if (known === 0) continue;
      xs[node] = x / known + aside;
      ys[node] = y / known + aside * ((node % 3) - 1);
    }
  }
}

/** The rough map of a connected graph. */
function pivotMap(graph: CompressedGraph, chance: Chance): Places {
  const count = graph.nodeCount;
  const pivots = Math.min(pivotsMax, count);
  const columns: Float64Array[] = [];
  // The next pivot is the node furthest from all pivots so far.
  const nearest = new Int32Array(count).fill(count);
  let pivot = 0;
  for (let i = 0; i < pivots; i++) {
    const hops = hopsFrom(graph, pivot);
    const column = new Float64Array(count);
    for (let node = 0; node < count; node++) {
      column[node] = -0.5 * hops[node] * hops[node];
      nearest[node] = Math.min(nearest[node], hops[node]);
    }
    columns.push(column);
    pivot = 0;
    for (let node = 1; node < count; node++) if (nearest[node] > nearest[pivot]) pivot = node;
  }
  centre(columns, count);
  const first = axis(columns, count, undefined, chance);
  const second = axis(columns, count, first, chance);
  const xs = project(columns, count, first);
  const ys = project(columns, count, second);
  scaleToEdges(graph, xs, ys);
  for (let node = 0; node < count; node++) {
    xs[node] += (chance.ratio() - 0.5) * 0.3;
    ys[node] += (chance.ratio() - 0.5) * 0.3;
  }
  return { xs, ys };
}

function hopsFrom(graph: CompressedGraph, source: number): Int32Array {
  const { offsets, neighbours, nodeCount } = graph;
  const hops = new Int32Array(nodeCount).fill(-1);
  const queue = new Int32Array(nodeCount);
  hops[source] = 0;
  queue[0] = source;
  for (let head = 0, tail = 1; head < tail; head++) {
    const node = queue[head];
    for (let i = offsets[node]; i < offsets[node + 1]; i++) {
      if (hops[neighbours[i]] >= 0) continue;
      hops[neighbours[i]] = hops[node] + 1;
      queue[tail++] = neighbours[i];
    }
  }
  return hops;
}

/** Takes out the means of rows and columns, as classical scaling asks. */
function centre(columns: readonly Float64Array[], count: number): void {
  const rowMeans = new Float64Array(count);
  let total = 0;
  for (const column of columns) {
    let sum = 0;
    for (let node = 0; node < count; node++) {
      sum += column[node];
      rowMeans[node] += column[node] / columns.length;
    }
    total += sum / count / columns.length;
    for (let node = 0; node < count; node++) column[node] -= sum / count;
  }
  for (const column of columns) {
    for (let node = 0; node < count; node++) column[node] -= rowMeans[node] - total;
  }
}

/** The direction among pivots in which nodes vary most, at right angles to `other`: power iteration. */
function axis(
  columns: readonly Float64Array[],
  count: number,
  other: Float64Array | undefined,
  chance: Chance,
): Float64Array {
  const size = columns.length;
  let direction = Float64Array.from({ length: size }, () => chance.ratio() - 0.5);
  for (let step = 0; step < 60; step++) {
    if (other !== undefined) {
      let overlap = 0;
      for (let i = 0; i < size; i++) overlap += direction[i] * other[i];
      for (let i = 0; i < size; i++) direction[i] -= overlap * other[i];
    }
    const along = project(columns, count, direction);
    const next = new Float64Array(size);
    let length = 0;
    for (let i = 0; i < size; i++) {
      const column = columns[i];
      let sum = 0;
      for (let node = 0; node < count; node++) sum += column[node] * along[node];
      next[i] = sum;
      length += sum * sum;
    }
    if (!(length > 1e-200)) break;
    const scale = 1 / sqrt(length);
    for (let i = 0; i < size; i++) next[i] *= scale;
    direction = next;
  }
  return direction;
}

function project(columns: readonly Float64Array[], count: number, direction: Float64Array): Float64Array {
  const along = new Float64Array(count);
  columns.forEach((column, i) => {
    for (let node = 0; node < count; node++) along[node] += column[node] * direction[i];
  });
  return along;
}

/** Stretches the map until edges are one unit long on average. */
function scaleToEdges(graph: CompressedGraph, xs: Float64Array, ys: Float64Array): void {
  let sum = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    for (let i = graph.offsets[node]; i < graph.offsets[node + 1]; i++) {
      const dx = xs[node] - xs[graph.neighbours[i]];
      const dy = ys[node] - ys[graph.neighbours[i]];
      sum += sqrt(dx * dx + dy * dy);
    }
  }
  const mean = sum / Math.max(1, graph.neighbours.length);
  const scale = mean > 1e-9 ? 1 / mean : 1;
  for (let node = 0; node < graph.nodeCount; node++) {
    xs[node] *= scale;
    ys[node] *= scale;
  }
}

/** How far a push reaches, in edges. */
const reach = 3;

function refine(graph: CompressedGraph, { xs, ys }: Places): void {
  const count = graph.nodeCount;
  const fx = new Float64Array(count);
  const fy = new Float64Array(count);
  for (let step = 0; step < refiningSteps; step++) {
    const stride = 0.4 * (1 - step / refiningSteps) + 0.01;
    fx.fill(0);
    fy.fill(0);
    push(xs, ys, fx, fy);
    pull(graph, xs, ys, fx, fy);
    for (let node = 0; node < count; node++) {
      const length = sqrt(fx[node] * fx[node] + fy[node] * fy[node]);
      const share = length > stride ? stride / length : 1;
      xs[node] += fx[node] * share;
      ys[node] += fy[node] * share;
    }
  }
}

/** Nodes nearer than `reach` push each other away, found through a grid of cells of that size. */
function push(xs: Float64Array, ys: Float64Array, fx: Float64Array, fy: Float64Array): void {
  const cells = new Map<number, number[]>();
  const keyOf = (column: number, row: number): number => (column + 50_000) * 100_003 + row + 50_000;
  for (let node = 0; node < xs.length; node++) {
    const key = keyOf(Math.floor(xs[node] / reach), Math.floor(ys[node] / reach));
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [node]);
    else cell.push(node);
  }
  for (let node = 0; node < xs.length; node++) {
    const column = Math.floor(xs[node] / reach);
    const row = Math.floor(ys[node] / reach);
    for (let dc = -1; dc <= 1; dc++) {
      for (let dr = -1; dr <= 1; dr++) {
        for (const other of cells.get(keyOf(column + dc, row + dr)) ?? []) {
          if (other === node) continue;
          let dx = xs[node] - xs[other];
          const dy = ys[node] - ys[other];
          let squared = dx * dx + dy * dy;
          if (squared > reach * reach) continue;
          if (squared < 1e-6) {
            dx = node < other ? 1e-3 : -1e-3;
            squared = 1e-6;
          }
          fx[node] += (0.25 * dx) / squared;
          fy[node] += (0.25 * dy) / squared;
        }
      }
    }
  }
}

/** Edges draw their ends together; those of a hub less each, or it would swallow its neighbours. */
function pull(
  graph: CompressedGraph,
  xs: Float64Array,
  ys: Float64Array,
  fx: Float64Array,
  fy: Float64Array,
): void {
  for (let node = 0; node < graph.nodeCount; node++) {
    for (let i = graph.offsets[node]; i < graph.offsets[node + 1]; i++) {
      const other = graph.neighbours[i];
      const dx = xs[other] - xs[node];
      const dy = ys[other] - ys[node];
      const degree = Math.max(graph.neighbourCount(node), graph.neighbourCount(other));
      const strength = (0.35 * sqrt(dx * dx + dy * dy)) / sqrt(degree);
      fx[node] += dx * strength;
      fy[node] += dy * strength;
    }
  }
}
