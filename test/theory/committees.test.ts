/**
 * A committee for the step: is it drawn fairly, does a node follow the (f+1)-th highest claim of its members and of nobody else, and how
 * often does chance gather more liars in it than it bears? The chances are counted in whole numbers, as balls drawn from an urn.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { CommitteeClaims } from '../../src/core/parts/committee-claims.js';
import { chanceOfMoreLiars, committeeSizeOf, drawCommittee } from '../../src/core/parts/committee.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';
import { complaints, load } from '../scenario/helpers.js';

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let ways = 1n;
  for (let i = 0; i < k; i++) ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  return ways;
}

/** P(more than f of `size` drawn from n nodes with so many liars), to 17 digits. */
function exactChance(n: number, liars: number, size: number, f: number): number {
  let ways = 0n;
  for (let k = f + 1; k <= size; k++) ways += choose(liars, k) * choose(n - liars, size - k);
  const scale = 10n ** 40n;
  return Number((ways * scale) / choose(n, size)) / 1e40;
}

describe('the chance of more liars than a committee bears', () => {
  it.each([
    [10, 3, 4, 1],
    [400, 40, 25, 8],
    [2001, 600, 100, 33],
    [2001, 1000, 100, 33],
    [100_000, 5000, 100, 33],
    [100_000, 30_000, 100, 33],
    [100_000, 99_950, 100, 33],
    [50, 25, 50, 24],
    [50, 25, 50, 25],
    [7, 0, 3, 0],
    [7, 7, 3, 2],
  ])('of %i nodes, %i liars, %i members and f = %i is hypergeometric', (n, liars, size, f) => {
    const expected = exactChance(n, liars, size, f);
    const chance = chanceOfMoreLiars(n, liars, size, f);
    expect(Math.abs(chance - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-38);
  });

  it('for any numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60), fc.nat(60), (n, a, b, f) => {
        const [liars, size] = [a % (n + 1), 1 + (b % n)];
        expect(chanceOfMoreLiars(n, liars, size, f)).toBeCloseTo(exactChance(n, liars, size, f), 11);
      }),
    );
  });

  it('is how often the lot draws so many', () => {
    // Every third of 300 nodes lies; 20 are drawn, which bear 6. The standard deviation of the share is 0.008.
    const expected = exactChance(300, 100, 20, 6);
    const draws = 4000;
    let exceeded = 0;
    for (let seed = 0; seed < draws; seed++) {
      const liars = drawCommittee(seed, 300, 20).filter((member) => member % 3 === 0).length;
      if (liars > 6) exceeded++;
    }
    expect(expected).toBeGreaterThan(0.4);
    expect(Math.abs(exceeded / draws - expected)).toBeLessThan(4 * 0.008);
  });
});

