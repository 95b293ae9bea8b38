/** What is asserted of many runs together, as a process: verdicts, exit codes, files, and the line that repeats a run behind them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepetitionResult } from '../../src/core/model/repetitions.js';
import { runMesh } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-over-runs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One message over one link that loses one in ten: a run delivers all or nothing. */
const coin = (assertions: string, more = ''): string => `version: 1
name: coin
stopTime: 1s
nodes: { count: 2 }
network: { loss: 0.1 }
dissemination: direct
workload: [{ broadcast: { nodes: { count: 1 } }, at: 100ms, deadline: 100ms }]
assertions:
${assertions}
repetitions: 60
${more}`;

interface Judged extends RepetitionResult {
  readonly repeatWith?: string;
  readonly run?: { readonly index: number; readonly seed: number };
}

async function judged(text: string, words: readonly string[] = []): Promise<[Judged, number | null]> {
  const { stdout, stderr, exitCode } = await runMesh(['simulate', '-', '--json', '--jobs', '1', ...words], {
    stdin: text,
  });
  expect(stderr).toBe('');
  return [JSON.parse(stdout) as Judged, exitCode];
}

const three = `  - { finally: deliveryRatio == 1, runs: 0.6 }
  - { finally: deliveryRatio >= 0.5, runs: mean }
  - { finally: 0.5 <= deliveryRatio, runs: p50 }`;

