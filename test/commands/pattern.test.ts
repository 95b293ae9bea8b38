/** `mesh pattern` as its users meet it: real processes, real pipes. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patterns } from '../../src/core/patterns/registry.js';
import { type MeshRunOptions, meshEntry, runMesh, testEnvironment } from '../helpers/run-mesh.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-pattern-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a good command and returns its output. */
async function output(words: string, options?: MeshRunOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runMesh(['pattern', ...words.split(' ')], options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** The first 100 values of seed 7 by hand: the three digits of 7, 49 -> 4, 28 -> 1 in turn. */
const phase = Array.from({ length: 100 }, (_, k) => [7, 4, 1][k % 3]);

interface Stopped {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command, calls `disturb` at its first output, and waits for its end. */
function disturbed(
  words: readonly string[],
  disturb: (child: ReturnType<typeof spawn>) => void,
): Promise<Stopped> {
  const child = spawn(process.execPath, [meshEntry, ...words], { env: testEnvironment(), stdio: 'pipe' });
  const chunks: Buffer[] = [];
  let stderr = '';
  child.stdout.once('data', () => disturb(child));
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout: Buffer.concat(chunks).toString(), stderr }),
    );
  });
}

describe('mesh pattern in a pipe', () => {
  it('P-18: prints 200 values, one a line, unless told otherwise', async () => {
    const { exitCode, stdout } = await runMesh(['pattern']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe([...phase, ...phase].map((value) => `${value}\n`).join(''));
  });

  it('takes seed, steps, from and interval', async () => {
    expect(await output('--seed 7 --steps 200')).toBe(
      [...phase, ...phase].map((value) => `${value}\n`).join(''),
    );
    expect(await output('--from 99 --steps 4')).toBe('7\n7\n4\n1\n');
    expect(await output('--seed 2 --steps 8 --interval 7')).toBe('2\n4\n8\n7\n5\n1\n2\n2\n');
    expect(await output('--seed 9007199254740991 --steps 3 --interval 2')).toBe(
      '9007199254740991\n7\n9007199254740991\n',
    );
    expect(await output('--from 9007199254740991 --steps 1')).toBe('4\n');
    expect(await output('--steps 0')).toBe('');
  });

  it('--csv: step,value under a heading', async () => {
    expect(await output('--from 98 --steps 4 --csv')).toBe('step,value\n98,1\n99,7\n100,7\n101,4\n');
  });

  it('--json: one object with values, resets and analysis', async () => {
    const words = await output('--from 50 --steps 200 --json');
    expect(words.endsWith('}\n')).toBe(true);
    const result = JSON.parse(words) as Record<string, unknown>;
    expect(result).toMatchObject({
      pattern: 'digit-collapse',
      seed: 7,
      phaseResetInterval: 100,
      from: 50,
      steps: 200,
      isSecurity: false,
      resets: [100, 200],
      values: [...phase.slice(50), ...phase, ...phase.slice(0, 50)],
      complete: true,
      analysis: {
        period: 3,
        preperiod: 0,
        repeatsAfter: 100,
        distinctValues: 3,
        odds: { blind: 1 / 9, informed: 0.34, observed: 1, exact: { informed: '17/50' } },
        noticed: { alteredValue: 1, alteredStep: 0.6666, alteredPayload: 0 },
        warnings: [],
      },
    });
  });

  it('--json: is whole for no steps, one step and a comparison that is never noticed', async () => {
    expect(JSON.parse(await output('--steps 0 --json'))).toMatchObject({
      values: [],
      resets: [],
      complete: true,
    });
    expect(JSON.parse(await output('--steps 1 --json'))).toMatchObject({ values: [7], resets: [0] });
    expect(JSON.parse(await output('--interval 99 --against-interval 198 --json'))).toMatchObject({
      analysis: { against: { noticed: 'never', differs: 0, expectedMessages: null } },
    });
  });

  it('--analyze: the strength, and that it is no security', async () => {
    const words = await output('--seed 7 --analyze');
    expect(words).toMatch(/informed +34 %/);
    expect(words.replace(/\s+/g, ' ')).toContain('a synchronisation check and not security');
    expect(await output('--interval 99 --analyze --against-interval 198')).toContain('never');
    expect(await output('--against-seed 16')).toMatch(/│ +16 │ +100 │ +1 % │ +100 │/);
  });
});

describe('mesh pattern --pattern hmac', () => {
  // printf '\0\0\0\0\0\0\0\1' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef, first 12 hex digits
  const key = '0123456789abcdef0123456789abcdef';
  const valueOfStep1 = 0x5b3d79beea0a;
  const words = '--pattern hmac --from 1 --steps 1';

  it('takes the key from a file, without one line end', async () => {
    for (const [name, content] of Object.entries({ bare: key, unix: `${key}\n`, dos: `${key}\r\n` })) {
      const path = join(folder, name);
      await writeFile(path, content);
      expect(await output(`${words} --key-file ${path}`)).toBe(`${valueOfStep1}\n`);
    }
    const twice = join(folder, 'twice');
    await writeFile(twice, `${key}\n\n`);
    expect(await output(`${words} --key-file ${twice}`)).not.toBe(`${valueOfStep1}\n`);
  });

  it('takes the key from the environment, after the file', async () => {
    const env = { MESH_PATTERN_KEY: key };
    expect(await output(words, { env })).toBe(`${valueOfStep1}\n`);
    const other = join(folder, 'other');
    await writeFile(other, 'another key');
    expect(await output(`${words} --key-file ${other}`, { env })).not.toBe(`${valueOfStep1}\n`);
  });

  it('never prints the key', async () => {
    const path = join(folder, 'key');
    await writeFile(path, key);
    for (const form of ['--json', '--analyze', '--csv']) {
      expect(await output(`--pattern hmac --key-file ${path} ${form}`)).not.toContain(key);
    }
  });
});

describe('mesh pattern, long outputs', () => {
  it('writes ten million lines, all of them', async () => {
    const block = phase.map((value) => `${value}\n`).join('');
    const expected = createHash('sha256');
    for (let i = 0; i < 100_000; i++) expected.update(block);
    const words = await output('--steps 10000000');
    expect(createHash('sha256').update(words).digest('hex')).toBe(expected.digest('hex'));
  });

  // A string of all values would need several times the heap that is left to the process.
  const small = { env: { NODE_OPTIONS: '--max-old-space-size=32' } };

  it('--json streams ten million values', async () => {
    const words = await output('--steps 10000000 --json', small);
    const { values, resets, complete } = JSON.parse(words) as Record<string, number[]>;
    expect(complete).toBe(true);
    expect([values.length, resets.length]).toEqual([10_000_000, 100_000]);
    // Every phase adds up to 34 * 7 + 33 * 4 + 33 * 1.
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(100_000 * 403);
  });

  it('--csv streams three million lines', async () => {
    const words = await output('--steps 3000000 --csv', small);
    expect(words.endsWith('\n2999999,7\n')).toBe(true);
    expect(words.split('\n').length).toBe(3_000_002);
  });

  it.each(['', '--json', '--csv', '--csv --interval 9007199254740991'])(
    'ends quietly and soon when the reader leaves: %s',
    async (form) => {
      const words = ['pattern', '--steps', '1000000000000000', ...form.split(' ').filter(Boolean)];
      const { exitCode, signal, stderr } = await disturbed(words, (child) => child.stdout?.destroy());
      expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: null, stderr: '' });
    },
  );

  it('leaves whole lines behind when it is interrupted', async () => {
    const words = ['pattern', '--seed', '12345', '--steps', '1000000000000000'];
    const { exitCode, stdout } = await disturbed(words, (child) => child.kill('SIGINT'));
    expect(exitCode).toBe(130);
    const lines = stdout.slice(-20_000).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.slice(1).every((line) => /^([1-9]|12345)$/.test(line))).toBe(true);
  });

  it('--json: closes its brackets when it is interrupted, and says that it is not complete', async () => {
    const words = ['pattern', '--interval', '1000000000000', '--steps', '1000000000000000', '--json'];
    const { exitCode, stdout } = await disturbed(words, (child) => child.kill('SIGINT'));
    expect(exitCode).toBe(130);
    expect(stdout.endsWith('],"complete":false}\n')).toBe(true);
    // However early the signal came: what is there is the beginning of the sequence.
    const { values } = JSON.parse(stdout) as { values: number[] };
    expect(values.findIndex((value, step) => value !== [7, 4, 1][step % 3])).toBe(-1);
  });
});

