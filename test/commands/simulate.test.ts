/** `mesh simulate` as a process: what it prints, how it exits, and what it leaves behind. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meshEntry, repositoryRoot, runMesh, testEnvironment } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const example = (name: string): string => join(repositoryRoot, 'examples', name);

function scenario(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const small = (more: string): string =>
  `version: 1\nstopTime: 5s\nnodes: { count: 8 }\nnetwork: { latency: 10ms }\nworkload:\n  - { broadcast: {}, every: 500ms, deadline: 1s }\n${more}`;

describe('mesh simulate', () => {
  it('prints a verdict on 80 columns without colour, and the command that repeats it', async () => {
    const { stdout, stderr, exitCode } = await runMesh(['simulate', example('abilene.yaml')]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^verdict +passed\nassertions +5 of 5 held$/m);
    // "never" beside "passed": what it is about. 95.3 = 0.5 x 91.74 + 30 + 20 x (1 - 305 flags / 9,776 + 305 receipts).
    expect(stdout).toMatch(/^latency .* max never \(8\.26 % never came\)$/m);
    expect(stdout).toMatch(/^health +95\.3 of 100: 45\.9\/50 delivery, 30\/30 up, 19\.4\/20 unflagged$/m);
    expect(stdout).toContain('repeat with: mesh simulate ');
    expect(stdout).not.toContain('\u001b');
    const long = stdout
      .split('\n')
      .filter((line) => [...line].length > 80 && !line.startsWith('repeat with'));
    expect(long).toEqual([]);
  });

  it('--json gives the same bytes twice, but for the engine', async () => {
    const result = async (): Promise<Record<string, unknown>> => {
      const { stdout } = await runMesh(['simulate', example('mesh-demo.yaml'), '--json']);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const { engine: first, ...one } = await result();
    const { engine: second, ...two } = await result();
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(first).toMatchObject({ events: (second as { events: number }).events });
    expect(one).toMatchObject({ status: 'passed', seed: 1, version: '0.1.0' });
  });

  it('writes a message log that observe accepts and a trace that replay verifies', async () => {
    const messages = join(folder, 'messages.jsonl');
    const trace = join(folder, 'run.trace');
    const run = await runMesh([
      'simulate',
      example('mesh-demo.yaml'),
      '--messages',
      messages,
      '--record',
      trace,
    ]);
    expect(run.exitCode).toBe(0);
    const lines = readFileSync(messages, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0])).toMatchObject({ globalStep: 0, patternValue: 7 });
    const observed = await runMesh(['observe', messages, '--json']);
    expect(observed.exitCode).toBe(0);
    expect(JSON.parse(observed.stdout)).toMatchObject({
      lines: lines.length,
      valid: lines.length,
      complete: true,
    });
    const replayed = await runMesh(['replay', trace, '--verify']);
    expect(replayed.exitCode).toBe(0);
  });

  it('--set, --seed and standard input', async () => {
    const run = await runMesh(['simulate', '-', '--set', 'nodes.count=5', '--seed', '9', '--json'], {
      stdin: small(''),
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ seed: 9, metrics: { totalNodes: 5 } });
  });

  it('--print-config prints a scenario that prints the same again', async () => {
    const first = await runMesh(['simulate', scenario('a.yaml', small('')), '--print-config']);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('seed: 1');
    const second = await runMesh(['simulate', '-', '--print-config'], { stdin: first.stdout });
    expect(second.stdout).toBe(first.stdout);
  });

  it('--check-determinism says that two runs are the same', async () => {
    const { stdout, exitCode } = await runMesh([
      'simulate',
      example('observer-demo.yaml'),
      '--check-determinism',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ determinism: { same: true } });
  });
});

describe('exit codes', () => {
  it.each([
    ['a failed assertion', 3, 'assertions:\n  - { finally: deliveryRatio < 0.5 }\n'],
    ['a fault that touches nothing', 5, 'faults:\n  - { crash: { nodes: { count: 0 } }, at: 1s }\n'],
    ['an assertion that is never looked at', 5, 'assertions:\n  - { finally: detectionRate == 1 }\n'],
    ['an unknown key', 2, 'topologyy: { type: ring }\n'],
    ['an unknown kind', 2, 'topology: { type: rign }\n'],
  ])('%s: %i', async (name, exitCode, more) => {
    const run = await runMesh(['simulate', scenario(`${name.replace(/ /g, '-')}.yaml`, small(more))]);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('names file, line and column, and what was meant', async () => {
    const path = scenario('typo.yaml', small('topologyy: { type: ring }\n'));
    const { stderr, stdout } = await runMesh(['simulate', path]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^mesh simulate: .*typo\.yaml:7:1: .*topologyy.*topology/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('an output that exists is refused before the run, and replaced with --force', async () => {
    const path = scenario('exists.yaml', small(''));
    const out = scenario('old.trace', 'precious');
    const refused = await runMesh(['simulate', path, '--record', out]);
    expect(refused.exitCode).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('precious');
    const forced = await runMesh(['simulate', path, '--record', out, '--force']);
    expect(forced.exitCode).toBe(0);
    expect(readFileSync(out, 'utf8')).not.toBe('precious');
  });

  it('an output that is the input is refused even with --force', async () => {
    const path = scenario('self.yaml', small('observers: { count: 1 }\n'));
    const run = await runMesh(['simulate', path, '--messages', path, '--force']);
    expect(run.exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toContain('observers');
  });

  it('--messages without an observer says so', async () => {
    const run = await runMesh([
      'simulate',
      scenario('nobody.yaml', small('')),
      '--messages',
      join(folder, 'x.jsonl'),
    ]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('no observer');
  });

  it('a file that does not exist, a folder, and bytes that are no text', async () => {
    for (const path of [join(folder, 'absent.yaml'), folder]) {
      const run = await runMesh(['simulate', path]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const run = await runMesh(['simulate', '-'], { stdin: Uint8Array.from([0xff, 0xfe, 0x00, 0x1b, 0x5b]) });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).not.toContain('\u001b');
  });

  it('a scenario may not read outside of its folder', async () => {
    const path = scenario('outside.yaml', small('topology: { type: file, path: ../secret.graphml }\n'));
    const run = await runMesh(['simulate', path]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('folder');
  });
});

it('a trace that will be huge is announced before the run', async () => {
  const path = scenario(
    'huge.yaml',
    small('').replace('count: 8', 'count: 1000').replace('stopTime: 5s', 'stopTime: 20s'),
  );
  const trace = join(folder, 'huge.trace');
  const run = await runMesh(['simulate', path, '--record', trace], { interruptAfterMs: 1500 });
  // 40 messages of each of 1,000 nodes, told to 999 others by each of them: 4e10 receipts at some 20 bytes.
  expect(run.stderr).toMatch(/--record: the trace may grow to about \d+(\.\d+)? [GT]B; Ctrl-C keeps/);
  rmSync(trace, { force: true });
}, 30_000);

it('SIGINT ends a long run with what there is: status interrupted, exit 130, a trace that is a whole prefix', async () => {
  const trace = join(folder, 'interrupted.trace');
  const path = scenario(
    'long.yaml',
    small('').replace('count: 8', 'count: 100').replace('stopTime: 5s', 'stopTime: 10h'),
  );
  const child = spawn(process.execPath, [meshEntry, 'simulate', path, '--json', '--record', trace], {
    env: testEnvironment(),
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill('SIGINT');
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted' });
  expect(readdirSync(folder)).toContain('interrupted.trace');
  const replayed = await runMesh(['replay', trace, '--json']);
  expect(JSON.parse(replayed.stdout)).toMatchObject({ complete: true, interrupted: true });
}, 30_000);
