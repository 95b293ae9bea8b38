/** What failed runs leave behind, as a process: the line that repeats them, bundles, and JUnit files. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tarGz } from '../../src/core/io/tar-file.js';
import { meshEntry, runMesh, testEnvironment } from '../helpers/run-mesh.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-failure-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Six nodes, a third of all messages lost: the first property holds, the second does not, the third has nothing to look at. */
const failing = (more = ''): string => `version: 1
name: "bad <day> & 'worse'"
stopTime: 5s
nodes: { count: 6 }
network: { loss: 0.3 }
dissemination: { mode: direct }
workload: [{ broadcast: {}, every: 500ms, deadline: 1s }]
assertions:
  - { always: nodesUp == 6 }
  - { finally: deliveryRatio >= 0.99 and nodesUp == 6 }
${more}`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Runs a recipe as a shell does, with `mesh` for our program. */
function shell(recipe: string, cwd = folder): { status: number | null; stdout: string } {
  const script = `mesh() { '${process.execPath}' '${meshEntry}' "$@"; }\n${recipe} --json`;
  const { status, stdout } = spawnSync('sh', ['-c', script], {
    cwd,
    env: testEnvironment(),
    encoding: 'utf8',
  });
  return { status, stdout };
}

interface Xml {
  readonly suites: { readonly [name: string]: string }[];
  readonly cases: {
    readonly name: string;
    readonly trouble?: string;
    readonly message?: string;
    text: string;
  }[];
}

function readXml(text: string): Xml {
  const xml: Xml = { suites: [], cases: [] };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name.startsWith('testsuite')) xml.suites.push({ tag: name, ...attributes });
    if (name === 'testcase') xml.cases.push({ name: attributes.name, text: '' });
    const last = xml.cases.at(-1);
    if ((name === 'failure' || name === 'error') && last !== undefined)
      Object.assign(last, { trouble: name, message: attributes.message });
  });
  parser.on('text', (said) => {
    const last = xml.cases.at(-1);
    if (last !== undefined) last.text += said;
  });
  parser.write(text).close();
  return xml;
}

