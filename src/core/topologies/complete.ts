/** Everybody can talk to everybody: what the theory of rumours assumes. */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { CompleteGraph } from '../parts/complete-graph.js';
import { nodeCountOf, plainLayout } from '../parts/layouts.js';

export const complete = topology({
  name: 'complete',
  summary: 'every node is a neighbour of every other',
  knobs: knobs({}),
  build: (context) => plainLayout(new CompleteGraph(nodeCountOf(context, 'complete'))),
});
