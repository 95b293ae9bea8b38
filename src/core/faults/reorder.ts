/**
 * Reorder: some messages are held back, so that those sent after them overtake. Late is what RFC 4737 (Morton et al., "Packet Reordering
 * Metrics", 2006, section 3) calls reordered: a packet that arrives after one that was sent later.
 */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const reorder = linkFault({
  name: 'reorder',
  summary: 'messages are held back, so that later ones overtake',
  roughens: true,
  knobs: knobs({
    ratio: { kind: 'ratio', doc: 'The chance that a copy of a message is held back.' },
    by: {
      kind: 'duration',
      min: 1,
      optional: true,
      doc: 'For how long. Left out: as long again as it takes anyway. It overtakes nobody where messages are further apart than this.',
    },
  }),
  effect: ({ draws }, { ratio, by }) => ({
    alter(envelope, number, verdict, usualUs) {
      if (draws.ratio(envelope.from, number) >= ratio) return false;
      verdict.reordered = true;
      verdict.delayUs += by ?? usualUs;
      return true;
    },
  }),
});
