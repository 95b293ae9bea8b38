/** Restart: nodes that are down come up again. The counterpart of a crash without `restartAfter`. */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

export const restart = faultKind({
  name: 'restart',
  summary: 'nodes that are down come up again',
  lasts: false,
  changesNodes: true,
  mends: true,
  inRounds: () => true,
  knobs: knobs({
    nodes: { kind: 'who', doc: 'Who comes up; nodes that are up already are left alone.' },
    state: {
      kind: 'choice',
      words: ['lose', 'keep'],
      default: 'lose',
      doc: '`lose`: the node knows nothing, in a new incarnation. `keep`: it goes on with the state that it had.',
    },
  }),
  create(context, { nodes, state }) {
    return {
      begin(world, occurrence) {
        for (const node of context.select(nodes, occurrence)) {
          if (world.restart(node, state)) context.touchNode(node);
        }
      },
    };
  },
});
