/**
 * The knobs that push, pull and push-pull share, each with its whole story, and the rule by which a node loses interest in what it
 * spreads: A. Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987, section 1.4.
 */
import { knobs, type Values } from '../base/knobs.js';

export const stopKnobs = knobs({
  when: {
    kind: 'choice',
    words: ['feedback', 'blind'],
    default: 'feedback',
    doc: '`feedback`: a node grows tired of a message by contacts that had it already. `blind`: by every activation in which it spreads the message, needed or not; that saves the answers and costs more copies.',
  },
  how: {
    kind: 'choice',
    words: ['counter', 'coin'],
    default: 'counter',
    doc: '`counter`: it stops after k such occasions; a contact that needed the message sets the count back to 0. `coin`: it stops at each with the chance 1/k.',
  },
  k: {
    kind: 'integer',
    min: 1,
    max: 255,
    default: 4,
    doc: 'How patient a node is. Each step up costs about one more copy a node and leaves fewer nodes without the message: with push, feedback and counter about exp(-(k+1)) of them.',
  },
});

export type StopRule = Values<typeof stopKnobs>;

export const gossipKnobs = knobs({
  fanout: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 1,
    doc: 'How many distinct peers a node contacts in one activation, drawn uniformly from those it knows. The number of rounds falls with its logarithm, the traffic grows in proportion.',
  },
  interval: {
    kind: 'duration',
    min: 1,
    default: 200_000,
    doc: 'How long a node waits from one activation to the next. Time to spread is this times the number of cycles; traffic a second goes the other way. In `timing: rounds` there is one activation a round instead.',
  },
  ttl: {
    kind: 'integer',
    min: 1,
    max: 65_535,
    optional: true,
    doc: 'How many hops a message travels at the most. Left out, there is no bound, and messages end by `stop` or not at all.',
  },
  stop: {
    kind: 'section',
    knobs: stopKnobs,
    optional: true,
    doc: 'When a node loses interest in a message. Left out, never: it spreads what it holds for as long as it holds it, and every node that can be reached is reached.',
  },
  antiEntropy: {
    kind: 'section',
    optional: true,
    doc: 'A slow comparison beside the rumours: at its turn a node exchanges digests with one peer, and both get what they lack. It finds what rumours left out, at the cost of 8 bytes for each held message. Left out, there is none; not in `timing: rounds`.',
    knobs: knobs({
      interval: {
        kind: 'duration',
        min: 1,
        default: 5_000_000,
        doc: 'How often each node compares. Shorter repairs sooner and costs more digests.',
      },
    }),
  },
  held: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 256,
    doc: 'How many messages a node keeps in order to pass them on; the one received longest ago makes room. In `timing: rounds` nothing is dropped.',
  },
  seenCapacity: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 4096,
    doc: 'How many of the latest messages a node surely remembers in order to suppress duplicates. Each costs about 16 to 32 bytes a node.',
  },
});

export type GossipParameters = Values<typeof gossipKnobs>;
