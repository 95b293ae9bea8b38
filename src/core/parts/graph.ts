/**
 * A graph in two typed arrays: all neighbour lists written one after another, and where each begins. A million nodes with three
 * million edges take 28 bytes a node and no objects at all, and walking along the neighbours of a node is reading a row.
 * (Compressed sparse rows, as in every sparse matrix library.)
 *
 * The builder takes edges in any order, with repeats and loops, and hands out a clean graph: lists sorted, nobody twice, nobody their
 * own neighbour.
 */
import { assert } from '../base/assert.js';
import type { Graph } from '../model/topology.js';

export class CompressedGraph implements Graph {
  readonly nodeCount: number;
  readonly edgeCount: number;

  /** @param offsets where the neighbours of node i begin in `neighbours`; one more entry than nodes */
  constructor(
    readonly offsets: Int32Array,
    readonly neighbours: Int32Array,
    readonly directed: boolean,
  ) {
    this.nodeCount = offsets.length - 1;
    this.edgeCount = directed ? neighbours.length : neighbours.length / 2;
  }

  neighbourCount(node: number): number {
    return this.offsets[node + 1] - this.offsets[node];
  }

  neighbourAt(node: number, index: number): number {
    return this.neighbours[this.offsets[node] + index];
  }

  touch(nodes: Int32Array, count: number): number {
    const { offsets, neighbours } = this;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= offsets[nodes[i]];
    for (let i = 0; i < count; i++) sum ^= neighbours[offsets[nodes[i]]] | 0;
    return sum;
  }

  /** Where the arc stands in `neighbours`, or -1; a key into arrays beside the graph. */
  arcIndex(from: number, to: number): number {
    const { neighbours } = this;
    let left = this.offsets[from];
    let right = this.offsets[from + 1] - 1;
    while (left <= right) {
      const middle = (left + right) >> 1;
      const there = neighbours[middle];
      if (there === to) return middle;
      if (there < to) left = middle + 1;
      else right = middle - 1;
    }
    return -1;
  }

  has(from: number, to: number): boolean {
    return this.arcIndex(from, to) >= 0;
  }
}

/** Words in one chunk of a drawer: growing by chunks copies nothing and never holds the arcs twice. */
const chunkWords = 2048;

/**
 * Gathers edges. Arcs are sorted into drawers by the upper bits of their source while they come, so that `build` works on one
 * drawer at a time and stays inside the processor's cache: scattering six million arcs over one big array instead costs a cache miss
 * each, ten times the time. Inside its drawer an arc is one word: what the drawer leaves open of its source, and its target.
 */
export class GraphBuilder {
  readonly #targetBits: number;
  readonly #drawerBits: number;
  readonly #drawers: Int32Array[][] = [];
  /** The chunk that each drawer is filling, and how far. */
  readonly #open: Int32Array[] = [];
  readonly #used: Int32Array;
  #arcs = 0;
  #selfLoops = 0;
  #repeats = 0;

