/**
 * A first scenario, written for somebody who has never seen one: four answers become a file that runs, with a comment beside each
 * choice. What the comments say about keys is what the docs say, because both come from the language itself.
 */
import { assert } from '../base/assert.js';
import { scenarioShape } from './language.js';
import type { Vocabulary } from './vocabulary.js';

/** What somebody builds. */
export const starterKinds = {
  mesh: 'equal nodes that tell each other news',
  sensors: 'many sensors, a few gateways, an observer',
  city: 'districts with different distances between them',
  editing: 'a few people who work on one document',
  trading: 'a few floors that trust nobody: every message is signed',
} as const;

/** How bad the network is. */
export const starterNetworks = {
  perfect: 'one millisecond everywhere, nothing is lost',
  good: 'a wide-area network on a good day',
  bad: 'slow, uneven, two messages in a hundred are lost',
  awful: 'one message in ten is lost, and nodes crash',
} as const;

/** What must hold. */
export const starterDemands = {
  delivery: 'messages reach everybody',
  speed: 'messages arrive soon',
  recovery: 'the network recovers from a partition',
  honesty: 'forged messages are noticed',
} as const;

export type StarterKind = keyof typeof starterKinds;
export type StarterNetwork = keyof typeof starterNetworks;
export type StarterDemand = keyof typeof starterDemands;

export interface StarterAnswers {
  readonly build: StarterKind;
  /** At least `starterNodesMin`, at most `starterNodesMax`. */
  readonly nodes: number;
  readonly network: StarterNetwork;
  readonly must: readonly StarterDemand[];
  readonly seed: number;
}

/** @public asked for by the dialogue, through the use case */
export const starterNodesMin = 4;
/** @public */
export const starterNodesMax = 100_000;
export const starterDefaults: StarterAnswers = {
  build: 'mesh',
  nodes: 50,
  network: 'good',
  must: ['delivery'],
  seed: 1,
};

/** Up to this many nodes, everybody is everybody's neighbour. */
const completeNodesMax = 30;
/** So many nodes publish, in a large network: all of them would flood it. */
const publishersMax = 20;

/** What each network is like, and what can be asked of it. */
const conditions: Readonly<
  Record<
    StarterNetwork,
    {
      readonly latency: string;
      readonly jitter: string;
      readonly loss: number;
      readonly delivered: number;
      readonly latencyMs: number;
    }
  >
> = {
  perfect: { latency: '1ms', jitter: '0s', loss: 0, delivered: 0.99, latencyMs: 50 },
  good: {
    latency: '{ distribution: lognormal, median: 20ms, sigma: 0.4, min: 1ms }',
    jitter: '2ms',
    loss: 0.001,
    delivered: 0.99,
    latencyMs: 400,
  },
  bad: {
    latency: '{ distribution: lognormal, median: 60ms, sigma: 0.6, min: 5ms }',
    jitter: '30ms',
    loss: 0.02,
    delivered: 0.95,
    latencyMs: 1200,
  },
  awful: {
    latency: '{ distribution: lognormal, median: 90ms, sigma: 0.7, min: 5ms }',
    jitter: '100ms',
    loss: 0.1,
    delivered: 0.7,
    latencyMs: 2000,
  },
};

/** The scenario as commented YAML. */
export function starterText(answers: StarterAnswers, vocabulary: Vocabulary): string {
  const { build, nodes, network, must, seed } = answers;
  const { fields } = scenarioShape(vocabulary);
  const weather = conditions[network];
  const doc = (key: string): string => {
    const field = fields[key];
    assert(field !== undefined, `the starter speaks of keys that exist (${key})`);
    return comment(field.doc);
  };
  const names = (list: { readonly names: readonly string[] }): string =>
    comment(`Others: ${list.names.join(', ')}.`);
  const lines = [
    `# ${starterKinds[build][0].toUpperCase()}${starterKinds[build].slice(1)}. Run it with: mesh simulate FILE`,
    '# All keys and what they mean: docs/scenario.md. All defaults: mesh simulate FILE --print-config',
    'version: 1',
    '',
    doc('seed'),
    `seed: ${seed}`,
    '',
    doc('stopTime'),
    'stopTime: 60s',
    doc('warmup'),
    'warmup: 5s',
    '',
    doc('pattern'),
    'pattern: { type: digit-collapse, seed: 7, phaseResetInterval: 100 }',
  ];
  if (build === 'trading') lines.push('', doc('authentication'), 'authentication: ed25519');
  lines.push('', doc('nodes'), ...nodeLines(answers), '', doc('topology'), names(vocabulary.topologies));
  lines.push(
    nodes <= completeNodesMax
      ? 'topology: { type: complete }'
      : 'topology: { type: watts-strogatz, k: 6, beta: 0.2, ensureConnected: true }',
  );
  lines.push(
    '',
    doc('network'),
    'network:',
    `  latency: ${latencyText(build, network)}`,
    `  jitter: ${weather.jitter}`,
    `  loss: ${weather.loss}`,
  );
  lines.push(
    '',
    doc('dissemination'),
    names(vocabulary.protocols.spread ?? { names: [] }),
    'dissemination: { mode: flood }',
  );
  lines.push('', doc('workload'), ...workLines(answers));
  if (must.includes('honesty')) {
    lines.push(
      '',
      doc('adversaries'),
      names(vocabulary.adversaries),
      'adversaries:',
      '  - { forge-pattern: { nodes: { group: stranger } }, from: 10s }',
    );
  }
  const faults = faultLines(network, must);
  if (faults.length > 0) lines.push('', doc('faults'), names(vocabulary.faults), 'faults:', ...faults);
  lines.push('', doc('assertions'), 'assertions:', ...assertionLines(answers));
  return `${lines.join('\n')}\n`;
}

