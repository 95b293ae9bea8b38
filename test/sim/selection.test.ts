/** Whom `role: hub` and `role: leader` mean, against the topology itself. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/core/scenario/load.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { resultOf } from '../../src/core/sim/result.js';

function simulate(text: string): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 5s\nmeasureEvery: 1s\n${text}`,
    fileName: 'who.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

const liars = (simulation: Simulation): number[] =>
  Array.from({ length: simulation.experiment.nodeCount }, (_, node) => node).filter((node) =>
    simulation.isLiar(node),
  );

describe('hubs', () => {
  const scaleFree = (who: string): Simulation =>
    simulate(
      `nodes: { count: 200 }\ntopology: { type: barabasi-albert, m: 2 }\nadversaries:\n  - { silent: { nodes: ${who} } }\n`,
    );

  it('are the best connected', () => {
    const simulation = scaleFree('{ role: hub, count: 8 }');
    const { graph } = simulation;
    const chosen = liars(simulation);
    expect(chosen).toHaveLength(8);
    const least = Math.min(...chosen.map((node) => graph.neighbourCount(node)));
    for (let node = 0; node < 200; node++)
      if (!chosen.includes(node)) expect(graph.neighbourCount(node)).toBeLessThanOrEqual(least);
  });

  it('are a hundredth when nothing else is said, or a share', () => {
    expect(liars(scaleFree('{ role: hub }'))).toHaveLength(2);
    expect(liars(scaleFree('{ role: hub, share: 0.05 }'))).toHaveLength(10);
  });

  it('silent hubs hurt more than as many silent nodes at random', () => {
    const reach = (who: string): number => {
      const text =
        `nodes: { count: 200 }\ntopology: { type: barabasi-albert, m: 2 }\nworkload:\n  - { broadcast: { nodes: { count: 20 } }, every: 1s, deadline: 1s }\n` +
        `adversaries:\n  - { silent: { nodes: ${who} } }\n`;
      return resultOf(simulate(text)).metrics.deliveryRatio ?? 0;
    };
    expect(reach('{ role: hub, count: 30 }')).toBeLessThan(reach('{ count: 30 }') - 0.2);
  });

  it('among equals lots decide, the same for the same seed', () => {
    const ring = (seed: number): number[] =>
      liars(
        simulate(
          `seed: ${seed}\nnodes: { count: 50 }\ntopology: ring\nadversaries:\n  - { id: x, silent: { nodes: { role: hub, count: 5 } } }\n`,
        ),
      );
    expect(ring(1)).toEqual(ring(1));
    expect(ring(1)).not.toEqual(ring(2));
    expect(ring(1)).not.toEqual([0, 1, 2, 3, 4]);
  });
});

describe('leaders', () => {
  it('are those at the head of a group', () => {
    const simulation = simulate(
      'nodes: { count: 60 }\ntopology: { type: hierarchical, coordinators: 2, aggregators: 6 }\nadversaries:\n  - { silent: { nodes: { role: leader } } }\n',
    );
    // Coordinators and aggregators are numbered first: nobody at the edge leads anybody.
    expect(liars(simulation).every((node) => node < 8)).toBe(true);
    expect(liars(simulation).length).toBeGreaterThanOrEqual(6);
  });

  it('are refused where nobody leads, and hubs as observers', () => {
    const load = (text: string) => () => simulate(`nodes: { count: 10 }\n${text}`);
    expect(load('adversaries:\n  - { silent: { nodes: { role: leader } } }\n')).toThrow(
      /no group has the role "leader", expected one of observer, hub/,
    );
    expect(load('observers: { role: hub }\n')).toThrow(/no group has the role "hub"/);
  });
});
