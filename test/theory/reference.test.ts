/**
 * Reference scenarios: their files never change, what they are compared with comes from elsewhere, and a few of them are run here.
 * `mesh bench --reference` runs all.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runReferences } from '../../src/core/app/reference.js';
import { references } from '../../src/core/app/reference-expectations.js';
import { repositoryRoot } from '../helpers/run-mesh.js';
import { dominoes } from './dominoes.js';
import { whispers } from './whispers.js';
import { moments, roundsDistribution } from './rumour-chain.js';

const folder = join(repositoryRoot, 'reference');

function expected(name: string, set = '', metric?: string): number {
  const found = references
    .find((reference) => reference.name === name)
    ?.expectations.find((row) => row.set.join() === set && (metric === undefined || row.metric === metric));
  return found?.mean ?? NaN;
}

function binomial(n: number, k: number, p: number): number {
  let chance = (1 - p) ** (n - k);
  for (let i = 1; i <= k; i++) chance *= (p * (n - k + i)) / i;
  return chance;
}

function poisson(mean: number, k: number): number {
  let chance = Math.exp(-mean);
  for (let i = 1; i <= k; i++) chance *= mean / i;
  return chance;
}

describe('the files', () => {
  it('are those that were published under these names: a change is a new name', () => {
    const sums = Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex'),
        ]),
    );
    const pinned = JSON.parse(
      readFileSync(new URL('./reference-files.json', import.meta.url), 'utf8'),
    ) as Record<string, string>;
    expect(sums).toEqual(pinned);
    expect(Object.keys(sums)).toEqual(references.map(({ name }) => `${name}.yaml`).sort());
  });
});

describe('the expectations', () => {
  it.each([
    ['rumour-1k', { nodes: 1000, mode: 'push-pull' }],
    ['rumour-1k-push', { nodes: 1000, mode: 'push' }],
    ['rumour-1k-pull', { nodes: 1000, mode: 'pull' }],
    ['rumour-1k-loss', { nodes: 1000, mode: 'push-pull', callSuccess: 0.9 }],
    ['rumour-1k-silent', { nodes: 1000, mode: 'push-pull', silent: 100 }],
    ['split-heal-1k', { nodes: 1000, mode: 'push-pull', informed: 500 }],
  ] as const)('%s is the exact chain', (name, setting) => {
    expect(expected(name)).toBeCloseTo(moments(roundsDistribution(setting)).mean, 4);
  });

  it.each([2, 3, 4])('one-shot with fanout %i solves r = 1 - exp(-f r)', (fanout) => {
    const residue = expected('one-shot-10k', `dissemination.fanout=${fanout}`);
    expect(Math.exp(-fanout * (1 - residue))).toBeCloseTo(residue, 5);
  });

  it.each([0.2, 0.4, 0.6])('damage of %f solves the equation of the giant component', (share) => {
    const giant = Math.sqrt(expected('overlay-damage-10k', `faults[0].crash.nodes.share=${share}`));
    const u = (1 - giant) ** (1 / 5);
    expect(share + (1 - share) * u ** 4).toBeCloseTo(u, 4);
  });

  it('under churn three in four are up, and reach each other where the equation of the giant component lets them', () => {
    expect(expected('churn-gossip-10k', '', 'nodesUp')).toBe((10_000 * 60) / (60 + 20));
    const giant = Math.sqrt(expected('churn-gossip-10k', '', 'deliveryRatio'));
    const u = (1 - giant) ** (1 / 8);
    expect(1 / 4 + (3 / 4) * u ** 7).toBeCloseTo(u, 3);
  });

  it('SWIM suspects when the first of 999 probes with uniform phases fails, and the living as the paper says', () => {
    const p = 1 / 999;
    const first = (1 - (1 - p) ** 1000) / (1000 * p) / (1 - (1 - p) ** 999);
    expect(expected('swim-1k', 'network.loss=0')).toBeCloseTo(1000 * first + 1000 - 10, 2);
    const q = 0.95;
    const judged = 24 * 999 + 4;
    const chance = (1 - q ** 2) * (1 - q ** 4) ** 3;
    expect(Math.abs(expected('swim-1k', 'network.loss=0.05') - judged * chance)).toBeLessThan(0.1);
  });

  it.each([
    [0.01, 0],
    [0.02, 0],
    [0.05, 5],
    [0.1, 0],
  ])('with a share of %f liars among neighbours, counting says whose budget is exceeded', (share, seed) => {
    // A node starts 4 edges, keeps each of 4 others with 0.9, and is hit by 0.4 rewired ones on average.
    let exceeded = 0;
    for (let kept = 0; kept <= 4; kept++) {
      for (let hits = 0; hits < 24; hits++) {
        const chance = binomial(4, kept, 0.9) * poisson(0.4, hits);
        const degree = 4 + kept + hits;
        const borne = [0, 1, 2].reduce((sum, liars) => sum + binomial(degree, liars, share), 0);
        exceeded += chance * (1 - borne);
      }
    }
    const set = `adversaries[0].step-inflate.nodes.share=${share}`;
    expect(expected('liar-steps-100k', set, 'sync.overBudget')).toBeCloseTo(1e5 * (1 - share) * exceeded, 2);
    if (seed === 0) return;
    // The second program, once: the pinned figures are means of a hundred such runs.
    const liars = Math.round(1e5 * share);
    const run = dominoes({ nodes: 1e5, k: 8, beta: 0.1, liars, f: 2, seconds: 6, latency: 0.01 }, seed);
    for (const metric of ['misled', 'overBudget'] as const) {
      const pinned = references
        .find(({ name }) => name === 'liar-steps-100k')
        ?.expectations.find((row) => row.set.join() === set && row.metric === `sync.${metric}`);
      expect(Math.abs(run[metric] - (pinned?.mean ?? NaN))).toBeLessThan(pinned?.bias ?? NaN);
    }
  });

  it('among Sybils that hold every place news is as fast as gossip without meshes', () => {
    const setting = { nodes: 1000, links: 20, deaf: 400, share: 0.25, beats: 3, latency: 0.025 };
    // One short run; the pinned figures are means of thirty three times as long, whose p99 differ by 1 %.
    const { mean, p99, reached } = whispers({ ...setting, messages: 20 }, 31);
    const set = 'topology.links=100';
    expect(reached).toBe(expected('sybil-5k', set, 'deliveryRatio'));
    expect(Math.abs(mean / expected('sybil-5k', set, 'disseminationLatency.mean') - 1)).toBeLessThan(0.05);
    expect(Math.abs(p99 / expected('sybil-5k', set, 'disseminationLatency.p99') - 1)).toBeLessThan(0.07);
  });

  it('asynchronous push is 2 (n-1)/n H(n-1)', () => {
    let harmonic = 0;
    for (let i = 1; i < 1000; i++) harmonic += 1 / i;
    expect(expected('rumour-poisson-1k') / 1000).toBeCloseTo(((2 * 999) / 1000) * harmonic, 4);
  });

  it("Demers' table 1 is the published one", () => {
    const { table1_push_feedback_counter: table } = JSON.parse(
      readFileSync(new URL('../data/published/demers1987.json', import.meta.url), 'utf8'),
    ) as { table1_push_feedback_counter: [number, number, number, number, number][] };
    for (const [k, residue, traffic, , last] of table) {
      const row = (metric: string): number => expected('demers-1987', `dissemination.stop.k=${k}`, metric);
      expect([row('residue'), row('payloadsPerNode'), row('lastDelivery')]).toEqual([
        residue,
        traffic,
        last * 1000,
      ]);
    }
  });
});

describe('the runs', () => {
  it.each([
    'rumour-1k-pull',
    'rumour-1k-loss',
    'split-heal-1k',
    'rumour-poisson-1k',
    'demers-1987',
    'one-shot',
  ])('%s agrees', async (filter) => {
    const report = await runReferences({ folder, filter, jobs: 1 });
    expect(report.complete).toBe(true);
    expect(report.rows.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(report.rows.length).toBeGreaterThan(0);
  });

  it('an unknown name is refused with the list', async () => {
    await expect(runReferences({ folder, filter: 'rumor-1k' })).rejects.toThrow(/rumour-1k-loss/);
  });
});