/** Sentences as comment lines of readable length. */
function comment(text: string): string {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length > 100 && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

function nodeLines({ build, nodes, must }: StarterAnswers): string[] {
  const counted = ['nodes:', `  count: ${nodes}`, '  groups:'];
  if (must.includes('honesty'))
    counted.push(`    - { id: stranger, count: 1${build === 'city' ? ', region: north' : ''} } # will lie`);
  switch (build) {
    case 'sensors':
      return [
        ...counted,
        '    - { id: observer, count: 1, role: observer }',
        '    - { id: gateway, count: 1 }',
        '    - { id: sensor } # takes the rest',
      ];
    case 'city':
      return [
        ...counted,
        '    - { id: centre, count: 1, region: centre, role: observer }',
        '    - { id: north, share: 0.3, region: north }',
        '    - { id: south, region: south } # takes the rest',
      ];
    case 'editing':
      return [
        ...counted,
        '    - { id: server, count: 1, role: observer }',
        '    - { id: editor } # takes the rest',
      ];
    default:
      return [
        ...counted,
        '    - { id: observer, count: 1, role: observer }',
        `    - { id: ${build === 'trading' ? 'floor' : 'node'} } # takes the rest`,
      ];
  }
}

/** A city has distances; elsewhere links are drawn. */
function latencyText(build: StarterKind, network: StarterNetwork): string {
  if (build !== 'city') return conditions[network].latency;
  const factor = { perfect: 1, good: 4, bad: 12, awful: 20 }[network];
  const ms = (units: number): string => `${units * factor}ms`;
  return `{ from: regions, within: ${ms(1)}, table: { centre: { north: ${ms(2)}, south: ${ms(3)} }, north: { south: ${ms(4)} } } }`;
}

function workLines({ build, nodes, must }: StarterAnswers): string[] {
  const data = {
    mesh: '{ news: { counter: 1 } }',
    sensors: '{ temperature: { normal: [23.5, 0.5] } }',
    city: '{ flow: { integer: [0, 120] }, light: { choice: [red, amber, green] } }',
    editing: '{ insert: { choice: [a, b, c] }, at: { integer: [0, 500] } }',
    trading: '{ bid: { uniform: [99, 101] }, volume: { integer: [1, 100] } }',
  }[build];
  const group = { mesh: 'node', sensors: 'sensor', city: 'south', editing: 'editor', trading: 'floor' }[
    build
  ];
  const few = nodes > publishersMax ? `, count: ${publishersMax}` : '';
  const lines = [
    'workload:',
    '  - broadcast:',
    `      nodes: { group: ${group}${few} }`,
    `      data: ${data} # made anew for each message`,
    '    every: 1s',
  ];
  if (must.includes('honesty'))
    lines.push(`  - { broadcast: { nodes: { group: stranger }, data: ${data} }, every: 2s }`);
  return lines;
}

function faultLines(network: StarterNetwork, must: readonly StarterDemand[]): string[] {
  const lines: string[] = [];
  if (must.includes('recovery'))
    lines.push('  - { id: split, partition: { share: 0.4 }, at: 20s, duration: 10s }');
  if (network === 'awful')
    lines.push(
      '  - { id: crashes, crash: { nodes: { count: 1 }, restartAfter: 3s, state: keep }, every: 10s, from: 10s, until: 50s }',
    );
  return lines;
}

function assertionLines({ network, must }: StarterAnswers): string[] {
  const { delivered, latencyMs } = conditions[network];
  const lines: string[] = [];
  // A partition of ten seconds in sixty, which some messages meet, costs its share.
  const afterAll = must.includes('recovery') ? Math.min(delivered, 0.7) : delivered;
  if (must.includes('delivery')) lines.push(`  - { finally: deliveryRatio >= ${afterAll} }`);
  if (must.includes('speed')) lines.push(`  - { finally: averageLatency < ${latencyMs}ms }`);
  if (must.includes('recovery')) {
    lines.push(
      `  - { eventually: recentDeliveryRatio >= ${delivered}, from: 30s, within: 25s } # the partition ends at 30s`,
    );
  }
  if (must.includes('honesty'))
    lines.push('  - { finally: detectionRate >= 0.5 } # a blind guess is right one time in nine');
  if (lines.length === 0) lines.push('  - { finally: nodesUp >= 1 }');
  return lines;
}
