/**
 * Data centres on several continents: dense inside a region, thin between regions, where only leaders talk to each other. Inside, a ring
 * keeps the region together and random chords make it short; the first nodes of each region are its leaders, and the leaders of all
 * regions know one another.
 */
import { knobs } from '../base/knobs.js';
import { topology, type LayoutContext } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, nodeCountOf, refuse } from '../parts/layouts.js';
import { SeatPlan } from '../parts/seat-plan.js';

export const regions = topology({
  name: 'regions',
  summary: 'dense regions, joined by their leaders',
  knobs: knobs({
    regions: {
      kind: 'integer',
      min: 1,
      optional: true,
      doc: 'How many regions of equal size, nodes side by side. Left away: the regions of the groups under nodes, else 3.',
    },
    inside: {
      kind: 'integer',
      min: 2,
      default: 8,
      doc: 'Mean degree inside a region, an even number: a ring and inside/2 - 1 random chords from each node. A region no larger than this is complete.',
    },
    leaders: {
      kind: 'integer',
      min: 1,
      default: 1,
      doc: 'Leaders of each region. With 1, the loss of one node cuts a region off; every further leader adds links to all other regions.',
    },
  }),
  build(context, { regions: count, inside, leaders }) {
    const nodeCount = nodeCountOf(context, 'regions');
    if (inside % 2 !== 0) refuse(`inside is ${inside}`, 'an even number');
    checkEdgeCount('regions', (nodeCount * inside) / 2);
    const names = regionNames(context, nodeCount, count);
    const members = new Map<string, number[]>();
    names.forEach((name, node) => {
      const list = members.get(name);
      if (list === undefined) members.set(name, [node]);
      else list.push(node);
    });
    checkEdgeCount('regions', (members.size * members.size * leaders * leaders) / 2);
    const builder = new GraphBuilder(nodeCount);
    const { chance } = context;
    for (const nodes of members.values()) {
      const size = nodes.length;
      if (size <= inside + 1) {
        for (let i = 1; i < size; i++) for (let j = 0; j < i; j++) builder.add(nodes[i], nodes[j]);
        continue;
      }
      for (let i = 0; i < size; i++) {
        builder.add(nodes[i], nodes[(i + 1) % size]);
        for (let chord = 1; chord < inside / 2; chord++) {
          const step = 1 + chance.below(size - 1);
          builder.add(nodes[i], nodes[(i + step) % size]);
        }
      }
    }
    const heads = [...members.values()].map((nodes) => nodes.slice(0, leaders));
    for (let a = 1; a < heads.length; a++) {
      for (let b = 0; b < a; b++)
        for (const one of heads[a]) for (const other of heads[b]) builder.add(one, other);
    }
    const hierarchy = levelsOf(names, [...members.keys()], heads);
    return { graph: builder.build(), regions: names, hierarchy, remarks: [] };
  },
});

function regionNames(context: LayoutContext, nodeCount: number, count: number | undefined): string[] {
  const { groupOf } = context;
  if (count === undefined && groupOf !== undefined) {
    return Array.from({ length: nodeCount }, (_, node) => groupOf(node) ?? 'elsewhere');
  }
  const wanted = count ?? Math.min(3, nodeCount);
  if (wanted > nodeCount) refuse(`${wanted} regions among ${nodeCount} nodes`, 'at least one node a region');
  const names = Array.from({ length: wanted }, (_, region) => `region-${region + 1}`);
  return Array.from({ length: nodeCount }, (_, node) => names[Math.floor((node * wanted) / nodeCount)]);
}

/** Each region is a group at the top, and its leaders are the candidates for its lead. */
function levelsOf(
  regionOf: readonly string[],
  names: readonly string[],
  heads: readonly (readonly number[])[],
): SeatPlan {
  const numbers = new Map(names.map((name, number) => [name, number]));
  const homes = Int32Array.from(regionOf, (name) => numbers.get(name) ?? 0);
  return new SeatPlan({ homes, parents: names.map(() => -1), candidates: heads }, names.length);
}
