/** `mesh replay` as a user runs it: real processes on a real recording. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, runMesh } from '../helpers/run-mesh.js';
import { framesOf, traceOf } from '../trace/reseal.js';

let folder = '';
const file = (name: string): string => join(folder, name);
const replay = (...words: string[]) => runMesh(['replay', ...words]);

interface Summary {
  readonly events: number;
  readonly eventsByKind: Record<string, number>;
  readonly fingerprint: string | null;
  readonly complete: boolean;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-replay-'));
  const run = await runMesh([
    'simulate',
    join(repositoryRoot, 'examples/mesh-demo.yaml'),
    '--record',
    file('run.trace'),
    '--json',
  ]);
  writeFileSync(file('result.json'), run.stdout);
  const trace = readFileSync(file('run.trace'));
  writeFileSync(file('cut.trace'), trace.subarray(0, trace.length - 300));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('mesh replay', () => {
  it('sums a run up, with the fingerprint that simulate printed', async () => {
    const simulated = JSON.parse(readFileSync(file('result.json'), 'utf8')) as { fingerprint: string };
    const { exitCode, stdout } = await replay(file('run.trace'), '--json');
    expect(exitCode).toBe(0);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary).toMatchObject({ scenario: 'mesh demo', nodes: 4, endUs: 10_000_000, complete: true });
    expect(summary.fingerprint).toBe(simulated.fingerprint);
    expect(summary.eventsByKind.started).toBe(4);
    // Everybody is a neighbour of everybody and nothing is lost: each publication makes three messages.
    expect(summary.eventsByKind.sent).toBe(3 * summary.eventsByKind.published);
    const table = await replay(file('run.trace'));
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain(simulated.fingerprint);
    expect(table.stdout).toMatch(/Scenario +mesh demo/);
  });

  it('prints one JSON object an event', async () => {
    const { exitCode, stdout } = await replay(file('run.trace'), '--jsonl');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const summary = JSON.parse((await replay(file('run.trace'), '--json')).stdout) as Summary;
    expect(exitCode).toBe(0);
    expect(events.map(({ index }) => index)).toEqual(Array.from({ length: summary.events }, (_, i) => i));
    const counts: Record<string, number> = {};
    for (const { event } of events) counts[String(event)] = (counts[String(event)] ?? 0) + 1;
    expect(counts).toEqual(summary.eventsByKind);
    // Each body is spelt out once, where it is first met.
    const spelt = events.filter(({ content }) => content !== undefined).map(({ body }) => body);
    expect(new Set(spelt).size).toBe(spelt.length);
    expect(spelt.length).toBe(summary.eventsByKind.published);
  });

  it('narrows events by node, kind and time', async () => {
    const { stdout } = await replay(
      file('run.trace'),
      '--jsonl',
      ...['--node', 'sensor-001', '--kind', 'sent', '--from', '2s', '--until', '4s'],
    );
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { from: string; timeUs: number; event: string });
    // Two broadcasts in two seconds, to three others.
    expect(events.length).toBe(6);
    for (const { from, timeUs, event } of events) {
      expect([from, event]).toEqual(['sensor-001', 'sent']);
      expect(timeUs).toBeGreaterThanOrEqual(2_000_000);
      expect(timeUs).toBeLessThanOrEqual(4_000_000);
    }
    const table = await replay(
      file('run.trace'),
      '--node',
      'observer-001',
      '--kind',
      'arrived',
      '--limit',
      '2',
    );
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain('arrived');
    expect(table.stdout).toMatch(/\d+ events more/);
  });

  it('shows the network at a moment', async () => {
    const { exitCode, stdout } = await replay(file('run.trace'), '--at', '5s', '--json');
    expect(exitCode).toBe(0);
    const state = JSON.parse(stdout) as {
      up: number;
      nodes: { node: string; state: string }[];
      atUs: number;
    };
    expect(state).toMatchObject({ up: 4, atUs: 5_000_000, complete: true });
    expect(state.nodes.map(({ node }) => node)).toEqual([
      'sensor-001',
      'sensor-002',
      'gateway-001',
      'observer-001',
    ]);
    const table = await replay(file('run.trace'), '--at', '5s');
    expect(table.stdout).toContain('observer-001');
  });

  it('proves that a run repeats', async () => {
    const { exitCode, stdout } = await replay(file('run.trace'), '--verify', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ same: true, comparison: null });
  });

  it('finds the first event at which a run does not repeat', async () => {
    // A trace whose scenario has another seed than the one that was run.
    const trace = readFileSync(file('run.trace'));
    const frames = framesOf(trace);
    const header = JSON.parse(new TextDecoder().decode(frames[0].content)) as { scenario: string };
    const scenario = JSON.parse(header.scenario) as { seed: number };
    const forged = JSON.stringify({
      ...header,
      scenario: JSON.stringify({ ...scenario, seed: scenario.seed + 1 }),
    });
    frames[0] = { type: frames[0].type, content: new TextEncoder().encode(forged) };
    writeFileSync(file('forged.trace'), traceOf(trace, frames));
    const { exitCode, stdout } = await replay(file('forged.trace'), '--verify');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/does not repeat/);
    expect(stdout).toMatch(/The runs part at event \d+/);
  });

  it('gives no verdict when the verification was interrupted', async () => {
    // The recording is whole and short; the scenario that it claims takes hours.
    const trace = readFileSync(file('run.trace'));
    const frames = framesOf(trace);
    const header = JSON.parse(new TextDecoder().decode(frames[0].content)) as { scenario: string };
    const scenario = JSON.stringify({ ...(JSON.parse(header.scenario) as object), stopTime: '20000h' });
    frames[0] = { type: frames[0].type, content: Buffer.from(JSON.stringify({ ...header, scenario })) };
    writeFileSync(file('endless.trace'), traceOf(trace, frames));
    const words = ['replay', file('endless.trace'), '--verify'];
    const shown = await runMesh(words, { interruptAfterMs: 2500 });
    expect(shown.exitCode).toBe(130);
    expect(shown.stdout).toMatch(/verification was interrupted at [\d.]+ s of the 10 s/);
    expect(shown.stdout).toContain('Nothing is known yet');
    expect(shown.stdout).not.toMatch(/[0-9a-f]{16}|stopped early|was cut|prove/);
    const { exitCode, stdout } = await runMesh([...words, '--json'], { interruptAfterMs: 2500 });
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      same: null,
      fingerprint: null,
      complete: false,
      interrupted: { during: 'running' },
      comparison: null,
    });
  }, 20_000);

  it('verifies a recording that was stopped as far as it goes, and no farther', async () => {
    const demo = readFileSync(join(repositoryRoot, 'examples/mesh-demo.yaml'), 'utf8');
    writeFileSync(file('endless.yaml'), demo.replace(/^stopTime: .*$/m, 'stopTime: 20000h'));
    const run = await runMesh(
      ['simulate', file('endless.yaml'), '--force', '--record', file('stopped.trace')],
      {
        interruptAfterMs: 2000,
      },
    );
    expect(run.exitCode).toBe(130);
    const summary = JSON.parse((await replay(file('stopped.trace'), '--json')).stdout) as Summary;
    expect(summary).toMatchObject({ complete: true, interrupted: true });
    // Were it to run to the stop time, this would take hours.
    const { exitCode, stdout } = await replay(file('stopped.trace'), '--verify');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/The recorded run was stopped at [\d.]+ s of 72000000 s/);
    const [, count] = /The first ([\d,]+) events are the same: all that were recorded/.exec(stdout) ?? [];
    expect(Number(count.replaceAll(',', ''))).toBe(summary.events);
    expect(stdout).not.toMatch(/[0-9a-f]{16}/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  }, 60_000);

  it('compares two traces', async () => {
    const same = await replay(file('run.trace'), '--against', file('run.trace'));
    expect([same.exitCode, same.stdout]).toEqual([
      0,
      expect.stringMatching(/All [\d,]+ events are the same/),
    ]);
    await runMesh([
      'simulate',
      join(repositoryRoot, 'examples/mesh-demo.yaml'),
      ...['--seed', '99', '--record', file('other.trace')],
    ]);
    const other = await replay(file('run.trace'), '--against', file('other.trace'), '--json');
    expect(other.exitCode).toBe(3);
    const { divergence, headerFields } = JSON.parse(other.stdout) as {
      divergence: { index: number; a: object; b: object };
      headerFields: string[];
    };
    expect(headerFields).toContain('seed');
    expect(divergence.a).not.toEqual(divergence.b);
  });

  it('reads a cut trace as far as it is whole, and says so with exit code 4', async () => {
    const whole = JSON.parse((await replay(file('run.trace'), '--json')).stdout) as Summary;
    for (const flags of [['--json'], ['--verify', '--json'], ['--at', '1h', '--json']]) {
      const { exitCode, stdout } = await replay(file('cut.trace'), ...flags);
      expect([flags, exitCode]).toEqual([flags, 4]);
      expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    }
    const summary = JSON.parse((await replay(file('cut.trace'), '--json')).stdout) as Summary;
    expect(summary.fingerprint).toBeNull();
    expect(summary.events).toBeLessThan(whole.events);
    const lines = await replay(file('cut.trace'), '--jsonl');
    expect(lines.exitCode).toBe(4);
    expect(lines.stderr).toMatch(/cut/);
    const against = await replay(file('run.trace'), '--against', file('cut.trace'));
    expect(against.exitCode).toBe(4);
  });

  describe('of a run with a crash', () => {
    const crash = (seed: number): string => `version: 1
stopTime: 8s
seed: ${seed}
nodes: { count: 12 }
topology: { type: random-regular, degree: 4 }
network: { latency: 40ms, jitter: 10ms }
dissemination: flood
workload:
  - { broadcast: {}, every: 1s, until: 7s }
faults:
  - { crash: { nodes: { ids: [node-3] }, restartAfter: 4s }, at: 2s }
`;
    beforeAll(async () => {
      for (const seed of [1, 2])
        await runMesh(['simulate', '-', '--record', file(`crash-${seed}.trace`)], { stdin: crash(seed) });
    });

    it('says who is down, and since when', async () => {
      const { stdout } = await replay(file('crash-1.trace'), '--at', '4s');
      expect(stdout).toMatch(/Faults +none under way\nDown +node-3 since 2 s\n/);
      const json = JSON.parse((await replay(file('crash-1.trace'), '--at', '4s', '--json')).stdout) as object;
      expect(json).toMatchObject({ down: [{ node: 'node-3', sinceUs: 2_000_000 }] });
      expect((await replay(file('crash-1.trace'), '--at', '7s')).stdout).not.toMatch(/^Down/m);
      expect((await replay(file('crash-1.trace'))).stdout).toContain(
        'A fault of one moment, such as a crash',
      );
    });

    it('shows one node at a moment', async () => {
      const down = await replay(file('crash-1.trace'), '--at', '4s', '--node', 'node-3');
      expect([down.exitCode, down.stderr]).toEqual([0, '']);
      expect(down.stdout).toMatch(/State +down since 2 s/);
      const up = await replay(file('crash-1.trace'), '--at', '7s', '--node', 'node-3', '--json');
      expect(JSON.parse(up.stdout)).toMatchObject({ node: 'node-3', state: 'up', sinceUs: 6_000_000 });
      const late = await replay(file('crash-1.trace'), '--at', '90s', '--node', 'node-3');
      expect(late.stdout).toContain('The run ended at 8 s; this is its last state, not that of 90 s.');
    });

    it('says in a sentence where two runs part', async () => {
      const { stdout } = await replay(file('crash-1.trace'), '--against', file('crash-2.trace'));
      expect(stdout).toMatch(/^In the first, node-\d+'s app timer went off at [\d.]+ ms;$/m);
      expect(stdout).toMatch(/^in the second, node-\d+'s app timer went off at [\d.]+ ms\.$/m);
      expect(stdout).not.toContain('timeUs');
    });
  });

  it('takes a trace from standard input', async () => {
    const { exitCode, stdout } = await runMesh(['replay', '-', '--json'], {
      stdin: readFileSync(file('run.trace')),
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true });
  });

  it.each([
    ['no trace', ['result.json'], /this is not a trace/],
    ['a missing file', ['nothing.trace'], /cannot be opened/],
    ['an unknown node', ['run.trace', '--node', 'sensor-01'], /Did you mean sensor-00\d/],
    ['a number for a name', ['run.trace', '--node', '2'], /Did you mean sensor-002\?/],
    ['events of a moment', ['run.trace', '--at', '1s', '--jsonl'], /--jsonl --until/],
    ['a kind at a moment', ['run.trace', '--at', '1s', '--kind', 'sent'], /nothing beside --at/],
    ['an unknown kind', ['run.trace', '--kind', 'flagg'], /unknown kind of event "flagg"/],
    ['a moment without unit', ['run.trace', '--at', '12'], /--at: "12" has no unit/],
    ['two questions', ['run.trace', '--at', '1s', '--verify'], /different questions/],
    [
      'a filter that does nothing',
      ['run.trace', '--verify', '--node', 'sensor-001'],
      /does nothing beside --verify/,
    ],
    ['a speed of nothing', ['run.trace', '--speed', '0'], /not a speed/],
    ['a live view without a terminal', ['run.trace', '--live'], /needs a terminal/],
    ['two outputs', ['run.trace', '--json', '--jsonl'], /--json does not go with --jsonl/],
  ])('refuses %s', async (_, words, message) => {
    const { exitCode, stderr } = await replay(file(words[0]), ...words.slice(1));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });
});
