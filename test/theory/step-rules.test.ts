/**
 * Clocks under liars. Under `max` one liar leads everybody astray. Under `quorum` with f, f liars lead nobody beyond a step that an honest
 * node has held, and f + 1 do (Srikanth and Toueg 1987). Without liars, quorums follow whoever is ahead as long as more than f are.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { ClaimBook } from '../../src/core/parts/claim-book.js';
import { longestRun, reconcileSteps } from '../../src/core/parts/step-rules.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function simulate(text: string, options?: SimulationOptions, authentication = 'ed25519'): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 30s\nauthentication: ${authentication}\nnetwork: { latency: 10ms }\n${text}`,
    fileName: 'steps.yaml',
    readFile: () => new Uint8Array(),
    makeSigner: simulatedSigner,
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

const network = (sync: string, liars: number): string =>
  `nodes: { count: 10, groups: [{ id: liar, count: ${Math.max(1, liars)} }, { id: honest }] }\nsync: ${sync}\nworkload:\n  - { broadcast: {}, every: 1s, deadline: 1s }\n` +
  (liars === 0
    ? ''
    : 'adversaries:\n  - { step-inflate: { nodes: { group: liar }, by: 1000, knowledge: informed } }\n');

describe('quorum', () => {
  it.each([1, 2, 3])('bears f = %i liars and not one more', (f) => {
    const unsafe = (liars: number): number =>
      resultOf(simulate(network(`{ rule: quorum, f: ${f} }`, liars))).metrics.unsafeAdoptions;
    expect(unsafe(f)).toBe(0);
    expect(unsafe(f + 1)).toBeGreaterThan(0);
  });

  it('bears floor((n-1)/3) = 3 of 10 when nothing is said', () => {
    expect(resultOf(simulate(network('quorum', 3))).metrics.unsafeAdoptions).toBe(0);
    expect(resultOf(simulate(network('quorum', 4))).metrics.unsafeAdoptions).toBeGreaterThan(0);
  });

  it('under max one liar leads everybody', () => {
    const { metrics } = resultOf(simulate(network('max', 1)));
    expect(metrics.unsafeAdoptions).toBeGreaterThan(0);
    expect(metrics.stepMax).toBeGreaterThan(1000);
  });

  it('at most f who advance look like liars, and f + 1 are followed', () => {
    const stepOfOthers = (advancing: number): number => {
      const text = `nodes: { count: 10, groups: [{ id: busy, count: ${advancing} }, { id: idle }] }\nsync: { rule: quorum, f: 2 }\nworkload:\n  - { broadcast: { nodes: { group: busy } }, every: 1s, deadline: 1s }\n`;
      return simulate(text).stepOf(9) ?? -1;
    };
    expect(stepOfOthers(2)).toBe(0);
    expect(stepOfOthers(3)).toBeGreaterThan(20);
  });

  it('a bound on leaps holds', () => {
    const text = `nodes: { count: 4, groups: [{ id: late, count: 1, startAt: 20s }, { id: early }] }\nsync: { rule: quorum, f: 0, maxJump: 2 }\nworkload:\n  - { broadcast: { nodes: { group: early } }, every: 1s, deadline: 1s }\n`;
    const simulation = simulate(text);
    // Ten seconds, some thirty messages, two steps at a time at the most.
    expect(simulation.stepOf(0)).toBeLessThanOrEqual(60);
    expect(simulation.stepOf(0)).toBeGreaterThan(10);
  });

  it('is refused where one can speak with many voices', () => {
    const load = (more: string): void =>
      void loadScenario({
        text: `version: 1\nstopTime: 1s\nnodes: { count: 4 }\nsync: quorum\n${more}`,
        fileName: 'steps.yaml',
        readFile: () => new Uint8Array(),
        makeSigner: simulatedSigner,
      });
    expect(() => load('')).toThrow(/steps\.yaml:4:7: sync: quorum counts voices/);
    expect(() => load('dissemination: direct\n')).not.toThrow();
    expect(() => load('authentication: hmac\n')).not.toThrow();
  });
});

describe('median', () => {
  it('bears a minority of liars', () => {
    // Four of ten: the middle of all claims is an honest one once everybody has been heard.
    const { metrics } = resultOf(simulate(network('median', 4)));
    const { metrics: six } = resultOf(simulate(network('median', 6)));
    expect(metrics.stepMax).toBeLessThan(1000);
    expect(six.unsafeAdoptions).toBeGreaterThan(0);
    expect(six.stepMax).toBeGreaterThan(1000);
  });
});

describe('majority', () => {
  it('is safe from a minority that speaks first, which the median follows', () => {
    // Three liars speak from the start and six honest nodes from second 10 on: until then the liars are most of those who were heard.
    const text = (rule: string): string =>
      `nodes: { count: 9, groups: [{ id: liar, count: 3 }, { id: honest, count: 6 }] }\nsync: ${rule}\nworkload:\n` +
      '  - { broadcast: { nodes: { group: liar } }, every: 1s, deadline: 1s }\n' +
      '  - { broadcast: { nodes: { group: honest } }, from: 10s, every: 1s, deadline: 1s }\n' +
      'adversaries:\n  - { step-inflate: { nodes: { group: liar }, by: 1000, knowledge: informed } }\n';
    expect(resultOf(simulate(text('median'))).metrics.unsafeAdoptions).toBeGreaterThan(0);
    expect(resultOf(simulate(text('majority'))).metrics.unsafeAdoptions).toBe(0);
  });

  it('takes a latecomer along where clocks agree, and nobody where they are spread', () => {
    const stepOfLate = (workload: string): number =>
      simulate(
        `nodes: { count: 9, groups: [{ id: late, count: 1, startAt: 20s }, { id: early }] }\nsync: majority\nworkload:\n${workload}`,
      ).stepOf(0) ?? -1;
    const together =
      '  - { broadcast: { nodes: { group: early } }, every: 1s, phase: aligned, deadline: 1s }\n';
    expect(stepOfLate(together)).toBeGreaterThan(25);
    // One publishes for each of the others: no step is ever claimed by five of nine.
    const apart = '  - { broadcast: { nodes: { ids: [early-0] } }, every: 1s, deadline: 1s }\n';
    expect(stepOfLate(apart)).toBe(0);
  });
});

describe('local', () => {
  /** A small world with liars, f = 2; the claims come straight from neighbours. */
  const world = (share: number, seed: number): Simulation =>
    simulate(
      `seed: ${seed}\nnodes: { count: 600 }\ntopology: { type: watts-strogatz, k: 8, beta: 0.1 }\n` +
        'sync: { rule: local, f: 2 }\ndissemination: direct\nworkload:\n  - { broadcast: {}, every: 1s, deadline: 1s }\n' +
        `adversaries:\n  - { step-inflate: { nodes: { share: ${share} }, by: 1000000000, knowledge: informed } }\n`,
      undefined,
      'none',
    );

  /** Who is poisoned in the end: liars, and everybody with more than f poisoned neighbours, until nothing changes. */
  function percolated(simulation: Simulation, liars: ReadonlySet<number>, f: number): number {
    const { graph } = simulation;
    const poisoned = new Set(liars);
    for (let grown = true; grown;) {
      grown = false;
      for (let node = 0; node < graph.nodeCount; node++) {
        if (poisoned.has(node)) continue;
        let bad = 0;
        for (let i = 0; i < graph.neighbourCount(node); i++)
          if (poisoned.has(graph.neighbourAt(node, i))) bad++;
        if (bad <= f) continue;
        poisoned.add(node);
        grown = true;
      }
    }
    return poisoned.size - liars.size;
  }

  it.each([
    [0.01, 1],
    [0.03, 2],
    [0.05, 3],
    [0.1, 4],
  ])(
    'with a share of %f liars exactly those are led astray whom bootstrap percolation reaches',
    (share, seed) => {
      const simulation = world(share, seed);
      const liars = new Set<number>();
      for (let node = 0; node < 600; node++) if (simulation.isLiar(node)) liars.add(node);
      expect(liars.size).toBe(600 * share);
      const { sync } = resultOf(simulation);
      expect(sync?.misled).toBe(percolated(simulation, liars, 2));
      if (share === 0.1) expect(sync?.misled).toBe(540);
      if (share === 0.01) expect(sync?.misled).toBe(0);
    },
  );

  it('believes neighbours only, whoever else is heard', () => {
    // A ring on which every message reaches everybody. The three liars sit a third of the ring apart: nobody has two of them beside it.
    const misled = (rule: string): number | undefined =>
      resultOf(
        simulate(
          `nodes: { count: 18 }\ntopology: { type: ring-lattice, k: 4 }\nsync: { rule: ${rule}, f: 1 }\nworkload:\n` +
            '  - { broadcast: {}, every: 1s, deadline: 1s }\n' +
            'adversaries:\n  - { step-inflate: { nodes: { ids: [node-0, node-6, node-12] }, by: 1000, knowledge: informed } }\n',
          undefined,
          'hmac',
        ),
      ).sync?.misled;
    expect(misled('quorum')).toBe(15);
    expect(misled('local')).toBe(0);
  });

  it('says where the fault budget was exceeded', () => {
    const simulation = world(0.05, 3);
    const { graph } = simulation;
    let over = 0;
    for (let node = 0; node < 600; node++) {
      let liars = 0;
      for (let i = 0; i < graph.neighbourCount(node); i++)
        if (simulation.isLiar(graph.neighbourAt(node, i))) liars++;
      if (liars > 2 && !simulation.isLiar(node)) over++;
    }
    expect(over).toBeGreaterThan(0);
    expect(resultOf(simulation).sync).toMatchObject({
      overBudget: over,
      faultBudget: 2,
      liars: 30,
      honest: 570,
    });
  });
});

