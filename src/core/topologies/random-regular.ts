/**
 * Everybody has exactly the same number of neighbours, otherwise all is left to chance: the fairest network, and from degree 3 on almost
 * surely connected, with ways of length log n.
 *
 * Stubs are paired by lot and unsuitable pairs drawn again: A. Steger and N. Wormald, "Generating random regular graphs quickly",
 * Combinatorics, Probability and Computing 8, 1999; every such graph is nearly equally likely as long as the degree is small.
 */
import { knobs } from '../base/knobs.js';
import type { Chance } from '../base/random.js';
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

export const randomRegular = topology({
  name: 'random-regular',
  summary: 'random, but everybody has the same degree',
  knobs: knobs({
    degree: {
      kind: 'integer',
      min: 1,
      default: 5,
      doc: 'Neighbours of each node, below the number of nodes; degree times nodes is even. 3 suffice to connect, 5 survive a lot of damage.',
    },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { degree, ensureConnected }) {
    const nodeCount = nodeCountOf(context, 'random-regular');
    if (degree >= nodeCount)
      refuse(`degree is ${degree} among ${nodeCount} nodes`, 'a degree below the number of nodes');
    if ((degree * nodeCount) % 2 !== 0) {
      refuse(`degree ${degree} times ${nodeCount} nodes is odd`, 'an even number: every edge has two ends');
    }
    checkEdgeCount('random-regular', (nodeCount * degree) / 2);
    const builder = new GraphBuilder(nodeCount);
    // Above half, the graph of the missing edges is the sparser one.
    const sparse = degree <= (nodeCount - 1) / 2;
    const drawn = sparse ? degree : nodeCount - 1 - degree;
    const neighbours = pairStubs(nodeCount, drawn, context.chance);
    const missing = new Int32Array(nodeCount).fill(-1);
    for (let node = 0; node < nodeCount; node++) {
      const row = neighbours.subarray(node * drawn, (node + 1) * drawn);
      if (sparse) {
        for (const other of row) if (other > node) builder.add(node, other);
        continue;
      }
      for (const other of row) missing[other] = node;
      for (let other = node + 1; other < nodeCount; other++)
        if (missing[other] !== node) builder.add(node, other);
    }
    const { graph, remarks } = finishGraph(builder, ensureConnected, context.chance);
    return plainLayout(graph, remarks);
  },
});

/** Rows of `degree` neighbours. */
function pairStubs(nodeCount: number, degree: number, chance: Chance): Int32Array {
  const neighbours = new Int32Array(nodeCount * degree);
  const used = new Int32Array(nodeCount);
  const stubs = new Int32Array(nodeCount * degree);
  const suits = (a: number, b: number): boolean => {
    if (a === b) return false;
    for (let i = a * degree, end = i + used[a]; i < end; i++) if (neighbours[i] === b) return false;
    return true;
  };
  const anySuits = (left: number): boolean => {
    for (let i = 0; i < left; i++) for (let j = 0; j < i; j++) if (suits(stubs[i], stubs[j])) return true;
    return false;
  };
  // A dead end, where no stub that is left suits another, is rare; then everything is drawn anew.
  for (;;) {
    used.fill(0);
    for (let i = 0; i < stubs.length; i++) stubs[i] = Math.floor(i / degree);
    let left = stubs.length;
    let failures = 0;
    while (left > 0) {
      const i = chance.below(left);
      const j = chance.below(left);
      const a = stubs[i];
      const b = stubs[j];
      if (!suits(a, b)) {
        failures++;
        if (failures > left + 100) {
          if (left <= 4 * degree * degree && !anySuits(left)) break;
          failures = 0;
        }
        continue;
      }
      failures = 0;
      neighbours[a * degree + used[a]++] = b;
      neighbours[b * degree + used[b]++] = a;
      // The last stubs move into the gaps; the higher gap first, in case the other is the last but one.
      stubs[Math.max(i, j)] = stubs[left - 1];
      stubs[Math.min(i, j)] = stubs[left - 2];
      left -= 2;
    }
    if (left === 0) return neighbours;
  }
}
