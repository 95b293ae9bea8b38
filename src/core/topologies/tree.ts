/**
 * A family tree: each node has the same number of children, filled level by level from node 0, the root. The fewest edges that connect
 * everyone (n - 1), short ways, and every inner node a single point of failure.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const tree = topology({
  name: 'tree',
  summary: 'each node has the same number of children',
  knobs: knobs({
    children: {
      kind: 'integer',
      min: 1,
      default: 2,
      doc: 'Children of each node; the last parent may have fewer. More make the tree flatter and its root busier.',
    },
    depth: {
      kind: 'integer',
      min: 0,
      max: 60,
      optional: true,
      doc: 'Levels below the root, all of them full; then the number of nodes follows. Left away: as deep as the nodes need.',
    },
  }),
  build(context, { children, depth }) {
    const nodeCount = nodeCountOf(
      context,
      'tree',
      depth === undefined ? undefined : fullTree(children, depth),
    );
    const builder = new GraphBuilder(nodeCount);
    for (let node = 1; node < nodeCount; node++) builder.add(Math.floor((node - 1) / children), node);
    return plainLayout(builder.build());
  },
});

function fullTree(children: number, depth: number): number {
  let count = 1;
  let level = 1;
  for (let i = 0; i < depth; i++) {
    level *= children;
    count += level;
    if (count > 1_000_000)
      refuse(`a tree ${depth} levels deep has more than 1,000,000 nodes`, 'a smaller depth');
  }
  return count;
}
