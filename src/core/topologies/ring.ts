/**
 * A circle: each node has one neighbour on either side. News needs half the circle to reach everyone, and two cuts split it: the
 * cheapest network that survives one failure, and the slowest.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout } from '../parts/layouts.js';

export const ring = topology({
  name: 'ring',
  summary: 'a circle, one neighbour on either side',
  knobs: knobs({}),
  build(context) {
    const nodeCount = nodeCountOf(context, 'ring');
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) builder.add(node, node + 1 === nodeCount ? 0 : node + 1);
    return plainLayout(builder.build());
  },
});
