/** Delay: messages on the links concerned take longer. A congested line, a detour, a satellite instead of a fibre. */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const delay = linkFault({
  name: 'delay',
  summary: 'messages take longer',
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
  }),
  effect: ({ draws }, { by, jitter, ratio }) => ({
    alter(envelope, number, verdict) {
      draws.pair(envelope.from, number);
      if (draws.first >= ratio) return false;
      const delayUs = by + Math.floor(draws.second * (jitter + 1));
      verdict.delayUs += delayUs;
      return delayUs > 0;
    },
  }),
});
