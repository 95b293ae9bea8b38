/**
 * The Merkle tree against published figures: the eight inputs of the Certificate Transparency test suite, their roots and two of their
 * audit paths (google/certificate-transparency, merkletree tests; the tree of RFC 6962, section 2.1).
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyRoot,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodeHash,
  provesInclusion,
} from '../../src/core/parts/merkle.js';
import { drawerMax, MerkleTrie, positionOf, type Filed } from '../../src/core/parts/merkle-trie.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const published = {
  inputs: [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  /** Audit path of the first of eight. */
  pathOfFirst: [
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ],
  /** Audit path of the sixth of eight. */
  pathOfSixth: [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ],
};
const leaves = published.inputs.map((input) => leafHash(Buffer.from(input, 'hex')));

describe('the tree of RFC 6962', () => {
  it.each(published.roots.map((root, size) => [size, root]))('%i published inputs: root %s', (size, root) => {
    expect(hex(merkleRoot(leaves.slice(0, size as number)))).toBe(root);
  });

  it('published audit paths', () => {
    expect(inclusionProof(leaves, 0).map(hex)).toEqual(published.pathOfFirst);
    expect(inclusionProof(leaves, 5).map(hex)).toEqual(published.pathOfSixth);
  });

  it('proves the place of every leaf, and of no other', () => {
    for (let count = 1; count <= 20; count++) {
      const list = Array.from({ length: count }, (_, i) => leafHash(Uint8Array.of(i)));
      const root = merkleRoot(list);
      for (let index = 0; index < count; index++) {
        const proof = inclusionProof(list, index);
        expect(provesInclusion(list[index], index, count, proof, root)).toBe(true);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
        for (let other = 0; other < count; other++)
          if (other !== index) expect(provesInclusion(list[index], other, count, proof, root)).toBe(false);
        expect(provesInclusion(leafHash(Uint8Array.of(99)), index, count, proof, root)).toBe(false);
        expect(provesInclusion(list[index], index, count, [...proof, root], root)).toBe(false);
        if (count > 1) expect(provesInclusion(list[index], index, count, proof.slice(1), root)).toBe(false);
      }
    }
    expect(provesInclusion(emptyRoot, 0, 0, [], emptyRoot)).toBe(false);
  });

  it('no inner node passes for a leaf: two lists with the same hashes below have different roots', () => {
    const [a, b] = leaves;
    const forged = leafHash(Buffer.concat([a, b]));
    expect(hex(forged)).not.toBe(hex(nodeHash(a, b)));
    // Without the tags the two would be one.
    const untagged = createHash('sha256')
      .update(Buffer.concat([a, b]))
      .digest('hex');
    expect(untagged).not.toBe(hex(forged));
  });

  it('a last leaf said twice is another list', () => {
    const three = leaves.slice(0, 3);
    expect(hex(merkleRoot(three))).not.toBe(hex(merkleRoot([...three, three[2]])));
  });
});

const filed = (key: string, content = key): Filed & { content: string } => ({
  key,
  content,
  position: positionOf(key),
  leaf: () => leafHash(Buffer.from(`${key}=${content}`)),
});

function trieOf(keys: readonly string[]): MerkleTrie<Filed & { content: string }> {
  const trie = new MerkleTrie<Filed & { content: string }>();
  keys.forEach((key) => trie.put(filed(key)));
  return trie;
}

/** The root by its definition, from all keys at once. */
function rootByDefinition(keys: readonly string[], bits = ''): string {
  const bitsOf = (key: string): string =>
    [...createHash('sha256').update(key).digest().subarray(0, 4)]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
  const inside = [...new Set(keys)].filter((key) => bitsOf(key).startsWith(bits));
  inside.sort((p, q) => (bitsOf(p) + p < bitsOf(q) + q ? -1 : 1));
  if (inside.length <= drawerMax || bits.length === 32)
    return hex(merkleRoot(inside.map((key) => filed(key).leaf())));
  const [left, right] = ['0', '1'].map((side) => Buffer.from(rootByDefinition(inside, bits + side), 'hex'));
  return createHash('sha256')
    .update(Buffer.concat([Uint8Array.of(1), left, right]))
    .digest('hex');
}

describe('the tree of keys', () => {
  const keys = Array.from({ length: 200 }, (_, i) => `key ${i}`);

  it('is what its definition says, from a drawer to many', () => {
    for (const count of [0, 1, drawerMax, drawerMax + 1, 50, 200])
      expect(hex(trieOf(keys.slice(0, count)).root())).toBe(rootByDefinition(keys.slice(0, count)));
  });

  it('does not remember in which order things came', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 30 }), fc.array(fc.nat(9)), (some, again) => {
        const sorted = [...some].sort();
        const repeated = [...again.map((index) => some[index]), ...some];
        expect(hex(trieOf(repeated).root())).toBe(hex(trieOf(sorted).root()));
        expect(trieOf(repeated).count).toBe(sorted.length);
      }),
      { numRuns: 40 },
    );
  });

  it('a changed item changes the fronts on the way to it, and no others', () => {
    const trie = trieOf(keys);
    const digits = [...'0123456789abcdef'];
    const before = digits.map((digit) => hex(trie.under(digit).hash));
    const root = hex(trie.root());
    trie.put(filed('key 17', 'changed'));
    expect(hex(trie.root())).not.toBe(root);
    const changed = digits.filter((digit, i) => hex(trie.under(digit).hash) !== before[i]);
    expect(changed).toHaveLength(1);
    expect(trie.items(changed[0]).map(({ key }) => key)).toContain('key 17');
    trie.put(filed('key 17'));
    expect(hex(trie.root())).toBe(root);
  });

  it('every prefix has its own items, within a drawer as well, and with the hash of a tree of these alone', () => {
    const trie = trieOf(keys);
    const all = [...'0123456789abcdef'].flatMap((p) => [...'0123456789abcdef'].map((q) => p + q));
    const found = all.flatMap((prefix) => {
      const items = trie.items(prefix);
      expect(trie.under(prefix).count).toBe(items.length);
      return items;
    });
    expect(found.map(({ key }) => key).sort()).toEqual([...keys].sort());
    const few = trieOf(keys.slice(0, 5));
    for (const key of keys.slice(0, 5)) {
      const prefix = createHash('sha256').update(key).digest('hex').slice(0, 3);
      const inside = few.items(prefix);
      expect(inside.map((item) => item.key)).toContain(key);
      expect(hex(few.under(prefix).hash)).toBe(hex(merkleRoot(inside.map((item) => item.leaf()))));
    }
  });
});