describe('assertions over runs', () => {
  it('pass though some runs fail, and those are not failures', async () => {
    const [{ status, cells, repeatWith }, exitCode] = await judged(coin(three));
    const [{ runs, assertions }] = cells;
    const holding = runs.filter(({ metrics }) => metrics.deliveryRatio === 1).length;
    // Of 60 throws that succeed in 9 of 10, fewer than 40 do so in less than one of a million cases.
    expect(holding).toBeGreaterThan(39);
    expect(holding).toBeLessThan(60);
    expect(runs.every((run) => run.status === 'passed')).toBe(true);
    expect([status, exitCode, repeatWith]).toEqual(['passed', 0, undefined]);
    const share = holding / 60;
    expect(assertions.map(({ overRuns }) => [overRuns?.of, overRuns?.status])).toEqual([
      ['share', 'passed'],
      ['mean', 'passed'],
      ['p50', 'passed'],
    ]);
    expect(assertions[0]).toMatchObject({ passed: holding, failed: 60 - holding });
    expect(assertions[0].overRuns?.value).toBeCloseTo(share, 12);
    // A ratio of nothing or all has the share for its mean.
    expect(assertions[1].overRuns?.value).toBeCloseTo(share, 12);
    expect(assertions[2].overRuns?.value).toBe(1);
  });

  it('fail with the first run behind it, and the line repeats exactly that run', async () => {
    const path = join(folder, 'coin.yaml');
    writeFileSync(
      path,
      coin('  - { always: nodesUp == 2 }\n  - { finally: deliveryRatio == 1, runs: 0.99 }'),
    );
    const [junit, bundle] = [join(folder, 'junit.xml'), join(folder, 'bundle')];
    const words = ['simulate', path, '--jobs', '1', '--junit', junit, '--bundle', bundle];
    const { stdout, exitCode } = await runMesh([...words, '--json']);
    const { status, cells, repeatWith, run } = JSON.parse(stdout) as Judged;
    expect([status, exitCode]).toEqual(['failed', 3]);
    const [{ runs, assertions }] = cells;
    const first = runs.find(({ metrics }) => metrics.deliveryRatio !== 1);
    expect(run).toMatchObject({ index: first?.index, seed: first?.seed });
    expect(repeatWith).toBe(`mesh simulate ${path} --seed ${first?.seed} --repetitions 1`);
    const again = await runMesh([
      'simulate',
      path,
      '--seed',
      String(first?.seed),
      '--repetitions',
      '1',
      '--json',
    ]);
    expect(again.exitCode).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({ fingerprint: first?.fingerprint, status: 'failed' });
    expect(JSON.parse(readFileSync(join(bundle, 'result.json'), 'utf8'))).toMatchObject({
      fingerprint: first?.fingerprint,
      seed: first?.seed,
    });
    // Its scenario is one run, and fails as it did.
    expect((await runMesh(['simulate', join(bundle, 'scenario.yaml')])).exitCode).toBe(3);

    const xml = readFileSync(junit, 'utf8');
    expect(xml.match(/<testcase [^>]*nodesUp == 2 \[run /g)).toHaveLength(60);
    expect(xml.match(/<testcase [^>]*in 0\.99 of the runs"/g)).toHaveLength(1);
    expect(xml).toContain('failures="1" errors="0"');
    expect(xml).toMatch(/<failure message="share over the runs [^"]*wanted &gt;= 99 %">[^<]*--seed/);
    expect(assertions[1].overRuns).toMatchObject({ status: 'failed', sure: true });
  });

  it('are shown with the interval, apart from those of each run, within 80 columns', async () => {
    const { stdout, exitCode } = await runMesh(['simulate', '-', '--jobs', '1'], {
      stdin: coin(`  - { always: nodesUp == 2 }\n${three}`),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/What had to hold\n[\s\S]*60 of 60[\s\S]*What had to hold of the runs together\n/);
    expect(stdout.replace(/\s*│\n?\s*│?\s*/g, ' ')).toContain('mean of the');
    expect(stdout).toMatch(/passed, (surely|not sure)/);
    const wide = stdout.split('\n').filter((line) => [...line].length > 80 && !line.startsWith('repeat'));
    expect(wide).toEqual([]);
  });

  it('are judged for each variant of a sweep, in the table and in --csv', async () => {
    const text = coin(
      '  - { finally: deliveryRatio == 1, runs: 0.6 }',
      'sweep: { network.loss: [0, 0.9] }\n',
    );
    const csv = join(folder, 'cells.csv');
    const [{ status, cells }, exitCode] = await judged(text, ['--csv', csv]);
    expect([status, exitCode]).toEqual(['failed', 3]);
    expect(cells.map((cell) => cell.status)).toEqual(['passed', 'failed']);
    const [head, ...rows] = readFileSync(csv, 'utf8').trimEnd().split('\r\n').map(cellsOfLine);
    const at = head.indexOf('held: finally deliveryRatio == 1, in 0.6 of the runs');
    expect(rows.map((row) => [row[at], row[at + 3]])).toEqual([
      ['1', 'passed'],
      [String(cells[1].assertions[0].overRuns?.value), 'failed'],
    ]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    const { stdout } = await runMesh(['simulate', '-', '--jobs', '1'], { stdin: text });
    expect(stdout).toMatch(/loss=0 .* passed [\s\S]*loss=0\.9 .* failed /);
  });

  it('say nothing where it hangs on runs that had nothing to look at', async () => {
    // The mean latency of a run that delivered nothing is not there.
    const [{ status, cells }, exitCode] = await judged(
      coin('  - { finally: averageLatency < 1s, runs: mean }'),
    );
    expect([status, exitCode]).toEqual(['invalid', 5]);
    expect(cells[0].assertions[0].overRuns).toMatchObject({ status: 'unevaluated', value: null });
    const [{ status: settled }] = await judged(coin('  - { finally: averageLatency < 1s, runs: 0.6 }'));
    expect(settled).toBe('passed');
  });

  it('of a single run are about that run', async () => {
    const [{ status }, exitCode] = await judged(coin(three), [
      '--repetitions',
      '1',
      '--set',
      'network.loss=1',
    ]);
    expect([status, exitCode]).toEqual(['failed', 3]);
  });
});

/** Fields of a line of comma separated values. */
function cellsOfLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'),
  );
}

describe('recovery of many runs', () => {
  it('is counted among what had to hold, and has its case in --junit', async () => {
    const junit = join(folder, 'recovery.xml');
    const text = coin('  - { always: nodesUp == 2 }', 'recovery: { after: 300ms, within: 100ms }\n');
    const [{ cells }, exitCode] = await judged(text, ['--junit', junit]);
    const [{ runs, assertions }] = cells;
    const lost = runs.filter(({ metrics }) => metrics.timeToRecover === null).length;
    expect(lost).toBeGreaterThan(0);
    expect(assertions.map(({ failed }) => failed)).toEqual([0, lost]);
    expect(exitCode).toBe(3);
    expect(readFileSync(junit, 'utf8')).toContain(`failures="${lost}" errors="0"`);
  });

  it('may fail in some, where it says so', async () => {
    const text = (runs: number): string =>
      coin('  - { always: nodesUp == 2 }', `recovery: { after: 300ms, within: 100ms, runs: ${runs} }\n`);
    const [{ cells }, exitCode] = await judged(text(0.6));
    expect([exitCode, cells[0].runs.every(({ status }) => status === 'passed')]).toEqual([0, true]);
    const [, { overRuns, failed }] = cells[0].assertions;
    expect(failed).toBeGreaterThan(0);
    expect(overRuns).toMatchObject({ of: 'share', status: 'passed', value: (60 - failed) / 60 });
    const [{ run }, failing] = await judged(text(0.999));
    expect(failing).toBe(3);
    expect(run?.seed).toBe(cells[0].runs.find(({ assertions: [, verdict] }) => verdict === 'failed')?.seed);
  });
});
