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
});
