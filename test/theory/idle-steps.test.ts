/**
 * Clocks of nodes that have nothing to say (`sync.interval`): one step for each message, one for each interval without a message, and no
 * rule in between. What a clock should show is counted by hand from the plan.
 */
import { describe, expect, it } from 'vitest';
import { clocks } from '../../src/core/protocols/registry.js';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

function load(text: string) {
  return loadScenario({
    text: `version: 1\nstopTime: 30500ms\n${text}`,
    fileName: 'steps.yaml',
    readFile: () => new Uint8Array(),
    makeSigner: simulatedSigner,
  }).experiment;
}

function simulate(text: string, options?: SimulationOptions): Simulation {
  const simulation = new Simulation(load(`authentication: hmac\n${text}`), options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

const rules = [...clocks].map(({ name }) => name);

describe('an idle interval', () => {
  it.each(rules)('moves a clock by one, also where nothing else would: %s', (rule) => {
    const simulation = simulate(`nodes: { count: 5 }\nsync: { rule: ${rule}, interval: 1s }\n`);
    for (let node = 0; node < 5; node++) expect(simulation.stepOf(node)).toBe(30);
    // Nobody sends anything.
    expect(simulation.observations.divergence).toBe(0);
    const still = simulate(`nodes: { count: 5 }\nsync: { rule: ${rule} }\n`);
    expect(still.stepOf(0)).toBe(0);
  });

  it.each(rules)('is one in which the node published nothing: %s', (rule) => {
    // Nobody hears anybody. A message every 1.5 s from 0.1 s on leaves every third second idle: 21 messages and 10 idle seconds.
    const text = `nodes: { count: 2, groups: [{ id: busy, count: 1 }, { id: idle }] }\nnetwork: { loss: 1 }\nsync: { rule: ${rule}, interval: 1s }\nworkload:\n  - { broadcast: { nodes: { group: busy } }, from: 100ms, every: 1500ms, phase: aligned }\n`;
    const simulation = simulate(text);
    expect(simulation.stepOf(0)).toBe(21 + 10);
    expect(simulation.stepOf(1)).toBe(30);
  });

  it('is counted from when the node comes up, and a clock that lost its state begins anew', () => {
    const text =
      'nodes: { count: 3, groups: [{ id: late, count: 1, startAt: 10300ms }, { id: early }] }\nsync: { rule: quorum, interval: 1s }\n' +
      'faults:\n  - { crash: { nodes: { ids: [early-0] }, restartAfter: 5s, state: lose }, at: 5s }\n' +
      '  - { crash: { nodes: { ids: [early-1] }, restartAfter: 5s, state: keep }, at: 5500ms }\n';
    const simulation = simulate(text);
    // 20.2 seconds; 20.5 seconds; 5 whole ones before and 20 after.
    expect([0, 1, 2].map((node) => simulation.stepOf(node))).toEqual([20, 20, 25]);
  });

  it('has no meaning in rounds', () => {
    expect(() => load('nodes: { count: 4 }\ntiming: rounds\nsync: { rule: max, interval: 1s }\n')).toThrow(
      /sync\.interval.*no meaning in rounds/,
    );
  });
});

describe('under liars', () => {
  const network = (liars: number): string =>
    `nodes: { count: 10, groups: [{ id: liar, count: ${liars} }, { id: honest }] }\nsync: { rule: quorum, f: 3, interval: 700ms }\n` +
    'workload:\n  - { broadcast: {}, every: 4s }\n' +
    'adversaries:\n  - { step-inflate: { nodes: { group: liar }, by: 1000, knowledge: informed } }\n';

  it('own progress is no adoption, nor is it astray: f liars still lead nobody, and f + 1 everybody', () => {
    const borne = resultOf(simulate(network(3)));
    // Seven messages and some thirty idle intervals: far more steps than messages alone would have made.
    expect(borne.metrics.stepMax).toBeGreaterThan(30);
    expect(borne.metrics.stepMax).toBeLessThan(60);
    expect(borne.metrics.unsafeAdoptions).toBe(0);
    expect(borne.sync?.misled).toBe(0);
    const exceeded = resultOf(simulate(network(4)));
    expect(exceeded.metrics.unsafeAdoptions).toBeGreaterThan(0);
    expect(exceeded.sync?.misled).toBe(6);
  });

  it.each(rules)('N populations of one are one of N: %s', (rule) => {
    const text = `${network(2).replace('rule: quorum, f: 3', `rule: ${rule}`)}faults:\n  - { crash: { nodes: { count: 2 }, restartAfter: 4s, state: lose }, at: 8s }\n`;
    expect(resultOf(simulate(text, { populations: 'single' }))).toEqual(resultOf(simulate(text)));
  });
});
