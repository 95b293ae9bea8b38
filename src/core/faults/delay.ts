/** Delay: messages on the links concerned take longer. A congested line, a detour, a satellite instead of a fibre. */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const delay = faultKind({
  name: 'delay',
  summary: 'messages take longer',
  lasts: true,
  changesNodes: false,
  knobs: knobs({
    by: { kind: 'duration', doc: 'How much longer than usual, on top of latency and jitter.' },
    jitter: {
      kind: 'duration',
      default: 0,
      doc: 'And anything from 0 to this, uniform, by a draw for each copy of a message.',
    },
    ratio: {
      kind: 'ratio',
      default: 1,
      doc: 'The share of the messages concerned, each by a draw of its own.',
    },
    ...linkKnobs,
  }),
  check: linkProblems,
  create(context, { by, jitter, ratio, ...where }) {
    const links = new LinkSet(context, where);
    const { draws } = context;
    return {
      begin(_world, occurrence) {
        links.choose(occurrence);
      },
      end() {
        // Messages are altered only while the fault lasts.
      },
      alter(envelope, number, verdict) {
        if (!links.has(envelope.from, envelope.to)) return;
        draws.pair(envelope.from, number);
        if (draws.first >= ratio) return;
        const delayUs = by + Math.floor(draws.second * (jitter + 1));
        if (delayUs === 0) return;
        context.touchMessage();
        verdict.delayUs += delayUs;
      },
    };
  },
});
