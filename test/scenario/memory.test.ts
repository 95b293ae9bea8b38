/**
 * The estimate of memory: what it says of things whose size can be counted, what it says of waves, and what it refuses. That it holds for
 * whole runs is measured by scripts/memory.ts, with results in docs/memory.md.
 */
import { describe, expect, it } from 'vitest';
import { BodyStore } from '../../src/core/parts/body-store.js';
import { floodAtOnce } from '../../src/core/parts/flood-waves.js';
import { GossipLedger } from '../../src/core/parts/gossip-ledger.js';
import { gossipMemoryBytes } from '../../src/core/parts/gossip-memory.js';
import { seenBytes } from '../../src/core/parts/memory-size.js';
import { SeenCache } from '../../src/core/parts/seen-cache.js';
import { EventQueue } from '../../src/core/sim/queue.js';
import { eventBytes } from '../../src/core/parts/memory-size.js';
import { build, world } from '../topologies/world.js';
import { complaints, load } from './helpers.js';

/** No less than the truth, and about twice as much at the most. */
function expectBound(estimated: number, actual: number): void {
  expect(estimated).toBeGreaterThanOrEqual(actual);
  expect(estimated).toBeLessThan(2.2 * actual);
}

describe('what can be counted', () => {
  it.each([1, 2, 5, 100, 1000, 5000])('a seen-cache after %i messages', (messages) => {
    const rows = 16;
    const cache = new SeenCache(rows, 2000);
    for (let row = 0; row < rows; row++) for (let i = 1; i <= messages; i++) cache.add(row, i, -i);
    expectBound(seenBytes(rows, messages, 2000), cache.bytes);
  });

  it.each([1, 40, 1000])('the ledger of rounds with %i messages', (messages) => {
    const rows = 1000;
    const ledger = new GossipLedger(rows, messages, true, new BodyStore());
    const parameters = { held: 256, seenCapacity: 256, fanout: 1, interval: 1, stop: { k: 1 } };
    const estimated = gossipMemoryBytes(
      { nodeCount: rows, degree: 10, messages, publishers: 1, writes: 0, writers: 0, inRounds: true },
      { pulls: true },
      parameters as never,
    );
    expect(estimated).toBeGreaterThan(ledger.bytes);
  });

  it('events that wait', () => {
    const queue = new EventQueue(4);
    const events = 300_000;
    for (let i = 0; i < events; i++) queue.push(1000 + ((i * 7919) % 50_000), 1, i, 0, i, 0, 0, 0, 0, 0, 0);
    expectBound(events * eventBytes, queue.bytes);
  });
});

describe('copies of a flood under way at a time', () => {
  it('a ring has few, a random network nearly all, a small one is not looked at', () => {
    const graph = (name: string, count: number, parameters: Record<string, unknown>) =>
      build(name, world(count), parameters).graph;
    // Two new nodes a hop with two neighbours each, and three hops mix.
    expect(floodAtOnce(graph('ring', 300_000, {}))).toBe(12);
    expect(floodAtOnce(graph('ring', 1000, {}))).toBe(1001);
    const regular = graph('random-regular', 100_000, { degree: 5 });
    const all = 2 * regular.edgeCount - regular.nodeCount + 1;
    expect(floodAtOnce(regular)).toBeGreaterThan(0.8 * all);
    expect(floodAtOnce(regular)).toBeLessThanOrEqual(all);
    expect(floodAtOnce(graph('star', 300_000, {}))).toBe(300_000);
  });
});

describe('a run', () => {
  const text = (more: string): string => `version: 1\nstopTime: 10s\nmeasureEvery: 1s\n${more}`;

  it('that would not fit is refused with the figure, unless it is forced', () => {
    const large = text(
      'nodes: { count: 1000000 }\ntopology: { type: k-out, k: 1 }\nauthentication: hmac\nreplayWindow: {}\nworkload: [{ broadcast: {}, every: 10s }]\n',
    );
    expect(complaints(large).join('\n')).toMatch(/about \d+ TB of memory \(expected at most 17.2 GB\)/);
    expect(load(large, { force: true }).cost.memoryBytes).toBeGreaterThan(2 ** 34);
  });

  it('costs more with more of everything', () => {
    const bytes = (more: string): number => load(text(more)).cost.memoryBytes;
    const gossip = 'dissemination: push\nworkload: [{ rumor: {} }]\n';
    const small = bytes(`nodes: { count: 50000 }\n${gossip}`);
    expect(bytes(`nodes: { count: 100000 }\n${gossip}`)).toBeGreaterThan(small + 50_000 * 50);
    const sparse = 'nodes: { count: 50000 }\ntopology: { type: k-out, k: 2 }\n';
    const dense = sparse.replace('k: 2', 'k: 20');
    expect(bytes(dense) - bytes(sparse)).toBeGreaterThan(50_000 * 36 * 4);
    const many = 'workload: [{ rumor: { nodes: { count: 100 } } }]\n';
    expect(bytes(sparse + many)).toBeGreaterThan(bytes(sparse) + 50_000 * 100 * 8);
    const peers = 'failureDetector: phi-accrual\n';
    expect(bytes(sparse + peers)).toBeGreaterThan(bytes(sparse) + 50_000 * 4 * 800);
  });
});
