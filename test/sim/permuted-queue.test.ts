/** The queue with random ties: everything comes out as it went in, and equal times come in all orders alike. */
import { describe, expect, it } from 'vitest';
import { PermutedQueue } from '../../src/core/sim/permuted-queue.js';
import { EventQueue, eventClasses } from '../../src/core/sim/queue.js';

function push(
  queue: EventQueue,
  time: number,
  meta: number,
  to: number,
  from: number,
  counter: number,
): void {
  queue.push(time, meta, to, from, counter, 0, 1, 0, 0, 0, 0);
}

function drain(queue: EventQueue): number[][] {
  const events: number[][] = [];
  while (queue.pop()) events.push([queue.time, queue.class, queue.destination, queue.source, queue.counter]);
  return events;
}

describe('the queue with random ties', () => {
  it.each([2, 3, 100, 1_000_000])('gives back what it was given, of %i nodes', (nodes) => {
    const usual = new EventQueue(0);
    const permuted = new PermutedQueue(0, 5);
    for (let i = 0; i < 6000; i++) {
      const time = 1 + ((i * 7919) % 50) * 3_000_000_000;
      const to = (i * 104_729) % nodes;
      const from = (i * 1_299_709) % nodes;
      for (const queue of [usual, permuted]) push(queue, time, i % 4, to, from, i);
    }
    const before = drain(usual);
    const after = drain(permuted);
    expect(after.map(([time, kind]) => [time, kind])).toEqual(before.map(([time, kind]) => [time, kind]));
    const sorted = (events: number[][]): string[] => events.map((event) => event.join()).sort();
    expect(sorted(after)).toEqual(sorted(before));
    // Changes of the world and measurements keep their order, which means something.
    const kept = (events: number[][]): number[][] =>
      events.filter(([, kind]) => kind === eventClasses.world || kind === eventClasses.measurement);
    expect(kept(after)).toEqual(kept(before));
  });

  it('lets each of five nodes be first equally often, and each of five senders', () => {
    for (const place of [2, 3]) {
      const firsts = [0, 0, 0, 0, 0];
      const queue = new PermutedQueue(0, 1);
      const moments = 5000;
      for (let time = 1; time <= moments; time++) {
        for (let node = 0; node < 5; node++)
          push(queue, time, eventClasses.delivery, place === 2 ? node : 0, place === 2 ? 0 : node, node);
      }
      let last = 0;
      for (const event of drain(queue)) {
        if (event[0] !== last) firsts[event[place]]++;
        last = event[0];
      }
      const expected = moments / 5;
      const statistic = firsts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // Chi-square with 4 degrees of freedom exceeds this one time in a thousand.
      expect(statistic, firsts.join()).toBeLessThan(18.47);
    }
  });

  it('keeps the order of messages from one sender to one receiver', () => {
    const queue = new PermutedQueue(0, 1);
    for (let counter = 9; counter >= 0; counter--) push(queue, 1, eventClasses.delivery, 4, 7, counter);
    expect(drain(queue).map((event) => event[4])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
