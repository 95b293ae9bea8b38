/**
 * Gossip in rounds, as the books tell it: everybody calls somebody at the same moment, all look at the world as it was when the round
 * began, and what they learn counts from the next round on. No message waits in a queue, so a million nodes take their turns as fast as
 * an array is read; and since all calls see the same snapshot, the outcome has the exact distribution of theory.
 *
 * A round protocol walks over its own nodes. What concerns the world (who is up, which call gets through, what it costs, who lies) it
 * asks the `RoundHost`.
 */
import type { Envelope } from './envelope.js';
import type { Population } from './protocol.js';

/** The most calls that `callEach` takes at a time. */
export const callBatch = 1024;

/**
 * What comes of a call. `unheard`: it got there and the answer did not come back, which happens only where loss is drawn for each message
 * (`lossPer: message`).
 */
export const callOutcomes = { lost: 0, unheard: 1, done: 2 } as const;
export type CallOutcome = (typeof callOutcomes)[keyof typeof callOutcomes];

/** How `callEach` writes down a peer whose answer did not come back; the same once more gives the peer. -1 stays for nobody. */
export function unheard(peer: number): number {
  return -2 - peer;
}

export interface RoundHost {
  /** Makes it this node's turn: its chance, its peers. False when the node is down. */
  turn(node: number): boolean;
  /** Makes it this node's turn to take what the round brought it, at the round's end. */
  settle(node: number): void;
  /**
   * The node whose turn it is calls another. Loss is drawn once a call, and its directions live or die together, unless the network
   * says `lossPer: message`; a peer that is down costs the call.
   * @param answered true when the callee sends something back, which a one-way partition prevents as well
   */
  call(to: number, answered: boolean): CallOutcome;
  /**
   * Many turns with one call each, to a uniform neighbour in the topology: the same draws, calls and losses as `turn`, a pick and `call`
   * for one node after another, at a fraction of the cost.
   * @param callers whose turn it is, ascending; the first `count` of them
   * @param to filled with whom each reached; -1 where the node is down or the call did not get through; `unheard(peer)` where only the
   *   answer was lost
   */
  callEach(callers: Int32Array, count: number, to: Int32Array, answered: boolean): void;
  /** Counts publications that a node handed over in a call, with their encoded size altogether. */
  carried(from: number, publications: number, bytes: number): void;
  /** Counts messages that carry no publication, with their encoded size altogether. */
  spent(from: number, messages: number, bytes: number): void;
  /** Copies of a message that reached an honest node which had it. */
  duplicates(body: number, copies: number): void;
  isHonest(node: number): boolean;
  /**
   * Lets the adversaries of `envelope.from` have their way with one publication, words and body.
   * @returns false when it is kept back
   */
  twist(envelope: Envelope): boolean;
  /**
   * Lets the adversaries of a node have their way with a message that carries no publication.
   * @param kind its number among the messages of the slot
   * @returns false when it is kept back
   */
  speaks(from: number, to: number, kind: number): boolean;
  /** Tells the world that this message arrived at the node whose turn it is. Call before anything is reported about it. */
  arrived(envelope: Envelope): void;
}

/** A slot that can be run in rounds. Nodes start and publish as ever, between rounds; the host's `send` and `setTimer` are not used. */
export interface RoundPopulation extends Population {
  /** All calls of one round. Nothing that they read may change. */
  exchange(rounds: RoundHost): void;
  /** All that was learned becomes known. */
  merge(rounds: RoundHost): void;
}
