/**
 * Plumtree against what a tree must cost: the first message floods, 2m - n + 1 payloads; once the tree stands, n - 1, which nothing can
 * beat. And against what a flood must reach: everybody, whatever is lost or down.
 */
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../src/core/sim/result.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { Simulation } from '../../src/core/sim/simulation.js';

function run(text: string) {
  const { experiment } = loadScenario({
    text: `version: 1\nmeasureEvery: 1s\ndissemination: eager-lazy\n${text}`,
    fileName: 'eager-lazy.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return {
    ...resultOf(simulation),
    edges: experiment.layout.graph.edgeCount,
    figures: simulation.figuresOf('spread') ?? {},
  };
}

const overlay =
  'nodes: { count: 200, groups: [{ id: source, count: 1 }, { id: others }] }\ntopology: { type: random-regular, degree: 6 }\n';
const messages = (count: number): string =>
  `workload:\n  - { broadcast: { nodes: { group: source } }, every: 1s, from: 1s, until: ${count}500ms, phase: aligned, deadline: 5s }\n`;

describe('eager-lazy', () => {
  it('the first message costs as much as a flood', () => {
    const { metrics, edges, figures } = run(
      `stopTime: 10s\nnetwork: { latency: 10ms }\n${overlay}${messages(1)}`,
    );
    expect(metrics.publications).toBe(1);
    expect(metrics.deliveryRatio).toBe(1);
    expect(metrics.payloadsPerNode * 200).toBeCloseTo(2 * edges - 200 + 1, 6);
    expect(figures.grafts).toBe(0);
  });

  it('every further message costs n - 1 payloads', () => {
    const cost = (count: number): number => {
      const { metrics } = run(`stopTime: 40s\nnetwork: { latency: 10ms }\n${overlay}${messages(count)}`);
      expect(metrics.publications).toBe(count);
      expect(metrics.deliveryRatio).toBe(1);
      return metrics.payloadsPerNode * 200;
    };
    // Equal latencies make the tree stand after the first message.
    expect(cost(21) - cost(11)).toBeCloseTo(10 * 199, 6);
  });

  it('redundancy falls to nearly nothing where latencies differ', () => {
    const text = `stopTime: 120s\nwarmup: 20s\nnetwork: { latency: { distribution: lognormal, median: 20ms, sigma: 0.5 }, jitter: 1ms }\n${overlay}${messages(100)}`;
    const { metrics } = run(text);
    expect(metrics.deliveryRatio).toBe(1);
    expect(metrics.duplicates).toBeLessThan(0.02);
  });

  it('delivers through 10 % loss by grafting, where the tree alone would lose whole branches', () => {
    const { metrics, figures } = run(
      `stopTime: 60s\nnetwork: { latency: 10ms, loss: 0.1 }\n${overlay}${messages(50)}`,
    );
    expect(figures.grafts).toBeGreaterThan(100);
    expect(metrics.deliveryRatio).toBeGreaterThan(0.999);
  });

  it('mends the tree after a tenth of the nodes has crashed', () => {
    const { metrics, figures } = run(
      `stopTime: 70s\nwarmup: 35s\nnetwork: { latency: 10ms }\n${overlay}${messages(60)}faults:\n  - { crash: { nodes: { group: others, share: 0.1 } }, at: 30s }\n`,
    );
    expect(figures.grafts).toBeGreaterThan(0);
    expect(metrics.deliveryRatio).toBe(1);
    // Payloads sent to the dead are no copies that anybody got.
    expect(metrics.duplicates).toBeLessThan(0.05);
  });
});
