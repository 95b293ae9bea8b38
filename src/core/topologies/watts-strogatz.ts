/**
 * The small world: a ring lattice of which a few edges are rewired to anywhere. A handful of shortcuts brings everyone within a few hops
 * of everyone, while neighbours still know each other.
 *
 * D. Watts and S. Strogatz, "Collective dynamics of 'small-world' networks", Nature 393, 1998: lap by lap around the ring, the
 * far end of each edge is moved with chance beta to a node drawn at random, never to itself nor onto an edge that is there.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import {
  checkEdgeCount,
  ensureConnectedKnob,
  finishGraph,
  nodeCountOf,
  plainLayout,
  refuse,
} from '../parts/layouts.js';

export const wattsStrogatz = topology({
  name: 'watts-strogatz',
  summary: 'a ring lattice with some edges rewired: a small world',
  knobs: knobs({
    k: {
      kind: 'integer',
      min: 2,
      default: 8,
      doc: 'Neighbours of each node before rewiring, an even number below the number of nodes; the mean degree stays k.',
    },
    beta: {
      kind: 'ratio',
      default: 0.1,
      doc: 'The chance of each edge to be rewired. 0 is the ring lattice, 1 almost a random graph; 0.01 to 0.1 has short ways and clustering at once: C(beta) = C(0)(1 - beta)^3.',
    },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { k, beta, ensureConnected }) {
    const nodeCount = nodeCountOf(context, 'watts-strogatz');
    if (k % 2 !== 0) refuse(`k is ${k}`, 'an even number: half on either side');
    if (k >= nodeCount) refuse(`k is ${k} among ${nodeCount} nodes`, 'k below the number of nodes');
    checkEdgeCount('watts-strogatz', (nodeCount * k) / 2);
    const { chance } = context;
    const half = k / 2;
    // Edge (node, lap) starts at `node` for good and ends at far[node * half + lap].
    const far = new Int32Array(nodeCount * half);
    for (let node = 0; node < nodeCount; node++) {
      for (let lap = 0; lap < half; lap++) far[node * half + lap] = (node + lap + 1) % nodeCount;
    }
    const starts = (from: number, to: number): boolean => {
      for (let i = from * half; i < (from + 1) * half; i++) if (far[i] === to) return true;
      return false;
    };
    const degrees = new Int32Array(nodeCount).fill(k);
    for (let lap = 0; lap < half; lap++) {
      for (let node = 0; node < nodeCount; node++) {
        // A node that knows everybody has nowhere to rewire to.
        if (chance.ratio() >= beta || degrees[node] >= nodeCount - 1) continue;
        // The edges that other nodes start are known by where they end, so both sides are asked.
        let to = chance.below(nodeCount);
        while (to === node || starts(node, to) || starts(to, node)) to = chance.below(nodeCount);
        degrees[far[node * half + lap]]--;
        degrees[to]++;
        far[node * half + lap] = to;
      }
    }
    const builder = new GraphBuilder(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      for (let lap = 0; lap < half; lap++) builder.add(node, far[node * half + lap]);
    }
    const { graph, remarks } = finishGraph(builder, ensureConnected, chance);
    return plainLayout(graph, remarks);
  },
});
