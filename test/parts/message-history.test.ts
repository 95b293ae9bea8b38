/** What nodes keep of their last heartbeats, against lists of plain objects. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bodies } from '../../src/core/model/bodies.js';
import { MessageHistory } from '../../src/core/parts/message-history.js';
import { RecentReceipts } from '../../src/core/parts/recent-receipts.js';

interface Entry {
  readonly id: number;
  readonly beat: number;
}

describe('the history of messages', () => {
  it('is a list in order of receipt, cut by age and by length, and lets go of every body', () => {
    const act = fc.tuple(fc.nat(2), fc.constantFrom('put', 'put', 'put', 'turn', 'clear'), fc.nat(40));
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 300 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(5, 20, 100),
        (acts, beats, capacity) => {
          const references = new Map<number, number>();
          const change = (handle: number, by: number): void =>
            void references.set(handle, (references.get(handle) ?? 0) + by);
          const bodies: Pick<Bodies, 'retain' | 'release'> = {
            retain: (handle) => change(handle, 1),
            release: (handle) => change(handle, -1),
          };
          const history = new MessageHistory(3, beats, capacity, bodies as Bodies);
          const lists: Entry[][] = [[], [], []];
          const now = [0, 0, 0];
          for (const [row, what, id] of acts) {
            // Identities share first words.
            const [x, y] = [id % 7, id];
            if (what === 'put') {
              history.put(row, { step: id, value: 0, sequence: 0, body: id + 1, x, y }, id);
              lists[row].push({ id, beat: now[row] });
              if (lists[row].length > capacity) lists[row].shift();
            } else if (what === 'turn') {
              now[row]++;
              lists[row] = lists[row].filter(({ beat }) => beat > now[row] - beats);
              history.turn(row);
            } else {
              lists[row] = [];
              history.clear(row);
            }
            for (let told = 1; told <= beats; told++) {
              const expected = lists[row].filter(({ beat }) => beat > now[row] - told);
              expect(history.identities(row, told)).toEqual(
                expected.flatMap((entry) => [entry.id % 7, entry.id]),
              );
            }
            const position = history.find(row, x, y);
            expect(position >= 0).toBe(lists[row].some((entry) => entry.id === id));
            if (position >= 0)
              expect([history.message(row, position).step, history.hops(row, position)]).toEqual([id, id]);
          }
          const held = new Set(lists.flat().map(({ id }) => id + 1));
          for (const [handle, count] of references) expect(count).toBe(held.has(handle) ? 1 : 0);
          expect([...references.keys()].filter((handle) => held.has(handle))).toHaveLength(held.size);
        },
      ),
    );
  });
});

describe('recent receipts', () => {
  it('know the last sixteen of each node, and when they came', () => {
    const recent = new RecentReceipts(2);
    for (let i = 0; i < 20; i++) recent.note(1, i, -i, 100 * i);
    expect(recent.has(1, 19, -19, 1900)).toBe(true);
    expect(recent.has(1, 19, -19, 1901)).toBe(false);
    expect(recent.has(1, 4, -4, 0)).toBe(true);
    expect(recent.has(1, 3, -3, 0)).toBe(false);
    expect(recent.has(1, 19, -18, 0)).toBe(false);
    expect(recent.has(0, 19, -19, 0)).toBe(false);
    recent.forget(1);
    expect(recent.has(1, 19, -19, 0)).toBe(false);
  });
});
