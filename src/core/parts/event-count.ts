/** How many events a protocol makes, for the estimate of what a run costs: most do the same at every turn, some pass on what is published. */
import type { EventLoad } from '../model/protocol.js';

/**
 * Events of all nodes in a run.
 * @param intervalUs how often each node takes its turn; once a round where time goes in rounds, in which nobody has to be woken
 * @param messages how many messages arrive because of one turn of one node, answers included
 */
export function eventsOfTurns(load: EventLoad, intervalUs: number, messages: number): number {
  return turnsOf(load, intervalUs) * (load.roundUs === undefined ? 1 + messages : messages);
}

/** How many turns all nodes take in a run. */
export function turnsOf({ nodeCount, seconds, roundUs }: EventLoad, intervalUs: number): number {
  return (nodeCount * seconds * 1e6) / (roundUs ?? intervalUs);
}

/** Copies of all publications where everybody passes each on once: nobody sends it back where it came from, so 2 m - n + 1 over m links. */
export function eventsOfFlood({ nodeCount, degree, messages }: EventLoad): number {
  return messages * Math.max(nodeCount * degree - nodeCount + 1, nodeCount);
}
