/** Telemetry: files that other tools read, about a run that is the same with and without them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulateResult } from '../../src/core/model/result.js';
import { telemetryCounters, telemetryMetrics } from '../../src/core/model/telemetry.js';
import { OtlpWriter } from '../../src/core/reports/otlp.js';
import { prometheusText } from '../../src/core/reports/prometheus.js';
import { repositoryRoot, runMesh } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-telemetry-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = [
  'version: 1',
  'name: "told \\"so\\""',
  'stopTime: 12s',
  'nodes: { count: 30 }',
  'topology: { type: random-regular, degree: 6 }',
  'network: { latency: 20ms, jitter: 5ms, loss: 0.02 }',
  'dissemination: { mode: push-pull, fanout: 2, interval: 200ms }',
  'failureDetector: { type: swim }',
  'workload: [ { broadcast: { data: { reading: 1 } }, every: 4s, until: 8s, deadline: 3s } ]',
  'adversaries: [ { id: forger, forge-pattern: { nodes: { count: 2 } } } ]',
  'faults:',
  '  - { id: dead, crash: { nodes: { count: 2 }, restartAfter: 5s, state: lose }, at: 3s }',
  '  - { id: storm, loss: { ratio: 0.3 }, at: 2s, duration: 3s }',
].join('\n');

type Json = Readonly<Record<string, unknown>>;
type Attribute = { readonly key: string; readonly value: Json };

function linesOf(path: string): Json[] {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

/** Goes down a path of keys, taking the only element of each list on the way. */
function only(value: unknown, ...keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) {
    at = (at as Json)[key];
    if (Array.isArray(at) && key !== keys[keys.length - 1]) {
      expect(at).toHaveLength(1);
      at = at[0] as unknown;
    }
  }
  return at;
}

function attribute(of: unknown, key: string): unknown {
  const found = ((of as Json)['attributes'] as Attribute[]).find((one) => one.key === key);
  return found === undefined ? undefined : Object.values(found.value)[0];
}

const epochNs = 1_732_060_800_000_000_000n;

