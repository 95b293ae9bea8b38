/**
 * Under `max`, when every node tells all its neighbours in each round, a high step travels one hop a round: after r rounds exactly the
 * nodes within r hops of its holder have it, and everybody after exactly the holder's eccentricity. The distances are counted here, by a
 * walk over the list of edges.
 */
import { expect, it } from 'vitest';
import { Simulation } from '../../src/core/sim/simulation.js';
import { load } from '../scenario/helpers.js';

const nodes = 40;
const startSeconds = 30;

/** One node runs ahead for half a minute, alone; then the others come up, and all of them speak once a second. */
function scenario(topology: string, rounds: number): string {
  return `version: 1
stopTime: ${startSeconds + rounds}s
topology: ${topology}
network: { latency: 1ms }
nodes:
  count: ${nodes}
  groups:
    - { id: holder, count: 1 }
    - { id: others, startAt: ${startSeconds}s }
dissemination: direct
sync: max
workload:
  - { broadcast: { nodes: { group: holder } }, every: 1s, from: 500ms, phase: aligned, deadline: 100ms }
  - { broadcast: { nodes: { group: others } }, every: 1s, from: ${startSeconds}500ms, phase: aligned, deadline: 100ms }
`;
}

function hopsFromHolder(simulation: Simulation): number[] {
  const { graph } = simulation;
  const hops = new Array<number>(nodes).fill(Infinity);
  hops[0] = 0;
  for (let changed = true; changed;) {
    changed = false;
    for (let from = 0; from < nodes; from++)
      for (let i = 0; i < graph.neighbourCount(from); i++) {
        const to = graph.neighbourAt(from, i);
        if (hops[from] + 1 >= hops[to]) continue;
        hops[to] = hops[from] + 1;
        changed = true;
      }
  }
  return hops;
}

it.each([
  'ring',
  '{ type: grid, rows: 5, columns: 8 }',
  '{ type: random-regular, degree: 3 }',
  'tree',
  'complete',
])('%s: a ball that grows by one hop a round, until the eccentricity', (topology) => {
  let eccentricity = Infinity;
  for (let round = 1; round <= Math.min(eccentricity, 9); round++) {
    const simulation = new Simulation(load(scenario(topology, round)).experiment);
    simulation.begin();
    while (simulation.advance(1 << 16));
    const hops = hopsFromHolder(simulation);
    eccentricity = Math.max(...hops);
    hops.forEach((distance, node) => {
      // Whoever has not heard of the high step has counted its own rounds only.
      const step = simulation.stepOf(node) ?? NaN;
      if (distance <= round) expect(step).toBeGreaterThan(startSeconds);
      else expect(step).toBeLessThanOrEqual(2 * round);
    });
    expect(hops.every((distance) => distance <= round)).toBe(round >= eccentricity);
  }
});
