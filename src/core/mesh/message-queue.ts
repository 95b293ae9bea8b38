/**
 * The corridor between nodes of one process: messages and due timers wait here in the order in which they came. Because a reply is only
 * put into the corridor, a million replies to replies need no deeper a call stack than one. Places are used again; a full corridor says no.
 */
import { assert } from '../base/assert.js';
import type { Seat } from './seat.js';

/** What became of a message that was handed in from outside. */
export type Outcome = 'accepted' | 'flagged' | 'duplicate' | 'malformed' | 'queued';

/** Follows one message from outside to its end. */
export interface Ticket {
  outcome: Outcome;
}

export class QueueItem {
  seat: Seat | undefined;
  isTimer = false;
  slot = 0;
  kind = 0;
  /** Address of the sender over the last link; -1 for a message from outside. For timers unused. */
  from = 0;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  body = 0;
  ticket: Ticket | undefined;
}

const roomMin = 64;

export class MessageQueue {
  #items: QueueItem[] = [];
  #first = 0;
  #size = 0;

  /** @param capacity messages that may wait at a time */
  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#size;
  }

  /** The next free place at the end, to be filled in; undefined when the queue is full. */
  push(): QueueItem | undefined {
    if (this.#size >= this.capacity) return undefined;
    if (this.#size === this.#items.length) this.#grow();
    const item = this.#items[(this.#first + this.#size) & (this.#items.length - 1)];
    this.#size++;
    return item;
  }

  /** Takes out the first. It is good until something is pushed. */
  pop(): QueueItem {
    assert(this.#size > 0, 'only a queue with something in it is popped');
    const item = this.#items[this.#first];
    this.#first = (this.#first + 1) & (this.#items.length - 1);
    this.#size--;
    // After a burst the room is given back.
    if (this.#size === 0 && this.#items.length > 1024) {
      this.#items = [];
      this.#first = 0;
    }
    return item;
  }

  #grow(): void {
    const before = this.#items;
    const items: QueueItem[] = [];
    for (let i = 0; i < before.length; i++) items.push(before[(this.#first + i) & (before.length - 1)]);
    const room = Math.max(roomMin, before.length * 2);
    while (items.length < room) items.push(new QueueItem());
    this.#items = items;
    this.#first = 0;
  }
}
