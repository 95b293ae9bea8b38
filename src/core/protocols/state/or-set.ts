/** A set in which adding wins over removing, held by every node: see parts/or-set.ts. */
import { OrSet } from '../../parts/or-set.js';
import { replicatedState } from '../../parts/replicated-state.js';

export const orSet = replicatedState<OrSet>(
  {
    name: 'or-set',
    summary: 'a set; what is added here while it is removed there stays',
    writes: ['add', 'remove'],
  },
  {
    make: (writer) => new OrSet(writer),
    write(replica, verb, { element }) {
      if (verb === 'remove') replica.remove(element);
      else replica.add(element);
      return 0;
    },
    reading: ({ size }) => size,
  },
);
