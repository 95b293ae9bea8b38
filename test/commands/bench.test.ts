/** `mesh bench` as a process. Nothing here asserts how long anything takes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMesh } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Saved {
  cases: { name: string; rates: number[] }[];
}

it('every case can be measured, and counts what it did', async () => {
  const run = await runMesh(['bench', '--samples', '3', '--json']);
  expect(run.exitCode).toBe(0);
  const { cases } = JSON.parse(run.stdout) as Saved;
  expect(cases.map(({ name }) => name)).toContain('simulate/flood-100000');
  for (const { name, rates } of cases) {
    expect(rates, name).toHaveLength(3);
    for (const rate of rates) expect(rate, name).toBeGreaterThan(0);
  }
}, 120_000);

it('saves, compares, and exits with 3 when something became slower', async () => {
  const file = join(folder, 'before.json');
  const saved = await runMesh(['bench', '--filter', 'pattern/closed', '--samples', '3', '--save', file]);
  expect(saved.exitCode).toBe(0);
  expect(saved.stdout).toContain('pattern/closed-form');
  const report = JSON.parse(readFileSync(file, 'utf8')) as Saved;
  report.cases[0].rates = [1e15, 1e15, 1e15];
  writeFileSync(join(folder, 'dream.json'), JSON.stringify(report));
  report.cases[0].rates = [1, 1, 1];
  writeFileSync(join(folder, 'nightmare.json'), JSON.stringify(report));
  const against = (name: string): ReturnType<typeof runMesh> =>
    runMesh(['bench', '--filter', 'pattern/closed', '--samples', '3', '--compare', join(folder, name)]);
  const slower = await against('dream.json');
  expect([slower.exitCode, slower.stdout.includes('slower')]).toEqual([3, true]);
  const faster = await against('nightmare.json');
  expect([faster.exitCode, faster.stdout.includes('faster')]).toEqual([0, true]);
}, 60_000);

it.each([
  ['not JSON', 'so what'],
  ['another object', '{"a":1}'],
  ['a case without rates', '{"cases":[{"name":"x","unit":"u","rates":[]}]}'],
  ['rates that are no numbers', '{"cases":[{"name":"x","unit":"u","rates":["fast"]}]}'],
])('refuses %s', async (_name, text) => {
  const file = join(folder, 'bad.json');
  writeFileSync(file, text);
  const run = await runMesh(['bench', '--compare', file]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
});

it('names the cases when the filter leaves none', async () => {
  const run = await runMesh(['bench', '--filter', 'simulat0r']);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('simulate/flood-100');
  // Far from every whole name, and near to a part of one.
  const near = await runMesh(['bench', '--filter', 'patern']);
  expect(near.stderr).toMatch(/no benchmark has a name with "patern" in it.*Did you mean pattern\?/);
});

it('says after how many cases it was interrupted', async () => {
  const { exitCode, stdout } = await runMesh(['bench', '--filter', 'pattern', '--samples', '1000'], {
    interruptAfterMs: 3000,
  });
  expect(exitCode).toBe(130);
  expect(stdout).toContain('Interrupted after 0 of 3 cases: no figures.');
  const reference = await runMesh(['bench', '--reference'], { interruptAfterMs: 1500 });
  expect(reference.exitCode).toBe(130);
  expect(reference.stdout).toMatch(/Interrupted after \d+ of \d+ scenarios/);
  expect(reference.stdout).not.toContain('0 figures agree');
}, 30_000);

it('leaves the column of memory out where no case has nodes', async () => {
  const { stdout } = await runMesh(['bench', '--filter', 'pattern/closed', '--samples', '3']);
  expect(stdout).toContain('median');
  expect(stdout).not.toContain('memory a node');
}, 30_000);

it('shows how far a mean may be from its expectation, so that the verdict can be checked by eye', async () => {
  const { stdout } = await runMesh(['bench', '--reference', '--filter', 'rumour-1k-silent']);
  const row = /rumour-1k-silent +│ rounds +│ +([\d.]+) │ +([\d.]+) │ +± ([\d.]+) │ +yes/.exec(stdout);
  const [mean, expected, allowed] = (row ?? []).slice(1).map(Number);
  expect(expected).toBe(10.08);
  expect(Math.abs(mean - expected)).toBeLessThanOrEqual(allowed + 0.01);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
}, 60_000);
