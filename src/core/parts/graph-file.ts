/**
 * The common ground of all graph files. A format's reader walks through its text and tells a collector what it meets, nodes and edges
 * by the names that the file gives them; the collector numbers them, folds what is repeated, and makes a layout of it. The file may
 * come from anybody: what is wrong is said with file, line and column, and what is shown of it is escaped.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import type { Registered } from '../base/registry.js';
import { formatCount } from '../base/units.js';
import type { Layout, Positions } from '../model/topology.js';
import { type CompressedGraph, GraphBuilder } from './graph.js';

/** A way of writing graphs down: one file, one line in `formats/registry.ts`. */
export interface GraphFormat extends Registered {
  /** Endings of file names, without the dot. */
  readonly extensions: readonly string[];
  /** @throws UserError `bad-topology-file` with file, line and column */
  read(text: string, into: GraphCollector, options: GraphFileOptions): void;
  write(layout: Layout): Iterable<string>;
}

/** What a reader may need beyond the file itself. */
export interface GraphFileOptions {
  /** The text and name of a second file that lists the nodes (CSV). */
  readonly nodes?: { readonly text: string; readonly file: string };
  /** `column=value`: rows to leave out (CSV). */
  readonly leaveOut?: string;
}

/** Where something stands in a file; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column?: number;
}

/** What a file says about a node beside its id. */
export interface NodeFacts {
  readonly name?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly region?: string;
}

export const graphFileBytesMax = 256 * 1024 * 1024;
const nodesMax = 1_000_000;

/** The problem of a graph file, ready to throw. `file` and `what` are escaped here; `what` must have quoted foreign text itself. */
export function graphFileError(
  file: string,
  place: Place | undefined,
  what: string,
  expected?: string,
  next?: string,
): UserError {
  const column = place?.column === undefined ? '' : `:${place.column}`;
  const at = place === undefined ? '' : `:${place.line}${column}`;
  return new UserError('bad-topology-file', { place: showText(file) + at, what, expected, next });
}

