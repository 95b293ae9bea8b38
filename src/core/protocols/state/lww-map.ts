/** A map in which the last writer wins, held by every node: see parts/lww-map.ts. */
import { canonicalJson } from '../../base/canonical-json.js';
import { protocol } from '../../model/protocol.js';
import { AntiEntropy, antiEntropyKnobs, writersMaxOf, type ReplicaKind } from '../../parts/anti-entropy.js';
import { AntiEntropyInRounds } from '../../parts/anti-entropy-rounds.js';
import { LwwMap } from '../../parts/lww-map.js';
import { replicaMemoryBytes } from '../../parts/replica-memory.js';
import { talkMessages } from '../../parts/state-talk.js';

/** Keys are texts; of anything else its canonical JSON. */
const keyOf = (key: unknown): string => (typeof key === 'string' ? key : canonicalJson(key));

const kind: ReplicaKind<LwwMap> = {
  make: (writer) => new LwwMap(writer),
  write(replica, verb, { key, value }, nowUs) {
    // Before the epoch of its clock a node has no time of its own.
    const stampUs = Math.max(0, nowUs);
    if (verb === 'erase') replica.delete(keyOf(key), stampUs);
    else replica.set(keyOf(key), value, stampUs);
    return 0;
  },
  reading: ({ size }) => size,
};

export const lwwMap = protocol({
  name: 'lww-map',
  summary:
    'keys with values; of two writes the later one stays, of the same microsecond that of the greater id',
  slot: 'state',
  knobs: antiEntropyKnobs,
  messages: talkMessages,
  writes: ['write', 'erase'],
  writersMax: writersMaxOf,
  memoryBytes: replicaMemoryBytes,
  create: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropy(host, rows, parameters, wiring, kind)),
  createForRounds: (host, rows, parameters, wiring) =>
    (wiring.state = new AntiEntropyInRounds(host, rows, parameters, wiring, kind)),
});
