/**
 * The rich get richer: each newcomer links to m nodes, preferring those that have many links already. A few hubs end up with a great
 * share of the edges, most nodes with the m they came with: P(degree k) = 2m(m+1) / (k(k+1)(k+2)).
 *
 * A.-L. Barabasi and R. Albert, "Emergence of scaling in random networks", Science 286, 1999. It begins with m + 1 nodes that all know
 * each other. To prefer by degree, one end of one edge is drawn evenly from all ends: a node stands there once for each link.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const barabasiAlbert = topology({
  name: 'barabasi-albert',
  summary: 'newcomers prefer those who have many links: hubs',
  knobs: knobs({
    m: {
      kind: 'integer',
      min: 1,
      default: 3,
      doc: 'Links of each newcomer, below the number of nodes. The mean degree is nearly 2m; with 1 the graph is a tree. Always connected.',
    },
  }),
  build(context, { m }) {
    const nodeCount = nodeCountOf(context, 'barabasi-albert');
    if (m >= nodeCount) refuse(`m is ${m} among ${nodeCount} nodes`, 'm below the number of nodes');
    const edges = (m * (m + 1)) / 2 + (nodeCount - m - 1) * m;
    checkEdgeCount('barabasi-albert', edges);
    const { chance } = context;
    const builder = new GraphBuilder(nodeCount);
    const ends = new Int32Array(2 * edges);
    let used = 0;
    const link = (a: number, b: number): void => {
      builder.add(a, b);
      ends[used++] = a;
      ends[used++] = b;
    };
    for (let a = 1; a <= m; a++) for (let b = 0; b < a; b++) link(a, b);
    const takenBy = new Int32Array(nodeCount);
    for (let node = m + 1; node < nodeCount; node++) {
      // Only ends from before the newcomer count.
      const before = used;
      for (let i = 0; i < m; i++) {
        let to = ends[chance.below(before)];
        while (takenBy[to] === node) to = ends[chance.below(before)];
        takenBy[to] = node;
        link(node, to);
      }
    }
    return plainLayout(builder.build());
  },
});
