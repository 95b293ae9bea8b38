/**
 * One write that all are to hear of, against the exact law of a rumour that is pushed and pulled: nodes that compare in rounds tell each
 * other everything, so the write spreads just as the rumour does, whatever the kind of data and however they compare. Where answers get
 * lost apart from questions, the kinds of talk part ways: who sends everything at once has told it with the question, and who sends a
 * version or a root first has told nothing yet.
 */
import { describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import type { ReplicationFigures } from '../../src/core/model/result.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { load } from '../scenario/helpers.js';
import { moments, roundsDistribution, type ChainSetting } from './rumour-chain.js';
import { chiSquare, mean, tolerance } from './statistics.js';

function runs(count: number, text: string): ReplicationFigures[] {
  const { experiment } = load(text);
  return Array.from({ length: count }, (_, i) => {
    const simulation = new Simulation({ ...experiment, seed: repetitionSeed(experiment.seed, i) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    const { replication } = resultOf(simulation);
    if (replication === undefined) throw new Error('nothing was replicated');
    return replication;
  });
}

const oneWrite = (state: string, write: string, network = ''): string => `version: 1
stopTime: 100s
stopWhen: converged
timing: rounds
nodes: { count: 100 }
dissemination: none
state: { ${state}, interval: 1s }
workload: [{ ${write}, at: 0s }]
${network}`;

function expectLaw(results: readonly ReplicationFigures[], setting: Partial<ChainSetting>): void {
  const rounds = results.map(({ convergenceRounds }) => convergenceRounds ?? NaN);
  const law = roundsDistribution({ nodes: 100, mode: 'push-pull', ...setting });
  const { mean: expected, sd } = moments(law);
  expect(Math.abs(mean(rounds) - expected)).toBeLessThan(tolerance(sd, rounds.length));
  const { statistic, limit } = chiSquare(rounds, law);
  expect(statistic).toBeLessThan(limit);
}

const oneNode = 'nodes: { count: 1 }';

describe('rounds until all agree', () => {
  it.each([
    ['type: g-counter, exchange: full', `increment: { ${oneNode} }`],
    ['type: pn-counter, exchange: delta', `increment: { ${oneNode}, by: -2 }`],
    ['type: lww-map, exchange: delta', `write: { ${oneNode}, key: door, value: open }`],
    ['type: or-set, exchange: merkle', `add: { ${oneNode}, element: milk }`],
  ])('%s: push-pull, 6.53 on the average', (state, write) => {
    expectLaw(runs(200, oneWrite(state, write)), {});
  });

  it('with lost calls', () => {
    const text = oneWrite('type: g-counter', `increment: { ${oneNode} }`, 'network: { loss: 0.3 }\n');
    expectLaw(runs(150, text), { callSuccess: 0.7 });
  });

  it.each([
    ['full', { callSuccess: 0.7, pullSuccess: 0.49 }],
    ['delta', { callSuccess: 0.49 }],
    ['merkle', { callSuccess: 0.49 }],
  ])('with messages lost one by one, %s', (exchange, setting) => {
    const network = 'network: { loss: 0.3, lossPer: message }\n';
    const text = oneWrite(`type: g-counter, exchange: ${exchange}`, `increment: { ${oneNode} }`, network);
    expectLaw(runs(150, text), setting);
  });
});

it('a hundred writers at once: all agree as soon as the slowest of their writes is everywhere, a little after one of them would be', () => {
  const each = runs(20, oneWrite('type: g-counter', 'increment: {}'));
  const law = roundsDistribution({ nodes: 100, mode: 'push-pull' });
  const rounds = each.map(({ convergenceRounds }) => convergenceRounds ?? NaN);
  // No earlier than one write alone, and no later than a hundred independent ones would almost surely be: the quantile of 1 - 10^-6.
  let sum = 0;
  const latest = law.findIndex((p) => (sum += p) > 1 - 1e-6);
  expect(mean(rounds)).toBeGreaterThan(moments(law).mean);
  expect(Math.max(...rounds)).toBeLessThanOrEqual(latest);
  for (const { readings, written } of each)
    expect([readings.min, readings.max, written]).toEqual([100, 100, 100]);
});
