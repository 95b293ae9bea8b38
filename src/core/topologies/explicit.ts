/** A small network written out by hand in the scenario: `edges: 0-1-2-0, 2-3` is a triangle with a tail. */
import { quoteText } from '../base/escape.js';
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { ensureConnectedKnob, finishGraph, nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const explicit = topology({
  name: 'explicit',
  summary: 'edges written out: 0-1-2-0, 2-3',
  knobs: knobs({
    edges: {
      kind: 'text',
      doc: 'Chains of node numbers, counted from 0, with commas or spaces between chains: 0-1-2-0, 2-3. For larger ones use a file.',
    },
    directed: { kind: 'boolean', default: false, doc: 'True: a chain leads from left to right only.' },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { edges, directed, ensureConnected }) {
    const chains = edges.split(/[\s,;]+/).filter((chain) => chain !== '');
    const numbers = chains.map((chain) => {
      if (!/^\d{1,7}(-\d{1,7})*$/.test(chain)) {
        refuse(`cannot read ${quoteText(chain)} in edges`, 'node numbers joined by -, such as 0-1-2');
      }
      return chain.split('-').map(Number);
    });
    const largest = numbers.flat().reduce((most, number) => Math.max(most, number), -1);
    const nodeCount = context.nodeCount ?? nodeCountOf(context, 'explicit', largest + 1);
    if (largest >= nodeCount) {
      refuse(`edges name node ${largest}, but there are ${nodeCount} nodes`, `0 to ${nodeCount - 1}`);
    }
    if (nodeCount === 0) refuse('edges name no node', 'at least one', 'Set nodes.count, or write an edge');
    const builder = new GraphBuilder(nodeCount, directed);
    for (const chain of numbers) {
      for (let i = 1; i < chain.length; i++) builder.add(chain[i - 1], chain[i]);
    }
    const { graph, remarks } = finishGraph(builder, ensureConnected, context.chance);
    if (builder.repeats > 0) remarks.push(`${builder.repeats} repeated edges were folded`);
    if (builder.selfLoops > 0) remarks.push(`${builder.selfLoops} edges from a node to itself were left out`);
    return plainLayout(graph, remarks);
  },
});
