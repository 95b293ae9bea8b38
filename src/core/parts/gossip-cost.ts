/**
 * What gossip costs in events. Every node calls `fanout` others at every turn, however many messages there are; in rounds that is all. Elsewhere
 * each message travels by itself: once to every node where two compare before they hand over, about k + 1 times to every node where
 * they tire of it (A. Demers et al., PODC 1987), and at every turn as long as it is held where they push blindly and never tire.
 */
import type { EventLoad } from '../model/protocol.js';
import { eventsOfTurns, turnsOf } from './event-count.js';
import type { GossipParameters } from './gossip-knobs.js';

export function gossipEvents(
  load: EventLoad,
  { pulls }: { readonly pulls: boolean },
  { fanout, interval, held, stop, antiEntropy }: GossipParameters,
): number {
  const { nodeCount, messages, roundUs } = load;
  if (roundUs !== undefined) return turnsOf(load, interval) * fanout;
  const calls = eventsOfTurns(load, interval, pulls ? 2 * fanout : 0);
  const comparing = antiEntropy === undefined ? 0 : eventsOfTurns(load, antiEntropy.interval, 2);
  let copies = messages * nodeCount;
  if (stop !== undefined) {
    // Feedback is an answer to each copy.
    copies *= stop.when === 'feedback' ? 2 * (stop.k + 1) : stop.k * fanout;
  } else if (!pulls) {
    const heldSeconds = Math.min(load.messageSeconds, held * load.seconds);
    copies = (heldSeconds * 1e6 * nodeCount * fanout) / interval;
  }
  return calls + comparing + copies;
}
