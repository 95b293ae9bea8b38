/** Laws of the language: what is printed reads back to the same, and no text whatever makes anything but a result or a UserError. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/base/errors.js';
import { scenarioText } from '../../src/core/scenario/print.js';
import { load } from './helpers.js';

const rich = `version: 1
name: "asymmetric: partition"
seed: 42
stopTime: 120s
warmup: 10s
epoch: 2025-03-04T05:06:07.089Z
pattern: { seed: 5, phaseResetInterval: 50 }
nodes:
  count: 20
  placement: shuffled
  groups:
    - { id: sensor, share: 0.8, region: eu }
    - { id: gateway, count: 2, region: us, startAt: 5s }
    - { id: eye, ids: [left, "7"], region: us, role: observer }
topology: { type: ring }
network:
  latency: { from: regions, table: { eu: { us: 40ms, eu: 3ms } }, rtt: true }
  jitter: 3ms
  loss: 0.01
dissemination: { mode: flood, ttl: 40 }
sync: { rule: max, maxJump: 1000 }
workload:
  - broadcast:
      nodes: { count: 3, group: sensor }
      data:
        temperature: { normal: [23.5, 0.5] }
        list: [1, -0.5, 1e-7, true, null, "010", "yes", "1e3", "", " x ", "a: b", "#", "\\u0007", "0x1F", "~", "<<"]
        "<<": { literal: { counter: 1 } }
        "": {}
        more: [{ uniform: [0, 1] }, { integer: [1, 6] }, { choice: [a, { step: true }] }, { counter: 5 }, { bytes: 2KiB }, { literal: [1] }]
    every: 1.5s
    phase: aligned
  - { broadcast: { data: plain }, at: 12s, deadline: 2h }
adversaries:
  - { forge-pattern: { nodes: { share: 0.05 } }, from: 20s, until: 60s }
faults:
  - { id: split, partition: { blocked: { senders: { group: sensor }, receivers: all } }, at: 30s, duration: 40s }
  - { crash: { nodes: { share: 0.02 }, restartAfter: 30s, maxDown: 0.1 }, every: 5s, until: 60s }
  - { loss: { ratio: 0.25 } }
  - { loss: { ratio: 0.25 } }
  - { clock: { nodes: { group: gateway }, offset: -1.5s, drift: 0.001 }, from: 3s, when: nodesUp > 3 or coverage < 0.5 }
  - { slow: { nodes: { count: 1 }, lag: 10s }, at: 3s, duration: 10s }
  - { heal: { fault: split }, at: 50s }
churn:
  lifetime: { distribution: weibull, scale: 60s, shape: 0.8, max: 1h }
  joinRate: 30/min
  targetSize: 9
  nodes: { group: sensor }
assertions:
  - { eventually: deliveryRatio >= 0.99, within: 20s }
  - { never: averageLatency > 1.5s, from: 90s }
`;

const latencies = [
  '25ms',
  '{ distribution: constant, value: 1s }',
  '{ distribution: uniform, min: 1ms, max: 5ms }',
  '{ distribution: normal, mean: 20ms, deviation: 5ms, min: 1ms }',
  '{ distribution: lognormal, median: 40ms, sigma: 0.5, min: 5ms, max: 1s }',
  '{ distribution: exponential, mean: 5ms }',
  '{ distribution: pareto, scale: 5ms, shape: 1.5 }',
  '{ distribution: weibull, scale: 5ms, shape: 0.8 }',
  '{ distribution: empirical, values: [1ms, 2ms, 5ms] }',
  '{ distribution: empirical, quantiles: [[0, 1ms], [0.5, 2ms], [1, 90ms]] }',
  '{ from: coordinates, stretch: 1.4, overhead: 1ms, fallback: 5ms }',
  '{ from: regions, table: { eu: { us: 40ms } }, within: 2ms, fallback: 100ms }',
];

/** Everything about an experiment that can be compared. */
function essence(text: string): unknown {
  const { experiment } = load(text);
  const chance = { ratio: () => 0.37, below: (count: number) => Math.floor(count * 0.37) };
  return {
    ...experiment,
    layout: undefined,
    nameOf: undefined,
    pattern: [0, 1, 2, 3, 49, 50, 51].map((step) => experiment.pattern.value(step)),
    names: Array.from({ length: experiment.nodeCount }, (_, address) => experiment.nameOf(address)),
    network: {
      ...experiment.network,
      latency: [0, 1, 2, 3].map((to) => experiment.network.latency.latencyUs(0, to)),
    },
    workload: experiment.workload.map((item) => ({ ...item, makePayload: item.makePayload(chance, 4, 9) })),
  };
}

