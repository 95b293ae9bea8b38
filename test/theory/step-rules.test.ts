/**
 * Clocks under liars. Under `max` one liar leads everybody astray. Under `quorum` with f, f liars lead nobody beyond a step that an honest
 * node has held, and f + 1 do (Srikanth and Toueg 1987). Without liars, quorums follow whoever is ahead as long as more than f are.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { ClaimBook } from '../../src/core/parts/claim-book.js';
import { reconcileSteps } from '../../src/core/parts/step-rules.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function simulate(text: string, options?: SimulationOptions): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 30s\nauthentication: ed25519\nnetwork: { latency: 10ms }\n${text}`,
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

describe('laws', () => {
  it.each(['quorum', 'median'])('N populations of one are one of N: %s', (rule) => {
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
          expect(sorted[Math.floor(sorted.length / 2)]).toBe(reconcileSteps(claims, 'median'));
        },
      ),
    );
  });
});