describe('mesh pattern, refusals', () => {
  it.each([
    ['--seed 0', '--seed'],
    ['--seed 1.5', '--seed'],
    ['--seed 9007199254740992', '--seed'],
    ['--seed seven', '--seed'],
    ['--interval 0', '--interval'],
    ['--interval -1', '--interval'],
    ['--steps -1', '--steps'],
    ['--steps 1e6', '--steps'],
    ['--from 9007199254740991 --steps 2', '--steps'],
    ['--from 9007199254740992', '--from'],
    ['--against-seed 0', '--against-seed'],
    ['--pattern digit-colapse', 'digit-collapse'],
    ['--pattern hmac', 'MESH_PATTERN_KEY'],
    ['--pattern hmac --seed 7', '--seed'],
    ['--pattern hmac --key-file no-such-file', 'no-such-file'],
    ['--key-file x', '--key-file'],
    ['--csv --json', '--csv'],
    ['--csv --analyze', '--csv'],
    ['--sed 7', '--seed'],
    ['twelve', 'twelve'],
  ])('%s: one line, exit code 2', async (words, named) => {
    const env = { MESH_PATTERN_KEY: undefined };
    const { exitCode, stdout, stderr } = await runMesh(['pattern', ...words.split(' ')], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^mesh pattern: [^\n]+\n$/);
    expect(stderr).toContain(named);
    if (!words.includes('--json')) expect(stdout).toBe('');
  });

  it('refuses an empty and an endless key', async () => {
    const path = join(folder, 'empty');
    await writeFile(path, '\n');
    const empty = await runMesh(['pattern', '--pattern', 'hmac', '--key-file', path]);
    expect([empty.exitCode, empty.stderr]).toEqual([2, expect.stringContaining('empty')]);
    await writeFile(path, 'x'.repeat(4097));
    const endless = await runMesh(['pattern', '--pattern', 'hmac', '--key-file', path]);
    expect([endless.exitCode, endless.stderr]).toEqual([2, expect.stringContaining('too long')]);
  });
});

describe('mesh pattern --help', () => {
  it('says that this is no security, names all patterns, and fits 80 columns', async () => {
    const words = await output('--help');
    expect(words.replace(/\s+/g, ' ')).toContain('a synchronisation check and not security');
    for (const name of patterns.names) expect(words).toContain(name);
    expect(Math.max(...words.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('has examples that work as written', async () => {
    const examples = [...(await output('--help')).matchAll(/^ +\$ mesh (pattern --.*)$/gm)].map(
      ([, line]) => line,
    );
    expect(examples.length).toBe(4);
    await writeFile(join(folder, 'group.key'), '0123456789abcdef0123456789abcdef');
    for (const line of examples) {
      const { exitCode, stdout } = await runMesh(line.split(' '), { cwd: folder });
      expect(exitCode, line).toBe(0);
      expect(stdout.length).toBeGreaterThan(20);
    }
  });
});
