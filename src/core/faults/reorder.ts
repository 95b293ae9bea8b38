/**
 * Reorder: some messages are held back, so that those sent after them overtake. Late is what RFC 4737 (Morton et al., "Packet Reordering
 * Metrics", 2006, section 3) calls reordered: a packet that arrives after one that was sent later.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const reorder = faultKind({
  name: 'reorder',
  summary: 'messages are held back, so that later ones overtake',
  lasts: true,
  roughens: true,
  changesNodes: false,
  knobs: knobs({
    ratio: { kind: 'ratio', doc: 'The chance that a copy of a message is held back.' },
    by: {
      kind: 'duration',
      min: 1,
      optional: true,
      doc: 'For how long. Left out: as long again as it takes anyway. It overtakes nobody where messages are further apart than this.',
    },
    ...linkKnobs,
  }),
  check: linkProblems,
  create(context, { ratio, by, ...where }) {
    const links = new LinkSet(context, where);
    return {
      begin(_world, occurrence) {
        links.choose(occurrence);
      },
      end() {
        // Messages are altered only while the fault lasts.
      },
      alter(envelope, number, verdict, usualUs) {
        if (!links.has(envelope.from, envelope.to)) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        context.touchMessage();
        verdict.reordered = true;
        verdict.delayUs += by ?? usualUs;
      },
    };
  },
});
