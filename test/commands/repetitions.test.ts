/** `mesh simulate` with repetitions and sweeps, as a process: the same bytes for any number of threads, and the figures of theory. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitionSeed } from '../../src/core/base/random.js';
import type { RepetitionResult } from '../../src/core/model/repetitions.js';
import type { TieResult } from '../../src/core/model/ties.js';
import { meshEntry, runMesh, testEnvironment } from '../helpers/run-mesh.js';
import { moments, roundsDistribution } from '../theory/rumour-chain.js';
import { tolerance } from '../theory/statistics.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-repetitions-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const rumour = (nodes: number, more = ''): string => `version: 1
name: rumour
stopTime: 100s
stopWhen: converged
timing: rounds
nodes: { count: ${nodes} }
dissemination: { mode: push-pull, fanout: 1, interval: 1s }
workload:
  - rumor: {}
${more}`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function result(words: readonly string[], stdin?: string): Promise<RepetitionResult> {
  const { stdout, stderr } = await runMesh(['simulate', ...words, '--json'], { stdin });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as RepetitionResult;
}

describe('repetitions', () => {
  it('give the mean of the exact Markov chain', async () => {
    const { repetitions, cells, ...more } = await result([file('r.yaml', rumour(100, 'repetitions: 600\n'))]);
    const top = { runs: more.runs, summary: more.summary };
    const [{ summary, runs }] = cells;
    const law = moments(roundsDistribution({ nodes: 100, mode: 'push-pull' }));
    // The published figures, 6.5286 and 0.570, are those of the chain.
    expect(law.mean).toBeCloseTo(6.5286, 4);
    const { mean, low, high } = summary.convergenceRounds;
    expect(Math.abs((mean ?? 0) - law.mean)).toBeLessThan(tolerance(law.sd, repetitions));
    expect(low).toBeLessThan(mean ?? 0);
    expect(high).toBeGreaterThan(mean ?? 0);
    expect(runs.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(runs[17].seed).toBe(repetitionSeed(1, 17));
    // Where nothing is swept, the only cell stands at the top as well.
    expect(top).toEqual({ runs, summary });
  });

  it('gives the same bytes for one thread, two and four, and from standard input', async () => {
    const path = file('same.yaml', rumour(50, 'sweep: { network.loss: [0, 0.2] }\nrepetitions: 7\n'));
    const bytes = async (jobs: string): Promise<string> =>
      (await runMesh(['simulate', path, '--json', '--jobs', jobs])).stdout;
    const one = await bytes('1');
    expect(JSON.parse(one)).toMatchObject({ status: 'passed', repetitions: 7 });
    expect(await bytes('2')).toBe(one);
    expect(await bytes('4')).toBe(one);
    const piped = await result(
      ['-', '--jobs', '2'],
      rumour(50, 'sweep: { network.loss: [0, 0.2] }\nrepetitions: 7\n'),
    );
    expect(piped).toEqual(JSON.parse(one));
  });

  it('each run is the run of its own seed', async () => {
    const path = file('own.yaml', rumour(50));
    const [{ runs }] = (await result([path, '--repetitions', '3'])).cells;
    const alone = await runMesh(['simulate', path, '--seed', String(runs[2].seed), '--json']);
    expect(JSON.parse(alone.stdout)).toMatchObject({
      fingerprint: runs[2].fingerprint,
      metrics: runs[2].metrics,
    });
  });

  it('a failing assertion is counted, and the exit code tells', async () => {
    const path = file('fails.yaml', rumour(100, 'assertions: [ { finally: convergenceRounds <= 6 } ]\n'));
    const { stdout, exitCode } = await runMesh(['simulate', path, '--repetitions', '40']);
    expect(exitCode).toBe(3);
    const [, held] = /convergenceRounds <= 6 .*?(\d+) of 40/.exec(stdout) ?? [];
    // The chain takes six rounds or fewer in about half of the cases.
    expect(Number(held)).toBeGreaterThan(5);
    expect(Number(held)).toBeLessThan(35);
    expect(stdout.split('\n').filter((line) => [...line].length > 80 && !line.startsWith('repeat'))).toEqual(
      [],
    );
  });

  it('refuses what is about one run, and variants that are wrong, before any run', async () => {
    const path = file('refused.yaml', rumour(10, 'repetitions: 2\n'));
    for (const words of [
      ['--record', join(folder, 'x.trace')],
      ['--series', join(folder, 'x.csv')],
      ['--set', 'sweep={dissemination.fanot: [1]}'],
      ['--set', 'sweep={seed: [1, 2]}'],
      ['--set', 'sweep={dissemination.fanout: 3}'],
      ['--jobs', '0'],
      ['--repetitions', '0'],
    ]) {
      const { exitCode, stdout, stderr } = await runMesh(['simulate', path, ...words]);
      expect([exitCode, stdout], words.join(' ')).toEqual([2, '']);
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    }
  });

  it.each(['1', '2'])(
    'an interruption of %s threads leaves the runs that were done, marked',
    async (jobs) => {
      const path = file('long.yaml', rumour(3000, 'repetitions: 5000\n'));
      const child = spawn(process.execPath, [meshEntry, 'simulate', path, '--json', '--jobs', jobs], {
        env: testEnvironment(),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      setTimeout(() => child.kill('SIGINT'), 2500);
      const exitCode = await new Promise((resolve) => child.on('close', resolve));
      expect(exitCode).toBe(130);
      const { status, cells } = JSON.parse(Buffer.concat(chunks).toString()) as RepetitionResult;
      expect(status).toBe('interrupted');
      expect(cells[0].runs.length).toBeGreaterThan(0);
      expect(cells[0].runs.length).toBeLessThan(5000);
    },
  );
});

describe('--check-determinism', () => {
  it('runs everything again on another number of threads', async () => {
    const path = file('again.yaml', rumour(40, 'sweep: { network.loss: [0, 0.2] }\nrepetitions: 5\n'));
    const { stdout, exitCode } = await runMesh(['simulate', path, '--check-determinism']);
    expect([exitCode, stdout.includes('byte for byte')]).toEqual([0, true]);
    expect(await result([path, '--check-determinism'])).toMatchObject({ determinism: { same: true } });
  });
});

describe('--csv', () => {
  it('writes a row a variant, with the figures of --json', async () => {
    const sweep = 'sweep: { network.loss: [0, 0.2], dissemination.mode: [push, pull] }\nrepetitions: 6\n';
    const path = file('cells.yaml', rumour(30, sweep));
    const csv = join(folder, 'cells.csv');
    const { cells } = await result([path, '--csv', csv]);
    const [head, ...rows] = readFileSync(csv, 'utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(head.slice(0, 5)).toEqual(['network.loss', 'dissemination.mode', 'runs', 'passed', 'fingerprint']);
    expect(rows.map(([loss, mode]) => [loss, mode])).toEqual([
      ['0', 'push'],
      ['0', 'pull'],
      ['0.2', 'push'],
      ['0.2', 'pull'],
    ]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    rows.forEach((row, index) => {
      const at = head.indexOf('convergenceRounds');
      const { mean, low } = cells[index].summary.convergenceRounds;
      expect([Number(row[at]), Number(row[at + 2])]).toEqual([mean, low]);
    });
    expect((await runMesh(['simulate', path, '--csv', csv])).exitCode).toBe(2);
    expect((await runMesh(['simulate', file('one.yaml', rumour(9)), '--csv', csv])).exitCode).toBe(2);
  });
});

describe('interrupted', () => {
  it('says that nothing was finished, and shows no empty tables', async () => {
    // One run of this alone takes longer than anybody waits.
    const run = await runMesh(['simulate', '-', '--force', '--repetitions', '400', '--jobs', '1'], {
      stdin: rumour(1_000_000),
      interruptAfterMs: 2500,
    });
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toContain('Interrupted after 0 of 400 runs: none was finished');
    expect(run.stdout).not.toMatch(/mean|fingerprint/);
  }, 30_000);
});

describe('--permute-ties', () => {
  /** From a to c there are two ways: one link, or two of which each takes half as long. Which copy comes first is a tie. */
  const triangle = (straight: string): string => `version: 1
name: triangle
stopTime: 25s
nodes: { groups: [{ id: a, count: 1, region: a }, { id: b, count: 1, region: b }, { id: c, count: 1, region: c }] }
network: { latency: { from: regions, table: { a: { b: 10ms, c: ${straight} }, b: { c: 10ms } } } }
dissemination: flood
workload:
  - { broadcast: { nodes: { group: a } }, every: 1s, until: 20s }
`;
  const ties = async (text: string): Promise<{ result: TieResult; exitCode: number | null }> => {
    const { stdout, exitCode } = await runMesh(['simulate', '-', '--permute-ties', '--json'], {
      stdin: text,
    });
    return { result: JSON.parse(stdout) as TieResult, exitCode };
  };

  it('finds what hangs on the order of ties, and how much', async () => {
    const { result: found, exitCode } = await ties(triangle('20ms'));
    const hops = found.metrics.find(({ metric }) => metric === 'hops.mean');
    expect(hops).toMatchObject({ usual: 1, pairs: 20, isArtefact: true });
    // Of the two receivers one hears in one hop, the other in one or two, as chance has it: 20 x 20 fair draws.
    expect(Math.abs((hops?.permuted ?? 0) - 1.25)).toBeLessThan(tolerance(0.25, 400));
    expect(found.metrics.filter(({ changed }) => changed > 0).map(({ metric }) => metric)).toEqual([
      'hops.mean',
      'hops.max',
    ]);
    expect([found.status, exitCode]).toEqual(['failed', 3]);
  });

  it('finds nothing where there are no ties', async () => {
    const { result: found, exitCode } = await ties(triangle('21ms'));
    expect(found.metrics.filter(({ changed }) => changed > 0)).toEqual([]);
    expect([found.status, exitCode]).toEqual(['passed', 0]);
  });

  it('refuses rounds and sweeps', async () => {
    for (const text of [rumour(9), `${triangle('20ms')}sweep: { network.loss: [0, 0.1] }\n`]) {
      const run = await runMesh(['simulate', '-', '--permute-ties'], { stdin: text });
      expect([run.exitCode, run.stdout]).toEqual([2, '']);
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
