/** When nodes that gossip take their turns, seen through a listener, and what a push costs. */
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import type { Activation, Experiment } from '../../src/core/model/experiment.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { resultOf } from '../../src/core/sim/result.js';
import { chiSquare, mean, tolerance } from '../theory/statistics.js';
import { completeGraph, patternMesh, run } from '../sim/experiment.js';

const intervalUs = 200_000;

function gossip(mode: string, activation: Activation, changes: Partial<Experiment> = {}): Experiment {
  const base = patternMesh(completeGraph(20), {
    stopTimeUs: 20_000_000,
    measureEveryUs: 0,
    timing: { mode: 'events', activation },
    workload: [],
    ...changes,
  });
  const parameters = { fanout: 1, interval: intervalUs, held: 64, seenCapacity: 256 };
  return {
    ...base,
    stack: base.stack.map((layer) =>
      layer.protocol.slot === 'spread' ? { protocol: spreads.get(mode), parameters } : layer,
    ),
  };
}

/** Moments of each node's turns. */
function turnsOf(experiment: Experiment): number[][] {
  const turns: number[][] = Array.from({ length: experiment.nodeCount }, () => []);
  run(experiment, { listener: { timer: (timeUs, node, slot) => slot === 2 && turns[node].push(timeUs) } });
  return turns;
}

describe('activation', () => {
  it('periodic: every interval, from a phase that differs from node to node', () => {
    const turns = turnsOf(gossip('pull', 'periodic'));
    for (const [first, ...others] of turns) {
      expect(first).toBeLessThanOrEqual(intervalUs);
      others.forEach((timeUs, i) => expect(timeUs).toBe(first + (i + 1) * intervalUs));
    }
    expect(new Set(turns.map(([first]) => first)).size).toBeGreaterThan(15);
  });

  it('periodic: the phase survives a restart that keeps the state, and no other', () => {
    for (const state of ['keep', 'lose'] as const) {
      const nap = {
        id: 'nap',
        kind: faults.get('crash'),
        parameters: { nodes: { ids: ['n3'] }, restartAfter: 333_333, state, maxDown: 1 },
        schedule: { atUs: 5_000_000, everyUs: 0, untilUs: Infinity, durationUs: Infinity },
      };
      const phases = new Set(
        turnsOf(gossip('pull', 'periodic', { faults: [nap] }))[3].map((timeUs) => timeUs % intervalUs),
      );
      expect(phases.size).toBe(state === 'keep' ? 1 : 2);
    }
  });

  it('periodic: a node that had nothing to push wakes up in its old rhythm', () => {
    const news = (atUs: number): Experiment['workload'][number] => ({
      who: { ids: ['n0'] },
      atUs,
      everyUs: 0,
      untilUs: atUs,
      spreadPhases: false,
      deadlineUs: 1_000_000,
      makePayload: () => atUs,
    });
    const experiment = gossip('push', 'periodic', { workload: [news(1_000_000), news(7_654_321)] });
    const stop = { when: 'blind', how: 'counter', k: 3 };
    const stack = experiment.stack.map((layer) =>
      layer.protocol.slot === 'spread' ? { ...layer, parameters: { ...layer.parameters, stop } } : layer,
    );
    const own = turnsOf({ ...experiment, stack })[0];
    // Three turns a message, since it is told blindly three times.
    expect(own).toHaveLength(6);
    expect(new Set(own.map((timeUs) => timeUs % intervalUs)).size).toBe(1);
    expect(own[0]).toBeGreaterThan(1_000_000);
    expect(own[3]).toBeGreaterThan(7_654_321);
    expect(own[3]).toBeLessThanOrEqual(7_654_321 + intervalUs);
  });

  it('synchronous: all at the multiples of the interval', () => {
    for (const turns of turnsOf(gossip('pull', 'synchronous')))
      turns.forEach((timeUs, i) => expect(timeUs).toBe((i + 1) * intervalUs));
  });

  it('poisson: waits are exponential', () => {
    const waits: number[] = [];
    for (const turns of turnsOf(gossip('pull', 'poisson', { stopTimeUs: 60_000_000 })))
      for (let i = 1; i < turns.length; i++) waits.push(turns[i] - turns[i - 1]);
    expect(Math.abs(mean(waits) - intervalUs)).toBeLessThan(tolerance(intervalUs, waits.length));
    // Ten cells of equal probability: -ln(1 - i/10) intervals are their borders.
    const cells = waits.map((wait) => Math.min(9, Math.floor((1 - Math.exp(-wait / intervalUs)) * 10)));
    const { statistic, limit } = chiSquare(cells, new Array<number>(10).fill(0.1));
    expect(statistic).toBeLessThan(limit);
  });

  it('sequential: each once a cycle, one after the other, every cycle in another order', () => {
    const turns = turnsOf(gossip('pull', 'sequential'));
    const order = (cycle: number): number[] =>
      turns
        .flatMap((own, node) => own.map((timeUs) => [timeUs, node]))
        .filter(([timeUs]) => Math.floor(timeUs / intervalUs) === cycle)
        .sort(([p], [q]) => p - q)
        .map(([timeUs, node], place) => {
          expect(timeUs % intervalUs).toBe(Math.floor((place * intervalUs) / 20));
          return node;
        });
    const everybody = Array.from({ length: 20 }, (_, node) => node);
    for (const cycle of [1, 2, 3]) {
      expect([...order(cycle)].sort((p, q) => p - q)).toEqual(everybody);
      expect(order(cycle)).not.toEqual(everybody);
      expect(order(cycle + 1)).not.toEqual(order(cycle));
    }
  });

  it('sequential: an interval that has no room for a turn of each is refused', () => {
    const experiment = gossip('pull', 'sequential');
    const stack = experiment.stack.map((layer) =>
      layer.protocol.slot === 'spread'
        ? { ...layer, parameters: { ...layer.parameters, interval: 19 } }
        : layer,
    );
    expect(() => run({ ...experiment, stack })).toThrow(/at least 20 us/);
  });
});

