/**
 * A ring on which everybody also knows the neighbours' neighbours: k of them, half on either side. Neighbours of a node mostly know each
 * other, so news goes round many times before it gets far. The starting point of Watts and Strogatz.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const ringLattice = topology({
  name: 'ring-lattice',
  summary: 'a circle with the k nearest as neighbours',
  knobs: knobs({
    k: {
      kind: 'integer',
      min: 2,
      default: 4,
      doc: 'Neighbours of each node, an even number below the number of nodes. The longest way is about n/k hops; clustering is 3(k-2)/(4(k-1)).',
    },
  }),
  build(context, { k }) {
    const nodeCount = nodeCountOf(context, 'ring-lattice');
    if (k % 2 !== 0) refuse(`k is ${k}`, 'an even number: half on either side');
    if (k >= nodeCount) refuse(`k is ${k} among ${nodeCount} nodes`, 'k below the number of nodes');
    checkEdgeCount('ring-lattice', (nodeCount * k) / 2);
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      for (let step = 1; step <= k / 2; step++) builder.add(node, (node + step) % nodeCount);
    }
    return plainLayout(builder.build());
  },
});
