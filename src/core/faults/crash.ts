/**
 * Crash: a node stops in the middle of everything. Its timers die and what arrives is lost, until it restarts, with its state as it was
 * on disk (`keep`) or as a stranger in a new incarnation (`lose`).
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

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
    maxDown: {
      kind: 'ratio',
      default: 1,
      doc: 'No more than this share of all nodes is taken down by this fault at a time; further crashes are left out.',
    },
  }),
  create(context, { nodes, restartAfter, state, maxDown }) {
    return {
      begin(world, occurrence) {
        let down = context.nodeCount - world.upCount;
        const downMax = Math.floor(maxDown * context.nodeCount);
        for (const node of context.select(nodes, occurrence)) {
          if (down >= downMax || !world.crash(node)) continue;
          down++;
          context.touchNode(node);
          if (restartAfter !== undefined) world.callLater(restartAfter, node);
        }
      },
      end() {
        // A crash is one moment.
      },
      later(world, node) {
        world.restart(node, state);
      },
    };
  },
});
