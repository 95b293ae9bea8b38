/**
 * Leave: a node goes in good order. It says goodbye first, so that failure detectors of those who hear it know that it has left and
 * need not find out, and then it is down. What is under way to it is lost as with a crash.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { departures } from '../parts/departures.js';
import { downLimitKnobs } from '../parts/down-limits.js';

export const leave = faultKind({
  name: 'leave',
  summary: 'nodes say goodbye and go; they return after a while, or never',
  lasts: false,
  changesNodes: true,
  inRounds: () => true,
  knobs: knobs({
    nodes: { kind: 'who', doc: 'Who leaves; drawn anew each time where it is a share or a number.' },
    returnAfter: {
      kind: 'duration',
      min: 1,
      optional: true,
      doc: 'How long a node stays away. Left out, it stays away until a `restart` fault brings it up.',
    },
    state: {
      kind: 'choice',
      words: ['lose', 'keep'],
      default: 'keep',
      doc: '`lose`: the node returns knowing nothing, in a new incarnation. `keep`: it goes on with the state that it had.',
    },
    ...downLimitKnobs,
  }),
  create: (context, { nodes, returnAfter, state, ...limits }) =>
    departures(context, { who: nodes, how: 'leave', backAfterUs: returnAfter, state, limits }),
});
