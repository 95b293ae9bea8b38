import { describe, expect, it } from 'vitest';
import {
  KeyedDraws,
  NodeStreams,
  RandomStream,
  repetitionSeed,
  Threefry,
} from '../../src/core/base/random.js';

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

describe('Threefry-2x32-20', () => {
  // Known-answer vectors published with Random123 (kat_vectors, threefry2x32 20).
  it.each([
    [0, 0, 0, 0, '6b200159', '99ba4efe'],
    [-1, -1, -1, -1, '1cb996fc', 'bb002be7'],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 'c4923a9c', '483df7a0'],
  ])('key %i %i, counter %i %i', (key0, key1, counter0, counter1, x, y) => {
    const cipher = new Threefry(key0, key1);
    cipher.block(counter0, counter1);
    expect([hex(cipher.x), hex(cipher.y)]).toEqual([x, y]);
  });
});

describe('streams', () => {
  it('repeat for the same seed, purpose and id, and differ in each', () => {
    const draw = (seed: number, purpose: string, id: number): number[] => {
      const stream = RandomStream.named(seed, purpose, id);
      return Array.from({ length: 4 }, () => stream.ratio());
    };
    expect(draw(1, 'a', 0)).toEqual(draw(1, 'a', 0));
    for (const other of [draw(2, 'a', 0), draw(1, 'b', 0), draw(1, 'a', 1), draw(2 ** 32 + 1, 'a', 0)]) {
      expect(other).not.toEqual(draw(1, 'a', 0));
    }
  });

  it('a node draws the same from the streams of all nodes as from its own', () => {
    const many = new NodeStreams(9, 'node', 5);
    const one = new NodeStreams(9, 'node', 1, 3);
    one.node = 3;
    for (let i = 0; i < 10; i++) {
      many.node = i % 5;
      const value = many.ratio();
      if (many.node === 3) expect(one.ratio()).toBe(value);
    }
  });

  it('keyed draws do not depend on the order of asking', () => {
    const draws = new KeyedDraws(5, 'loss');
    const forwards = [0, 1, 2, 3].map((n) => draws.ratio(7, n));
    const backwards = [3, 2, 1, 0].map((n) => draws.ratio(7, n)).reverse();
    expect(forwards).toEqual(backwards);
  });

  it('counts whole numbers evenly: chi-square over 64 cells below the 99.99 % quantile', () => {
    const cells = new Array<number>(64).fill(0);
    const stream = RandomStream.named(3, 'cells');
    const draws = 64_000;
    for (let i = 0; i < draws; i++) cells[stream.below(64)]++;
    const expected = draws / 64;
    const chiSquare = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // chi-square, 63 degrees of freedom: 0.01 % lies above 112.3 and below 29.
    expect(chiSquare).toBeLessThan(112.3);
    expect(chiSquare).toBeGreaterThan(29);
  });

  it('gives repetitions seeds of their own', () => {
    const seeds = Array.from({ length: 1000 }, (_, i) => repetitionSeed(42, i));
    expect(new Set(seeds).size).toBe(1000);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });
});

describe('many draws at once', () => {
  it('are the draws of one after another', () => {
    const nodes = Int32Array.from([0, 5, 6, 7, 9]);
    const limits = Int32Array.from([10, 1, 1_000_000, 2_147_483_647, 3]);
    const many = new NodeStreams(42, 'node', 10);
    const single = new NodeStreams(42, 'node', 10);
    for (let round = 0; round < 200; round++) {
      const drawn = limits.slice();
      many.belowEach(nodes, new Int32Array(5), 5, drawn);
      const expected = [...nodes].map((node, i) => {
        single.node = node;
        return limits[i] === 1 ? 0 : single.below(limits[i]);
      });
      expect([...drawn]).toEqual(expected);
    }
  });
});
