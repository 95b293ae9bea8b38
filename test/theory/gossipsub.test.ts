/**
 * GossipSub against arithmetic, and against a second program: what a mesh costs, what reach three rounds of gossip to a quarter of the
 * peers have (27/64 are missed, as the specification of v1.1 works out), how fast gossip alone is, and what stands between honest nodes
 * and a crowd of Sybils that sits in their meshes.
 */
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../src/core/sim/result.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { mean, standardDeviation, tolerance } from './statistics.js';
import { whispers } from './whispers.js';

function run(text: string) {
  const { experiment } = loadScenario({
    text: `version: 1\nmeasureEvery: 1s\n${text}`,
    fileName: 'gossipsub.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return { ...resultOf(simulation).metrics, ...(simulation.figuresOf('spread') ?? {}) };
}

const noMesh = 'degree: 0, degreeLow: 0, degreeHigh: 0';
const noGossip = 'degreeLazy: 0, gossipFactor: 0';

describe('the mesh', () => {
  const cost = (messages: number): number => {
    const { deliveryRatio, publications, payloadsPerNode } = run(
      'stopTime: 32s\nnodes: { count: 120, groups: [{ id: source, count: 1 }, { id: others }] }\n' +
        'topology: { type: k-out, k: 15 }\nnetwork: { latency: 10ms }\n' +
        `dissemination: { mode: gossipsub, degree: 8, degreeLow: 6, degreeHigh: 12, floodPublish: false, ${noGossip} }\n` +
        `workload:\n  - { broadcast: { nodes: { group: source } }, every: 1s, from: 10s, until: ${9 + messages}500ms, phase: aligned, deadline: 1s }\n`,
    );
    expect([publications, deliveryRatio]).toEqual([messages, 1]);
    return payloadsPerNode * 120;
  };

  it('costs what a flood of it costs, 2m - n + 1, with a mean degree within the bounds', () => {
    const each = (cost(21) - cost(11)) / 10;
    expect(each).toBeCloseTo(cost(11) / 11, 6);
    // Links are mutual, so 2m is an even number.
    expect(Math.round(each + 119) % 2).toBe(0);
    expect((each + 119) / 120).toBeGreaterThanOrEqual(6);
    expect((each + 119) / 120).toBeLessThanOrEqual(12);
  });

  it('refuses bounds that contradict each other', () => {
    const start = (knobs: string): void =>
      void run(`stopTime: 1s\nnodes: { count: 3 }\ndissemination: { mode: gossipsub, ${knobs} }\n`);
    expect(() => start('degree: 3')).toThrow(/a mesh of 3 is not within its bounds, 4 to 12/);
    expect(() => start('historyLength: 2')).toThrow(/told of for 3 heartbeats and kept for 2/);
  });
});

describe('gossip', () => {
  it.each([
    [3, 27 / 64],
    [1, 3 / 4],
  ])('%i rounds to a quarter of the peers miss %f of them', (rounds, missed) => {
    const messages = 40;
    const leaves = 400;
    const { deliveryRatio } = run(
      `stopTime: 205s\nnodes: { count: ${leaves + 1}, groups: [{ id: hub, count: 1 }, { id: leaf }] }\ntopology: star\nnetwork: { latency: 10ms }\n` +
        `dissemination: { mode: gossipsub, ${noMesh}, degreeLazy: 0, floodPublish: false, historyGossip: ${rounds}, scoring: false }\n` +
        `workload:\n  - { broadcast: { nodes: { group: hub } }, every: 5s, from: 1s, until: 200s, deadline: 4900ms }\n`,
    );
    // No more than coins would.
    const sd = Math.sqrt((missed * (1 - missed)) / leaves);
    expect(Math.abs((deliveryRatio ?? NaN) - (1 - missed))).toBeLessThan(tolerance(sd, messages));
  });

  it('alone is as fast as a second program says', () => {
    const seeds = [1, 2, 3, 4, 5];
    const [nodes, links, latency] = [150, 10, 0.025];
    const got = seeds.map((seed) => {
      const { disseminationLatency: latencies, deliveryRatio } = run(
        `seed: ${seed}\nstopTime: 9s\nnodes: { count: ${nodes} }\ntopology: { type: k-out, k: ${links} }\nnetwork: { latency: 25ms }\n` +
          `dissemination: { mode: gossipsub, ${noMesh}, degreeLazy: 0, gossipFactor: 0.4, scoring: false }\n` +
          'workload:\n  - { broadcast: { nodes: { count: 30 } }, every: 1s, from: 2s, until: 3s, deadline: 6s }\n',
      );
      expect(deliveryRatio).toBeGreaterThan(0.999);
      return { mean: latencies.mean ?? NaN, p99: latencies.p99 ?? NaN };
    });
    const expected = seeds.map((seed) =>
      whispers({ nodes, links, deaf: 0, share: 0.4, beats: 3, latency, messages: 30 }, seed),
    );
    for (const figure of ['mean', 'p99'] as const) {
      const [ours, theirs] = [got, expected].map((runs) => runs.map((row) => row[figure]));
      const spread = Math.hypot(standardDeviation(ours), standardDeviation(theirs));
      expect(Math.abs(mean(ours) - mean(theirs)), figure).toBeLessThan(tolerance(spread, seeds.length));
      // A test that cannot tell would pass anything.
      expect(tolerance(spread, seeds.length)).toBeLessThan(0.1 * mean(theirs));
    }
  });
});

describe('a crowd of Sybils that sits in every mesh', () => {
  const among = (knobs: string) =>
    run(
      'stopTime: 22s\nwarmup: 14s\nnodes: { count: 300, groups: [{ id: honest, count: 60 }, { id: sybil }] }\n' +
        'topology: { type: core-periphery, core: 60, coreLinks: 5, links: 5 }\nnetwork: { latency: 25ms, jitter: 2500us }\n' +
        `dissemination: { mode: gossipsub, degree: 8, degreeLow: 6, degreeHigh: 12, degreeScore: 6, ${knobs} }\n` +
        'workload:\n  - { broadcast: { nodes: { group: honest } }, every: 1s, until: 16s, deadline: 6s }\n' +
        'adversaries:\n  - { squat: { nodes: { group: sybil } } }\n',
    );

  it('cuts honest nodes off who rely on their meshes alone', () => {
    expect(among(`floodPublish: false, ${noGossip}`).deliveryRatio).toBeLessThan(0.5);
  });

  it('is got round by gossip, slowly, and by scores that ask what peers bring, quickly', () => {
    const gossip = among('');
    const scored = among('scoreActivation: 4s');
    for (const { deliveryRatio } of [gossip, scored]) expect(deliveryRatio).toBeGreaterThan(0.999);
    // Heartbeats of a second against ways of 25 ms.
    expect(gossip.disseminationLatency.p99).toBeGreaterThan(1000);
    expect(scored.disseminationLatency.p99).toBeLessThan(120);
  });
});
