/**
 * A seat at the table: one node's place in a network, with its address, its own stream of chance and its view of who sits where. What
 * is shared by all seats (queue, clock, bodies) belongs to the fabric; what a node thinks belongs to the node.
 */
import type { Chance } from '../base/random.js';
import type { Envelope } from '../model/envelope.js';
import type { ReportKind } from '../model/protocol.js';
import type { Fabric } from './fabric.js';
import type { Links } from './links.js';
import type { Ticket } from './message-queue.js';

/** What the fabric does to whoever sits here. */
export interface Occupant {
  handle(envelope: Envelope, ticket: Ticket | undefined): void;
  wake(slot: number, kind: number, argument: number): void;
  reported(kind: ReportKind, body: number, value: number): void;
  /** Messages of this node are being dropped because the queue is full. */
  queueFull(dropped: number): void;
}

export class Seat {
  /** False after the node was removed: it reaches nobody and nobody reaches it. */
  attached = true;
  /** Place in the order of seats; kept by `Links`. */
  index = 0;
  occupant: Occupant | undefined;

  constructor(
    readonly nodeId: string,
    readonly address: number,
    readonly fabric: Fabric,
    readonly links: Links,
    readonly chance: Chance,
  ) {}
}
