/** A map in which the last writer wins, held by every node: see parts/lww-map.ts. */
import { canonicalJson } from '../../base/canonical-json.js';
import { LwwMap } from '../../parts/lww-map.js';
import { replicatedState } from '../../parts/replicated-state.js';

/** Keys are texts; of anything else its canonical JSON. */
const keyOf = (key: unknown): string => (typeof key === 'string' ? key : canonicalJson(key));

export const lwwMap = replicatedState<LwwMap>(
  {
    name: 'lww-map',
    summary:
      'keys with values; of two writes the later one stays, of the same microsecond that of the greater id',
    writes: ['write', 'erase'],
  },
  {
    make: (writer) => new LwwMap(writer),
    write(replica, verb, { key, value }, nowUs) {
      // Before the epoch of its clock a node has no time of its own.
      const stampUs = Math.max(0, nowUs);
      if (verb === 'erase') replica.delete(keyOf(key), stampUs);
      else replica.set(keyOf(key), value, stampUs);
      return 0;
    },
    reading: ({ size }) => size,
  },
);
