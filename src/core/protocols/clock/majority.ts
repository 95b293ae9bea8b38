/**
 * The majority clock: move only to a step that more than half of all members claim, this very step and no other. Members that were
 * never heard count as voices for nothing, so a minority of liars who speak first convinces nobody, where the median would follow them.
 * The price is that nobody moves while honest clocks are spread over many steps.
 */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { CautiousClock } from '../../parts/cautious-clock.js';
import { longestRun } from '../../parts/step-rules.js';
import { mapBytes } from '../../parts/memory-size.js';

const majorityKnobs = knobs({
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that a clock moves at a time. Left out, there is no bound.',
  },
});

export const majority = protocol({
  name: 'majority',
  summary: 'follow a step that more than half of all members claim exactly; safe from any minority, and slow',
  slot: 'clock',
  knobs: majorityKnobs,
  messages: [],
  needsIdentity: true,
  memoryBytes: ({ nodeCount, publishers }) => nodeCount * (mapBytes(publishers) + 8 * publishers),
  create(host, rows, { maxJump = Number.MAX_SAFE_INTEGER }, wiring) {
    const clock = new CautiousClock(host, rows, {
      maxJump,
      hears: 'everybody',
      supported: (sorted) => {
        const members = Math.max(sorted.length, host.peerCount + 1);
        const { step, length } = longestRun(sorted);
        return length * 2 > members ? step : -1;
      },
      faultsBorne: (voices) => Math.floor(voices / 2),
    });
    wiring.clock = clock;
    return clock;
  },
});
