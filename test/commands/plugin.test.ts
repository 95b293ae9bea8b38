/** Plug-ins and series: protocols that mesh does not have, from the command line and from a program, and how metrics move. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/core/index.js';
import { protocols } from '../../examples/plugin/gossip-once.js';
import { repositoryRoot, runMesh } from '../helpers/run-mesh.js';

// Inside the checkout, so that tsx is found where Node reads no TypeScript.
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(repositoryRoot, 'dist', 'plugin-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const example = (name: string): string => join(repositoryRoot, 'examples', name);
const scenario = readFileSync(example('plugin/gossip-once.yaml'), 'utf8');

function module(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The example as a user's own file, with the library by its address. */
function ownCopy(): string {
  const library = pathToFileURL(join(repositoryRoot, 'src/core/index.ts')).href;
  const text = readFileSync(example('plugin/gossip-once.ts'), 'utf8');
  return module('mine.ts', text.replace("'mesh-toolkit'", JSON.stringify(library)));
}

/** r = 1 - exp(-f r), by iteration. */
function finalShare(fanout: number): number {
  let share = 0.9;
  for (let i = 0; i < 1000; i++) share = 1 - Math.exp(-fanout * share);
  return share;
}

describe('simulate in the library', () => {
  it.each([2, 3, 4])(
    'runs a protocol that mesh does not have: fanout %i reaches what theory says',
    (fanout) => {
      const result = simulate(scenario, {
        protocols,
        set: [`dissemination.fanout=${fanout}`, 'assertions=[]'],
      });
      // Five publishers, some 14 messages each; a publisher itself is informed and not counted.
      expect(result.metrics.publications).toBeGreaterThan(60);
      expect(result.metrics.deliveryRatio).toBeCloseTo(finalShare(fanout), 2);
    },
  );

  it('gives the same for the same seed, and something else for another', () => {
    const run = (seed: number): string => simulate(scenario, { protocols, seed }).fingerprint;
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
  });

  it('knows the word only while the plug-in is there', () => {
    expect(() => simulate(scenario)).toThrow(/gossip-once/);
  });

  it.each([
    [{ protocols: [{ ...protocols[0], name: 'flood' }] }, /called flood already/],
    [{ protocols: [{ ...protocols[0], slot: 'heart' }] }, /slot is "heart"/],
    [{ protocols: [{ ...protocols[0], create: undefined }] }, /create is no function/],
    [{ protocols: [{ ...protocols[0], name: 'No Name\u001b' }] }, /name is "No Name\\u001b"/],
    [{ topologies: 'ring' }, /topologies is no list/],
    [{ faults: [null] }, /faults\[0\] is no object/],
  ])('refuses what is not what it should be (%#)', (additions, message) => {
    expect(() => simulate(scenario, additions as never)).toThrow(message);
  });
});

describe('mesh simulate --plugin', () => {
  it('runs a TypeScript module of the user', async () => {
    const words = ['simulate', example('plugin/gossip-once.yaml'), '--plugin', ownCopy(), '--json'];
    const { stdout, stderr, exitCode } = await runMesh(words);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { fingerprint } = JSON.parse(stdout) as { fingerprint: string };
    expect(fingerprint).toBe(simulate(scenario, { protocols }).fingerprint);
  });

  it.each([
    ['missing.mjs', undefined, 'cannot be loaded'],
    ['throws.mjs', 'throw new Error("no \\u001b[31mluck")', 'no \\u001b[31mluck'],
    ['empty.mjs', 'export const other = 1;', 'it brings nothing'],
    ['broken.mjs', 'export const protocols = [;', 'cannot be loaded'],
  ])('%s is refused in one line', async (name, text, said) => {
    const path = text === undefined ? join(folder, name) : module(name, text);
    const { stdout, stderr, exitCode } = await runMesh([
      'simulate',
      example('abilene.yaml'),
      '--plugin',
      path,
    ]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('    at ');
  });
});

describe('mesh simulate --series', () => {
  it('writes a row for every look, and coverage rises to the delivery ratio', async () => {
    const path = join(folder, 'series.csv');
    const words = [
      'simulate',
      example('mesh-demo.yaml'),
      '--series',
      path,
      '--set',
      'measureEvery=500ms',
      '--json',
    ];
    const { stdout, exitCode } = await runMesh(words);
    expect(exitCode).toBe(0);
    const { metrics, stoppedAtMs } = JSON.parse(stdout) as {
      metrics: { messagesSent: number };
      stoppedAtMs: number;
    };
    const [head, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const names = head.split(',');
    expect(names.slice(0, 2)).toEqual(['timeMs', 'deliveryRatio']);
    const table = rows.map((row) => row.split(',').map((cell) => (cell === '' ? null : Number(cell))));
    expect(table.every((row) => row.length === names.length)).toBe(true);
    expect(table.map(([time]) => time)).toEqual(
      Array.from({ length: stoppedAtMs / 500 }, (_, index) => (index + 1) * 500),
    );
    const column = (name: string): (number | null)[] => table.map((row) => row[names.indexOf(name)]);
    expect(column('messagesSent').at(-1)).toBe(metrics.messagesSent);
    expect(column('coverage').at(-1)).toBe(1);
  });
});
