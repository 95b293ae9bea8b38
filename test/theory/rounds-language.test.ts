/**
 * Rumours as a user writes them down, in YAML, against the exact law of the Markov chain: lost calls, messages that are lost one by one,
 * silent nodes, and liars. A liar that alters what it passes on is, for the true rumour, a node that can be called and never tells.
 */
import { describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import type { RunResult } from '../../src/core/model/result.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { load } from '../scenario/helpers.js';
import { moments, roundsDistribution, type ChainMode, type ChainSetting } from './rumour-chain.js';
import { chiSquare, mean, tolerance } from './statistics.js';

const modes: readonly ChainMode[] = ['push', 'pull', 'push-pull'];

function runs(count: number, text: string): RunResult[] {
  const { experiment } = load(text);
  return Array.from({ length: count }, (_, i) => {
    const simulation = new Simulation({ ...experiment, seed: repetitionSeed(experiment.seed, i) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    return resultOf(simulation);
  });
}

const rumour = (nodes: string, mode: ChainMode, more = ''): string => `version: 1
stopTime: 400s
stopWhen: converged
timing: rounds
nodes: ${nodes}
dissemination: { mode: ${mode}, fanout: 1, interval: 1s }
${more}`;

const talkersAndOthers = (talkers: number, others: number): string =>
  `{ groups: [{ id: talker, count: ${talkers} }, { id: other, count: ${others} }] }`;

const fromTalker = 'workload: [{ rumor: { nodes: { group: talker, count: 1 } } }]\n';
const fromAnybody = 'workload: [{ rumor: {} }]\n';

function expectLaw(results: readonly RunResult[], setting: ChainSetting): void {
  const rounds = results.map(({ metrics }) => metrics.convergenceRounds ?? NaN);
  const law = roundsDistribution(setting);
  const { mean: expected, sd } = moments(law);
  expect(Math.abs(mean(rounds) - expected)).toBeLessThan(tolerance(sd, rounds.length));
  const { statistic, limit } = chiSquare(rounds, law);
  expect(statistic).toBeLessThan(limit);
}

describe.each(modes)('%s', (mode) => {
  it('loses calls', () => {
    const text = rumour('{ count: 100 }', mode, `${fromAnybody}network: { loss: 0.3 }\n`);
    expectLaw(runs(500, text), { nodes: 100, mode, callSuccess: 0.7 });
  });

  it('loses messages one by one: what is pushed needs one of them, what is pulled needs two', () => {
    const text = rumour('{ count: 100 }', mode, `${fromAnybody}network: { loss: 0.3, lossPer: message }\n`);
    const results = runs(500, text);
    expectLaw(results, { nodes: 100, mode, callSuccess: 0.7, pullSuccess: 0.49 });
    expect(results[0].lossPer).toBe('message');
  });

  it('suffers a fault that loses messages as it suffers lossy links', () => {
    const fault = 'faults: [{ loss: { ratio: 0.3 }, at: 0s }]\nnetwork: { lossPer: message }\n';
    const text = rumour('{ count: 60 }', mode, fromAnybody + fault);
    expectLaw(runs(400, text), { nodes: 60, mode, callSuccess: 0.7, pullSuccess: 0.49 });
  });

  it('calls silent nodes in vain', () => {
    const fault = 'faults: [{ crash: { nodes: { group: other }, maxDown: 1 }, at: 0s }]\n';
    const text = rumour(talkersAndOthers(80, 20), mode, fromTalker + fault);
    expectLaw(runs(500, text), { nodes: 100, mode, silent: 20 });
  });

  it('hears nothing true from liars', () => {
    const liars = 'adversaries: [{ tamper-payload: { nodes: { group: other } } }]\n';
    const text = rumour(
      talkersAndOthers(80, 20),
      mode,
      fromTalker.replace('} }', '}, data: { reading: 7 } }') + liars,
    );
    const results = runs(400, text);
    expectLaw(results, { nodes: 100, mode, silent: 20 });
    const [{ detection, status }] = results;
    expect(status).toBe('passed');
    expect(detection.adversaries[0].acts).toBeGreaterThan(0);
    expect(detection.adversaries[0].reached).toBeGreaterThan(0);
  });
});

describe('a forger in rounds', () => {
  it('is caught eight times in nine, by as many nodes as its blind calls hit', () => {
    const text = rumour(
      talkersAndOthers(29, 1),
      'push',
      'workload: [{ rumor: { nodes: { group: other, count: 1 } } }]\nadversaries: [{ forge-pattern: { nodes: { group: other } } }]\n',
    )
      .replace('stopWhen: converged\n', '')
      .replace('400s', '20s');
    const results = runs(600, text);
    const caught = results.filter(({ detection }) => detection.adversaries[0].detected === 1);
    const share = caught.length / results.length;
    expect(Math.abs(share - 8 / 9)).toBeLessThan(tolerance(Math.sqrt(8 / 81), results.length));
    // Nobody passes on what it has flagged: 20 rounds are 20 calls of one node, whose hits are an occupancy problem.
    const receipts = caught.map(({ detection }) => detection.adversaries[0].receipts);
    const missed = (28 / 29) ** 20;
    const both = (27 / 29) ** 20;
    const sd = Math.sqrt(29 * missed + 29 * 28 * both - (29 * missed) ** 2);
    expect(Math.abs(mean(receipts) - 29 * (1 - missed))).toBeLessThan(tolerance(sd, receipts.length));
    expect(caught.every(({ detection }) => detection.falseAlarms === 0)).toBe(true);
  });
});