describe('the lot', () => {
  it('is the seed’s, and one node more displaces one member at the most', () => {
    const drawn = drawCommittee(7, 5000, 100);
    expect(drawn).toEqual(drawCommittee(7, 5000, 100));
    expect(drawn).not.toEqual(drawCommittee(8, 5000, 100));
    expect(new Set(drawn).size).toBe(100);
    expect([...drawn]).toEqual([...drawn].sort((p, q) => p - q));
    for (let n = 5001; n < 5020; n++) {
      const before = new Set(drawCommittee(7, n - 1, 100));
      expect(drawCommittee(7, n, 100).filter((member) => !before.has(member)).length).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    [2000, undefined, undefined],
    [2001, undefined, 100],
    [1_000_000, undefined, 100],
    [50, 10, 10],
    [5000, 5000, 5000],
  ])('of %i nodes, of which the scenario wants %s, takes %s', (nodeCount, said, size) => {
    expect(committeeSizeOf(nodeCount, said)).toBe(size);
  });
});

describe('what a node remembers', () => {
  it('gives the k-th highest claim, as a list of all would', () => {
    const event = fc.record({ member: fc.nat(11), step: fc.nat(60), progress: fc.nat(2) });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(1, 3, Infinity),
        (events, wanted, maxJump) => {
          const claims = new CommitteeClaims(2, wanted);
          const all = new Map<number, number>();
          let own = 0;
          for (const { member, step, progress } of events) {
            own += progress;
            all.set(member, Math.max(step, all.get(member) ?? -1));
            if (step <= own) continue;
            const highest = [...all.values()].sort((p, q) => q - p)[wanted - 1] ?? -1;
            const heard = claims.hear(1, own, member, step);
            expect(heard).toBe(highest > own ? highest : -1);
            own = Math.max(own, Math.min(heard, own + maxJump));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a network', () => {
  const text = (sync: string, adversaries = '', more = ''): string =>
    'version: 1\nstopTime: 20s\nauthentication: hmac\nnodes: { count: 40 }\ntopology: { type: random-regular, degree: 4 }\nnetwork: { latency: 10ms }\n' +
    `sync: { rule: quorum, ${sync} }\nworkload:\n  - { broadcast: {}, every: 2s, deadline: 1s }\n${adversaries}${more}`;
  const lying = (who: string): string =>
    `adversaries:\n  - { step-inflate: { nodes: ${who}, by: 1000, knowledge: informed } }\n`;

  function simulate(scenario: string, options?: SimulationOptions): Simulation {
    const { experiment } = loadScenario({
      text: scenario,
      fileName: 'committee.yaml',
      readFile: () => new Uint8Array(),
      makeSigner: simulatedSigner,
    });
    const simulation = new Simulation(experiment, options);
    simulation.begin();
    while (simulation.advance(1 << 16));
    return simulation;
  }

  it.each([
    ['committee: 10', 3],
    ['committee: 10, f: 2', 2],
    ['committee: 16', 5],
  ])('with %s bears %i liars in the committee and not one more', (sync, f) => {
    const run = (liars: number) => simulate(text(sync, lying(`{ role: committee, count: ${liars} }`)));
    const simulation = run(f);
    const borne = resultOf(simulation);
    expect(borne.metrics.unsafeAdoptions).toBe(0);
    expect(borne.sync).toMatchObject({
      misled: 0,
      overBudget: 0,
      faultBudget: f,
      liarsHeard: f,
      committee: { liars: f, liarsBorne: f },
    });
    expect(simulation.stepBounds()?.min).toBeGreaterThanOrEqual(9);
    const exceeded = resultOf(run(f + 1));
    expect(exceeded.metrics.unsafeAdoptions).toBeGreaterThan(0);
    expect(exceeded.sync).toMatchObject({ misled: 40 - f - 1, overBudget: 40 - f - 1 });
  });

  it('does not hear whoever was not drawn, be they all liars', () => {
    const { experiment } = load(text('committee: 10'), { makeSigner: simulatedSigner });
    const members = new Set(experiment.committee);
    const others = Array.from({ length: 40 }, (_, node) => node).filter((node) => !members.has(node));
    const { metrics, sync } = resultOf(
      simulate(text('committee: 10', lying(`{ ids: [${others.map((node) => `node-${node}`).join(', ')}] }`))),
    );
    expect(sync).toMatchObject({
      liars: 30,
      liarsHeard: 0,
      overBudget: 0,
      misled: 0,
      committee: { liars: 0, size: 10 },
    });
    expect(sync?.committee?.members).toEqual([...members].map((node) => `node-${node}`));
    expect(metrics.unsafeAdoptions).toBe(0);
    expect(sync?.committee?.excessChance).toBeCloseTo(exactChance(40, 30, 10, 3), 12);
  });

  it('is led by members alone, who take everybody along, latecomers too', () => {
    const who = 'nodes: { count: 40, groups: [{ id: late, count: 2, startAt: 10s }, { id: early }] }';
    const led = text('committee: 10', '', '')
      .replace('nodes: { count: 40 }', who)
      .replace('broadcast: {}', 'broadcast: { nodes: { role: committee } }');
    const simulation = simulate(led);
    const result = resultOf(simulation);
    expect(simulation.stepBounds()?.min).toBeGreaterThanOrEqual(9);
    expect(result.sync).toMatchObject({ joins: 2, caughtUp: 2 });
    // A leap has its bound: f + 1 = 4 voices are heard, and each takes a clock one step further, 20 s long.
    const slow = resultOf(simulate(led.replace('committee: 10', 'committee: 10, maxJump: 1')));
    expect(slow.sync?.catchUpTime.max).toBeGreaterThan((result.sync?.catchUpTime.max ?? 0) + 400);
  });

  it('N populations of one are one of N', () => {
    const crash = 'faults:\n  - { crash: { nodes: { count: 5 }, restartAfter: 4s, state: lose }, at: 8s }\n';
    const scenario = text('committee: 10, interval: 3s', lying('{ count: 8 }'), crash);
    expect(resultOf(simulate(scenario, { populations: 'single' }))).toEqual(resultOf(simulate(scenario)));
  });
});

describe('the scenario', () => {
  const large = 'version: 1\nstopTime: 1s\nnodes: { count: 2001 }\ntopology: ring\nauthentication: hmac\n';
  const options = { makeSigner: simulatedSigner };

  it('has the size written out, and draws the same members from that', () => {
    const { resolved, experiment } = load(`${large}sync: quorum\n`, options);
    expect(resolved.sync).toMatchObject({ rule: 'quorum', committee: 100 });
    expect(experiment.committee).toEqual(drawCommittee(experiment.seed, 2001, 100));
    const again = load(`${large}sync: { rule: quorum, committee: 100 }\n`, options).experiment;
    expect(again.committee).toEqual(experiment.committee);
    const small = load(`${large.replace('2001', '2000')}sync: quorum\n`, options);
    expect(small.experiment.committee).toBeUndefined();
    expect(small.resolved.sync).not.toHaveProperty('committee');
    expect(load(`${large}sync: local\n`, options).experiment.committee).toBeUndefined();
  });

  it('says what is wrong', () => {
    const said = (more: string, base = large): string => complaints(base + more, options).join('\n');
    expect(said('sync: { rule: quorum, committee: 2002 }\n')).toMatch(
      /:6:\d+: sync\.committee: a committee of 2,002 cannot be drawn from 2,001 nodes/,
    );
    expect(said('sync: { rule: quorum, f: 100 }\n')).toMatch(/sync\.f: a clock would wait for 101 voices/);
    expect(
      said('sync: quorum\ndissemination: direct\n', large.replace('authentication: hmac\n', '')),
    ).toMatch(/without signatures anybody can speak for it/);
    expect(said('sync: { rule: median, committee: 7 }\n')).toMatch(/unknown key "committee"/);
    expect(said('sync: max\nworkload:\n  - { rumor: { nodes: { role: committee } } }\n')).toMatch(
      /no group has the role "committee"/,
    );
  });

  it('counts on so many messages as members publish', () => {
    const messages = (who: string): number =>
      load(`${large}sync: quorum\nworkload:\n  - { broadcast: { nodes: ${who} }, every: 100ms }\n`, options)
        .cost.events;
    expect(messages('{ role: committee }')).toBe(messages('{ count: 100 }'));
  });
});
