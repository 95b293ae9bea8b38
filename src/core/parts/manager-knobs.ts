/** The knobs that all topology managers share. */
import { knobs, type Values } from '../base/knobs.js';
import type { EventLoad } from '../model/protocol.js';
import { eventsOfTurns } from './event-count.js';
import type { ManagerSettings } from './topology-manager.js';

export const managerKnobs = knobs({
  degree: {
    kind: 'integer',
    min: 1,
    max: 10_000,
    default: 8,
    doc: 'How many peers a node chooses. Those that chose it are in use as well, so that it talks to up to twice as many. More spread news faster and cost more.',
  },
  known: {
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: 128,
    doc: 'How many peers a node remembers, about 300 bytes each. The more it knows, the better it can choose.',
  },
  seeds: {
    kind: 'integer',
    min: 0,
    max: 1_000_000,
    default: 0,
    doc: 'The bootstrap list: so many nodes, the first in the scenario, are all that anybody knows in the beginning; the others are found by exchanging addresses. 0: everybody knows its neighbours in the topology.',
  },
  interval: {
    kind: 'duration',
    min: 1000,
    default: 1_000_000,
    doc: 'The length of a round, in which every peer in use is asked for a round trip, and one of them for addresses.',
  },
  rebalanceEvery: {
    kind: 'integer',
    min: 1,
    max: 1_000_000,
    default: 100,
    doc: 'After so many rounds a node chooses its peers anew. Until the first time they are random.',
  },
  staleAfter: {
    kind: 'duration',
    min: 1000,
    default: 30_000_000,
    doc: 'Who has left questions open for so long is struck out. Until then it stays in use.',
  },
  explore: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 2,
    doc: 'How many of the peers that are not in use are asked in each round, so that their distance is known when it matters.',
  },
});

export const nearShareKnob = {
  nearShare: {
    kind: 'ratio',
    default: 0.8,
    doc: 'Which share of the chosen peers are near ones; the others are random and keep the network in one piece.',
  },
} as const;

export function managerSettings(parameters: Values<typeof managerKnobs>): ManagerSettings {
  const { interval, staleAfter, ...rest } = parameters;
  return { ...rest, intervalUs: interval, staleAfterUs: staleAfter };
}

/** At every turn those in use and a few others are asked for a round trip, and one for addresses; all of them answer. */
export function managerEvents(
  load: EventLoad,
  { interval, degree, explore }: Readonly<Record<'interval' | 'degree' | 'explore', number>>,
): number {
  return eventsOfTurns(load, interval, 2 * (Math.min(degree, load.degree) + explore + 1));
}
