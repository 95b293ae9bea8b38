/**
 * Corrupt: some messages arrive damaged. Nobody lies here: what the checks find about it is told apart from attacks and from false alarms.
 * What damage is, parts/damage.ts says.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const corrupt = faultKind({
  name: 'corrupt',
  summary: 'messages arrive damaged',
  lasts: true,
  roughens: true,
  changesNodes: false,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a copy of a message is damaged: one digit, letter or bit of its step, value, sequence or data is another. Messages without a publication in them cannot be read any more, and are lost.',
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
        // Messages are altered only while the fault lasts.
      },
      alter(envelope, number, verdict) {
        if (!links.has(envelope.from, envelope.to)) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        context.touchMessage();
        verdict.damaged = true;
      },
    };
  },
});
