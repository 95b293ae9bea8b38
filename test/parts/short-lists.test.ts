/** Lists that share a pool behave like arrays of their own, whatever is done to them in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShortLists } from '../../src/core/parts/short-lists.js';

const rows = 3;
const change = fc.record({
  row: fc.nat({ max: rows - 1 }),
  what: fc.constantFrom('insert', 'insert', 'insert', 'remove', 'set', 'clear'),
  place: fc.nat(),
  value: fc.nat({ max: 2 ** 46 }),
});

describe('ShortLists', () => {
  it('does what arrays do', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const lists = new ShortLists(rows);
        const arrays: number[][] = Array.from({ length: rows }, () => []);
        for (const { row, what, place, value } of changes) {
          const array = arrays[row];
          if (what === 'insert') {
            const at = place % (array.length + 1);
            array.splice(at, 0, value);
            lists.insert(row, at, value);
          } else if (what === 'clear') {
            arrays[row] = [];
            lists.clear(row);
          } else if (array.length > 0) {
            const at = place % array.length;
            if (what === 'set') {
              array[at] = value;
              lists.set(row, at, value);
            } else {
              array.splice(at, 1);
              lists.remove(row, at);
            }
          }
        }
        arrays.forEach((array, row) => {
          expect(Array.from({ length: lists.count(row) }, (_, i) => lists.at(row, i))).toEqual(array);
        });
      }),
    );
  });

  it('finds the first number that is large enough', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 40 }), fc.nat({ max: 51 }), (values, bound) => {
        const lists = new ShortLists(1);
        const sorted = values.sort((a, b) => a - b);
        sorted.forEach((value, i) => {
          lists.insert(0, i, value);
        });
        expect(lists.lowerBound(0, bound)).toBe(sorted.filter((value) => value < bound).length);
      }),
    );
  });

  it('takes blocks that were left again: a list that comes and goes needs no more room', () => {
    const lists = new ShortLists(2);
    const fillAndClear = (): void => {
      for (let i = 0; i < 100; i++) lists.insert(i % 2, 0, i);
      lists.clear(0);
      lists.clear(1);
    };
    fillAndClear();
    const { bytes } = lists;
    for (let times = 0; times < 100; times++) fillAndClear();
    expect(lists.bytes).toBe(bytes);
  });
});
