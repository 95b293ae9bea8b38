/** A step further ahead of the sender's mark than is allowed. */
import type { LogRule } from '../parts/log-rule.js';

export const stepJump: LogRule = {
  name: 'step-jump',
  summary: 'a step further ahead of its sender than --max-jump',
  scope: 'sender',
  canMean:
    'Many messages of the sender are missing, its counter was corrupted, or somebody tries to move the clocks of all who believe it.',
  cannotSee:
    'The first line of a sender has nothing to be compared with. A liar who stays below the limit is not noticed. A sender that really leapt stays flagged, because a flagged line does not move its mark.',
  isOn: (settings) => settings.jumpMax !== undefined,
  start: ({ jumpMax = Infinity }) => ({
    judge: (line) =>
      line.mark < 0 || line.step - line.mark <= jumpMax
        ? undefined
        : {
            expected: `at most ${line.mark + jumpMax}`,
            received: line.step,
            message: `step ${line.step} is ${line.step - line.mark} ahead of this sender's mark`,
          },
  }),
};
