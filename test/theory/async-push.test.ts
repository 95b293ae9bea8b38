/**
 * Push in continuous time: everybody who knows calls at rate 1, messages take no time. With k of n who know, the next one learns after an
 * exponential wait of rate k (n-k)/(n-1), so the time until all know has the mean 2 (n-1)/n H(n-1), the sum of the variances, and for two
 * or three nodes a law that can be written down.
 */
import { describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { uniformP } from '../base/battery/probability.js';
import { load } from '../scenario/helpers.js';
import { mean, standardDeviation, tolerance } from './statistics.js';

/** Seconds until all know, one a run; calls come once a second, so a hop of 1 us is next to nothing. */
function times(runs: number, nodes: number): number[] {
  const { experiment } = load(`version: 1
stopTime: 200s
stopWhen: converged
measureEvery: 200s
activation: poisson
network: { latency: 1us }
nodes: { count: ${nodes} }
dissemination: { mode: push, fanout: 1, interval: 1s }
workload: [{ rumor: {} }]
`);
  return Array.from({ length: runs }, (_, i) => {
    const simulation = new Simulation({ ...experiment, seed: repetitionSeed(experiment.seed, i) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    return (resultOf(simulation).metrics.lastDelivery ?? NaN) / 1000;
  });
}

describe('asynchronous push', () => {
  it.each([10, 100])('%i nodes: mean and deviation', (nodes) => {
    let harmonic = 0;
    let variance = 0;
    for (let k = 1; k < nodes; k++) {
      harmonic += 1 / k;
      variance += ((nodes - 1) / (k * (nodes - k))) ** 2;
    }
    const found = times(400, nodes);
    const sd = Math.sqrt(variance);
    expect(Math.abs(mean(found) - ((2 * (nodes - 1)) / nodes) * harmonic)).toBeLessThan(
      tolerance(sd, found.length, 1e-4),
    );
    // A deviation is known to sd sqrt((kurtosis - 1) / 4R); an exponential, the worst here, has 9.
    expect(Math.abs(standardDeviation(found) - sd)).toBeLessThan(tolerance(sd * Math.SQRT2, found.length));
  });

  it('two nodes: an exponential wait; three: of rates 1 and 1, a gamma law', () => {
    const below = [
      (t: number) => 1 - Math.exp(-t),
      // k (n-k)/(n-1) is 1 for k = 1 and for k = 2.
      (t: number) => 1 - Math.exp(-t) * (1 + t),
    ];
    below.forEach((law, index) => {
      const found = times(500, index + 2);
      expect(uniformP(found.map(law))).toBeGreaterThan(1e-3);
    });
  });
});