describe('a message', () => {
  const once: Experiment['workload'] = [
    {
      who: { ids: ['n0'] },
      atUs: 0,
      everyUs: 0,
      untilUs: 0,
      spreadPhases: false,
      deadlineUs: 19_000_000,
      makePayload: () => 1,
    },
  ];

  it.each(['push', 'pull', 'push-pull'])('%s reaches everybody, and the cycles are counted', (mode) => {
    const { metrics } = resultOf(run(gossip(mode, 'periodic', { workload: once })));
    expect(metrics.deliveryRatio).toBe(1);
    expect(metrics.convergenceRounds).toBeNull();
    expect(metrics.convergenceCycles).toBe(Math.ceil((metrics.convergenceTime ?? 0) / (intervalUs / 1000)));
    expect(metrics.convergenceCycles).toBeGreaterThan(1);
    expect(metrics.convergenceCycles).toBeLessThan(25);
  });

  it('travels by pull once to each node, but for answers that cross', () => {
    const { metrics } = resultOf(run(gossip('pull', 'periodic', { workload: once })));
    // One request is answered before the next is made, 200 ms against 20 ms.
    expect(metrics.payloadsPerNode).toBe(19 / 20);
    expect(metrics.duplicates).toBe(0);
  });

  it('ends the run when all have it, if asked', () => {
    const { stoppedAtMs, status, metrics } = resultOf(
      run(gossip('push', 'periodic', { workload: once, stopWhen: 'converged' })),
    );
    expect(status).toBe('passed');
    // The message left after the first microsecond.
    expect(stoppedAtMs).toBe((metrics.convergenceTime ?? 0) + 0.001);
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('fails a run that was to converge and did not', () => {
    const cut = {
      id: 'cut',
      kind: faults.get('partition'),
      parameters: { isolate: { ids: ['n3'] }, effect: 'drop' },
      schedule: { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity },
    };
    const { status, stoppedAtMs, metrics } = resultOf(
      run(gossip('push-pull', 'periodic', { workload: once, stopWhen: 'converged', faults: [cut] })),
    );
    expect(status).toBe('failed');
    expect(stoppedAtMs).toBe(20_000);
    expect(metrics.convergenceTime).toBeNull();
    expect(metrics.residue).toBe(1 / 20);
  });
});
