/**
 * A cube of many dimensions: nodes are numbers in binary, and neighbours differ in one digit. With d digits there are 2^d nodes, d
 * neighbours each, and never more than d hops: a design of early parallel computers, and the ideal that many overlays imitate.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const hypercube = topology({
  name: 'hypercube',
  summary: 'numbers in binary, neighbours differ in one digit',
  knobs: knobs({
    dimensions: {
      kind: 'integer',
      min: 0,
      max: 19,
      optional: true,
      doc: 'Digits, so 2^dimensions nodes. Left away: it follows from the number of nodes, which must be a power of two. Diameter and degree are equal to it.',
    },
  }),
  build(context, { dimensions }) {
    const nodeCount = nodeCountOf(
      context,
      'hypercube',
      dimensions === undefined ? undefined : 1 << dimensions,
    );
    if ((nodeCount & (nodeCount - 1)) !== 0) {
      refuse(`${nodeCount} nodes make no hypercube`, 'a power of two such as 64 or 1024');
    }
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      for (let bit = 1; bit < nodeCount; bit <<= 1) if ((node & bit) === 0) builder.add(node, node | bit);
    }
    return plainLayout(builder.build());
  },
});
