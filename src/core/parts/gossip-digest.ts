/**
 * "This is what I have": a list of message identities, eight bytes each on the wire, that a node sends in order to be given what it
 * lacks. It travels as a body that no application ever sees. In memory it points at the descriptions that the shelves share, so that two
 * lists are compared by marking one and looking at the other.
 */
import type { Bodies, Body } from '../model/bodies.js';
import type { Described, GossipShelf } from './gossip-shelf.js';
import { identityBytes } from './identity-list.js';

/** In the order of the sender's shelf. */
export class Digest implements Body {
  readonly step = 0;
  readonly sequence = 0;
  readonly timestampMs = 0;
  readonly digest0 = 0;
  readonly digest1 = 0;
  readonly sizeBytes: number;
  /** The sums, modulo 2^32, of both words of all identities. */
  readonly sumX: number;
  readonly sumY: number;

  constructor(
    readonly origin: number,
    readonly incarnation: number,
    readonly messages: readonly Described[],
  ) {
    this.sizeBytes = messages.length * identityBytes;
    let sumX = 0;
    let sumY = 0;
    for (const { x, y } of messages) {
      sumX = (sumX + x) | 0;
      sumY = (sumY + y) | 0;
    }
    this.sumX = sumX;
    this.sumY = sumY;
  }

  get data(): readonly number[] {
    return this.messages.flatMap(({ x, y }) => [x, y]);
  }

  get canonical(): string {
    return `[${this.data.join(',')}]`;
  }

  /** Is it all that is on this shelf, and nothing else? Sums of as many identities can be equal by chance, once in 2^64 times. */
  isAllOf(shelf: GossipShelf, row: number): boolean {
    return (
      this.sumX === shelf.sumX(row) &&
      this.sumY === shelf.sumY(row) &&
      this.messages.length === shelf.count(row)
    );
  }

  has(x: number, y: number): boolean {
    return this.messages.some((message) => message.x === x && message.y === y);
  }
}

/** The digest that a body is, or undefined when somebody sent something else. */
export function digestIn(body: Body): Digest | undefined {
  return body instanceof Digest ? body : undefined;
}

/** Reads the digests among these bodies, so that memory has them at hand. */
export function touchDigests(bodies: Bodies, handles: Int32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (handles[i] === 0) continue;
    const body = bodies.get(handles[i]);
    if (body instanceof Digest) sum ^= body.sumX;
  }
  return sum;
}

/** The digests of all shelves of a population, each made when it is first needed and kept until its shelf changes. */
export class ShelfDigests {
  constructor(
    private readonly shelf: GossipShelf,
    private readonly bodies: Bodies,
  ) {}

  /** The handle of the digest of a node's shelf, 0 when the shelf is empty. It stays the shelf's. */
  of(row: number, self: number, incarnation: number): number {
    const { shelf } = this;
    const known = shelf.digest(row);
    const count = shelf.count(row);
    if (known !== 0 || count === 0) return known;
    const first = shelf.first(row);
    const messages: Described[] = [];
    for (let entry = first; entry < first + count; entry++) messages.push(shelf.message(entry));
    const handle = this.bodies.add(new Digest(self, incarnation, messages));
    shelf.setDigest(row, handle);
    return handle;
  }

  /** The shelf of this node has changed. */
  changed(row: number): void {
    const known = this.shelf.digest(row);
    if (known === 0) return;
    this.bodies.release(known);
    this.shelf.setDigest(row, 0);
  }
}
