/**
 * From a kind of data to a protocol of the state slot. How replicas come to agree is the same for all of them (anti-entropy.ts), with the
 * same knobs; a kind says only what one writes into it and what one reads off.
 */
import { protocol, type Protocol } from '../model/protocol.js';
import { AntiEntropy, antiEntropyKnobs, writersMaxOf, type ReplicaKind } from './anti-entropy.js';
import { AntiEntropyInRounds } from './anti-entropy-rounds.js';
import { eventsOfTurns } from './event-count.js';
import type { Replica } from './replica.js';
import { replicaMemoryBytes } from './replica-memory.js';
import { talkMessages } from './state-talk.js';

/** How users call it, and what the workload may ask of it. */
type StateName = Required<Pick<Protocol, 'name' | 'summary' | 'writes'>> & Pick<Protocol, 'incrementMin'>;

export function replicatedState<R extends Replica>(
  name: StateName,
  kind: ReplicaKind<R>,
): Protocol<typeof antiEntropyKnobs> {
  return protocol({
    ...name,
    slot: 'state',
    knobs: antiEntropyKnobs,
    messages: talkMessages,
    writersMax: writersMaxOf,
    memoryBytes: replicaMemoryBytes,
    // An opening to each partner, an answer, and what is news for it; in rounds all of that is one call.
    events: (load, { interval, fanout }) =>
      eventsOfTurns(load, interval, load.inRounds ? fanout : 3 * fanout),
    create: (host, rows, parameters, wiring) =>
      (wiring.state = new AntiEntropy(host, rows, parameters, wiring, kind)),
    createForRounds: (host, rows, parameters, wiring) =>
      (wiring.state = new AntiEntropyInRounds(host, rows, parameters, wiring, kind)),
  });
}

/** A replica that counts. */
interface Counter extends Replica {
  readonly value: number;
  increment(by: number): void;
}

/** What one does with any counter. */
export function counting<C extends Counter>(make: (writer: string) => C): ReplicaKind<C> {
  return {
    make,
    write(replica, _verb, { by }) {
      replica.increment(by as number);
      return by as number;
    },
    reading: ({ value }) => value,
  };
}
