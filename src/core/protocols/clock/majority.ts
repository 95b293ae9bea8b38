/**
 * The majority clock: move only to a step that more than half of all members claim, this very step and no other. Members that were
 * never heard count as voices for nothing, so a minority of liars who speak first convinces nobody, where the median would follow them.
 * The price is that nobody moves while honest clocks are spread over many steps.
 */
import { cautiousClock } from '../../parts/cautious-clock.js';
import { longestRun } from '../../parts/step-rules.js';

export const majority = cautiousClock({
  name: 'majority',
  summary: 'follow a step that more than half of all members claim exactly; safe from any minority, and slow',
  knobs: {},
  hears: 'everybody',
  caution: (host) => ({
    supported: (sorted) => {
      const members = Math.max(sorted.length, host.peerCount + 1);
      const { step, length } = longestRun(sorted);
      return length * 2 > members ? step : -1;
    },
    faultsBorne: (voices) => Math.floor(voices / 2),
  }),
});
