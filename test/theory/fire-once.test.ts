/**
 * Fire once: everybody who hears a rumour tells f others and falls silent. On a small network the exact law of how many hear of it, mean and
 * shape; on a larger one the share r = 1 - exp(-f r) that it tends to.
 */
import { describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { load } from '../scenario/helpers.js';
import { fireOnceLaw } from './fire-once-chain.js';
import { moments } from './rumour-chain.js';
import { chiSquare, mean, standardDeviation, tolerance } from './statistics.js';

/** How many have heard in the end, one a run. */
function reached(runs: number, nodes: number, fanout: number): number[] {
  const { experiment } = load(`version: 1
stopTime: 60s
measureEvery: 60s
timing: rounds
nodes: { count: ${nodes} }
dissemination: { mode: push, fanout: ${fanout}, interval: 1s, stop: { when: blind, how: counter, k: 1 } }
workload: [{ rumor: {} }]
`);
  return Array.from({ length: runs }, (_, i) => {
    const simulation = new Simulation({ ...experiment, seed: repetitionSeed(experiment.seed, i) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    const { residue } = resultOf(simulation).metrics;
    return Math.round((1 - (residue ?? NaN)) * nodes);
  });
}

describe('fire once', () => {
  it('the chain of this test, where it can be counted by hand', () => {
    // Of three nodes the first tells one, who tells the first or the third: half and half.
    expect(fireOnceLaw(3, 1)).toEqual([0, 0, 0.5, 0.5]);
    expect(fireOnceLaw(4, 3)).toEqual([0, 0, 0, 0, 1]);
    expect(fireOnceLaw(30, 2).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it.each([
    [40, 1],
    [40, 2],
    [50, 3],
  ])('%i nodes, fanout %i: mean and shape', (nodes, fanout) => {
    const law = fireOnceLaw(nodes, fanout);
    const counts = reached(900, nodes, fanout);
    const { mean: expected, sd } = moments(law);
    expect(Math.abs(mean(counts) - expected)).toBeLessThan(tolerance(sd, counts.length));
    const { statistic, limit } = chiSquare(counts, law);
    expect(statistic).toBeLessThan(limit);
  });

  it.each([2, 3, 4])('2,000 nodes, fanout %i: the share r = 1 - exp(-f r)', (fanout) => {
    let share = 1;
    for (let i = 0; i < 1000; i++) share = 1 - Math.exp(-fanout * share);
    const shares = reached(60, 2000, fanout).map((count) => count / 2000);
    // Exact laws of 100, 200 and 400 nodes approach the limit as about 0.7 / n.
    expect(Math.abs(mean(shares) - share)).toBeLessThan(
      tolerance(standardDeviation(shares), shares.length, 1 / 2000),
    );
  });
});
