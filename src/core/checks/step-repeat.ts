/** The same step as the sender's mark. */
import type { LogRule } from '../parts/log-rule.js';

export const stepRepeat: LogRule = {
  name: 'step-repeat',
  summary: 'the same step as the last good line of its sender',
  scope: 'sender',
  canMean:
    'A message was recorded twice, sent twice or replayed; or a node sent two messages under one step (see equivocation).',
  cannotSee:
    'Only the last good step of a sender is remembered: a replay of an older message is step-backwards. Whether the copy came from its sender, a signature and a sequence number can tell, not this check.',
  isOn: () => true,
  start: () => ({
    judge: (line) =>
      line.step !== line.mark
        ? undefined
        : {
            expected: `more than ${line.mark}`,
            received: line.step,
            message: `step ${line.step} has been used by this sender`,
          },
  }),
};
