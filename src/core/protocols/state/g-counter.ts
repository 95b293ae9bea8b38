/** A counter that only grows, held by every node: see parts/g-counter.ts. */
import { protocol } from '../../model/protocol.js';
import { AntiEntropy, antiEntropyKnobs, writersMaxOf, type ReplicaKind } from '../../parts/anti-entropy.js';
import { AntiEntropyInRounds } from '../../parts/anti-entropy-rounds.js';
import { GCounter } from '../../parts/g-counter.js';
import { replicaMemoryBytes } from '../../parts/replica-memory.js';
import { talkMessages } from '../../parts/state-talk.js';

const kind: ReplicaKind<GCounter> = {
  make: (writer) => new GCounter(writer),
  write(replica, _verb, { by }) {
    replica.increment(by as number);
    return by as number;
  },
  reading: ({ value }) => value,
};

export const gCounter = protocol({
  name: 'g-counter',
  summary: 'a counter that only grows: the sum of what all nodes have counted',
  slot: 'state',
  knobs: antiEntropyKnobs,
  messages: talkMessages,
  writes: ['increment'],
  incrementMin: 1,
  writersMax: writersMaxOf,
  memoryBytes: replicaMemoryBytes,
  create: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropy(host, rows, parameters, wiring, kind)),
  createForRounds: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropyInRounds(host, rows, parameters, wiring, kind)),
});
