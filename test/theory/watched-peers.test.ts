/**
 * Peers that nodes choose, and a failure detector that watches whom they chose. Times are held against what the detector promises, with
 * everybody's eyes closed but the test's: it knows who is down and since when.
 */
import { describe, expect, it } from 'vitest';
import { reportKinds } from '../../src/core/model/protocol.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

const detectors = ['heartbeat', 'phi-accrual', 'swim'] as const;

function begun(text: string, options?: SimulationOptions): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nmeasureEvery: 10s\n${text}`,
    fileName: 'watched.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  return simulation;
}

/** Lets time pass up to a moment. */
function until(simulation: Simulation, seconds: number): Simulation {
  while (simulation.nowUs < seconds * 1e6 && simulation.advance(1));
  return simulation;
}

function finished(text: string, options?: SimulationOptions): Simulation {
  const simulation = begun(text, options);
  while (simulation.advance(1 << 16));
  return simulation;
}

const everybody = (simulation: Simulation): number[] =>
  Array.from({ length: simulation.experiment.nodeCount }, (_, node) => node);

/** Who talks to this node. */
const friendsOf = (simulation: Simulation, node: number): number[] =>
  everybody(simulation).filter((other) => other !== node && simulation.peersOf(other).includes(node));

const crash = (more: string): string =>
  `stopTime: 60s\nnodes: { count: 30 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 6 }\n${more}` +
  'faults:\n  - { crash: { nodes: { ids: [node-7] } }, at: 20.5s }\n';

describe('who is thought dead', () => {
  it('leaves every view with the verdict: heartbeats, between 4 and 5 intervals', () => {
    const simulation = until(begun(crash('failureDetector: heartbeat\n')), 20.4);
    const friends = friendsOf(simulation, 7);
    expect(friends.length).toBeGreaterThan(6);
    // Silence counts from the last heartbeat, which was sent up to an interval before the crash and came 20 ms later.
    const stillThere = friendsOf(until(simulation, 24.5), 7);
    expect(stillThere.length).toBeGreaterThan(0);
    expect(friends).toEqual(expect.arrayContaining(stillThere));
    expect(friendsOf(until(simulation, 25.53), 7).filter((node) => friends.includes(node))).toEqual([]);
  });

  it('without a detector it stays until the manager has lost patience, six times as long', () => {
    const simulation = until(begun(crash('')), 20.4);
    const friends = friendsOf(simulation, 7);
    const later = friendsOf(until(simulation, 45), 7).filter((node) => friends.includes(node));
    expect(later.length).toBeGreaterThan(0);
    expect(friendsOf(until(simulation, 55), 7)).toEqual([]);
  });

  it.each(detectors)('%s: is not chosen by those who think so', (type) => {
    const text = crash(`failureDetector: ${type}\n`).replace('degree: 6', 'degree: 6, rebalanceEvery: 8');
    const thinkSo = new Set<number>();
    const simulation = begun(text, {
      listener: {
        reported: (_timeUs, node, kind) => {
          if (kind === reportKinds.confirmed) thinkSo.add(node);
        },
      },
    });
    // Four more choices of six of 29 each.
    for (let second = 21; second < 60; second++) {
      until(simulation, second);
      expect(friendsOf(simulation, 7).filter((node) => thinkSo.has(node))).toEqual([]);
    }
    // SWIM tells everybody; heartbeats are heard by those alone who watched, and not all of them waited for the verdict.
    expect(thinkSo.size).toBeGreaterThan(type === 'swim' ? 28 : 3);
    expect(resultOf(simulation).detector?.falsePositives).toBe(0);
  });

  it.each(detectors)('%s: is found alive by all who thought it dead, once it is back', (type) => {
    // Everybody chooses everybody, so that everybody has come to the verdict.
    const simulation = begun(
      'stopTime: 120s\nnodes: { count: 12 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 11 }\n' +
        `failureDetector: ${type}\nfaults:\n  - { crash: { nodes: { ids: [node-7] }, restartAfter: 20s, state: lose }, at: 20.5s }\n`,
    );
    expect(friendsOf(until(simulation, 20), 7)).toHaveLength(11);
    expect(friendsOf(until(simulation, 40), 7)).toEqual([]);
    expect(friendsOf(until(simulation, 60), 7)).toHaveLength(11);
    expect(simulation.peersOf(7)).toHaveLength(11);
  });
});

describe('a verdict', () => {
  it.each(detectors)(
    '%s: is taken back by all who passed it, also by those that the dead one does not choose',
    (type) => {
      /** Who thinks whom dead. */
      const verdicts = new Set<string>();
      let passed = 0;
      const simulation = begun(
        'stopTime: 100s\nnodes: { count: 30 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 3, staleAfter: 10s }\n' +
          `failureDetector: ${type}\nfaults:\n  - { crash: { nodes: { count: 6 }, restartAfter: 20s, state: lose }, at: 20.5s }\n`,
        {
          listener: {
            reported: (_timeUs, node, kind, _body, subject) => {
              if (kind === reportKinds.confirmed && verdicts.add(`${node} of ${subject}`)) passed++;
              else if (kind === reportKinds.cleared) verdicts.delete(`${node} of ${subject}`);
            },
          },
        },
      );
      until(simulation, 40);
      expect(passed).toBeGreaterThan(5);
      until(simulation, 100);
      expect([...verdicts]).toEqual([]);
    },
  );
});

it('a suspicion about somebody who has left the view is no opinion any more', () => {
  // Nobody is dead before a hundred intervals, and every eighth round leaves out whoever is silent.
  const suspecting = new Set<number>();
  const cleared: number[] = [];
  const simulation = begun(
    'stopTime: 70s\nnodes: { count: 30 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 5, rebalanceEvery: 8, staleAfter: 60s }\n' +
      'failureDetector: { type: heartbeat, suspectAfter: 2, deadAfter: 100 }\n' +
      'faults:\n  - { crash: { nodes: { ids: [node-7] }, restartAfter: 25s, state: lose }, at: 20.5s }\n',
    {
      listener: {
        reported: (_timeUs, node, kind, _body, subject) => {
          if (kind === reportKinds.suspected && subject === 7) suspecting.add(node);
          if (kind === reportKinds.cleared && subject === 7) cleared.push(node);
        },
      },
    },
  );
  until(simulation, 45);
  const friends = friendsOf(simulation, 7);
  const gone = [...suspecting].filter((node) => !friends.includes(node));
  expect(gone.length).toBeGreaterThan(2);
  until(simulation, 70);
  expect(friendsOf(simulation, 7).some((node) => gone.includes(node))).toBe(true);
  expect(cleared.filter((node) => gone.includes(node))).toEqual([]);
});

describe('what a manager must not do to a detector', () => {
  it.each(['heartbeat', 'phi-accrual'])('%s: who is released is not taken for dead', (type) => {
    const { detector, peers } = resultOf(
      finished(
        `stopTime: 60s\nnodes: { count: 30 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 5, rebalanceEvery: 4 }\nfailureDetector: ${type}\n`,
      ),
    );
    expect(peers?.counters.rebalances).toBeGreaterThan(30 * 13);
    expect(detector?.suspicions).toBe(0);
    // Each chose five, and each pair counts at both ends: 30 (1 - (24/29)^2) of 29 others, but for a handful who are being released.
    expect(Math.abs((peers?.degree.mean ?? 0) - 29 * (1 - (24 / 29) ** 2))).toBeLessThan(0.6);
  });
});

describe('a cut that lasts longer than memory', () => {
  it.each(['none', ...detectors])('%s: both sides find each other again', (type) => {
    const cut =
      'stopTime: 150s\nnodes: { count: 24 }\nnetwork: { latency: 20ms }\npeers: { type: random, degree: 4, staleAfter: 10s, rebalanceEvery: 20 }\n' +
      `failureDetector: ${type}\nfaults:\n  - { partition: { groups: [{ ids: [${Array.from({ length: 8 }, (_, i) => `node-${i}`).join(', ')}] }] }, at: 10s, duration: 70s }\n`;
    const simulation = until(begun(cut), 79);
    const across = (): number =>
      everybody(simulation)
        .slice(0, 8)
        .flatMap((node) => simulation.peersOf(node))
        .filter((peer) => peer >= 8).length;
    expect(across()).toBeLessThan(8);
    until(simulation, 150);
    // Two thirds of all others are on the other side.
    expect(across()).toBeGreaterThan(8 * 4 * 0.5);
    expect(resultOf(simulation).peers?.connectedShare).toBe(1);
  });
});

describe('laws', () => {
  it.each([
    'heartbeat, heartbeatInterval: 200ms',
    'phi-accrual, heartbeatInterval: 200ms',
    'swim, probeInterval: 400ms, probeTimeout: 150ms',
  ])('N populations of one are one of N: %s', (detector) => {
    const text =
      'stopTime: 25s\nnodes: { count: 16 }\nnetwork: { latency: 20ms, jitter: 15ms, loss: 0.05 }\n' +
      'peers: { type: hybrid, degree: 4, seeds: 2, interval: 200ms, rebalanceEvery: 10, staleAfter: 2s }\n' +
      `failureDetector: { type: ${detector} }\ndissemination: { mode: push, fanout: 2, interval: 200ms }\n` +
      'workload:\n  - { broadcast: {}, every: 2s, deadline: 1s }\n' +
      'faults:\n  - { crash: { nodes: { count: 4 }, restartAfter: 6s, state: lose }, at: 5s }\n' +
      '  - { crash: { nodes: { count: 2 }, restartAfter: 4s, state: keep }, at: 8s }\n' +
      '  - { partition: { share: 0.3, effect: drop }, at: 14s, duration: 5s }\n';
    const shared = finished(text);
    const single = finished(text, { populations: 'single' });
    expect(resultOf(single)).toEqual(resultOf(shared));
    expect(resultOf(shared).peers?.counters.foundDead).toBeGreaterThan(0);
    for (const node of everybody(shared)) expect(single.peersOf(node)).toEqual(shared.peersOf(node));
  });
});
