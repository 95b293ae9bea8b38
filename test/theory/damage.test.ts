/**
 * A damaged overlay: of a random d-regular network a share has crashed, and a live node floods. Seen from an edge, the far side leads to
 * nowhere with u = (1-q) + q u^(d-1), where q is the share that is alive; a live node lies in the giant component with S = 1 - u^d, and a
 * flood that starts there reaches S of the live ones, else hardly anybody: S^2 on average. (Limits for many nodes; R. Cohen, K. Erez,
 * D. ben-Avraham, S. Havlin, "Resilience of the Internet to random breakdowns", Phys. Rev. Lett. 85, 2000.)
 */
import { expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { load } from '../scenario/helpers.js';
import { mean, standardDeviation, tolerance } from './statistics.js';

const nodes = 2500;

it.each([
  [5, 0.2],
  [5, 0.6],
  [5, 0.7],
  [3, 0.3],
])('degree %i, a share of %f down', (degree, down) => {
  const alive = 1 - down;
  let u = 0;
  for (let i = 0; i < 10_000; i++) u = down + alive * u ** (degree - 1);
  const giant = 1 - u ** degree;
  const reach = Array.from({ length: 10 }, (_, i) => {
    const { experiment } = load(
      `version: 1
stopTime: 5s
measureEvery: 5s
nodes: { count: ${nodes} }
topology: { type: random-regular, degree: ${degree} }
network: { latency: 10ms }
dissemination: flood
faults:
  - { id: damage, crash: { nodes: { share: ${down} }, maxDown: 1 }, at: 0s }
workload:
  - { rumor: { nodes: { count: 15 } }, at: 1s, deadline: 3s }
`,
      { set: [`seed=${repetitionSeed(1, i)}`] },
    );
    const simulation = new Simulation(experiment);
    simulation.begin();
    while (simulation.advance(1 << 16));
    return resultOf(simulation).metrics.reach ?? NaN;
  });
  // Near the threshold, q = 1/(d-1), finite networks are fuzzy: about n^(-1/3) of the live nodes there, and far less away from it.
  expect(Math.abs(mean(reach) - giant ** 2)).toBeLessThan(
    tolerance(standardDeviation(reach), reach.length, 0.01),
  );
});
