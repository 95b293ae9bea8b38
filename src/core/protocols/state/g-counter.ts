/** A counter that only grows, held by every node: see parts/g-counter.ts. */
import { GCounter } from '../../parts/g-counter.js';
import { counting, replicatedState } from '../../parts/replicated-state.js';

export const gCounter = replicatedState(
  {
    name: 'g-counter',
    summary: 'a counter that only grows: the sum of what all nodes have counted',
    writes: ['increment'],
    incrementMin: 1,
  },
  counting((writer) => new GCounter(writer)),
);
