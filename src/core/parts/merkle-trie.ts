/**
 * A Merkle tree for things with keys, made for comparing two of them: a filing cabinet in which the hash of its key says in which drawer a
 * thing lies, every drawer has the hash of its content on its front, and a drawer that grows too full becomes a cabinet of two. Two
 * cabinets with the same content look the same whatever was put in first, so whoever finds different roots opens only those drawers
 * whose fronts differ.
 *
 * A drawer is the list of RFC 6962 over what lies in it; two drawers hang under an inner node as there. Nothing is ever taken out.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { merkleRoot, nodeHash } from './merkle.js';

/** What can be filed. `leaf()` is its leaf hash; whatever is filed under a key again takes the place of the old. */
export interface Filed {
  readonly key: string;
  leaf(): Uint8Array;
}

/** A drawer that holds more than this becomes two. */
export const drawerMax = 8;
/** Bits of the path to a drawer; what still shares one after these stays together. */
const depthMax = 32;
/** A prefix grows by one hexadecimal digit at a time. */
const bitsPerDigit = 4;

const encoder = new TextEncoder();

interface Slip<T> {
  readonly position: number;
  item: T;
}

class Drawer<T extends Filed> {
  count = 0;
  hash: Uint8Array | undefined;
  slips: Slip<T>[] | undefined = [];
  sides: readonly [Drawer<T>, Drawer<T>] | undefined;
}

/** The first 32 bits of the hash of a key: its place in the cabinet. */
function positionOf(key: string): number {
  const [a, b, c, d] = sha256(encoder.encode(key));
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Which side of a split at this depth, counted from the highest bit. */
function sideOf(position: number, depth: number): 0 | 1 {
  return ((position >>> (31 - depth)) & 1) as 0 | 1;
}

/** The order within a drawer. */
function isBefore(p: Slip<Filed>, position: number, key: string): boolean {
  return p.position < position || (p.position === position && p.item.key < key);
}

export class MerkleTrie<T extends Filed> {
  readonly #top = new Drawer<T>();

  get count(): number {
    return this.#top.count;
  }

  /** Files a thing, in the place of the one with the same key. */
  put(item: T): void {
    const position = positionOf(item.key);
    const isNew = this.#insert(this.#top, 0, position, item);
    // The counts on the way down are right only once it is known whether the key was there.
    if (isNew) this.#walk(position, (drawer) => drawer.count++);
    this.#split(position);
  }

  root(): Uint8Array {
    return hashOf(this.#top);
  }

  /** How much lies under a prefix of hexadecimal digits, and its hash. */
  under(prefix: string): { readonly count: number; readonly hash: Uint8Array } {
    const { drawer, slips } = this.#find(prefix);
    if (slips === undefined) return { count: drawer.count, hash: hashOf(drawer) };
    return { count: slips.length, hash: merkleRoot(slips.map(({ item }) => item.leaf())) };
  }

  /** Everything under a prefix, in the order of the cabinet. */
  items(prefix = ''): T[] {
    const { drawer, slips } = this.#find(prefix);
    const out: T[] = [];
    const collect = (from: Drawer<T>): void => {
      if (from.sides !== undefined) from.sides.forEach(collect);
      else for (const { item } of from.slips ?? []) out.push(item);
    };
    if (slips === undefined) collect(drawer);
    else for (const { item } of slips) out.push(item);
    return out;
  }

  /** The drawer with this prefix; or, where a larger one holds it, those slips of it that begin with the prefix. */
  #find(prefix: string): { readonly drawer: Drawer<T>; readonly slips: readonly Slip<T>[] | undefined } {
    const bits = prefix.length * bitsPerDigit;
    const number = prefix === '' ? 0 : Number.parseInt(prefix, 16);
    let drawer = this.#top;
    for (let depth = 0; depth < bits; depth++) {
      if (drawer.sides === undefined) {
        const slips = (drawer.slips ?? []).filter(
          ({ position }) => position >>> (depthMax - bits) === number,
        );
        return { drawer, slips };
      }
      drawer = drawer.sides[((number >>> (bits - 1 - depth)) & 1) as 0 | 1];
    }
    return { drawer, slips: undefined };
  }

  #walk(position: number, visit: (drawer: Drawer<T>, depth: number) => void): void {
    let drawer = this.#top;
    for (let depth = 0; ; depth++) {
      visit(drawer, depth);
      if (drawer.sides === undefined) return;
      drawer = drawer.sides[sideOf(position, depth)];
    }
  }

  /** @returns true when the key is new */
  #insert(top: Drawer<T>, topDepth: number, position: number, item: T): boolean {
    let drawer = top;
    let depth = topDepth;
    for (; drawer.sides !== undefined; depth++) {
      drawer.hash = undefined;
      drawer = drawer.sides[sideOf(position, depth)];
    }
    drawer.hash = undefined;
    const slips = drawer.slips ?? [];
    let at = 0;
    while (at < slips.length && isBefore(slips[at], position, item.key)) at++;
    if (at < slips.length && slips[at].item.key === item.key) {
      slips[at].item = item;
      return false;
    }
    slips.splice(at, 0, { position, item });
    return true;
  }

  /** Makes drawers of the one at this position until none is too full. */
  #split(position: number): void {
    this.#walk(position, (drawer, depth) => {
      const { slips } = drawer;
      if (slips === undefined || slips.length <= drawerMax || depth >= depthMax) return;
      const sides = [new Drawer<T>(), new Drawer<T>()] as const;
      for (const slip of slips) {
        const side = sides[sideOf(slip.position, depth)];
        side.slips?.push(slip);
        side.count++;
      }
      drawer.slips = undefined;
      drawer.sides = sides;
    });
  }
}

function hashOf<T extends Filed>(drawer: Drawer<T>): Uint8Array {
  const { sides } = drawer;
  drawer.hash ??=
    sides === undefined
      ? merkleRoot((drawer.slips ?? []).map(({ item }) => item.leaf()))
      : nodeHash(hashOf(sides[0]), hashOf(sides[1]));
  return drawer.hash;
}
