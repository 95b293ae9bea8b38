/**
 * The partition detector against arithmetic: with n = 10 and f = 3 a side of seven goes on and a side of six does not. With questions
 * every I and a patience of k intervals on links of delay d, a node notices after a time uniform in (kI - d, (k+1)I - d], and is back
 * after one uniform in (0, I] and two round trips: one to see the others and one to be handed what it missed.
 */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function run(text: string, options?: SimulationOptions) {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 30s\nmeasureEvery: 50ms\nnetwork: { latency: 20ms }\n${text}`,
    fileName: 'partition.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return resultOf(simulation);
}

const workload = 'workload:\n  - { broadcast: {}, every: 1s, deadline: 12s }\n';
/** Ten nodes of which so many are cut off from 10 s to 20 s. */
const split = (small: number, more = '', detector = 'quorum'): string =>
  `nodes: { count: 10, groups: [{ id: small, count: ${small} }, { id: large }] }\n` +
  `partitionDetector: ${detector}\nfaults:\n  - { partition: { isolate: { group: small } }, at: 10s, duration: 10s }\n${more}`;

describe('who is partitioned', () => {
  it.each([1, 2, 3, 4, 5])('ten nodes split %i and the rest: below seven, itself included', (small) => {
    const { partition } = run(split(small));
    const expected = [small, 10 - small].filter((side) => side < 7).reduce((sum, side) => sum + side, 0);
    expect(partition).toMatchObject({
      needed: 7,
      cuts: expected,
      detected: expected,
      partitionedMost: expected,
      partitionedAtEnd: 0,
      falseAlarms: 0,
      missed: 0,
    });
  });

  it('the dead count as little as the distant: three may crash, and not four', () => {
    const most = (crashed: number): number | undefined =>
      run(
        `nodes: { count: 10 }\npartitionDetector: quorum\nfaults:\n  - { crash: { nodes: { count: ${crashed} } }, at: 10s }\n`,
      ).partition?.partitionedMost;
    expect(most(3)).toBe(0);
    expect(most(4)).toBe(6);
  });

  it('f may be given', () => {
    expect(run(split(3, '', '{ type: quorum, f: 2 }')).partition?.partitionedMost).toBe(10);
    expect(run(split(4, '', '{ type: quorum, f: 4 }')).partition?.partitionedMost).toBe(4);
  });

  it('a way that is open in one direction only is no round trip', () => {
    const { partition } = run(
      'nodes: { count: 10, groups: [{ id: small, count: 3 }, { id: large }] }\npartitionDetector: quorum\n' +
        'faults:\n  - { partition: { blocked: { senders: { group: large }, receivers: { group: small } } }, at: 10s, duration: 10s }\n',
    );
    expect(partition).toMatchObject({ cuts: 3, detected: 3, partitionedMost: 3, falseAlarms: 0 });
  });

  it('loss alone is no partition', () => {
    // A member is out of sight when four round trips in a row fail, 0.0975^4 = 9e-5; four of nine at once, 1e-14.
    const { partition } = run(
      'nodes: { count: 10 }\npartitionDetector: quorum\nfaults:\n  - { loss: { ratio: 0.05 }, from: 0s }\n',
    );
    expect(partition).toMatchObject({ cuts: 0, falseAlarms: 0 });
  });

  it('a node that cannot see n - f members is refused, unless it may guess', () => {
    const ring = (detector: string): string =>
      `nodes: { count: 30 }\ntopology: { type: ring-lattice, k: 6 }\npartitionDetector: ${detector}\n` +
      'faults:\n  - { partition: { isolate: { ids: [node-0] } }, at: 10s, duration: 5s }\n';
    expect(() => run(ring('quorum'))).toThrow(/has 6 neighbours and would have to count 21 members/);
    // Seven in each neighbourhood, two of which may be missing: only the node that is alone counts too few.
    expect(run(ring('{ type: quorum, estimate: true }')).partition).toMatchObject({ cuts: 1, detected: 1 });
  });
});

describe('times', () => {
  const runs = Array.from({ length: 30 }, (_, seed) => run(`seed: ${seed + 1}\n${split(3)}`));
  const all = (read: (result: (typeof runs)[number]) => number | null | undefined): number[] =>
    runs.map((result) => read(result) ?? NaN);
  const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
  /** Ninety nodes, uniform on an interval of 200 ms. */
  const standardErrorMs = 200 / Math.sqrt(12 * 90);

  it('to detect', () => {
    const each = all(({ partition }) => partition?.detectionTime.mean);
    expect(Math.abs(mean(each) - (900 - 20))).toBeLessThan(4 * standardErrorMs);
    expect(Math.max(...all(({ partition }) => partition?.detectionTime.max))).toBeLessThanOrEqual(
      1000 - 20 + 1,
    );
    expect(Math.min(...all(({ partition }) => partition?.detectionTime.p50))).toBeGreaterThan(800 - 20);
  });

  it('to recover', () => {
    const each = all(({ partition }) => partition?.recoveryTime.mean);
    expect(Math.abs(mean(each) - (100 + 80))).toBeLessThan(4 * standardErrorMs);
    expect(Math.max(...all(({ partition }) => partition?.recoveryTime.max))).toBeLessThanOrEqual(
      200 + 80 + 1,
    );
  });
});

describe('policies', () => {
  it('readonly: two sides write only until the smaller one has noticed', () => {
    const { partition, metrics } = run(split(3, workload));
    expect(partition?.splitBrainTimeMs).toBe(partition?.detectionTime.max);
    // Three nodes, one message a second, from 0.8 to 1 s after the cut until 0.08 to 0.28 s after its end.
    expect(partition?.counters.refusedWrites).toBeGreaterThanOrEqual(3 * 9);
    expect(partition?.counters.refusedWrites).toBeLessThanOrEqual(3 * 10);
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('available: both sides write all the time, and are merged when they meet', () => {
    const { partition, metrics } = run(split(3, workload, '{ type: quorum, policy: available }'));
    expect(partition?.splitBrainTimeMs).toBe(10_000);
    expect(partition?.counters.refusedWrites).toBe(0);
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('without a detector what crossed the cut is lost', () => {
    const { partition, metrics } = run(split(3, workload, 'none'));
    expect(partition).toBeUndefined();
    // Judged are the messages of 0 s to 18 s, 180 x 9 pairs; those of 10 s on lack the other side: 8 s x (3 x 7 + 7 x 3).
    expect(Math.abs((metrics.deliveryRatio ?? 0) - (1 - (8 * 42) / (180 * 9)))).toBeLessThan(0.02);
  });

  it('a backlog of three hands over three messages of each', () => {
    const { partition } = run(split(3, workload, '{ type: quorum, policy: available, backlog: 3 }'));
    // Seven ask three and three ask seven, for three messages each time.
    expect(partition?.counters.handedOver).toBe(2 * 7 * 3 * 3);
    expect(partition?.counters.forgotten).toBeGreaterThan(0);
  });

  it('gossip that asks by itself needs nothing handed over, and is healthy again all the same', () => {
    const { partition } = run(split(3, `dissemination: push-pull\n${workload}`));
    expect(partition).toMatchObject({ detected: 3, partitionedAtEnd: 0 });
    expect(partition?.counters.handedOver).toBe(0);
  });

  it('who comes back from a crash writes only when it has counted', () => {
    const { partition } = run(
      `nodes: { count: 10 }\npartitionDetector: quorum\n${workload}faults:\n` +
        '  - { crash: { nodes: { ids: [node-0] }, restartAfter: 4s, state: lose }, at: 6s }\n' +
        '  - { partition: { isolate: { ids: [node-0] } }, at: 8s, duration: 10s }\n',
    );
    // Cut off from the moment when it is back: not one write, and handed over what it missed in the end.
    expect(partition?.splitBrainTimeMs).toBe(0);
    expect(partition?.counters.refusedWrites).toBeGreaterThanOrEqual(8);
    expect(partition?.partitionedAtEnd).toBe(0);
  });
});

it('N populations of one are one of N', () => {
  const text = split(
    3,
    `  - { crash: { nodes: { count: 2 }, restartAfter: 3s, state: lose }, at: 17s }\n${workload}`,
    '{ type: quorum, policy: available }',
  );
  expect(run(text, { populations: 'single' })).toEqual(run(text));
});
