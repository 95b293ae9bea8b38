/**
 * Crash: a node stops in the middle of everything. Its timers die and what arrives is lost, until it restarts, with its state as it was
 * on disk (`keep`) or as a stranger in a new incarnation (`lose`).
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { downLimitKnobs, mayGoDown } from '../parts/down-limits.js';

export const crash = faultKind({
  name: 'crash',
  summary: 'nodes stop; they restart after a while, or never',
  lasts: false,
  changesNodes: true,
  inRounds: () => true,
  knobs: knobs({
    nodes: { kind: 'who', doc: 'Who crashes; drawn anew each time where it is a share or a number.' },
    restartAfter: {
      kind: 'duration',
      min: 1,
      optional: true,
      doc: 'How long a crashed node stays down. Left out, it stays down until a `restart` fault brings it up.',
    },
    state: {
      kind: 'choice',
      words: ['lose', 'keep'],
      default: 'lose',
      doc: '`lose`: the node restarts knowing nothing, in a new incarnation. `keep`: it goes on with the state that it had.',
    },
    ...downLimitKnobs,
  }),
  create(context, { nodes, restartAfter, state, ...limits }) {
    return {
      begin(world, occurrence) {
        for (const node of context.select(nodes, occurrence)) {
          if (!world.isUp(node) || !mayGoDown(context, world, limits, node)) continue;
          world.crash(node);
          context.touchNode(node);
          if (restartAfter !== undefined) world.callLater(restartAfter, node);
        }
      },
      later(world, node) {
        world.restart(node, state);
      },
    };
  },
});