describe('a run with telemetry', () => {
  let out = '';
  let result: SimulateResult;
  let spans: Json[];
  let logs: Json[];
  let metrics: Json[][];

  beforeAll(async () => {
    const file = join(folder, 'scenario.yaml');
    writeFileSync(file, scenario);
    out = join(folder, 'deep', 'run');
    const run = await runMesh(['simulate', file, '--json', '--telemetry', out]);
    expect(run.stderr).toBe('');
    result = JSON.parse(run.stdout) as SimulateResult;
    spans = linesOf(join(out, 'traces.jsonl')).flatMap(
      (line) => only(line, 'resourceSpans', 'scopeSpans', 'spans') as Json[],
    );
    logs = linesOf(join(out, 'logs.jsonl')).flatMap(
      (line) => only(line, 'resourceLogs', 'scopeLogs', 'logRecords') as Json[],
    );
    metrics = linesOf(join(out, 'metrics.jsonl')).map(
      (line) => only(line, 'resourceMetrics', 'scopeMetrics', 'metrics') as Json[],
    );
  }, 60_000);

  it('is the run without it, and its files are the same bytes each time', async () => {
    const file = join(folder, 'scenario.yaml');
    const plain = JSON.parse((await runMesh(['simulate', file, '--json'])).stdout) as SimulateResult;
    expect(plain.fingerprint).toBe(result.fingerprint);
    const again = join(folder, 'again');
    await runMesh(['simulate', file, '--telemetry', again]);
    for (const name of ['metrics.jsonl', 'traces.jsonl', 'logs.jsonl', 'metrics.prom'])
      expect(readFileSync(join(again, name), 'utf8')).toBe(readFileSync(join(out, name), 'utf8'));
  }, 60_000);

  it('ends with the metrics of the result, and names only metrics that the docs explain', () => {
    const last = new Map(metrics[metrics.length - 1].map((metric) => [metric['name'], metric]));
    const value = (name: string, kind: 'sum' | 'gauge'): number => {
      const points = only(last.get(name), kind, 'dataPoints') as Json[];
      return points.reduce((sum, point) => sum + Number(point['asInt'] ?? point['asDouble']), 0);
    };
    expect(value('mesh.gossip.messages.sent', 'sum')).toBe(result.metrics.messagesSent);
    expect(value('mesh.node.up', 'gauge')).toBe(result.metrics.nodesUp);
    expect(value('mesh.network.health', 'gauge')).toBe(result.metrics.networkHealth);
    expect(value('mesh.peer.count', 'gauge')).toBe(6);
    expect(value('mesh.byzantine.detected', 'sum')).toBeGreaterThanOrEqual(
      result.metrics.flags['pattern-mismatch'],
    );
    const docs = readFileSync(join(repositoryRoot, 'docs', 'telemetry.md'), 'utf8');
    for (const { name, unit, doc } of [...telemetryMetrics, ...telemetryCounters]) {
      expect(docs).toMatch(new RegExp(`\\| \`${name.replace(/\./g, '\\.')}\``));
      expect(docs).toContain(`\`${unit}\``);
      expect(docs).toContain(doc);
    }
    for (const name of last.keys()) expect(docs).toContain(`\`${String(name)}\``);
  });

  it('never lets a sum fall, and times follow the virtual clock', () => {
    const before = new Map<string, number>();
    let lastNs = epochNs;
    for (const look of metrics) {
      const times = new Set<string>();
      for (const metric of look) {
        for (const kind of ['sum', 'gauge'] as const) {
          const points = (metric[kind] as Json | undefined)?.['dataPoints'] as Json[] | undefined;
          for (const point of points ?? []) {
            times.add(point['timeUnixNano'] as string);
            if (kind === 'gauge') continue;
            const key = `${String(metric['name'])} ${JSON.stringify(point['attributes'])}`;
            const now = Number(point['asInt']);
            expect(now).toBeGreaterThanOrEqual(before.get(key) ?? 0);
            before.set(key, now);
            expect(point['startTimeUnixNano']).toBe(String(epochNs));
          }
        }
      }
      expect(times.size).toBe(1);
      const ns = BigInt([...times][0]);
      expect(ns > lastNs).toBe(true);
      lastNs = ns;
    }
    expect(lastNs).toBe(epochNs + 12_000_000_000n);
  });

  it('has a span for the run, for each fault that lasts and for each publication', () => {
    const named = (name: string): Json[] => spans.filter((span) => span['name'] === name);
    const [root] = named('mesh.run');
    expect(root['startTimeUnixNano']).toBe(String(epochNs));
    expect(root['endTimeUnixNano']).toBe(String(epochNs + 12_000_000_000n));
    expect(new Set(spans.map((span) => span['spanId'])).size).toBe(spans.length);
    for (const span of spans) {
      expect(span['traceId']).toMatch(/^[0-9a-f]{32}$/);
      expect(span['spanId']).toMatch(/^[0-9a-f]{16}$/);
      expect(span['parentSpanId']).toBe(span === root ? undefined : root['spanId']);
      expect(BigInt(span['endTimeUnixNano'] as string) >= BigInt(span['startTimeUnixNano'] as string)).toBe(
        true,
      );
    }
    const storm = named('mesh.fault').find((span) => attribute(span, 'mesh.fault.id') === 'storm');
    expect(storm?.['startTimeUnixNano']).toBe(String(epochNs + 2_000_000_000n));
    expect(storm?.['endTimeUnixNano']).toBe(String(epochNs + 5_000_000_000n));
    // Thirty publishers, every four seconds for eight seconds, but for those that are down.
    expect(named('mesh.gossip.dissemination').length).toBeGreaterThan(50);
    expect(named('mesh.gossip.dissemination').length).toBeLessThanOrEqual(60);
  });

  it('logs crashes, restarts, faults and what detectors say, each with its node', () => {
    const named = (name: string): Json[] => logs.filter((log) => log['eventName'] === name);
    expect(named('mesh.node.crashed')).toHaveLength(2);
    expect(named('mesh.node.restarted')).toHaveLength(2);
    expect(attribute(named('mesh.node.restarted')[0], 'mesh.node.state')).toBe('lost');
    expect(named('mesh.fault.began').map((log) => attribute(log, 'mesh.fault.id'))).toContain('storm');
    const victims = new Set(named('mesh.node.crashed').map((log) => attribute(log, 'mesh.node_id')));
    const dead = named('mesh.failure.confirmed').map((log) => attribute(log, 'mesh.peer_id'));
    expect(dead.filter((peer) => victims.has(peer)).length).toBeGreaterThan(0);
    expect(named('mesh.byzantine.flagged').length).toBeGreaterThan(0);
  });

  it('gives Prometheus text by its grammar, every sample under its HELP and TYPE', () => {
    const lines = readFileSync(join(out, 'metrics.prom'), 'utf8').trimEnd().split('\n');
    let family = '';
    for (const line of lines) {
      const head = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
      if (head !== null) {
        family = head[2];
        if (head[1] === 'TYPE') expect(head[3]).toBe(family.endsWith('_total') ? 'counter' : 'gauge');
        continue;
      }
      const sample =
        /^([a-z_]+)\{scenario="told \\"so\\"",seed="1"(,[a-z_]+="[^"]*")*\} (-?[0-9.e+-]+)$/.exec(line);
      expect(sample, line).not.toBeNull();
      expect(sample?.[1]).toBe(family);
    }
    expect(lines.length).toBeGreaterThan(40);
  });

  it('refuses to replace files, and many runs', async () => {
    const file = join(folder, 'scenario.yaml');
    const again = await runMesh(['simulate', file, '--telemetry', out]);
    expect(again.stderr).toContain('metrics.jsonl: the file exists already');
    expect(again.exitCode).not.toBe(0);
    const many = await runMesh(['simulate', file, '--repetitions', '2', '--telemetry', join(folder, 'many')]);
    expect(many.stderr).toContain('--telemetry: it is about one run, and there are several');
    expect(existsSync(join(folder, 'many'))).toBe(false);
    const under = await runMesh(['simulate', file, '--telemetry', join(file, 'x')]);
    expect(under.stderr).toMatch(/the folder cannot be made/);
  }, 60_000);
});

describe('the writers', () => {
  const resource = { scenario: 'a\\b"c"\nd', seed: 2 ** 53 - 1, version: '1', nodes: 3, epochMs: 0.4 };

  it('escape what Prometheus asks to escape', () => {
    const text = prometheusText(resource, [
      {
        name: 'mesh.x.time',
        unit: 'ms',
        kind: 'gauge',
        doc: 'a\\b\nc',
        points: [{ value: 1500, attributes: {} }],
      },
    ]);
    expect(text).toBe(
      '# HELP mesh_x_time_seconds a\\\\b\\nc\n# TYPE mesh_x_time_seconds gauge\n' +
        'mesh_x_time_seconds{scenario="a\\\\b\\"c\\"\\nd",seed="9007199254740991"} 1.5\n',
    );
  });

  it('write 64-bit integers as strings and fractions as numbers, without losing a nanosecond of a century', () => {
    const writer = new OtlpWriter({ ...resource, epochMs: 1_732_060_800_000 });
    const century = 100 * 365 * 86_400 * 1_000_000 + 1;
    const line = JSON.parse(
      writer.log({
        name: 'x',
        atUs: century,
        severity: 'info',
        words: 'y',
        attributes: { a: 7, b: 0.5, c: true },
      }),
    ) as Json;
    const [record] = only(line, 'resourceLogs', 'scopeLogs', 'logRecords') as Json[];
    expect(record['timeUnixNano']).toBe('4885660800000001000');
    expect(record['attributes']).toEqual([
      { key: 'event.name', value: { stringValue: 'x' } },
      { key: 'a', value: { intValue: '7' } },
      { key: 'b', value: { doubleValue: 0.5 } },
      { key: 'c', value: { boolValue: true } },
    ]);
  });
});

it('knows who leads whom, and counts how often peers are chosen anew', async () => {
  const file = join(folder, 'levels.yaml');
  const text = [
    'version: 1',
    'stopTime: 10s',
    'nodes: { count: 15 }',
    'topology: { type: regions, regions: 3 }',
    'peers: { type: random, degree: 3, rebalanceEvery: 2 }',
    'faults: [ { crash: { nodes: all }, at: 9s } ]',
  ].join('\n');
  writeFileSync(file, text);
  const out = join(folder, 'levels');
  const run = await runMesh(['simulate', file, '--json', '--telemetry', out]);
  const { peers } = JSON.parse(run.stdout) as SimulateResult;
  const levels = linesOf(join(out, 'logs.jsonl'))
    .flatMap((line) => only(line, 'resourceLogs', 'scopeLogs', 'logRecords') as Json[])
    .filter((record) => JSON.stringify(record).includes('mesh.node.crashed'))
    .map((record) => attribute(record, 'hierarchy.level'));
  // Three regions, each with one at its head.
  expect(levels.filter((level) => Number(level) === 1)).toHaveLength(3);
  expect(levels.filter((level) => Number(level) === 0)).toHaveLength(12);
  const prometheus = readFileSync(join(out, 'metrics.prom'), 'utf8');
  const [, counted] = /^mesh_topology_rebalance\w*\{.*\} (\d+)$/m.exec(prometheus) ?? [];
  // 9 s with a round each, at every second of which a node chooses: four or five times, each of fifteen.
  expect(Number(counted)).toBe(peers?.counters.rebalances);
  expect(Number(counted)).toBeGreaterThanOrEqual(60);
  expect(Number(counted)).toBeLessThanOrEqual(75);
}, 30_000);
