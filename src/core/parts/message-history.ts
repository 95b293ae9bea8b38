/**
 * What each node received in its last few heartbeats, in the order in which it came, to be told of and given to those who ask. A message
 * that many nodes hold is described once; a node's own list is a ring of numbers, so that looking through it is quick.
 */
import type { Bodies } from '../model/bodies.js';
import type { Held } from './gossip-shelf.js';

/** Positions count on for ever; the ring has them modulo its length, a power of two. */
interface Ring {
  numbers: Int32Array;
  hops: Uint16Array;
  first: number;
  end: number;
  /** Where the latest heartbeats began, oldest first; the last one is under way. */
  readonly beats: number[];
}

export class MessageHistory {
  readonly #rings: (Ring | undefined)[];
  readonly #messages: (Held | undefined)[] = [];
  readonly #holders: number[] = [];
  readonly #free: number[] = [];
  /** Numbers of messages by the first word of their identity. */
  readonly #byIdentity = new Map<number, number[]>();

  /**
   * @param beats how many heartbeats a message is kept
   * @param capacity how many messages a node keeps at the most
   */
  constructor(
    rows: number,
    private readonly beats: number,
    private readonly capacity: number,
    private readonly bodies: Bodies,
  ) {
    this.#rings = new Array<Ring | undefined>(rows);
  }

  /** Keeps a message; its body is retained while any node has it. */
  put(row: number, held: Held, hops: number): void {
    const ring = (this.#rings[row] ??= emptyRing());
    if (ring.end - ring.first === this.capacity) this.#dropFirst(ring);
    if (ring.end - ring.first === ring.numbers.length) grow(ring);
    const at = ring.end & (ring.numbers.length - 1);
    ring.numbers[at] = this.#numberOf(held);
    ring.hops[at] = hops;
    ring.end++;
  }

  /** A heartbeat is over: what is older than the last `beats` of them goes. */
  turn(row: number): void {
    const ring = this.#rings[row];
    if (ring === undefined) return;
    ring.beats.push(ring.end);
    if (ring.beats.length <= this.beats) return;
    ring.beats.shift();
    while (ring.first < ring.beats[0]) this.#dropFirst(ring);
  }

  /** The identities of what came in the last so many heartbeats, the one under way included: x then y, oldest first. */
  identities(row: number, beats: number): number[] {
    const ring = this.#rings[row];
    const words: number[] = [];
    if (ring === undefined) return words;
    const { numbers, first, end } = ring;
    const from = ring.beats.length < beats ? first : Math.max(first, ring.beats[ring.beats.length - beats]);
    for (let position = from; position < end; position++) {
      const { x, y } = this.#messages[numbers[position & (numbers.length - 1)]] as Held;
      words.push(x, y);
    }
    return words;
  }

  /** The position of a message in the node's list, or -1. Good until the next `put`, `turn` or `clear`. */
  find(row: number, x: number, y: number): number {
    const ring = this.#rings[row];
    const number = this.#known(x, y);
    if (ring === undefined || number < 0) return -1;
    const { numbers, first, end } = ring;
    const mask = numbers.length - 1;
    for (let position = end - 1; position >= first; position--)
      if (numbers[position & mask] === number) return position;
    return -1;
  }

  message(row: number, position: number): Held {
    const { numbers } = this.#rings[row] as Ring;
    return this.#messages[numbers[position & (numbers.length - 1)]] as Held;
  }

  hops(row: number, position: number): number {
    const { hops } = this.#rings[row] as Ring;
    return hops[position & (hops.length - 1)];
  }

  clear(row: number): void {
    const ring = this.#rings[row];
    if (ring === undefined) return;
    while (ring.first < ring.end) this.#dropFirst(ring);
    this.#rings[row] = undefined;
  }

  #dropFirst(ring: Ring): void {
    const number = ring.numbers[ring.first & (ring.numbers.length - 1)];
    ring.first++;
    if (--this.#holders[number] > 0) return;
    const { x, body } = this.#messages[number] as Held;
    this.#messages[number] = undefined;
    this.#free.push(number);
    const twins = this.#byIdentity.get(x) ?? [];
    if (twins.length === 1) this.#byIdentity.delete(x);
    else twins.splice(twins.indexOf(number), 1);
    this.bodies.release(body);
  }

  #known(x: number, y: number): number {
    return this.#byIdentity.get(x)?.find((number) => this.#messages[number]?.y === y) ?? -1;
  }

  #numberOf(held: Held): number {
    const known = this.#known(held.x, held.y);
    if (known >= 0) {
      this.#holders[known]++;
      return known;
    }
    const number = this.#free.pop() ?? this.#messages.length;
    this.#messages[number] = { ...held };
    this.#holders[number] = 1;
    this.bodies.retain(held.body);
    const twins = this.#byIdentity.get(held.x);
    if (twins === undefined) this.#byIdentity.set(held.x, [number]);
    else twins.push(number);
    return number;
  }
}

function emptyRing(): Ring {
  return { numbers: new Int32Array(16), hops: new Uint16Array(16), first: 0, end: 0, beats: [0] };
}

function grow(ring: Ring): void {
  const { numbers, hops, first, end } = ring;
  const mask = numbers.length - 1;
  ring.numbers = new Int32Array(2 * numbers.length);
  ring.hops = new Uint16Array(2 * hops.length);
  for (let position = first; position < end; position++) {
    ring.numbers[position & (2 * mask + 1)] = numbers[position & mask];
    ring.hops[position & (2 * mask + 1)] = hops[position & mask];
  }
}
