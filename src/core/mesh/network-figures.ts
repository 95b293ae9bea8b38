/**
 * The figures of a network in one process: exact counters from the first message on, and one small record for each message that is
 * still under way. A message counts when its last copy has gone, so that nothing is called lost that is only on its way.
 */
import { networkHealth } from '../parts/network-health.js';

export interface NetworkMetrics {
  /** Nodes in the network now. */
  readonly totalNodes: number;
  /** Messages that nodes sent to each other / seconds since the start; null when no time has passed. */
  readonly messagesPerSecond: number | null;
  /** Mean time from publication to first delivery, milliseconds; null when nothing was delivered. */
  readonly averageLatency: number | null;
  /** Distinct messages that nodes flagged for a wrong pattern value, each node's apart. */
  readonly patternMismatches: number;
  /** Percent, by `networkHealthFormula`; null until something was measured. */
  readonly networkHealth: number | null;
}

interface Flight {
  readonly atUs: number;
  readonly origin: number;
  eligible: number;
  delivered: number;
  /** Addresses that were removed while copies to them were under way. */
  lost: Set<number> | undefined;
}

export class NetworkFigures {
  messagesSent = 0;
  /** Messages that could not be queued. */
  messagesDropped = 0;
  patternMismatches = 0;
  firstReceipts = 0;
  flagged = 0;
  #eligible = 0;
  #delivered = 0;
  #deliveries = 0;
  #latencyUs = 0;
  /** By body handle. */
  readonly #flights = new Map<number, Flight>();

  /** Messages of members that are under way. */
  get open(): number {
    return this.#flights.size;
  }

  /** @param others nodes that should get it */
  published(body: number, origin: number, nowUs: number, others: number): void {
    this.#flights.set(body, { atUs: nowUs, origin, eligible: others, delivered: 0, lost: undefined });
  }

  delivered(body: number, address: number, nowUs: number): void {
    const flight = this.#flights.get(body);
    if (flight === undefined || flight.origin === address) return;
    this.#deliveries++;
    this.#latencyUs += nowUs - flight.atUs;
    flight.delivered++;
  }

  /** A copy did not arrive because its receiver had been removed: nobody expects it any more. */
  receiverGone(body: number, address: number): void {
    const flight = this.#flights.get(body);
    if (flight === undefined || flight.lost?.has(address) === true) return;
    flight.lost = (flight.lost ?? new Set()).add(address);
    flight.eligible--;
  }

  /** The last copy has gone. */
  forget(body: number): void {
    const flight = this.#flights.get(body);
    if (flight === undefined) return;
    // Who came after the publication and heard of it all the same was not expected.
    this.#eligible += Math.max(flight.eligible, flight.delivered);
    this.#delivered += flight.delivered;
    this.#flights.delete(body);
  }

  metrics(totalNodes: number, elapsedUs: number): NetworkMetrics {
    return {
      totalNodes,
      messagesPerSecond: elapsedUs <= 0 ? null : this.messagesSent / (elapsedUs / 1e6),
      averageLatency: this.#deliveries === 0 ? null : this.#latencyUs / this.#deliveries / 1000,
      patternMismatches: this.patternMismatches,
      networkHealth: networkHealth(
        this.#eligible === 0 ? null : this.#delivered / this.#eligible,
        // Whoever is down is no longer in the network.
        totalNodes === 0 ? null : 1,
        this.firstReceipts === 0 ? null : 1 - this.flagged / this.firstReceipts,
      ),
    };
  }
}
