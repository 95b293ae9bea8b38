/**
 * Every pair of nodes is joined with the same chance, whatever else happens: the plainest random network. Below one neighbour on
 * average it is dust; above, one giant part swallows a share S of the nodes with S = 1 - exp(-cS); connected it is only from about
 * ln n neighbours on.
 *
 * P. Erdos and A. Renyi, 1959; E. Gilbert, 1959. Pairs are not tried one by one: the gap to the next edge is drawn from its geometric
 * distribution, so the time is that of the edges (V. Batagelj and U. Brandes, Physical Review E 71, 036113, 2005).
 */
import { knobs } from '../base/knobs.js';
import { ln } from '../base/math.js';
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

export const erdosRenyi = topology({
  name: 'erdos-renyi',
  summary: 'each pair is joined with the same chance',
  knobs: knobs({
    p: { kind: 'ratio', optional: true, doc: 'The chance of each pair. Give this or meanDegree.' },
    meanDegree: {
      kind: 'number',
      min: 0,
      optional: true,
      doc: 'Neighbours on average: p = meanDegree / (n - 1). 1 is the threshold of the giant part, ln n that of connectedness.',
    },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { p, meanDegree, ensureConnected }) {
    const nodeCount = nodeCountOf(context, 'erdos-renyi');
    if ((p === undefined) === (meanDegree === undefined)) {
      refuse(
        `topology erdos-renyi has ${p === undefined ? 'neither p nor' : 'both p and'} meanDegree`,
        'one of the two',
      );
    }
    const share = p ?? (meanDegree as number) / Math.max(1, nodeCount - 1);
    if (share > 1)
      refuse(`meanDegree is ${meanDegree} among ${nodeCount} nodes`, 'less than the number of nodes');
    checkEdgeCount('erdos-renyi', (share * nodeCount * (nodeCount - 1)) / 2);
    const builder = new GraphBuilder(nodeCount);
    // Pairs (high, low), low < high, in order; `low` leaps ahead by a geometric number of pairs.
    const { chance } = context;
    // ln(1 - share), where 1 - share has lost the digits of a tiny share by its series.
    const lnMiss = share < 1e-8 ? -share * (1 + share / 2) : ln(1 - share);
    const scale = share === 1 ? 0 : 1 / lnMiss;
    let low = -1;
    for (let high = 1; share > 0 && high < nodeCount;) {
      low += 1 + Math.floor(ln(1 - chance.ratio()) * scale);
      while (low >= high && high < nodeCount) low -= high++;
      if (high < nodeCount) builder.add(high, low);
    }
    const { graph, remarks } = finishGraph(builder, ensureConnected, chance);
    return plainLayout(graph, remarks);
  },
});
