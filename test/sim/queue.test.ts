import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, type Expected } from '../../src/core/sim/queue.js';

type Key = [time: number, eventClass: number, destination: number, source: number, counter: number];

function compareKeys(p: Key, q: Key): number {
  for (let i = 0; i < 5; i++) if (p[i] !== q[i]) return p[i] - q[i];
  return 0;
}

function push(queue: EventQueue, [time, eventClass, destination, source, counter]: Key): void {
  queue.push(time, eventClass | (3 << 2) | (7 << 8), destination, source, counter, 5, 6, time, counter, 8, 9);
}

function pop(queue: EventQueue): Key {
  if (!queue.pop()) throw new Error('the queue is empty');
  return [queue.time, queue.class, queue.destination, queue.source, queue.counter];
}

/** A small generator of the test's own, so that the queue is not judged with the project's chance. */
function lehmer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

describe('the order of events', () => {
  it.each([
    ['everything at once', 1, 3000],
    ['a few microseconds', 5, 3000],
    ['milliseconds', 100_000, 8000],
    ['minutes', 60_000_000, 8000],
    ['days', 86_400_000_000, 3000],
    ['decades', 300_000_000_000_000, 1000],
  ])('hold model, delays up to %s: what comes out is what a sort makes of it', (_name, span, pending) => {
    const below = lehmer(pending + (span % 1000));
    const queue = new EventQueue(4);
    const all: Key[] = [];
    let counter = 0;
    const add = (now: number): void => {
      const wide = span > 2 ** 30 ? below(2 ** 20) * (span / 2 ** 20) : below(span);
      const key: Key = [now + 1 + Math.floor(wide), 1 + below(2), below(40), below(40), counter++];
      all.push(key);
      push(queue, key);
    };
    for (let i = 0; i < pending; i++) add(0);
    const popped: Key[] = [];
    for (let i = 0; i < pending * 12; i++) {
      if (queue.nextTime() === Infinity) break;
      popped.push(pop(queue));
      if (i < pending * 8) add(queue.time);
    }
    while (queue.size > 0) popped.push(pop(queue));
    expect(popped).toEqual(all.sort(compareKeys));
    expect(queue.nextTime()).toBe(Infinity);
    expect(queue.pop()).toBe(false);
  });

  it('crowds in the middle of calm: hundreds of events within a few microseconds, and single ones around them', () => {
    const below = lehmer(77);
    const queue = new EventQueue(0);
    const all: Key[] = [];
    for (let i = 0; i < 800; i++) {
      // One bucket of 1024 us, and others: places where a crowd meets, at most three microseconds wide.
      const time = i % 3 === 0 ? 1 + below(4000) : 300 + 511 * below(4) + below(3);
      const key: Key = [time, 1 + below(2), below(1000), below(3), i];
      all.push(key);
      push(queue, key);
    }
    const popped: Key[] = [];
    while (queue.size > 0) popped.push(pop(queue));
    expect(popped).toEqual(all.sort(compareKeys));
  });

  it('foresees whose turn it will be, in this order, and neither pops nor shifts anything', () => {
    const below = lehmer(5);
    const queue = new EventQueue(0);
    for (let i = 0; i < 3000; i++) push(queue, [1 + below(5000), below(4), below(900), 0, i]);
    const expected = (): Expected => ({ nodes: new Int32Array(7), bodies: new Int32Array(7), count: 0 });
    const slots = Array.from({ length: 64 });
    const soon = { events: 7, messages: slots.map(expected), timers: slots.map(expected) };
    const foreseen: number[] = [];
    const came: number[] = [];
    while (queue.size > 0) {
      queue.nextTime();
      if (queue.isUnforeseen) {
        queue.foresee(soon);
        for (const { nodes, count } of soon.messages) foreseen.push(...nodes.subarray(0, count));
        for (const { nodes, count } of soon.timers)
          foreseen.push(...nodes.subarray(0, count).map((node) => node + 1000));
      }
      const [, eventClass, destination] = pop(queue);
      if (eventClass === 1) came.push(destination);
      if (eventClass === 2) came.push(destination + 1000);
    }
    expect(came.length).toBeGreaterThan(1000);
    // Within one look, messages come before timers.
    const sorted = (nodes: number[]): number[] => [...nodes].sort((p, q) => p - q);
    expect(sorted(foreseen)).toEqual(sorted(came));
  });

  it('does not depend on the order of insertion', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: 50 }),
            fc.integer({ min: 0, max: 3 }),
            fc.integer({ min: 0, max: 5 }),
            fc.integer({ min: 0, max: 5 }),
            fc.integer({ min: 0, max: 1000 }),
          ),
          { maxLength: 200 },
        ),
        fc.integer({ min: 1, max: 1000 }),
        (keys, seed) => {
          const unique = [...new Map(keys.map((key) => [key.join(), key])).values()];
          const below = lehmer(seed);
          const shuffled = unique.map((key) => ({ key, lot: below(1e9) })).sort((p, q) => p.lot - q.lot);
          const [first, second] = [new EventQueue(0), new EventQueue(0)];
          for (const key of unique) push(first, key);
          for (const { key } of shuffled) push(second, key);
          const expected = [...unique].sort(compareKeys);
          expect(unique.map(() => pop(first))).toEqual(expected);
          expect(unique.map(() => pop(second))).toEqual(expected);
        },
      ),
    );
  });

  it('brings every field back', () => {
    const queue = new EventQueue(4);
    queue.push(
      2 ** 52 + 1,
      1 | (63 << 2) | (65_000 << 8),
      999_999,
      2 ** 20,
      7,
      123,
      2 ** 31 - 1,
      2 ** 53 - 1,
      0.25,
      -0,
      1e-300,
    );
    queue.pop();
    expect(queue).toMatchObject({
      time: 2 ** 52 + 1,
      class: 1,
      slot: 63,
      kind: 65_000,
      destination: 999_999,
      source: 2 ** 20,
      counter: 7,
      body: 123,
      delayUs: 2 ** 31 - 1,
      a: 2 ** 53 - 1,
      b: 0.25,
      d: 1e-300,
    });
  });

  it('sorts 200,000 timers of one moment by node', () => {
    const queue = new EventQueue(0);
    const nodes = 200_000;
    for (let i = 0; i < nodes; i++) push(queue, [1000, 2, (i * 7919) % nodes, 0, i]);
    for (let i = 0; i < nodes; i++) {
      queue.pop();
      if (queue.destination !== i) expect(queue.destination).toBe(i);
    }
  });
});
