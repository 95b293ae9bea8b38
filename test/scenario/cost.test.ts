/**
 * The estimate of what a run costs, beside what it does cost: a small run of every protocol in the registries, so that a new one is in here
 * by itself, and of what workload and liars add.
 */
import { describe, expect, it } from 'vitest';
import { runExperiment } from '../../src/core/app/simulate.js';
import { simulatedSigner } from '../../src/core/io/signers.js';
import { protocolRegistries } from '../../src/core/protocols/registry.js';
import { camelCase, sectionSlots, slotSections } from '../../src/core/scenario/language.js';
import { load } from './helpers.js';

const text = (more: string): string =>
  `version: 1\nstopTime: 5s\nmeasureEvery: 1s\n${more.includes('groups:') ? '' : 'nodes: { count: 40 }\n'}${more}`;
const sparse = 'topology: { type: random-regular, degree: 6 }\n';
const broadcast = 'workload: [{ broadcast: { nodes: { count: 4 } }, every: 500ms }]\n';

/** Estimated over real. */
function ratioOf(scenario: string): number {
  const { cost, experiment } = load(scenario, { makeSigner: simulatedSigner });
  return cost.events / runExperiment(experiment).events;
}

function expectRough(scenario: string): void {
  const ratio = ratioOf(scenario);
  expect(ratio).toBeGreaterThan(1 / 3);
  expect(ratio).toBeLessThan(3);
}

/** What some cannot do without. */
const needs: Readonly<Record<string, string>> = {
  'partition quorum': '',
  'peers geographic':
    'nodes: { groups: [{ id: a, count: 20, region: x }, { id: b, count: 20, region: y }] }\n',
  'clock local': `${sparse}${broadcast}authentication: hmac\n`,
  'state hierarchy': 'topology: { type: hierarchical, coordinators: 3, aggregators: 8, parents: 2 }\n',
  'state g-counter': `${sparse}workload: [{ increment: { nodes: { count: 3 } }, every: 1s }]\n`,
  'state pn-counter': `${sparse}workload: [{ increment: { nodes: { count: 3 } }, every: 1s }]\n`,
  'state lww-map': `${sparse}workload: [{ write: { nodes: { count: 3 }, key: { constant: a }, value: { step: true } }, every: 1s }]\n`,
  'state or-set': `${sparse}workload: [{ add: { nodes: { count: 3 }, element: { constant: a } }, every: 1s }]\n`,
  'clock quorum': `${sparse}${broadcast}authentication: hmac\n`,
  'clock median': `${sparse}${broadcast}authentication: hmac\n`,
  'clock majority': `${sparse}${broadcast}authentication: hmac\n`,
};

/** Slots that do nothing unless somebody publishes. */
const silent: readonly string[] = ['clock', 'spread', 'app', 'guards'];

const cases = sectionSlots.flatMap((slot) =>
  protocolRegistries[slot].names.map((name): [string, string] => {
    const { key, tag } = slotSections[slot];
    const base = needs[`${slot} ${name}`] ?? sparse + (silent.includes(slot) ? broadcast : '');
    return [`${slot} ${name}`, text(`${base}${key}: { ${tag}: ${name} }\n`)];
  }),
);
const guards = protocolRegistries.guards.names
  .filter((name) => name !== 'authentication')
  .map((name): [string, string] => [
    `guard ${name}`,
    text(`${sparse}${broadcast}authentication: hmac\n${camelCase(name)}: true\n`),
  ]);

describe('within a factor of three of the events of a run', () => {
  it.each([...cases, ...guards])('%s', (_, scenario) => expectRough(scenario));

  it.each([
    ['gossip in rounds', `timing: rounds\ndissemination: { mode: push, interval: 100ms }\nworkload: [{ rumor: {} }]\n`],
    ['a state in rounds', `timing: rounds\nstate: { type: g-counter }\ndissemination: { mode: push, interval: 100ms }\nworkload: [{ increment: { nodes: { count: 3 } }, at: 0s }]\n`],
    ['comparing beside the rumours', `${sparse}dissemination: { mode: push, fanout: 1, interval: 5s, antiEntropy: { interval: 100ms } }\n`],
    ['a detector over chosen peers', 'peers: { type: random, degree: 3 }\nfailureDetector: { type: heartbeat }\n'],
    ['a clock that goes on by itself', `${sparse}sync: { rule: max, interval: 50ms }\n`],
    ['a mesh among many peers', `dissemination: { mode: gossipsub }\n${broadcast}`],
    ['a flood on a ring', `topology: ring\n${broadcast}`],
    ['a flood on a tree', `topology: tree\n${broadcast}`],
    ['one of many groups', 'nodes: { groups: [{ id: a, count: 2 }, { id: b, count: 38 }] }\nworkload: [{ broadcast: { nodes: { group: a } }, every: 100ms }]\n'],
    ...['push', 'pull', 'push-pull'].flatMap((mode): [string, string][] => [
      [`${mode} of many messages`, `${sparse}dissemination: { mode: ${mode}, held: 30 }\nworkload: [{ broadcast: {}, every: 1s }]\n`],
      [`${mode} that tires`, `${sparse}dissemination: { mode: ${mode}, stop: { k: 2 } }\n${broadcast}`],
      [`${mode} that tires blindly`, `${sparse}dissemination: { mode: ${mode}, stop: { k: 3, when: blind } }\n${broadcast}`],
    ]),
    ['a liar who floods', `${sparse}adversaries: [{ flood: { nodes: { count: 1 }, rate: 50/s }, from: 1s, until: 3s }]\n`],
    ['a crowd of made-up names', `${sparse}adversaries: [{ sybil: { nodes: { count: 2 }, identities: 20, every: 500ms } }]\n`],
    ['churn', `${sparse}churn: { lifetime: 5s, downtime: 1s }\nfailureDetector: { type: heartbeat }\n`],
  ])('%s', (_, more) => expectRough(text(more))); // prettier-ignore
});

describe('who is meant', () => {
  const groups =
    'nodes: { groups: [{ id: a, count: 30, region: x, role: edge }, { id: b, count: 10, region: y }] }\n';
  it.each([
    ['{ group: a }', 30],
    ['{ group: b, share: 0.5 }', 5],
    ['{ region: y }', 10],
    ['{ role: edge, count: 7 }', 7],
    ['{ role: edge, count: 70 }', 30],
    ['{ ids: [a-0, b-1] }', 2],
    ['{}', 40],
    ['{ role: hub, count: 3 }', 3],
  ])('%s', (who, count) => {
    const cost = (nodes: string): number =>
      load(
        `version: 1\nstopTime: 1s\nmeasureEvery: 1s\n${groups}dissemination: direct\nworkload: [{ broadcast: { nodes: ${nodes} }, at: 0s }]\n`,
      ).cost.events;
    // Each publication is one event, and one at each of 39 neighbours.
    expect(cost(who) - cost('{ ids: [a-0] }')).toBe(40 * (count - 1));
  });
});
