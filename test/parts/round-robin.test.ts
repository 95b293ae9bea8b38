/** Rounds in which everybody comes once, whoever else goes round at the same time, and however large the view becomes. */
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/base/random.js';
import { RoundRobin } from '../../src/core/parts/round-robin.js';

const chance = RandomStream.named(7, 'round robin');

describe('RoundRobin', () => {
  it('has each position once in a round, and another order in the next', () => {
    const robin = new RoundRobin(2);
    const round = (row: number, count: number): number[] =>
      Array.from({ length: count }, () => robin.next(row, count, chance));
    const everybody = Array.from({ length: 20 }, (_, i) => i);
    const first = round(0, 20);
    round(1, 300);
    const second = round(0, 20);
    for (const order of [first, second]) expect([...order].sort((a, b) => a - b)).toEqual(everybody);
    expect(first).not.toEqual(everybody);
    expect(second).not.toEqual(first);
  });

  it('begins anew when the view has another size, and when it is told to', () => {
    const robin = new RoundRobin(1);
    for (const count of [5, 3, 8, 8]) {
      robin.next(0, count, chance);
      robin.restart(0);
      const order = Array.from({ length: count }, () => robin.next(0, count, chance));
      expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });
});
