/**
 * "This is what I have": a list of message identities, eight bytes each on the wire, that a node sends in order to be given what it
 * lacks. It travels as a body that no application ever sees.
 */
import type { Bodies, Body } from '../model/bodies.js';
import type { GossipShelf } from './gossip-shelf.js';

const identityBytes = 8;

/** Pairs of identity words, x then y, in the order of the sender's shelf. */
export class Digest {
  constructor(readonly words: readonly number[]) {}

  get size(): number {
    return this.words.length / 2;
  }

  has(x: number, y: number): boolean {
    const { words } = this;
    for (let i = 0; i < words.length; i += 2) if (words[i] === x && words[i + 1] === y) return true;
    return false;
  }
}

/** Stores a digest as a body with one reference. */
export function addDigest(
  bodies: Bodies,
  origin: number,
  incarnation: number,
  words: readonly number[],
): number {
  return bodies.add({
    origin,
    incarnation,
    step: 0,
    sequence: 0,
    timestampMs: 0,
    data: new Digest(words),
    // Made when a trace asks for it.
    get canonical() {
      return `[${words.join(',')}]`;
    },
    sizeBytes: (words.length / 2) * identityBytes,
    digest0: 0,
    digest1: 0,
  });
}

/** The digest in a body, or undefined when somebody sent something else. */
export function digestIn(body: Body): Digest | undefined {
  return body.data instanceof Digest ? body.data : undefined;
}

/** The digests of all shelves of a population, each made when it is first needed and kept until its shelf changes. */
export class ShelfDigests {
  constructor(
    private readonly shelf: GossipShelf,
    private readonly bodies: Bodies,
  ) {}

  /** The handle of the digest of a node's shelf, 0 when the shelf is empty. It stays the shelf's. */
  of(row: number, self: number, incarnation: number): number {
    const known = this.shelf.digest(row);
    if (known !== 0 || this.shelf.count(row) === 0) return known;
    const words: number[] = [];
    for (let entry = this.shelf.first(row); entry >= 0; entry = this.shelf.next(entry)) {
      const { x, y } = this.shelf.message(entry);
      words.push(x, y);
    }
    const handle = addDigest(this.bodies, self, incarnation, words);
    this.shelf.setDigest(row, handle);
    return handle;
  }

  /** The shelf of this node has changed. */
  changed(row: number): void {
    this.bodies.release(this.shelf.digest(row));
    this.shelf.setDigest(row, 0);
  }
}
