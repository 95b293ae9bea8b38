/**
 * What handling messages costs, by arithmetic: ten leaves of a star speak at the same moment, so ten messages reach the centre in the same
 * microsecond. With a service time S they are done after S, 2S, ... 10S, and a line with room for c holds c of those that have to wait.
 */
import { describe, expect, it } from 'vitest';
import { realSignaturesMax, simulatedSigner } from '../../src/core/io/signers.js';
import { metrics } from '../../src/core/model/metrics.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function run(text: string, options?: SimulationOptions) {
  const { experiment } = loadScenario({
    text: `version: 1\nmeasureEvery: 1s\n${text}`,
    fileName: 'processing.yaml',
    readFile: () => new Uint8Array(),
    makeSigner: simulatedSigner,
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return resultOf(simulation);
}

/** Leaves speak at 0 s to 9 s, the centre is silent. */
const star = (processing: string, more = ''): string =>
  'stopTime: 10s\nnodes: { groups: [{ id: centre, count: 1 }, { id: leaf, count: 10 }] }\ntopology: star\n' +
  `dissemination: direct\nprocessing: ${processing}\n${more}` +
  'workload:\n  - { broadcast: { nodes: { group: leaf } }, every: 1s, until: 9500ms, phase: aligned, deadline: 500ms }\n';

describe('a line in front of a busy node', () => {
  it('grows by what arrives together, and each waits for those before it', () => {
    const { processing, metrics } = run(star('{ messageTime: 1ms }'));
    // Nine of ten wait, for 1 ms to 9 ms.
    expect(processing).toMatchObject({ longestQueue: 9, queueDrops: 0, queueCapacity: null, verified: 0 });
    expect(processing?.wait.mean).toBeCloseTo(5, 9);
    expect(processing?.wait.max).toBe(9);
    // A hundred messages of 1 ms in 10 s at one of eleven nodes.
    expect(processing?.busyShare.mean).toBeCloseTo(0.01 / 11, 12);
    expect(processing?.busyShare.max).toBeCloseTo(0.01, 12);
    // 10 ms on the link, its own millisecond, and those before it.
    expect(metrics.disseminationLatency.mean).toBeCloseTo(10 + 5.5, 9);
  });

  it('has so much room and no more', () => {
    const { processing, metrics } = run(star('{ messageTime: 1ms, queueCapacity: 4 }'));
    // One is handled at once and four wait: five of ten are lost, ten times.
    expect(processing).toMatchObject({ longestQueue: 4, queueDrops: 50, queueCapacity: 4 });
    // Each message goes to the centre alone of ten others.
    expect(metrics.deliveryRatio).toBeCloseTo(0.5 / 10, 9);
    expect(processing?.wait.max).toBe(4);
  });

  it('counts with the lines for one metric, which has one name', () => {
    const more =
      'network: { bandwidthUp: 1GB/s, queueCapacity: 0B }\nassertions:\n  - { finally: queueDrops == 450 }\n';
    const { assertions, links } = run(
      star('{ messageTime: 1ms, queueCapacity: 4 }', more).replace('direct', 'flood'),
    );
    // Of ten at a time the centre handles five. Each of these it passes on to nine leaves, and its uplink has room for the first only.
    expect(links?.uplink?.dropped).toBe(10 * 5 * 8);
    expect(assertions).toMatchObject([{ status: 'passed', value: 10 * (5 + 5 * 8) }]);
    const names = metrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('what is passed on leaves when the work is done', () => {
    const { metrics } = run(star('{ messageTime: 1ms }').replace('direct', 'flood'));
    // To the centre 10 ms, the tenth done after 10 ms more, 10 ms to the leaves, and a millisecond there.
    expect(metrics.disseminationLatency.max).toBeCloseTo(31, 1);
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('dies with the node', () => {
    const crash =
      'faults:\n  - { crash: { nodes: { group: centre }, restartAfter: 100ms, state: keep }, at: 5013500us }\n';
    const { processing, detection } = run(star('{ messageTime: 1ms }', crash));
    // At 5.0135 s four of ten are handled: the last began at 5.013 s. Six are lost, and nobody waits for them afterwards.
    expect(processing?.queueDrops).toBe(0);
    expect(detection.honestReceipts).toBe(100 - 6);
  });
});

describe('signatures', () => {
  it.each([
    ['ed25519', 0.073],
    ['hmac', 0.003],
  ])('%s: every receiver pays for each distinct message, once', (scheme, costMs) => {
    const { processing, authentication } = run(
      `authentication: ${scheme}\nstopTime: 10s\nnodes: { count: 6 }\nprocessing: { messageTime: 0s }\n` +
        'workload:\n  - { broadcast: {}, every: 1s, until: 9500ms, phase: aligned, deadline: 500ms }\n',
    );
    // Six nodes, ten messages each, five receivers; the copies of a flood cost nothing.
    expect(processing?.verified).toBe(300);
    expect(processing?.verifyTimeMs).toBe(costMs);
    expect(processing?.busyShare.mean).toBeCloseTo((50 * costMs) / 10_000, 12);
    expect(authentication).toEqual({ scheme, signatures: 'real' });
  });

  it('cost nothing where the scenario does not say so', () => {
    const { processing, authentication, metrics } = run(
      'authentication: hmac\nstopTime: 3s\nnodes: { count: 3 }\nworkload:\n  - { broadcast: {}, every: 1s, deadline: 500ms }\n',
    );
    expect(processing).toBeUndefined();
    expect(authentication?.signatures).toBe('real');
    expect(metrics.disseminationLatency.max).toBe(10);
  });

  it('are modelled above ten thousand nodes, and the result says so', () => {
    const text = (count: number): string =>
      `authentication: ed25519\nstopTime: 1s\nnodes: { count: ${count} }\ntopology: ring\ndissemination: direct\n` +
      'workload:\n  - { broadcast: { nodes: { ids: [node-5, node-6] } }, at: 100ms, deadline: 500ms }\n' +
      'adversaries:\n  - { forge-pattern: { nodes: { ids: [node-6] }, knowledge: observed, keys: outsider } }\n';
    const modelled = run(text(realSignaturesMax + 1));
    expect(modelled.authentication).toEqual({ scheme: 'ed25519', signatures: 'modelled' });
    expect(modelled.metrics.flags['bad-signature']).toBe(2);
    const real = run(text(50));
    expect(real.authentication?.signatures).toBe('real');
    expect(real.metrics.flags).toEqual(modelled.metrics.flags);
    expect(real.metrics.bytesPerNode.max).toBe(modelled.metrics.bytesPerNode.max);
  });

  it.each(['hmac', 'ed25519'] as const)(
    'a modelled %s tells keys and messages apart as a real one does',
    (scheme) => {
      const message = new TextEncoder().encode('{"step":1}');
      const other = new TextEncoder().encode('{"step":2}');
      for (const nodeCount of [10, realSignaturesMax + 1]) {
        const signer = simulatedSigner(scheme, 7, nodeCount);
        const stranger = simulatedSigner(scheme, 8, nodeCount);
        const signature = signer.sign(3, message);
        expect(signature).toHaveLength(signer.signatureBytes);
        expect(signer.verify(3, message, signature)).toBe(true);
        expect(signer.verify(3, other, signature)).toBe(false);
        expect(stranger.verify(3, message, signature)).toBe(false);
        // One key for the whole group, or one each.
        expect(signer.verify(4, message, signature)).toBe(scheme === 'hmac');
        expect(signer.verify(3, message, new Uint8Array(signer.signatureBytes))).toBe(false);
        expect(signer.isModelled === true).toBe(nodeCount > realSignaturesMax);
      }
    },
  );
});

it('processing has no meaning in rounds', () => {
  expect(() =>
    run(
      'stopTime: 5s\ntiming: rounds\nnodes: { count: 5 }\ndissemination: push\nprocessing: { messageTime: 1ms }\n',
    ),
  ).toThrow(/processing has no meaning in rounds/);
});

it('N populations of one are one of N', () => {
  const text =
    'authentication: hmac\nstopTime: 6s\nnodes: { count: 8 }\nnetwork: { latency: 10ms, jitter: 5ms }\n' +
    'processing: { verifyTime: 3ms, messageTime: 500us, queueCapacity: 6 }\n' +
    'workload:\n  - { broadcast: {}, every: 200ms, phase: aligned, deadline: 500ms }\n' +
    'faults:\n  - { crash: { nodes: { count: 2 }, restartAfter: 1s, state: lose }, at: 2s }\n';
  const result = run(text);
  expect(run(text, { populations: 'single' })).toEqual(result);
  expect(result.processing?.queueDrops).toBeGreaterThan(0);
});
