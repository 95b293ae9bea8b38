/**
 * A grid without edges of the world: the right end is joined to the left, the bottom to the top, so that every node is in the same
 * place. Half the distances of the grid, and nothing special at the border.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const torus = topology({
  name: 'torus',
  summary: 'a grid whose ends are joined, the same from everywhere',
  knobs: knobs({
    rows: {
      kind: 'integer',
      min: 1,
      optional: true,
      doc: 'Height, a divisor of the number of nodes. Left away: the one that makes the rectangle most square.',
    },
    columns: {
      kind: 'integer',
      min: 1,
      optional: true,
      doc: 'Width. Left away: nodes / rows. The longest way is rows/2 + columns/2 hops, each rounded down.',
    },
  }),
  build(context, { rows, columns }) {
    const nodeCount = nodeCountOf(
      context,
      'torus',
      rows !== undefined && columns !== undefined ? rows * columns : undefined,
    );
    const height = rows ?? (columns === undefined ? squarest(nodeCount) : nodeCount / columns);
    const width = columns ?? nodeCount / height;
    if (!Number.isInteger(height) || !Number.isInteger(width)) {
      refuse(
        `${nodeCount} nodes do not fill a rectangle of that side`,
        'a side that divides the number of nodes',
      );
    }
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      const column = node % width;
      builder.add(node, node - column + ((column + 1) % width));
      builder.add(node, (node + width) % nodeCount);
    }
    return plainLayout(builder.build());
  },
});

/** The largest divisor up to the square root. */
function squarest(count: number): number {
  let best = 1;
  for (let side = 2; side * side <= count; side++) if (count % side === 0) best = side;
  if (best === 1 && count > 3) {
    refuse(
      `${count} nodes make no rectangle`,
      'a number of nodes that is not prime',
      'Take another, or the topology ring',
    );
  }
  return best;
}