/** Bytes of a file as text. @throws UserError `bad-topology-file` when they are no UTF-8, or too many */
export function decodeGraphFile(bytes: Uint8Array, file: string): string {
  if (bytes.length > graphFileBytesMax) {
    throw graphFileError(file, undefined, 'is too large', `at most ${graphFileBytesMax / 1048576} MiB`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw graphFileError(file, undefined, 'is not UTF-8 text', 'a text file', 'Convert it to UTF-8');
  }
}

export class GraphCollector {
  /** Set by the reader before the first edge. */
  directed = false;
  readonly #indices = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #facts: (NodeFacts | undefined)[] = [];
  readonly #ends: number[] = [];
  /** Losses of edges that have any, by number of edge: there and back. */
  readonly #losses = new Map<number, readonly [there: number, back: number]>();
  /** Nodes were met in edges, not in a list, so that their order means nothing. */
  #met = false;

  /** @param file its name, for messages */
  constructor(readonly file: string) {}

  fail(place: Place | undefined, what: string, expected?: string, next?: string): never {
    throw graphFileError(this.file, place, what, expected, next);
  }

  get edgeCount(): number {
    return this.#ends.length / 2;
  }

  /** Lists a node. @throws UserError when its id was listed before */
  node(id: string, facts: NodeFacts | undefined, place?: Place): void {
    if (this.#indices.has(id)) this.fail(place, `node ${quoteText(id)} is listed twice`, 'each id once');
    this.#checkFacts(facts, place);
    this.#add(id, facts, place);
  }

  /** Adds an edge between nodes that were listed. @throws UserError when one was not */
  edge(from: string, to: string, place?: Place, lossThere = NaN, lossBack = lossThere): void {
    const a = this.#indices.get(from) ?? this.#unknown(from, place);
    const b = this.#indices.get(to) ?? this.#unknown(to, place);
    this.#push(a, b, lossThere, lossBack);
  }

  /** Adds an edge, and its nodes with it when they are new. */
  looseEdge(from: string, to: string, place?: Place, lossThere = NaN, lossBack = lossThere): void {
    this.#push(this.#meet(from, place), this.#meet(to, place), lossThere, lossBack);
  }

  /** Makes sure that a node exists, without saying anything else about it. */
  looseNode(id: string, place?: Place): void {
    this.#meet(id, place);
  }

  #push(from: number, to: number, lossThere: number, lossBack: number): void {
    if (lossThere >= 0 || lossBack >= 0) this.#losses.set(this.edgeCount, [lossThere, lossBack]);
    this.#ends.push(from, to);
  }

  #meet(id: string, place: Place | undefined): number {
    const index = this.#indices.get(id);
    if (index !== undefined) return index;
    this.#met = true;
    return this.#add(id, undefined, place);
  }

  #unknown(id: string, place: Place | undefined): never {
    this.fail(place, `there is no node ${quoteText(id)}`, 'the id of a node of this file');
  }

  #add(id: string, facts: NodeFacts | undefined, place: Place | undefined): number {
    const index = this.#ids.length;
    if (index === nodesMax) this.fail(place, 'has too many nodes', `at most ${formatCount(nodesMax)}`);
    this.#indices.set(id, index);
    this.#ids.push(id);
    this.#facts.push(facts);
    return index;
  }

  #checkFacts(facts: NodeFacts | undefined, place: Place | undefined): void {
    if (facts === undefined) return;
    const { latitude = 0, longitude = 0 } = facts;
    if (!(latitude >= -90 && latitude <= 90))
      this.fail(place, 'the latitude is no place on Earth', '-90 to 90');
    if (!(longitude >= -360 && longitude <= 360)) {
      this.fail(place, 'the longitude is no place on Earth', '-180 to 180');
    }
  }

  /** Everything that was collected, as a layout. @throws UserError when there is no node */
  layout(): Layout {
    const count = this.#ids.length;
    if (count === 0) this.fail(undefined, 'holds no node', 'a graph with at least one');
    const order = this.#order();
    const builder = new GraphBuilder(count, this.directed);
    for (let i = 0; i < this.#ends.length; i += 2)
      builder.add(order[this.#ends[i]], order[this.#ends[i + 1]]);
    const graph = builder.build();
    const ids = new Array<string>(count);
    const facts = new Array<NodeFacts | undefined>(count);
    for (let i = 0; i < count; i++) {
      ids[order[i]] = this.#ids[i];
      facts[order[i]] = this.#facts[i];
    }
    const remarks: string[] = [];
    const say = (number: number, one: string, many: string): void => {
      if (number > 0) remarks.push(number === 1 ? `1 ${one}` : `${formatCount(number)} ${many}`);
    };
    say(builder.repeats, 'parallel edge was folded', 'parallel edges were folded');
    say(
      builder.selfLoops,
      'edge from a node to itself was left out',
      'edges from a node to itself were left out',
    );
    const regions = facts.some((fact) => fact?.region !== undefined);
    return {
      graph,
      names: namesOf(ids, facts, remarks),
      positions: positionsOf(facts, remarks),
      regions: regions ? facts.map((fact) => fact?.region ?? '') : undefined,
      lossOf: this.#lossTable(graph, order),
      remarks,
    };
  }

  /** The index of each node: as listed, or by number when the nodes were met in edges and all ids are whole numbers. */
  #order(): Int32Array {
    const order = Int32Array.from(this.#ids, (_, i) => i);
    if (!this.#met || !this.#ids.every((id) => /^(0|[1-9]\d{0,14})$/.test(id))) return order;
    const byNumber = order.slice().sort((a, b) => Number(this.#ids[a]) - Number(this.#ids[b]));
    byNumber.forEach((node, rank) => (order[node] = rank));
    return order;
  }

  /** Losses beside the graph's arcs; of parallel edges the best counts. */
  #lossTable(graph: CompressedGraph, order: Int32Array): Layout['lossOf'] {
    if (this.#losses.size === 0) return undefined;
    const table = new Float64Array(graph.neighbours.length).fill(NaN);
    const set = (from: number, to: number, loss: number): void => {
      const arc = graph.arcIndex(from, to);
      if (arc >= 0 && loss >= 0 && !(table[arc] <= loss)) table[arc] = loss;
    };
    for (const [edge, [there, back]] of this.#losses) {
      const from = order[this.#ends[2 * edge]];
      const to = order[this.#ends[2 * edge + 1]];
      set(from, to, there);
      if (!this.directed) set(to, from, back);
    }
    return (from, to) => {
      const arc = graph.arcIndex(from, to);
      return arc < 0 ? NaN : table[arc];
    };
  }
}

/** A name for each node, no two alike: its label, and its id behind it where labels repeat. */
function namesOf(
  ids: readonly string[],
  facts: readonly (NodeFacts | undefined)[],
  remarks: string[],
): string[] {
  const labels = ids.map((id, i) => facts[i]?.name ?? id);
  const uses = new Map<string, number>();
  for (const label of labels) uses.set(label, (uses.get(label) ?? 0) + 1);
  if (uses.size === labels.length) return labels;
  const repeated = labels.filter((label) => (uses.get(label) ?? 0) > 1).length;
  remarks.push(
    `${formatCount(repeated)} nodes share their name with another and are told apart by their ids`,
  );
  const taken = new Set<string>(labels.filter((label) => uses.get(label) === 1));
  return labels.map((label, i) => {
    if (uses.get(label) === 1) return label;
    let name = `${label} (${ids[i]})`;
    while (taken.has(name)) name += '*';
    taken.add(name);
    return name;
  });
}

function positionsOf(facts: readonly (NodeFacts | undefined)[], remarks: string[]): Positions | undefined {
  const latitudes = Float64Array.from(facts, (fact) => fact?.latitude ?? NaN);
  const longitudes = Float64Array.from(facts, (fact) => fact?.longitude ?? NaN);
  let known = 0;
  for (let i = 0; i < facts.length; i++) {
    if (latitudes[i] === latitudes[i] && longitudes[i] === longitudes[i]) known++;
    else latitudes[i] = longitudes[i] = NaN;
  }
  if (known === 0) return undefined;
  if (known < facts.length) {
    const missing = facts.length - known;
    remarks.push(`${formatCount(missing)} of ${formatCount(facts.length)} nodes have no coordinates`);
  }
  return { latitudes, longitudes };
}

/** The arcs of a graph, or its edges with the lower node first; in order. */
export function* edgesOf(layout: Layout): Generator<readonly [from: number, to: number]> {
  const { graph } = layout;
  for (let from = 0; from < graph.nodeCount; from++) {
    const count = graph.neighbourCount(from);
    for (let index = 0; index < count; index++) {
      const to = graph.neighbourAt(from, index);
      if (graph.directed || from < to) yield [from, to];
    }
  }
}

/** What writers say about a node: its name where it has one, else its number. */
export function nameOf(layout: Layout, node: number): string {
  return layout.names?.[node] ?? String(node);
}

/** Latitude and longitude of a node, undefined where unknown. */
export function positionOf(layout: Layout, node: number): readonly [number, number] | undefined {
  const { positions } = layout;
  if (positions === undefined) return undefined;
  const latitude = positions.latitudes[node];
  return Number.isNaN(latitude) ? undefined : [latitude, positions.longitudes[node]];
}

/** Loss of an arc, undefined where unknown. */
export function lossBetween(layout: Layout, from: number, to: number): number | undefined {
  const loss = layout.lossOf?.(from, to);
  return loss === undefined || Number.isNaN(loss) ? undefined : loss;
}
