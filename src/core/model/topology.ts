/**
 * Who can talk to whom. A graph answers two questions, how many neighbours and which is the k-th, so that a complete graph of a
 * million nodes costs nothing and a real one costs two typed arrays.
 */
import type { Knobs, Values } from '../base/knobs.js';
import type { Registered } from '../base/registry.js';
import type { Chance } from '../base/random.js';
import type { Hierarchy } from './hierarchy.js';

/** Neighbours by node index. Neighbour lists are sorted and hold neither the node itself nor anybody twice. */
export interface Graph {
  readonly nodeCount: number;
  /** Undirected edges; a directed graph counts its arcs and says so in `directed`. */
  readonly edgeCount: number;
  readonly directed: boolean;
  neighbourCount(node: number): number;
  /** The index-th neighbour, 0 <= index < neighbourCount(node). */
  neighbourAt(node: number, index: number): number;
  /** Reads where the neighbours of these nodes are written, so that memory has it at hand. */
  touch?(nodes: Int32Array, count: number): number;
}

/** Degrees north and east; NaN where unknown. */
export interface Positions {
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  /** The map is flat: a degree is as long to the east as to the north, everywhere. Left out: they are places on Earth. */
  readonly isPlane?: boolean;
}

/** What a topology yields. */
export interface Layout {
  readonly graph: Graph;
  /** Names by node index, where the source has them. */
  readonly names?: readonly string[];
  readonly positions?: Positions;
  /** A group or region by node index, where the source or the construction has them. */
  readonly regions?: readonly string[];
  /** Loss ratio of an arc (from, to) where the source measured it, NaN where it did not. */
  readonly lossOf?: (from: number, to: number) => number;
  /** Who is below whom, where the construction has levels. */
  readonly hierarchy?: Hierarchy;
  /** What the reader should know: nodes without coordinates, parallel edges folded, and the like. Escaped. */
  readonly remarks: readonly string[];
}

/** What a topology may ask for while it is built. */
export interface LayoutContext {
  /** From `nodes.count`; undefined when the scenario leaves it to the topology (a file knows its own). */
  readonly nodeCount: number | undefined;
  /** What users call the number of nodes, for messages; default `nodes.count`. */
  readonly nodeCountKey?: string;
  /** The topology's own stream. */
  readonly chance: Chance;
  /** The region or group of a node, by node index, from the scenario's groups; undefined when there are none. */
  readonly groupOf?: (node: number) => string | undefined;
  /** Bytes of a file that the parameters name. @throws UserError when it cannot be read */
  readFile(path: string): Uint8Array;
}

/** A kind of network: one file, one line in the registry. */
export interface Topology<K extends Knobs = Knobs> extends Registered {
  readonly knobs: K;
  /** @throws UserError when the parameters do not fit together, such as an odd degree sum */
  build(context: LayoutContext, parameters: Values<K>): Layout;
}

/** Keeps the link between a topology's knobs and the parameters of its `build`. */
export function topology<const K extends Knobs>(entry: Topology<K>): Topology<K> {
  return entry;
}
