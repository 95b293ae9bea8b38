/** A set in which adding wins over removing, held by every node: see parts/or-set.ts. */
import { protocol } from '../../model/protocol.js';
import { AntiEntropy, antiEntropyKnobs, writersMaxOf, type ReplicaKind } from '../../parts/anti-entropy.js';
import { AntiEntropyInRounds } from '../../parts/anti-entropy-rounds.js';
import { OrSet } from '../../parts/or-set.js';
import { replicaMemoryBytes } from '../../parts/replica-memory.js';
import { talkMessages } from '../../parts/state-talk.js';

const kind: ReplicaKind<OrSet> = {
  make: (writer) => new OrSet(writer),
  write(replica, verb, { element }) {
    if (verb === 'remove') replica.remove(element);
    else replica.add(element);
    return 0;
  },
  reading: ({ size }) => size,
};

export const orSet = protocol({
  name: 'or-set',
  summary: 'a set; what is added here while it is removed there stays',
  slot: 'state',
  knobs: antiEntropyKnobs,
  messages: talkMessages,
  writes: ['add', 'remove'],
  writersMax: writersMaxOf,
  memoryBytes: replicaMemoryBytes,
  create: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropy(host, rows, parameters, wiring, kind)),
  createForRounds: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropyInRounds(host, rows, parameters, wiring, kind)),
});