describe('the fault budget', () => {
  it.each([
    ['max', 1, 0],
    ['quorum', 4, 3],
    ['median', 6, 5],
    ['majority', 6, 5],
  ])('of %s is exceeded with %i of ten, and kept with one less', (rule, liars, borne) => {
    const sync = (count: number) => resultOf(simulate(network(rule, count))).sync;
    expect(sync(liars)).toMatchObject({ overBudget: 10 - liars, liarsHeard: liars, faultBudget: borne });
    if (liars > 1) expect(sync(liars - 1)).toMatchObject({ overBudget: 0, liarsHeard: liars - 1 });
  });

  it('who is led astray is known by what honest nodes could have reached without liars', () => {
    expect(resultOf(simulate(network('quorum', 3))).sync?.misled).toBe(0);
    expect(resultOf(simulate(network('quorum', 4))).sync?.misled).toBe(6);
  });
});

describe('latecomers', () => {
  const text = (state: string): string =>
    'nodes: { count: 10, groups: [{ id: late, count: 2, startAt: 15s }, { id: early }] }\nsync: { rule: quorum, f: 3 }\n' +
    'workload:\n  - { broadcast: {}, every: 1s, phase: aligned, deadline: 500ms }\n' +
    `faults:\n  - { crash: { nodes: { ids: [early-0] }, restartAfter: 5s, state: ${state} }, at: 20500ms }\n`;

  it.each(['lose', 'keep'])(
    'and those who come back with state: %s are with the others after one beat',
    (state) => {
      const { sync } = resultOf(simulate(text(state)));
      // Two come late at 15 s, when the others publish, 10 ms away; one comes back at 25.5 s, half a second before the next beat.
      expect(sync).toMatchObject({ joins: 3, caughtUp: 3 });
      expect(sync?.catchUpTime.p50).toBeLessThan(20);
      expect(sync?.catchUpTime.max).toBeGreaterThan(490);
      expect(sync?.catchUpTime.max).toBeLessThan(530);
    },
  );

  it('divergence over time jumps when somebody starts at zero, and closes', () => {
    const { divergence } = resultOf(simulate(text('lose'))).sync ?? { divergence: undefined };
    const at = (fromMs: number, untilMs: number): number =>
      Math.max(
        ...(divergence?.over ?? [])
          .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
          .map(({ steps }) => steps),
      );
    expect(divergence?.max).toBe(26);
    expect(at(25_500, 26_000)).toBe(26);
    expect(at(1000, 15_000)).toBeLessThanOrEqual(1);
    expect(at(27_000, 30_000)).toBeLessThanOrEqual(1);
    expect(divergence?.over.length).toBeLessThanOrEqual(64);
  });
});

