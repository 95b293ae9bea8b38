/**
 * Corrupt: some messages arrive damaged. Nobody lies here: what the checks find about it is told apart from attacks and from false alarms.
 * What damage is, parts/damage.ts says.
 */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const corrupt = linkFault({
  name: 'corrupt',
  summary: 'messages arrive damaged',
  roughens: true,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a copy of a message is damaged: one digit, letter or bit of its step, value, sequence or data is another. Messages without a publication in them cannot be read any more, and are lost.',
    },
  }),
  effect: ({ draws }, { ratio }) => ({
    alter(envelope, number, verdict) {
      if (draws.ratio(envelope.from, number) >= ratio) return false;
      verdict.damaged = true;
      return true;
    },
  }),
});
