/** A counter that goes up and down, held by every node: see parts/pn-counter.ts. */
import { PNCounter } from '../../parts/pn-counter.js';
import { counting, replicatedState } from '../../parts/replicated-state.js';

export const pnCounter = replicatedState(
  {
    name: 'pn-counter',
    summary: 'a counter that goes up and down: the sum of what all nodes have added and taken away',
    writes: ['increment'],
  },
  counting((writer) => new PNCounter(writer)),
);