describe('laws', () => {
  it.each(['quorum', 'median', 'local', 'majority'])('N populations of one are one of N: %s', (rule) => {
    const text = `${network(rule, 2)}faults:\n  - { crash: { nodes: { count: 2 }, restartAfter: 4s, state: lose }, at: 8s }\n`;
    expect(resultOf(simulate(text, { populations: 'single' }))).toEqual(resultOf(simulate(text)));
  });

  it('the book of claims gives the same as the rule of the library over a plain list', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8), fc.nat(50)), { maxLength: 40 }),
        fc.nat(50),
        fc.nat(8),
        (heard, own, f) => {
          const book = new ClaimBook(1);
          const highest = new Map<number, number>();
          for (const [identity, step] of heard) {
            book.hear(0, identity, step);
            highest.set(identity, Math.max(step, highest.get(identity) ?? -1));
          }
          const sorted = book.sorted(0, own);
          const claims = [...highest.values(), own];
          expect(sorted[f]).toBe(reconcileSteps(claims, 'quorum', f));
          const quorum = reconcileSteps(claims, 'quorum', f) ?? -1;
          expect(sorted[Math.floor(sorted.length / 2)]).toBe(reconcileSteps(claims, 'median'));
          const { step, length } = longestRun(sorted);
          const votes = (claim: number): number => claims.filter((other) => other === claim).length;
          expect(length).toBe(Math.max(...claims.map(votes)));
          expect(votes(step)).toBe(length);
          // Asked last: it forgets what is reached, and so gives the same when asked again.
          for (let asked = 0; asked < 2; asked++)
            expect(book.ahead(0, own, f + 1)).toBe(quorum > own ? quorum : -1);
        },
      ),
    );
  });
});
