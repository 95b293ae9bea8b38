/**
 * What the nodes of one process share: the corridor of messages, the table of their contents, the clock, the address book and the log.
 * Whoever does something from outside (`run`) empties the corridor before he leaves; whoever does something inside a handler only
 * puts it there. So handlers can reply, and replies be replied to, for ever, on a call stack of constant depth.
 */
import { NodeStreams } from '../base/random.js';
import type { Envelope } from '../model/envelope.js';
import { BodyStore } from '../parts/body-store.js';
import type { MeshClock } from './clock.js';
import { Emitter } from './emitter.js';
import type { EventClass, MeshEvent } from './events.js';
import { History } from './history.js';
import type { Links } from './links.js';
import { MessageQueue, type Ticket } from './message-queue.js';
import { Names } from './names.js';
import { NetworkFigures } from './network-figures.js';
import { Seat } from './seat.js';
import type { NetworkSettings } from './settings.js';

export class Fabric {
  readonly clock: MeshClock;
  readonly epochMs: number;
  readonly startUs: number;
  readonly figures = new NetworkFigures();
  readonly names = new Names();
  readonly bodies: BodyStore;
  readonly eventCounts: Record<EventClass, number> = { message: 0, error: 0, performance: 0, security: 0 };
  readonly onEvent: Emitter<[event: MeshEvent]>;
  readonly #queue: MessageQueue;
  readonly #seats = new Map<number, Seat>();
  readonly #history: History<MeshEvent>;
  readonly #envelope: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };
  #depth = 0;
  #full = false;

  constructor(
    readonly settings: NetworkSettings,
    readonly links: Links,
  ) {
    this.clock = settings.clock;
    this.epochMs = this.clock.epochMs();
    this.startUs = this.clock.nowUs();
    this.#queue = new MessageQueue(settings.queueCapacity);
    this.#history = new History(settings.eventLogSize, settings.historyBytes);
    this.bodies = new BodyStore((handle) => {
      this.figures.forget(handle);
      this.names.release(this.bodies.get(handle).origin);
    });
    // A handler of the log that throws is logged like any other, and is not told of it.
    this.onEvent = new Emitter((cause) => this.#keep(this.mishap('', 'onEvent', cause), 0));
  }

  /** Whole microseconds since the start. */
  get nowUs(): number {
    return Math.floor(this.clock.nowUs() - this.startUs);
  }

  /** Milliseconds since 1970, for events. */
  get timestamp(): number {
    return this.clock.epochMs();
  }

  get queued(): number {
    return this.#queue.size;
  }

  takeSeat(nodeId: string): Seat {
    const address = this.names.addMember(nodeId);
    const chance = new NodeStreams(this.settings.chanceSeed, 'node', 1, address);
    chance.node = address;
    const seat = new Seat(nodeId, address, this, this.links, chance);
    this.#seats.set(address, seat);
    this.links.add(seat);
    return seat;
  }

  leaveSeat(seat: Seat): void {
    this.links.remove(seat);
    this.#seats.delete(seat.address);
    this.names.release(seat.address);
    seat.attached = false;
  }

  /** Does something from outside or from inside a handler; the outermost call delivers what is waiting. */
  run<Result>(action: () => Result): Result {
    this.#depth++;
    let result: Result;
    try {
      result = action();
      if (this.#depth === 1 && this.settings.delivery === 'immediate') this.#deliver(Infinity);
    } finally {
      this.#depth--;
    }
    return result;
  }

  /**
   * Delivers what waits, at most so many messages.
   * @returns how many were taken out of the queue; 0 inside a handler
   */
  deliver(messagesMax: number): number {
    if (this.#depth > 0) return 0;
    this.#depth++;
    try {
      return this.#deliver(messagesMax);
    } finally {
      this.#depth--;
    }
  }

  send(
    from: Seat,
    to: number,
    slot: number,
    kind: number,
    a: number,
    b: number,
    c: number,
    d: number,
    body: number,
  ): void {
    const seat = this.#seats.get(to);
    if (seat === undefined) return;
    if (this.#post(seat, from.address, slot, kind, a, b, c, d, body, undefined)) {
      this.figures.messagesSent++;
      return;
    }
    this.figures.messagesDropped++;
    if (!this.#full) from.occupant?.queueFull(this.figures.messagesDropped);
    this.#full = true;
  }

  /** Puts a message from outside into the queue; false when it is full. */
  handIn(to: Seat, slot: number, a: number, b: number, c: number, body: number, ticket: Ticket): boolean {
    return this.#post(to, -1, slot, 0, a, b, c, 1, body, ticket);
  }

  setTimer(seat: Seat, slot: number, kind: number, delayUs: number, argument: number): void {
    this.clock.later(delayUs / 1000, () => {
      if (!seat.attached) return;
      this.run(() => {
        const item = this.#queue.push();
        if (item === undefined) return;
        item.seat = seat;
        item.isTimer = true;
        item.slot = slot;
        item.kind = kind;
        item.a = argument;
        item.body = 0;
        item.ticket = undefined;
      });
    });
  }

  /** Writes an event into the log and tells whoever listens to the log. */
  log(event: MeshEvent, weight: number): void {
    this.#keep(event, weight);
    if (this.onEvent.size > 0) this.onEvent.emit(event);
  }

  events(): MeshEvent[] {
    return this.#history.toArray();
  }

  mishap(nodeId: string, handler: string, cause: unknown): MeshEvent {
    const timestamp = this.timestamp;
    const reason = `a handler of ${handler} threw`;
    return {
      class: 'error',
      type: 'handler-error',
      nodeId,
      timestamp,
      error: { type: 'handler-error', nodeId, timestamp, reason, message: null, handler, cause },
    };
  }

  #keep(event: MeshEvent, weight: number): void {
    this.eventCounts[event.class]++;
    this.#history.push(event, weight + 64);
  }

  #post(
    seat: Seat,
    from: number,
    slot: number,
    kind: number,
    a: number,
    b: number,
    c: number,
    d: number,
    body: number,
    ticket: Ticket | undefined,
  ): boolean {
    const item = this.#queue.push();
    if (item === undefined) return false;
    this.bodies.retain(body);
    item.seat = seat;
    item.isTimer = false;
    item.slot = slot;
    item.kind = kind;
    item.from = from;
    item.a = a;
    item.b = b;
    item.c = c;
    item.d = d;
    item.body = body;
    item.ticket = ticket;
    return true;
  }

  #deliver(messagesMax: number): number {
    let count = 0;
    while (count < messagesMax && this.#queue.size > 0) {
      count++;
      if (this.#queue.size * 2 < this.#queue.capacity) this.#full = false;
      this.#next();
    }
    return count;
  }

  #next(): void {
    const item = this.#queue.pop();
    const { seat, body, ticket } = item;
    item.seat = undefined;
    item.ticket = undefined;
    if (seat?.occupant === undefined) return;
    if (item.isTimer) {
      if (seat.attached) seat.occupant.wake(item.slot, item.kind, item.a);
      return;
    }
    const envelope = this.#envelope;
    envelope.slot = item.slot;
    envelope.kind = item.kind;
    envelope.from = item.from;
    envelope.to = seat.address;
    envelope.a = item.a;
    envelope.b = item.b;
    envelope.c = item.c;
    envelope.d = item.d;
    envelope.body = body;
    try {
      if (seat.attached || item.from === -1) seat.occupant.handle(envelope, ticket);
      else if (body !== 0) this.figures.receiverGone(body, seat.address);
    } finally {
      this.bodies.release(body);
    }
  }
}
