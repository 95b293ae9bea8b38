/**
 * Streets and avenues: nodes on the crossings of a rectangle, neighbours up, down, left and right. Nodes are numbered row by row; when
 * only their number is given, the rectangle is as square as can be and its last row may be shorter.
 */
import { knobs } from '../base/knobs.js';
import { sqrt } from '../base/math.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const grid = topology({
  name: 'grid',
  summary: 'a rectangle, neighbours up, down, left and right',
  knobs: knobs({
    rows: { kind: 'integer', min: 1, optional: true, doc: 'Height. Left away: as many as the nodes need.' },
    columns: {
      kind: 'integer',
      min: 1,
      optional: true,
      doc: 'Width. Left away: the square root of the number of nodes, rounded up. The longest way is rows + columns - 2 hops.',
    },
  }),
  build(context, { rows, columns }) {
    const nodeCount = nodeCountOf(
      context,
      'grid',
      rows !== undefined && columns !== undefined ? rows * columns : undefined,
    );
    if (rows !== undefined && columns === undefined && nodeCount % rows !== 0) {
      refuse(`${nodeCount} nodes do not fill ${rows} rows`, 'a multiple of rows');
    }
    const width = columns ?? (rows === undefined ? ceilRoot(nodeCount) : nodeCount / rows);
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      if ((node + 1) % width !== 0 && node + 1 < nodeCount) builder.add(node, node + 1);
      if (node + width < nodeCount) builder.add(node, node + width);
    }
    return plainLayout(builder.build());
  },
});

function ceilRoot(count: number): number {
  return Math.ceil(sqrt(count));
}