describe('the line that repeats', () => {
  it('is safe for a shell, and gives the same run', async () => {
    const path = file("it's $HOME; (a).yaml", failing());
    const first = await runMesh(['simulate', path, '--set', "name=a 'b' $(c)", '--json']);
    expect(first.exitCode).toBe(3);
    const result = JSON.parse(first.stdout) as { repeatWith: string; fingerprint: string };
    expect(result.repeatWith).toMatch(/^mesh simulate '.*' --seed 1 --set '/);
    const again = shell(result.repeatWith);
    expect(again.status).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({
      fingerprint: result.fingerprint,
      scenario: "a 'b' $(c)",
    });
  });

  it('of one run out of many, with its own seed and variant', async () => {
    const path = file('many.yaml', failing('repetitions: 4\nsweep: { network.loss: [0, 0.3] }\n'));
    const many = await runMesh(['simulate', path, '--json']);
    expect(many.exitCode).toBe(3);
    const { cells, repeatWith, run } = JSON.parse(many.stdout) as {
      cells: { runs: { fingerprint: string; seed: number; troubles: object[] }[] }[];
      repeatWith: string;
      run: object;
    };
    const [culprit] = cells[1].runs;
    expect(run).toEqual({ index: 0, seed: culprit.seed, set: ['network.loss=0.3'] });
    expect(culprit.troubles).toMatchObject([{ status: 'failed', seen: { nodesUp: 6 } }]);
    const again = shell(repeatWith);
    expect(JSON.parse(again.stdout)).toMatchObject({ fingerprint: culprit.fingerprint, status: 'failed' });
    const text = await runMesh(['simulate', path]);
    expect(text.stdout.replace(/\n/g, ' ')).toContain('first failure: run 0 of network.loss=0.3, seed ');
  });

  it('is there for nothing that passes', async () => {
    const path = file('passes.yaml', failing());
    const { exitCode, stdout } = await runMesh(['simulate', path, '--set', 'network.loss=0', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('repeatWith');
  });
});

describe('bundles', () => {
  it('a folder from which the run is repeated, with the files that it needs', async () => {
    mkdirSync(join(folder, 'graphs'));
    writeFileSync(join(folder, 'graphs', 'ring.csv'), 'a,b\nb,c\nc,d\nd,e\ne,f\nf,a\n');
    const path = file(
      'ring.yaml',
      failing('topology: { type: file, path: graphs/ring.csv }\n').replace('nodes: { count: 6 }\n', ''),
    );
    const bundle = join(folder, 'ring-bundle');
    const run = await runMesh(['simulate', path, '--seed', '7', '--bundle', bundle]);
    expect(run.exitCode).toBe(3);
    expect(run.stdout.replace(/\n/g, '')).toContain('ring-bundle');
    expect(readdirSync(bundle).sort()).toEqual([
      'README.md', 'graphs', 'original.yaml', 'result.json', 'run.trace', 'scenario.yaml',
    ]); // prettier-ignore
    expect(readFileSync(join(bundle, 'original.yaml'), 'utf8')).toBe(readFileSync(path, 'utf8'));
    const page = readFileSync(join(bundle, 'README.md'), 'utf8');
    const { fingerprint } = JSON.parse(readFileSync(join(bundle, 'result.json'), 'utf8')) as {
      fingerprint: string;
    };
    expect(page).toContain(`seed 7, fingerprint ${fingerprint}`);
    // The commands of the page, in the folder, on a machine that has nothing else.
    const moved = join(folder, 'elsewhere');
    execFileSync('cp', ['-r', bundle, moved]);
    const commands = [...page.matchAll(/^ {4}(mesh .*)$/gm)].map(([, command]) => command).slice(0, 3);
    expect(commands).toHaveLength(3);
    const [again, , verified] = commands.map((command) => shell(command, moved));
    expect(again.status).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({ fingerprint, seed: 7 });
    expect(verified.status).toBe(0);
  });

  it('one file, the same bytes every time, that tar unpacks', async () => {
    const path = file('one.yaml', failing('repetitions: 3\n'));
    for (const name of ['a.tar.gz', 'b.tar.gz'])
      expect((await runMesh(['simulate', path, '--bundle', join(folder, name)])).exitCode).toBe(3);
    const [a, b] = ['a', 'b'].map((name) => gunzipSync(readFileSync(join(folder, `${name}.tar.gz`))));
    // Only the name of the folder within differs, and the checksums over it.
    expect(a.length).toBe(b.length);
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    execFileSync('tar', ['xzf', join(folder, 'a.tar.gz'), '-C', unpacked]);
    const again = shell('mesh simulate a/scenario.yaml', unpacked);
    const { fingerprint } = JSON.parse(readFileSync(join(unpacked, 'a', 'result.json'), 'utf8')) as {
      fingerprint: string;
    };
    expect(JSON.parse(again.stdout)).toMatchObject({ fingerprint });
    const replayed = shell('mesh replay a/run.trace --verify', unpacked);
    expect(replayed.status).toBe(0);
  });

  it('nothing is written when nothing fails, and nothing is replaced unasked', async () => {
    const path = file('quiet.yaml', failing());
    const bundle = join(folder, 'quiet.tar.gz');
    await runMesh(['simulate', path, '--set', 'network.loss=0', '--bundle', bundle]);
    expect(existsSync(bundle)).toBe(false);
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'precious.txt'), 'mine');
    const refused = await runMesh(['simulate', path, '--bundle', taken]);
    expect([refused.exitCode, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('the folder is not empty');
    const forced = await runMesh(['simulate', path, '--bundle', taken, '--force']);
    expect(forced.exitCode).toBe(3);
    expect(readFileSync(join(taken, 'precious.txt'), 'utf8')).toBe('mine');
    writeFileSync(bundle, 'old');
    const exists = await runMesh(['simulate', path, '--bundle', bundle]);
    expect(exists.exitCode).toBe(2);
    expect(readFileSync(bundle, 'utf8')).toBe('old');
  });

  it('long and foreign names survive the archive', () => {
    const name = `${'long-folder-name/'.repeat(9)}${'x'.repeat(60)}-\u00e9.txt`;
    const path = join(folder, 'names.tar.gz');
    writeFileSync(path, tarGz([{ name, bytes: new TextEncoder().encode('hello') }]));
    expect(execFileSync('tar', ['xzOf', path], { encoding: 'utf8' })).toBe('hello');
  });
});

describe('JUnit files', () => {
  it('a case for each property, failures and errors apart', async () => {
    const path = file('junit.yaml', failing('  - { sometimes: averageLatency(group: g) >= 0 }\n').replace('nodes: { count: 6 }', 'nodes: { groups: [{ id: g, count: 6 }] }').replace('averageLatency(group: g) >= 0', '"detectionRate >= 0"')); // prettier-ignore
    const out = join(folder, 'junit.xml');
    const run = await runMesh(['simulate', path, '--junit', out]);
    expect(run.exitCode).toBe(5);
    const { suites, cases } = readXml(readFileSync(out, 'utf8'));
    expect(suites).toMatchObject([
      { tag: 'testsuites', tests: '4', failures: '1', errors: '2' },
      { tag: 'testsuite', name: "bad <day> & 'worse'", tests: '4', failures: '1', errors: '2' },
    ]);
    expect(cases).toMatchObject([
      {
        trouble: 'error',
        message: 'The assertion "sometimes detectionRate >= 0" never had anything to look at.',
      },
      { name: 'always nodesUp == 6' },
      { name: 'finally deliveryRatio >= 0.99 and nodesUp == 6', trouble: 'failure' },
      { name: 'sometimes detectionRate >= 0', trouble: 'error', message: 'never had anything to look at' },
    ]);
    expect(cases[1]).not.toHaveProperty('trouble');
    expect(cases[2].message).toMatch(/^failed at 5 s: deliveryRatio 0\.\d+, nodesUp 6$/);
    expect(cases[2].text).toContain('repeat with: mesh simulate ');
  });

  it('a case for each property and run, a suite for each variant, the same bytes for any number of threads', async () => {
    const path = file('junit-many.yaml', failing('repetitions: 3\nsweep: { network.loss: [0, 0.3] }\n'));
    const texts = await Promise.all(
      ['1', '3'].map(async (jobs) => {
        const out = join(folder, `many-${jobs}.xml`);
        expect((await runMesh(['simulate', path, '--junit', out, '--jobs', jobs])).exitCode).toBe(3);
        return readFileSync(out, 'utf8');
      }),
    );
    expect(texts[1]).toBe(texts[0]);
    const { suites, cases } = readXml(texts[0]);
    expect(suites.map(({ tests, failures, errors }) => [tests, failures, errors])).toEqual([
      ['18', '3', '0'],
      ['9', '0', '0'],
      ['9', '3', '0'],
    ]);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(9);
    const failed = cases.filter(({ trouble }) => trouble === 'failure');
    const [, recipe] = /repeat with: (mesh simulate .*)/.exec(failed[2].text) ?? [];
    expect(shell(recipe).status).toBe(3);
  });
});