describe('print, then load', () => {
  it('gives the same experiment and the same text', () => {
    const printed = scenarioText(load(rich).resolved);
    expect(essence(printed)).toEqual(essence(rich));
    expect(scenarioText(load(printed).resolved)).toBe(printed);
  });

  it.each(latencies)('latency: %s', (latency) => {
    const text = rich.replace('{ from: regions, table: { eu: { us: 40ms, eu: 3ms } }, rtt: true }', latency);
    const printed = scenarioText(load(text).resolved);
    expect(essence(printed)).toEqual(essence(text));
    expect(scenarioText(load(printed).resolved)).toBe(printed);
  });

  it('writes every default out', () => {
    const text = 'version: 1\nstopTime: 10s\nnodes: { count: 4 }\n';
    expect(Object.keys(load(text).resolved)).toEqual(
      expect.arrayContaining([
        'name',
        'seed',
        'warmup',
        'measureEvery',
        'epoch',
        'pattern',
        'observers',
        'topology',
        'network',
        'sync',
        'dissemination',
        'app',
        'workload',
        'adversaries',
        'faults',
        'assertions',
      ]),
    );
    expect(load(text).resolved.network).toEqual({
      latency: '10ms',
      jitter: '0s',
      loss: 0,
      lossPer: 'message',
    });
  });

  it('holds for any payload', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('\\ud'));
    fc.assert(
      fc.property(json, (value) => {
        // JSON is YAML, except that the language refuses what is not exact.
        const data = JSON.stringify(value);
        const text = `version: 1\nstopTime: 1s\nnodes: { count: 2 }\nworkload: [{ broadcast: { data: { literal: ${data} } }, at: 0s }]\n`;
        let loaded;
        try {
          loaded = load(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        const chance = { ratio: () => 0, below: () => 0 };
        const made = loaded.experiment.workload[0].makePayload(chance, 0, 0);
        expect(JSON.stringify(made)).toBe(data);
        const again = load(scenarioText(loaded.resolved)).experiment.workload[0].makePayload(chance, 0, 0);
        expect(again).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

describe('no text makes anything but a result or a UserError', () => {
  const check = (text: string | Uint8Array, set: readonly string[] = []): void => {
    try {
      const { resolved } = load(text, { set });
      // What was accepted can be printed and read again.
      load(scenarioText(resolved), { force: true });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      expect(error.problems.length).toBeLessThanOrEqual(21);
      // eslint-disable-next-line no-control-regex -- they are what is looked for
      expect(error.message.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  };
  const scraps = [
    ...':-?[]{},#&*!|>%@`"\' \n\t', '<<', '---\n', '...\n', '%YAML 1.1\n', '!!str ', '&a ', '*a', '? ', '- ', ': ', '~', 'null', 'true',
    '0', '-1', '1e999', '0x', '.inf', '9'.repeat(30), 'all', 'none', '{}', '[]', '10s', '5 ms', '-5s', '1e3s', '100%', '__proto__', 'constructor',
    '\u0000', '\u001b[2J', '\u202e', '\ufeff', '\u2028', 'x'.repeat(300), '{ share: 2 }', '{ ids: [] }', 'group', 'nodes', 'every', 'at', 'distribution',
  ]; // prettier-ignore

  it('mutations of a valid scenario', () => {
    const mutation = fc.record({
      at: fc.nat(rich.length),
      cut: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
      put: fc.oneof(fc.constantFrom(...scraps), fc.string({ maxLength: 5 })),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let text = rich;
        for (const { at, cut, put } of mutations) text = text.slice(0, at) + put + text.slice(at + cut);
        check(text);
      }),
      { numRuns: 600 },
    );
  });

  it('values exchanged for others', () => {
    const tokens = rich.match(/[\w.%-]+|[^\w.%-]+/g) ?? [];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(tokens.length - 1), fc.nat(tokens.length - 1)), {
          minLength: 1,
          maxLength: 4,
        }),
        (swaps) => {
          const changed = [...tokens];
          for (const [a, b] of swaps) changed[a] = tokens[b];
          check(changed.join(''));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('scraps of YAML', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...scraps), { maxLength: 30 }), (parts) => check(parts.join(''))),
      { numRuns: 500 },
    );
  });

  it('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => check(bytes)),
      { numRuns: 500 },
    );
  });

  it('overrides', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'nodes',
        'faults',
        '0',
        '[1]',
        'loss',
        'ratio',
        'network',
        'latency',
        'workload',
        'every',
        '.',
        '__proto__',
      ),
      fc.string({ maxLength: 4 }),
    );
    const override = fc
      .tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom(...scraps))
      .map(([path, value]) => `${path.join('.')}=${value}`);
    fc.assert(
      fc.property(fc.array(override, { minLength: 1, maxLength: 3 }), (set) => check(rich, set)),
      { numRuns: 500 },
    );
  });
});
