/** Duplicate: the link delivers some messages twice, as one that sends again what it believes lost. */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const duplicate = linkFault({
  name: 'duplicate',
  summary: 'messages arrive twice',
  roughens: true,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a message that gets through is followed by one extra copy, which draws its own jitter and its own damage.',
    },
  }),
  effect: ({ draws }, { ratio }) => ({
    judge(envelope, number, verdict) {
      if (draws.ratio(envelope.from, number) >= ratio) return false;
      verdict.extraCopies++;
      return true;
    },
  }),
});
