/**
 * The median clock: follow the middle of all claims that were heard. It bears any minority of liars among those who speak, and is slow to
 * follow those who are right and few.
 */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { CautiousClock } from '../../parts/cautious-clock.js';
import { mapBytes } from '../../parts/memory-size.js';

const medianKnobs = knobs({
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that a clock moves at a time. Left out, there is no bound.',
  },
});

export const median = protocol({
  name: 'median',
  summary: 'follow the middle of all claims that were heard',
  slot: 'clock',
  knobs: medianKnobs,
  messages: [],
  needsIdentity: true,
  memoryBytes: ({ nodeCount, publishers }) => nodeCount * (mapBytes(publishers) + 8 * publishers),
  create(host, rows, { maxJump = Number.MAX_SAFE_INTEGER }, wiring) {
    const clock = new CautiousClock(host, rows, {
      maxJump,
      hears: 'everybody',
      // The lower of two middles: of an even number of claims, the smaller half decides.
      supported: (sorted) => sorted[Math.floor(sorted.length / 2)],
      // Once everybody has been heard: of floor(n/2) + 1 who claim as much, one is honest.
      faultsBorne: (voices) => Math.floor(voices / 2),
    });
    wiring.clock = clock;
    return clock;
  },
});
