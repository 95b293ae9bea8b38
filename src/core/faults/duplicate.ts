/** Duplicate: the link delivers some messages twice, as one that sends again what it believes lost. */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const duplicate = faultKind({
  name: 'duplicate',
  summary: 'messages arrive twice',
  lasts: true,
  roughens: true,
  changesNodes: false,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a message that gets through is followed by one extra copy, which draws its own jitter and its own damage.',
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
        if (verdict.dropped || !links.has(envelope.from, envelope.to)) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        context.touchMessage();
        verdict.extraCopies++;
      },
    };
  },
});
