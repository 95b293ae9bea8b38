/** A chain: each node knows the one before and the one after. The slowest network, and cut anywhere it falls apart. */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout } from '../parts/layouts.js';

export const line = topology({
  name: 'line',
  summary: 'a chain from first to last',
  knobs: knobs({}),
  build(context) {
    const nodeCount = nodeCountOf(context, 'line');
    const builder = new GraphBuilder(nodeCount);
    for (let node = 1; node < nodeCount; node++) builder.add(node - 1, node);
    return plainLayout(builder.build());
  },
});
