/**
 * One short number for a long list: hash the items, hash the hashes two by two, and so on up to a single root. Two lists are the same when
 * their roots are, and a handful of hashes proves that an item stands at its place in the list.
 *
 * This is the tree of RFC 6962, section 2.1. Leaves and inner nodes are hashed with different first bytes, so that no inner node passes
 * for a leaf (a second list with the same root), and a list that is no power of two is split and not padded by saying its last item twice
 * (two lists of different length with the same root).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../base/assert.js';

/** Length of a hash. */
export const hashBytes = 32;

const leafTag = 0;
const nodeTag = 1;
/** Room for the tag and two hashes, and a hasher that is used again, because making one costs as much as hashing. */
const pair = new Uint8Array(1 + 2 * hashBytes);
const fresh = sha256.create();
const hasher = sha256.create();

/**
 * What was last hashed on the right of a hash, and what came of it. Trees that grow alike, such as those of replicas in one process, share
 * their leaves; so they come to share what is above them as well, and most of the hashing is done once for all.
 */
const above = new WeakMap<Uint8Array, { right: Uint8Array; hash: Uint8Array }>();

/** The root of the empty list: the hash of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array());

/** The hash of one item. */
export function leafHash(item: Uint8Array): Uint8Array {
  const tagged = new Uint8Array(1 + item.length);
  tagged[0] = leafTag;
  tagged.set(item, 1);
  return sha256(tagged);
}

/** The hash of an inner node above these two. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const last = above.get(left);
  if (last?.right === right) return last.hash;
  pair[0] = nodeTag;
  pair.set(left, 1);
  pair.set(right, 1 + hashBytes);
  fresh._cloneInto(hasher);
  const hash = new Uint8Array(hashBytes);
  hasher.update(pair).digestInto(hash);
  if (last === undefined) above.set(left, { right, hash });
  else {
    last.right = right;
    last.hash = hash;
  }
  return hash;
}

/** The largest power of two below a number from 2 on. */
function splitOf(count: number): number {
  return 1 << (31 - Math.clz32(count - 1));
}

/** The root over leaf hashes, in their order. */
export function merkleRoot(leaves: readonly Uint8Array[], from = 0, to = leaves.length): Uint8Array {
  const count = to - from;
  if (count === 0) return emptyRoot;
  if (count === 1) return leaves[from];
  const middle = from + splitOf(count);
  return nodeHash(merkleRoot(leaves, from, middle), merkleRoot(leaves, middle, to));
}

/** The hashes beside the way from a leaf to the root, from below: RFC 6962, section 2.1.1. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  assert(index >= 0 && index < leaves.length, 'a proof is about a leaf of the tree');
  const path = (at: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const middle = from + splitOf(to - from);
    return at < middle
      ? [...path(at, from, middle), merkleRoot(leaves, middle, to)]
      : [...path(at, middle, to), merkleRoot(leaves, from, middle)];
  };
  return path(index, 0, leaves.length);
}

/** Does the leaf stand at this place of a list of `count` items with this root? False for any proof that does not fit. */
export function provesInclusion(
  leaf: Uint8Array,
  index: number,
  count: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < count) || !proof.every(({ length }) => length === hashBytes)) return false;
  // Which side the leaf is on at each split, from above.
  const sides: boolean[] = [];
  let from = 0;
  let to = count;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    sides.push(index < middle);
    if (index < middle) to = middle;
    else from = middle;
  }
  if (sides.length !== proof.length) return false;
  let hash = leaf;
  for (const beside of proof) hash = sides.pop() === true ? nodeHash(hash, beside) : nodeHash(beside, hash);
  return sameHash(hash, root);
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
