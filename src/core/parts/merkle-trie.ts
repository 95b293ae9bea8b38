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

/** What can be filed. Whatever is filed under a key again takes the place of the old. */
export interface Filed {
  readonly key: string;
  /** That of its key: see `positionOf`. */
  readonly position: number;
  /** Its leaf hash. */
  leaf(): Uint8Array;
}

/** A drawer that holds more than this becomes two. */
export const drawerMax = 8;
/** Bits of the path to a drawer; what still shares one after these stays together. */
const depthMax = 32;
/** A prefix grows by one hexadecimal digit at a time. */
const bitsPerDigit = 4;

const encoder = new TextEncoder();

/** Either things, in their order, or two sides. */
class Drawer<T extends Filed> {
  count = 0;
  hash: Uint8Array | undefined;
  sides: readonly [Drawer<T>, Drawer<T>] | undefined;
  items: T[] = [];
}

/** The first 32 bits of the hash of a key: its place in the cabinet. */
export function positionOf(key: string): number {
  const [a, b, c, d] = sha256(encoder.encode(key));
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Which side of a split at this depth, counted from the highest bit. */
function sideOf(position: number, depth: number): 0 | 1 {
  return ((position >>> (31 - depth)) & 1) as 0 | 1;
}

/** The order within a drawer. */
function isBefore(p: Filed, q: Filed): boolean {
  return p.position < q.position || (p.position === q.position && p.key < q.key);
}

export class MerkleTrie<T extends Filed> {
  readonly #top = new Drawer<T>();

  get count(): number {
    return this.#top.count;
  }

  /** Files a thing, in the place of the one with the same key. */
  put(item: T): void {
    const way: Drawer<T>[] = [];
    let drawer = this.#top;
    for (; drawer.sides !== undefined; drawer = drawer.sides[sideOf(item.position, way.length - 1)])
      way.push(drawer);
    way.push(drawer);
    for (const passed of way) passed.hash = undefined;
    const { items } = drawer;
    let at = 0;
    while (at < items.length && isBefore(items[at], item)) at++;
    if (at < items.length && items[at].key === item.key) {
      items[at] = item;
      return;
    }
    items.splice(at, 0, item);
    for (const passed of way) passed.count++;
    split(drawer, way.length - 1);
  }

  root(): Uint8Array {
    return hashOf(this.#top);
  }

  /** How much lies under a prefix of hexadecimal digits, and its hash. */
  under(prefix: string): { readonly count: number; readonly hash: Uint8Array } {
    const { drawer, some } = this.#find(prefix);
    if (some === undefined) return { count: drawer.count, hash: hashOf(drawer) };
    return { count: some.length, hash: listHash(some) };
  }

  /** Everything under a prefix, in the order of the cabinet. */
  items(prefix = ''): readonly T[] {
    const { drawer, some } = this.#find(prefix);
    if (some !== undefined) return some;
    const out: T[] = [];
    const collect = ({ sides, items }: Drawer<T>): void => {
      if (sides === undefined) out.push(...items);
      else sides.forEach(collect);
    };
    collect(drawer);
    return out;
  }

  /** The drawer with this prefix; or, where a larger one holds it, those things in it that begin with the prefix. */
  #find(prefix: string): { readonly drawer: Drawer<T>; readonly some: readonly T[] | undefined } {
    const bits = prefix.length * bitsPerDigit;
    const number = prefix === '' ? 0 : Number.parseInt(prefix, 16);
    let drawer = this.#top;
    for (let depth = 0; depth < bits; depth++) {
      if (drawer.sides === undefined) {
        const some = drawer.items.filter(({ position }) => position >>> (depthMax - bits) === number);
        return { drawer, some };
      }
      drawer = drawer.sides[((number >>> (bits - 1 - depth)) & 1) as 0 | 1];
    }
    return { drawer, some: undefined };
  }
}

/** Makes two of a drawer that is too full, and two of those again if need be. */
function split<T extends Filed>(drawer: Drawer<T>, depth: number): void {
  if (drawer.items.length <= drawerMax || depth >= depthMax) return;
  const sides = [new Drawer<T>(), new Drawer<T>()] as const;
  for (const item of drawer.items) {
    const side = sides[sideOf(item.position, depth)];
    side.items.push(item);
    side.count++;
  }
  drawer.items = [];
  drawer.sides = sides;
  sides.forEach((side) => split(side, depth + 1));
}

function listHash(items: readonly Filed[]): Uint8Array {
  return merkleRoot(items.map((item) => item.leaf()));
}

function hashOf<T extends Filed>(drawer: Drawer<T>): Uint8Array {
  const { sides, items } = drawer;
  drawer.hash ??= sides === undefined ? listHash(items) : nodeHash(hashOf(sides[0]), hashOf(sides[1]));
  return drawer.hash;
}
