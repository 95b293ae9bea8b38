/** A hub and its spokes: node 0 knows everybody, everybody knows node 0 alone. Two hops at most, while the hub lives. */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout } from '../parts/layouts.js';

export const star = topology({
  name: 'star',
  summary: 'node 0 in the middle, everybody else around it',
  knobs: knobs({}),
  build(context) {
    const nodeCount = nodeCountOf(context, 'star');
    const builder = new GraphBuilder(nodeCount);
    for (let node = 1; node < nodeCount; node++) builder.add(0, node);
    return plainLayout(builder.build());
  },
});
