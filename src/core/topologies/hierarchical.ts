/**
 * Three levels, as in a large enterprise: a few coordinators that all know each other, regional aggregators below them, and the mass of
 * nodes at the edge, each under one aggregator. Nodes are numbered from the top: coordinators, aggregators, edges. Four hops
 * up and down, and the busiest nodes are those with the most children: that is what makes a million possible and what has to be watched.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, nodeCountOf, refuse } from '../parts/layouts.js';
import { SeatPlan } from '../parts/seat-plan.js';

export const hierarchical = topology({
  name: 'hierarchical',
  summary: 'coordinators, aggregators, and everybody else below them',
  knobs: knobs({
    coordinators: {
      kind: 'integer',
      min: 1,
      max: 10_000,
      default: 10,
      doc: 'Nodes at the top, a complete graph among themselves; every one adds a link to all others.',
    },
    aggregators: {
      kind: 'integer',
      min: 1,
      default: 100,
      doc: 'Nodes in the middle, shared out evenly among the coordinators. Each has about n / aggregators nodes below it.',
    },
    parents: {
      kind: 'integer',
      min: 1,
      default: 1,
      doc: 'Parents of each node: its own and the next ones in line, to fall back on. With 1, one failure cuts off everybody below.',
    },
  }),
  build(context, { coordinators, aggregators, parents }) {
    const nodeCount = nodeCountOf(context, 'hierarchical');
    const inner = coordinators + aggregators;
    if (inner > nodeCount) {
      refuse(
        `${coordinators} coordinators and ${aggregators} aggregators among ${nodeCount} nodes`,
        'fewer of them',
      );
    }
    if (parents > coordinators || parents > aggregators) {
      refuse(
        `${parents} parents from ${coordinators} coordinators and ${aggregators} aggregators`,
        'no more than there are',
      );
    }
    checkEdgeCount('hierarchical', (coordinators * coordinators) / 2 + nodeCount * parents);
    const builder = new GraphBuilder(nodeCount);
    for (let a = 1; a < coordinators; a++) for (let b = 0; b < a; b++) builder.add(a, b);
    const names = Array.from({ length: coordinators }, (_, i) => `region-${i + 1}`);
    const regions = new Array<string>(nodeCount);
    const edges = nodeCount - inner;
    for (let node = 0; node < nodeCount; node++) {
      if (node < coordinators) {
        regions[node] = names[node];
        continue;
      }
      // Blocks of equal size: neighbours in number share a parent.
      const isAggregator = node < inner;
      const parent = isAggregator
        ? Math.floor(((node - coordinators) * coordinators) / aggregators)
        : Math.floor(((node - inner) * aggregators) / edges);
      const first = isAggregator ? 0 : coordinators;
      const level = isAggregator ? coordinators : aggregators;
      for (let i = 0; i < parents; i++) builder.add(node, first + ((parent + i) % level));
      regions[node] = isAggregator ? names[parent] : regions[coordinators + parent];
    }
    const hierarchy = levelsOf(nodeCount, coordinators, aggregators, parents);
    return { graph: builder.build(), regions, hierarchy, remarks: [] };
  },
});

/**
 * One group of nodes below each aggregator, one group of those below each coordinator. An aggregator belongs to its own group, a coordinator to
 * the first below it: everybody is counted somewhere, and nobody twice.
 */
function levelsOf(nodeCount: number, coordinators: number, aggregators: number, parents: number): SeatPlan {
  const inner = coordinators + aggregators;
  const edges = nodeCount - inner;
  const homes = new Int32Array(nodeCount);
  for (let node = 0; node < coordinators; node++)
    homes[node] = Math.min(aggregators - 1, Math.ceil((node * aggregators) / coordinators));
  for (let node = coordinators; node < inner; node++) homes[node] = node - coordinators;
  for (let node = inner; node < nodeCount; node++)
    homes[node] = Math.floor(((node - inner) * aggregators) / edges);
  const inLine = (first: number, level: number, index: number): number[] =>
    Array.from({ length: parents }, (_, rank) => first + ((index + rank) % level));
  const below = Array.from({ length: aggregators }, (_, index) => index);
  const above = Array.from({ length: coordinators }, (_, index) => index);
  return new SeatPlan(
    {
      homes,
      parents: [
        ...below.map((index) => aggregators + Math.floor((index * coordinators) / aggregators)),
        ...above.map(() => -1),
      ],
      candidates: [
        ...below.map((index) => inLine(coordinators, aggregators, index)),
        ...above.map((index) => inLine(0, coordinators, index)),
      ],
    },
    aggregators,
  );
}
