/**
 * Everybody picks k contacts by lot, as nodes do that get a few addresses from a bootstrap server. Undirected, a link serves both ends
 * and already k = 2 connects almost every such graph; directed, a node may send to those it picked and to nobody else, and some
 * nodes are picked by nobody: exp(-k) of them.
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

export const kOut = topology({
  name: 'k-out',
  summary: 'each node picks k others at random',
  knobs: knobs({
    k: {
      kind: 'integer',
      min: 1,
      default: 4,
      doc: 'Contacts that each node picks, all different, below the number of nodes. Undirected degrees are 2k on average.',
    },
    directed: {
      kind: 'boolean',
      default: false,
      doc: 'True: a node knows whom it picked, but not who picked it.',
    },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { k, directed, ensureConnected }) {
    const nodeCount = nodeCountOf(context, 'k-out');
    if (k >= nodeCount) refuse(`k is ${k} among ${nodeCount} nodes`, 'k below the number of nodes');
    checkEdgeCount('k-out', nodeCount * k);
    const { chance } = context;
    const builder = new GraphBuilder(nodeCount, directed);
    // Floyd's sampling without replacement: k draws for k different numbers below nodeCount - 1, the node itself skipped.
    const pickedBy = new Int32Array(nodeCount).fill(-1);
    for (let node = 0; node < nodeCount; node++) {
      for (let top = nodeCount - 1 - k; top < nodeCount - 1; top++) {
        const drawn = chance.below(top + 1);
        const pick = pickedBy[drawn] === node ? top : drawn;
        pickedBy[pick] = node;
        builder.add(node, pick < node ? pick : pick + 1);
      }
    }
    const { graph, remarks } = finishGraph(builder, ensureConnected, chance);
    return plainLayout(graph, remarks);
  },
});
