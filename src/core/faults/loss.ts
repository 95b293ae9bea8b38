/** Loss: each message on the links concerned is lost with the same chance, each by a draw of its own. */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const loss = faultKind({
  name: 'loss',
  summary: 'messages are lost with a given chance',
  lasts: true,
  changesNodes: false,
  inRounds: () => true,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a message is lost, 0 to 1. It adds to the loss of the network: a message must survive both.',
    },
    ...linkKnobs,
  }),
  check: linkProblems,
  create(context, { ratio, ...where }) {
    const links = new LinkSet(context, where);
    return {
      begin(_world, occurrence) {
        links.choose(occurrence);
      },
      end() {
        // The judge is called only while the fault lasts.
      },
      judge(envelope, number, verdict) {
        if (!links.has(envelope.from, envelope.to)) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        context.touchMessage();
        verdict.dropped = true;
      },
    };
  },
});
