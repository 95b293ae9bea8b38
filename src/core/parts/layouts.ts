/**
 * What generators of topologies share: asking for the number of nodes, refusing what does not fit, and joining what fell apart.
 */
import { UserError } from '../base/errors.js';
import { formatCount } from '../base/units.js';
import type { Chance } from '../base/random.js';
import type { Graph, Layout, LayoutContext } from '../model/topology.js';
import { type Components, type CompressedGraph, components, GraphBuilder } from './graph.js';

/** More edges than this are refused: a gigabyte of neighbour lists. */
export const edgesMax = 100_000_000;

/** @throws UserError `bad-scenario` always: the parameters of a topology do not fit together */
export function refuse(what: string, expected: string, next?: string): never {
  throw new UserError('bad-scenario', { what, expected, next });
}

/**
 * The number of nodes that the scenario asks for.
 * @param fallback what the topology's own parameters say, where they do
 * @throws UserError `bad-scenario` when nobody says it, or both and they differ
 */
export function nodeCountOf(context: LayoutContext, topology: string, fallback?: number): number {
  const { nodeCount, nodeCountKey: key = 'nodes.count' } = context;
  if (nodeCount === undefined && fallback === undefined) {
    refuse(`topology ${topology} does not say how many nodes there are`, 'a number of nodes', `Set ${key}`);
  }
  if (nodeCount !== undefined && fallback !== undefined && nodeCount !== fallback) {
    refuse(
      `topology ${topology} has ${formatCount(fallback)} nodes, but ${formatCount(nodeCount)} are asked for`,
      'both numbers to agree',
      `Leave ${key} away, or make it fit`,
    );
  }
  return nodeCount ?? (fallback as number);
}

/** @throws UserError `too-expensive` when so many edges would not fit into memory */
export function checkEdgeCount(topology: string, expected: number): void {
  if (expected <= edgesMax) return;
  throw new UserError('too-expensive', {
    what: `topology ${topology} would have about ${formatCount(Math.round(expected))} edges`,
    expected: `at most ${formatCount(edgesMax)}`,
    next: 'Take fewer nodes or a sparser graph; complete costs nothing at any size',
  });
}

/** The knob of every topology that can fall apart. */
export const ensureConnectedKnob = {
  kind: 'boolean',
  default: false,
  doc:
    'Joins the components of a graph that fell apart: each smaller component gets one edge from a random node of it to a random node ' +
    'of the largest. Costs one walk over the graph; changes nothing when it is connected. What was added is said with the result.',
} as const;

/** The label of the largest component; the first of several. */
function largestOf(parts: Components): number {
  let largest = 0;
  for (let i = 1; i < parts.count; i++) if (parts.sizes[i] > parts.sizes[largest]) largest = i;
  return largest;
}

/** Edges that join every smaller component to the largest: ends side by side, both drawn at random. */
function joints(graph: Graph, chance: Chance): Int32Array {
  const parts = components(graph);
  if (parts.count <= 1) return new Int32Array(0);
  const largest = largestOf(parts);
  // The members of each component side by side: a counting sort by label.
  const ends = new Int32Array(parts.count + 1);
  for (let i = 0; i < parts.count; i++) ends[i + 1] = ends[i] + parts.sizes[i];
  const starts = ends.slice();
  const members = new Int32Array(graph.nodeCount);
  for (let node = 0; node < graph.nodeCount; node++) members[ends[parts.labels[node]]++] = node;
  const anyOf = (label: number): number => members[starts[label] + chance.below(parts.sizes[label])];
  const pairs = new Int32Array(2 * (parts.count - 1));
  let used = 0;
  for (let label = 0; label < parts.count; label++) {
    if (label === largest) continue;
    pairs[used++] = anyOf(label);
    pairs[used++] = anyOf(largest);
  }
  return pairs;
}

function addJoints(builder: GraphBuilder, pairs: Int32Array): string {
  for (let i = 0; i < pairs.length; i += 2) {
    builder.add(pairs[i], pairs[i + 1]);
    if (builder.directed) builder.add(pairs[i + 1], pairs[i]);
  }
  const added = pairs.length / 2;
  const edges = added === 1 ? '1 edge was' : `${formatCount(added)} edges were`;
  return `${edges} added to join ${formatCount(added + 1)} components`;
}

/** Builds the graph and, when asked, joins its components; says so in the remarks. */
export function finishGraph(
  builder: GraphBuilder,
  ensureConnected: boolean,
  chance: Chance,
): { graph: CompressedGraph; remarks: string[] } {
  const graph = builder.build();
  const pairs = ensureConnected ? joints(graph, chance) : undefined;
  if (pairs === undefined || pairs.length === 0) return { graph, remarks: [] };
  const remark = addJoints(builder, pairs);
  return { graph: builder.build(), remarks: [remark] };
}

/** The same for a layout that came with its graph. */
export function joinComponents(layout: Layout, chance: Chance): Layout {
  const pairs = joints(layout.graph, chance);
  if (pairs.length === 0) return layout;
  const builder = rebuild(layout.graph, layout.graph.nodeCount, (node) => node);
  const remark = addJoints(builder, pairs);
  return { ...layout, graph: builder.build(), remarks: [...layout.remarks, remark] };
}

/** A builder with the edges of a graph, nodes renumbered; those that go to -1 are left out. */
function rebuild(graph: Graph, nodeCount: number, renumber: (node: number) => number): GraphBuilder {
  const builder = new GraphBuilder(nodeCount, graph.directed);
  for (let node = 0; node < graph.nodeCount; node++) {
    const from = renumber(node);
    if (from < 0) continue;
    const count = graph.neighbourCount(node);
    for (let index = 0; index < count; index++) {
      const other = graph.neighbourAt(node, index);
      const to = graph.directed || other > node ? renumber(other) : -1;
      if (to >= 0) builder.add(from, to);
    }
  }
  return builder;
}

/** A layout with nothing but the nodes of its largest component, in their old order. */
export function largestComponent(layout: Layout): Layout {
  const { graph } = layout;
  const parts = components(graph);
  if (parts.count <= 1) return layout;
  const largest = largestOf(parts);
  const kept = Int32Array.from({ length: graph.nodeCount }, (_, node) => node).filter(
    (node) => parts.labels[node] === largest,
  );
  const numbers = new Int32Array(graph.nodeCount).fill(-1);
  kept.forEach((node, index) => (numbers[node] = index));
  const pick = <Item>(items: readonly Item[] | undefined): Item[] | undefined =>
    items === undefined ? undefined : Array.from(kept, (node) => items[node]);
  const { positions, lossOf } = layout;
  return {
    graph: rebuild(graph, kept.length, (node) => numbers[node]).build(),
    names: pick(layout.names),
    regions: pick(layout.regions),
    positions: positions && {
      ...positions,
      latitudes: Float64Array.from(kept, (node) => positions.latitudes[node]),
      longitudes: Float64Array.from(kept, (node) => positions.longitudes[node]),
    },
    lossOf: lossOf && ((from, to) => lossOf(kept[from], kept[to])),
    remarks: [
      ...layout.remarks,
      `${formatCount(kept.length)} of ${formatCount(graph.nodeCount)} nodes were kept: the largest of ${formatCount(parts.count)} components`,
    ],
  };
}

/** A layout of nothing but a graph. */
export function plainLayout(graph: Layout['graph'], remarks: readonly string[] = []): Layout {
  return { graph, remarks };
}
