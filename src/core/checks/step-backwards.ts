/** A step lower than the sender's mark. */
import type { LogRule } from '../parts/log-rule.js';

export const stepBackwards: LogRule = {
  name: 'step-backwards',
  summary: 'a step lower than the last good line of its sender',
  scope: 'sender',
  canMean:
    'A stale message, one that was overtaken on the way, a replayed stretch of the past, or a node that restarted its counter. Counters that restart by design want --resync.',
  cannotSee:
    'Whether the step was seen before: only the last good step of a sender is remembered. A forged step far ahead that is otherwise right moves the mark, and honest lines then look stale; --max-jump bounds that.',
  isOn: () => true,
  start: () => ({
    judge: (line) =>
      line.step >= line.mark
        ? undefined
        : {
            expected: `more than ${line.mark}`,
            received: line.step,
            message: `step ${line.step} after ${line.mark}: replayed, stale or overtaken`,
          },
  }),
};
