/**
 * The quorum clock: follow the (f+1)-th largest of all claims. Among f + 1 voices at least one is honest if f lie at the most, so nobody
 * is ever led beyond a step that an honest node has held. With f + 1 liars that is over, and the run counts it (`unsafeAdoptions`). If at
 * most f nodes advance, nobody follows: they look like liars.
 *
 * T. K. Srikanth and S. Toueg, "Optimal clock synchronization", JACM 34(3), 1987; Tendermint skips rounds by the same rule.
 */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { CautiousClock } from '../../parts/cautious-clock.js';
import { faultsTolerated } from '../../parts/step-rules.js';
import { mapBytes } from '../../parts/memory-size.js';

const quorumKnobs = knobs({
  f: {
    kind: 'integer',
    min: 0,
    max: 1_000_000,
    optional: true,
    doc: 'How many liars are to be borne. Default: floor((n - 1) / 3) of the node and its peers. Each one more needs one more honest voice before a clock moves.',
  },
  maxJump: {
    kind: 'integer',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    doc: 'The farthest that a clock moves at a time. Left out, there is no bound.',
  },
});

export const quorum = protocol({
  name: 'quorum',
  summary: 'follow the (f+1)-th largest claim: f liars cannot lead anybody astray',
  slot: 'clock',
  knobs: quorumKnobs,
  messages: [],
  needsIdentity: true,
  memoryBytes: ({ nodeCount, publishers }) => nodeCount * (mapBytes(publishers) + 8 * publishers),
  create(host, rows, { f, maxJump = Number.MAX_SAFE_INTEGER }, wiring) {
    const { peers } = wiring;
    const borne = (): number => f ?? faultsTolerated(peers.count() + 1);
    const clock = new CautiousClock(host, rows, {
      maxJump,
      hears: 'everybody',
      supported: (sorted) => sorted[borne()] ?? -1,
      faultsBorne: borne,
    });
    wiring.clock = clock;
    return clock;
  },
});
