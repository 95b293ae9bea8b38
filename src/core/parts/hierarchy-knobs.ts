/** The knobs of counting by levels (protocols/state/hierarchy.ts), each with its whole story. */
import { knobs } from '../base/knobs.js';
import { ownValues } from './tally.js';

export const hierarchyKnobs = knobs({
  interval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'How long a cycle takes: groups report once in each, and the result comes down once. A change is known everywhere after at most four cycles and the way there.',
  },
  patience: {
    kind: 'integer',
    min: 2,
    max: 1000,
    default: 3,
    doc: 'The lease: so many intervals of silence, and a node is left out of the count, a leader is replaced. Less is faster and takes a lost message for a crash; it must be longer than the slowest link.',
  },
  repeatEvery: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 1,
    doc: 'Nodes report, and hear a result that has not changed, only every so many intervals. What is new is told at once all the same. The traffic falls in proportion; the lease of a node that leads nothing grows in proportion.',
  },
  takeBack: {
    kind: 'boolean',
    default: true,
    doc: 'The first candidate who is up takes the lead back when it returns, so that nobody leads two groups for long. Without it, whoever leads goes on; fewer changes, uneven load.',
  },
  values: {
    kind: 'choice',
    words: ownValues,
    default: 'readings',
    doc: 'What is added up beside the count. `readings`: 12 bits that follow from the address. `ones`: the count again. `bits`: each of the first 32 nodes has a bit of its own, so that the sum tells who was counted.',
  },
});
