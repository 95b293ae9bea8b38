import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  starterDefaults,
  starterDemands,
  starterKinds,
  starterNetworks,
  starterText,
  type StarterAnswers,
} from '../../src/core/scenario/starter.js';
import { fullVocabulary } from '../../src/core/scenario/vocabulary.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { runMesh } from '../helpers/run-mesh.js';
import { load } from '../scenario/helpers.js';

const keys = <Key extends string>(list: Readonly<Record<Key, unknown>>): Key[] => Object.keys(list) as Key[];

describe('the first scenario', () => {
  const everything = keys(starterDemands);
  const combinations = keys(starterKinds).flatMap((build) =>
    keys(starterNetworks).map((network) => ({ build, network })),
  );

  it.each(combinations)(
    '$build on a $network network loads at any size, whatever must hold',
    ({ build, network }) => {
      for (const nodes of [4, 5, 30, 31, 1000]) {
        for (const must of [[], ...everything.map((demand) => [demand]), everything]) {
          const answers: StarterAnswers = { build, network, nodes, must, seed: 3 };
          const { experiment } = load(starterText(answers, fullVocabulary));
          expect(experiment.nodeCount).toBe(nodes);
          expect(experiment.seed).toBe(3);
          expect(experiment.observers).toHaveLength(1);
          expect(experiment.assertions.length).toBeGreaterThanOrEqual(Math.max(1, must.length));
          expect(experiment.adversaries).toHaveLength(must.includes('honesty') ? 1 : 0);
        }
      }
    },
  );

  it.each(combinations)('$build on a $network network passes its own assertions', ({ build, network }) => {
    const { experiment } = load(
      starterText({ build, network, nodes: 9, must: everything, seed: 1 }, fullVocabulary),
    );
    const simulation = new Simulation(experiment);
    simulation.begin();
    while (simulation.advance(100_000)) continue;
    const { status, assertions } = resultOf(simulation);
    expect([status, assertions.filter((verdict) => verdict.status !== 'passed')]).toEqual(['passed', []]);
  });

  it('explains every section', () => {
    const lines = starterText(
      { ...starterDefaults, must: everything, network: 'awful' },
      fullVocabulary,
    ).split('\n');
    lines.forEach((line, index) => {
      if (/^[a-z]+:/i.test(line) && line !== 'version: 1')
        expect([line, lines[index - 1]?.[0]]).toEqual([line, '#']);
    });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

describe('mesh init', () => {
  let folder: string;
  const entry = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));
  const mesh = (...words: string[]): ReturnType<typeof runMesh> => runMesh(words, { cwd: folder, entry });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mesh-init-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('without a terminal names the flags that are missing', async () => {
    const run = await mesh('init', '--build', 'city', '--nodes', '9');
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toBe(
      'mesh init: there is no terminal to ask questions on (expected --network, --must). Give these flags, or --yes for the defaults.\n',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes what the flags say, and never over a file unless told so', async () => {
    const flags = [
      '--build',
      'city',
      '--nodes',
      '9',
      '--network',
      'bad',
      '--must',
      'delivery',
      '--must',
      'recovery',
      '--seed',
      '5',
    ];
    const run = await mesh('init', 'my city.yaml', ...flags);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain("Run it: mesh simulate 'my city.yaml'\n");
    const text = readFileSync(join(folder, 'my city.yaml'), 'utf8');
    const { experiment } = load(text);
    expect([experiment.nodeCount, experiment.seed, experiment.faults.map(({ id }) => id)]).toEqual([
      9,
      5,
      ['split'],
    ]);

    writeFileSync(join(folder, 'mine.yaml'), 'precious');
    const refused = await mesh('init', 'mine.yaml', '--yes');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('mine.yaml: the file exists already');
    expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
    const forced = await mesh('init', 'mine.yaml', '--yes', '--force', '--json');
    expect(JSON.parse(forced.stdout)).toMatchObject({
      file: 'mine.yaml',
      answers: { build: 'mesh', nodes: 50, network: 'good', must: ['delivery'] },
    });
    expect(load(readFileSync(join(folder, 'mine.yaml'), 'utf8')).experiment.nodeCount).toBe(50);
  });

  it('refuses answers that make no sense', async () => {
    const [build, nodes] = await Promise.all([
      mesh('init', '--yes', '--build', 'castle'),
      mesh('init', '--yes', '--nodes', '3'),
    ]);
    expect([build.exitCode, nodes.exitCode]).toEqual([2, 2]);
    expect(nodes.stderr).toContain('4 to 100000');
  });
});

it('finds the nearest word for a choice that does not exist', async () => {
  const { exitCode, stderr } = await runMesh(['init', '--build', 'mseh']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^mesh init: --build: there is no "mseh" .* Did you mean mesh\?\n$/);
});
