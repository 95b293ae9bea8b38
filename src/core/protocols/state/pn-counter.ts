/** A counter that goes up and down, held by every node: see parts/pn-counter.ts. */
import { protocol } from '../../model/protocol.js';
import { AntiEntropy, antiEntropyKnobs, writersMaxOf, type ReplicaKind } from '../../parts/anti-entropy.js';
import { AntiEntropyInRounds } from '../../parts/anti-entropy-rounds.js';
import { PNCounter } from '../../parts/pn-counter.js';
import { replicaMemoryBytes } from '../../parts/replica-memory.js';
import { talkMessages } from '../../parts/state-talk.js';

const kind: ReplicaKind<PNCounter> = {
  make: (writer) => new PNCounter(writer),
  write(replica, _verb, { by }) {
    replica.increment(by as number);
    return by as number;
  },
  reading: ({ value }) => value,
};

export const pnCounter = protocol({
  name: 'pn-counter',
  summary: 'a counter that goes up and down: the sum of what all nodes have added and taken away',
  slot: 'state',
  knobs: antiEntropyKnobs,
  messages: talkMessages,
  writes: ['increment'],
  writersMax: writersMaxOf,
  memoryBytes: replicaMemoryBytes,
  create: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropy(host, rows, parameters, wiring, kind)),
  createForRounds: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropyInRounds(host, rows, parameters, wiring, kind)),
});
