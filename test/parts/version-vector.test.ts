/** Version vectors against the plain thing that they stand for: a set of (writer, number) pairs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VersionVector } from '../../src/core/parts/version-vector.js';

type Write = readonly [writer: string, number: number];
const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'ü"', '10.0'), fc.integer({ min: 1, max: 6 })), {
  maxLength: 24,
});

function vectorOf(list: readonly Write[]): VersionVector {
  return list.reduce((vector, [writer, number]) => vector.with(writer, number), VersionVector.empty);
}
const setOf = (list: readonly Write[]): Set<string> => new Set(list.map(String));

function orderOf(a: Set<string>, b: Set<string>): string {
  const covers = [...b].every((item) => a.has(item));
  const isCovered = [...a].every((item) => b.has(item));
  return covers ? (isCovered ? 'equal' : 'after') : isCovered ? 'before' : 'concurrent';
}

describe('version vectors', () => {
  it('hold what was put into them, gaps and all', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const vector = vectorOf(list);
        const set = setOf(list);
        for (const writer of ['a', 'b', 'ü"', '10.0', 'nobody']) {
          for (let number = 1; number <= 7; number++)
            expect(vector.has(writer, number)).toBe(set.has(`${writer},${number}`));
          let upTo = 0;
          while (set.has(`${writer},${upTo + 1}`)) upTo++;
          expect(vector.of(writer)).toBe(upTo);
        }
      }),
    );
  });

  it('compare and merge as the sets do, in any order, and the same content has the same lines', () => {
    fc.assert(
      fc.property(writes, writes, writes, (p, q, r) => {
        const [a, b, c] = [p, q, r].map(vectorOf);
        expect(a.compare(b)).toBe(orderOf(setOf(p), setOf(q)));
        expect(a.equals(b)).toBe(a.compare(b) === 'equal');
        expect(a.merge(b).lines()).toEqual(vectorOf([...q, ...p]).lines());
        expect(a.merge(b).merge(c).lines()).toEqual(a.merge(b.merge(c)).lines());
        expect(a.merge(a)).toBe(a);
        expect(a.merge(b).covers(a)).toBe(true);
      }),
    );
  });

  it('come back from JSON, whose size they know', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const vector = vectorOf(list);
        const text = JSON.stringify(vector);
        expect(vector.sizeBytes).toBe(Buffer.byteLength(text));
        expect(VersionVector.fromJson(JSON.parse(text)).lines()).toEqual(vector.lines());
      }),
    );
  });

  it.each([
    [null],
    [{}],
    [[['a']]],
    [[['a', 1.5]]],
    [[['a', -1]]],
    [[[1, 1]]],
    [[['a', 1, [0]]]],
    [[['a', 1, 2]]],
  ])('a stranger sends %j', (value) =>
    expect(() => VersionVector.fromJson(value)).toThrow(/no version vector/),
  );

  it('a write is numbered from 1', () => {
    expect(() => VersionVector.empty.with('a', 0)).toThrow(/number 0/);
    expect(VersionVector.empty.with('a', 1).lines()).toEqual([['a', 1]]);
    expect(VersionVector.empty.with('a', 3).lines()).toEqual([['a', 0, [3]]]);
  });

  it('merging gives back the one that knows all', () => {
    const small = vectorOf([['a', 1]]);
    const large = vectorOf([
      ['a', 1],
      ['b', 1],
    ]);
    expect(small.merge(large)).toBe(large);
    expect(large.merge(small)).toBe(large);
  });
});
