/** Loss: each message on the links concerned is lost with the same chance, each by a draw of its own. */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const loss = linkFault({
  name: 'loss',
  summary: 'messages are lost with a given chance',
  inRounds: () => true,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a message is lost, 0 to 1. It adds to the loss of the network: a message must survive both.',
    },
  }),
  effect: ({ draws }, { ratio }) => ({
    loses: ({ from }, number) => draws.ratio(from, number) < ratio,
  }),
});