  constructor(
    readonly nodeCount: number,
    readonly directed = false,
  ) {
    assert(
      Number.isInteger(nodeCount) && nodeCount >= 0 && nodeCount <= 1 << 23,
      'a graph has 0 to 2^23 nodes',
    );
    this.#targetBits = 32 - Math.clz32(nodeCount);
    this.#drawerBits = 31 - this.#targetBits;
    const drawers = (nodeCount >> this.#drawerBits) + 1;
    this.#used = new Int32Array(drawers);
    const none = new Int32Array(0);
    for (let i = 0; i < drawers; i++) {
      this.#drawers.push([]);
      this.#open.push(none);
    }
  }

  /** Edges from a node to itself that were left out. */
  get selfLoops(): number {
    return this.#selfLoops;
  }

  /** Repeated edges that `build` folded into one. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Adds an edge between two nodes, or an arc when the graph is directed. Loops are counted and left out. */
  add(from: number, to: number): void {
    if (from === to) {
      this.#selfLoops++;
      return;
    }
    this.#put(from, to);
    if (!this.directed) this.#put(to, from);
  }

  #put(from: number, to: number): void {
    const drawer = from >> this.#drawerBits;
    let chunk = this.#open[drawer];
    let used = this.#used[drawer];
    if (used === chunk.length) {
      chunk = new Int32Array(chunkWords);
      this.#open[drawer] = chunk;
      this.#drawers[drawer].push(chunk);
      used = 0;
    }
    chunk[used] = ((from & ((1 << this.#drawerBits) - 1)) << this.#targetBits) | to;
    this.#used[drawer] = used + 1;
    this.#arcs++;
  }

  /** The graph of all edges so far; more may be added and the graph built again. */
  build(): CompressedGraph {
    const offsets = new Int32Array(this.nodeCount + 1);
    const neighbours = new Int32Array(this.#arcs);
    const ends = new Int32Array((1 << Math.min(this.#drawerBits, this.#targetBits)) + 1);
    let kept = 0;
    this.#drawers.forEach((chunks, drawer) => {
      const first = drawer << this.#drawerBits;
      const rows = Math.min(this.nodeCount - first, 1 << this.#drawerBits);
      kept = emptyDrawer(chunks, this.#used[drawer], this.#targetBits, ends, rows, neighbours, kept);
      for (let row = 0; row < rows; row++) offsets[first + row + 1] = ends[row];
    });
    const folded = this.#arcs - kept;
    this.#repeats = this.directed ? folded : folded / 2;
    // A few repeats are not worth a second copy of the list.
    const trimmed = folded * 8 < this.#arcs ? neighbours.subarray(0, kept) : neighbours.slice(0, kept);
    return new CompressedGraph(offsets, trimmed, this.directed);
  }
}

/**
 * Writes the rows of one drawer behind the `start` entries that `neighbours` holds already, sorted and without repeats.
 * Leaves the end of each row in `ends` and returns the end of the last.
 */
function emptyDrawer(
  chunks: readonly Int32Array[],
  lastUsed: number,
  targetBits: number,
  ends: Int32Array,
  rows: number,
  neighbours: Int32Array,
  start: number,
): number {
  // Counted one place ahead, so that summing up leaves the start of each row, and filling it leaves its end.
  ends.fill(0);
  for (let c = 0; c < chunks.length; c++) {
    countRows(chunks[c], c === chunks.length - 1 ? lastUsed : chunkWords, targetBits, ends);
  }
  ends[0] = start;
  for (let row = 1; row <= rows; row++) ends[row] += ends[row - 1];
  for (let c = 0; c < chunks.length; c++) {
    fillRows(chunks[c], c === chunks.length - 1 ? lastUsed : chunkWords, targetBits, ends, neighbours);
  }
  return tidyRows(neighbours, ends, rows, start);
}

// Small functions that are called once a chunk: V8 gets to optimise them early on.

function countRows(chunk: Int32Array, used: number, targetBits: number, ends: Int32Array): void {
  for (let i = 0; i < used; i++) ends[(chunk[i] >>> targetBits) + 1]++;
}

function fillRows(
  chunk: Int32Array,
  used: number,
  targetBits: number,
  ends: Int32Array,
  neighbours: Int32Array,
): void {
  const mask = (1 << targetBits) - 1;
  for (let i = 0; i < used; i++) {
    const arc = chunk[i];
    neighbours[ends[arc >>> targetBits]++] = arc & mask;
  }
}

function tidyRows(neighbours: Int32Array, ends: Int32Array, rows: number, start: number): number {
  let kept = start;
  let rowStart = start;
  for (let row = 0; row < rows; row++) {
    const rowEnd = ends[row];
    kept = tidyRow(neighbours, rowStart, rowEnd, kept);
    ends[row] = kept;
    rowStart = rowEnd;
  }
  return kept;
}

/** Sorts one row and moves it to `kept`, each neighbour once: insertion for the usual short row, the engine's sort for a long one. */
function tidyRow(neighbours: Int32Array, start: number, end: number, kept: number): number {
  let clean = kept === start;
  if (end - start > 48) {
    neighbours.subarray(start, end).sort();
    clean = false;
  } else {
    let largest = -1;
    for (let i = start; i < end; i++) {
      const value = neighbours[i];
      if (value > largest) {
        largest = value;
        continue;
      }
      let j = i - 1;
      while (j >= start && neighbours[j] > value) {
        neighbours[j + 1] = neighbours[j];
        j--;
      }
      neighbours[j + 1] = value;
      if (j >= start && neighbours[j] === value) clean = false;
    }
  }
  return clean ? end : moveOnce(neighbours, start, end, kept);
}

function moveOnce(neighbours: Int32Array, start: number, end: number, kept: number): number {
  let previous = -1;
  for (let i = start; i < end; i++) {
    const neighbour = neighbours[i];
    if (neighbour === previous) continue;
    neighbours[kept++] = neighbour;
    previous = neighbour;
  }
  return kept;
}

/** A graph of any kind as a compressed one; arcs become edges when `undirected`. */
export function compress(graph: Graph, undirected = false): CompressedGraph {
  if (graph instanceof CompressedGraph && !(undirected && graph.directed)) return graph;
  const builder = new GraphBuilder(graph.nodeCount, graph.directed && !undirected);
  for (let node = 0; node < graph.nodeCount; node++) {
    const count = graph.neighbourCount(node);
    for (let index = 0; index < count; index++) {
      const other = graph.neighbourAt(node, index);
      if (graph.directed || other > node) builder.add(node, other);
    }
  }
  return builder.build();
}

/** Which nodes hang together. */
export interface Components {
  readonly count: number;
  /** The component of each node; components are numbered by their lowest node. */
  readonly labels: Int32Array;
  readonly sizes: Int32Array;
}

/** Connected components, the direction of arcs aside. Breadth first, without recursion. */
export function components(graph: Graph): Components {
  const compressed = compress(graph, true);
  const { offsets, neighbours, nodeCount } = compressed;
  const labels = new Int32Array(nodeCount).fill(-1);
  const queue = new Int32Array(nodeCount);
  const sizes: number[] = [];
  for (let first = 0; first < nodeCount; first++) {
    if (labels[first] >= 0) continue;
    const label = sizes.length;
    labels[first] = label;
    queue[0] = first;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      const node = queue[head];
      for (let i = offsets[node]; i < offsets[node + 1]; i++) {
        const other = neighbours[i];
        if (labels[other] >= 0) continue;
        labels[other] = label;
        queue[tail++] = other;
      }
    }
    sizes.push(tail);
  }
  return { count: sizes.length, labels, sizes: Int32Array.from(sizes) };
}
