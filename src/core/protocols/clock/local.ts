/**
 * The local clock: the quorum rule among neighbours only. Nobody has to be known beyond the next link, so it works on a network of any
 * size, and that is its weakness: f liars must be borne in every neighbourhood and not in the whole, so a handful in one place leads
 * the first node astray, which then speaks with them, and on a sparse graph the error runs on like a fall of dominoes.
 *
 * How far it runs is bootstrap percolation with threshold f + 1: J. Chalupa, P. L. Leath, G. R. Reich, J. Phys. C 12, 1979; the f-local
 * bound on faults is that of C.-Y. Koo, "Broadcast in radio networks tolerating Byzantine adversarial behavior", PODC 2004.
 */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { CautiousClock } from '../../parts/cautious-clock.js';
import { faultsTolerated } from '../../parts/step-rules.js';
import { mapBytes } from '../../parts/memory-size.js';

const localKnobs = knobs({
  f: {
    kind: 'integer',
    min: 0,
    max: 1_000_000,
    optional: true,
    doc: 'How many liars are to be borne in each neighbourhood. Default: floor((n - 1) / 3) of the node and its neighbours. Each one more needs one more honest neighbour before a clock moves.',
  },
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that a clock moves at a time. Left out, there is no bound.',
  },
});

export const local = protocol({
  name: 'local',
  summary:
    'the quorum rule among neighbours only: works at any size, and a few liars in one place poison a sparse network',
  slot: 'clock',
  knobs: localKnobs,
  messages: [],
  needsIdentity: true,
  memoryBytes: ({ nodeCount, degree }) => nodeCount * (mapBytes(degree) + 8 * degree),
  create(host, rows, { f, maxJump = Number.MAX_SAFE_INTEGER }, wiring) {
    const borne = (voices: number): number => f ?? faultsTolerated(voices);
    const clock = new CautiousClock(host, rows, {
      maxJump,
      hears: 'neighbours',
      supported: (sorted) => sorted[borne(host.peerCount + 1)] ?? -1,
      faultsBorne: borne,
    });
    wiring.clock = clock;
    return clock;
  },
});
