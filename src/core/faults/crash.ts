/**
 * Crash: a node stops in the middle of everything. Its timers die and what arrives is lost, until it restarts, with its state as it was
 * on disk (`keep`) or as a stranger in a new incarnation (`lose`).
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { departures } from '../parts/departures.js';
import { downLimitKnobs } from '../parts/down-limits.js';

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
      doc: 'How long a crashed node stays down. Left out, it stays down until a `restart` fault brings it up. Who came up before that by another fault and went down again is not brought up by this one.',
    },
    state: {
      kind: 'choice',
      words: ['lose', 'keep'],
      default: 'lose',
      doc: '`lose`: the node restarts knowing nothing, in a new incarnation. `keep`: it goes on with the state that it had.',
    },
    ...downLimitKnobs,
  }),
  create: (context, { nodes, restartAfter, state, ...limits }) =>
    departures(context, { who: nodes, how: 'crash', backAfterUs: restartAfter, state, limits }),
});
