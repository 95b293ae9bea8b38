/** The manners of every command, tried on real processes: exit codes, errors, help, JSON and colours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureProgram, fixtureProgram } from '../helpers/fixture-program.js';
import { type MeshRun, type MeshRunOptions, runMesh } from '../helpers/run-mesh.js';

let program: FixtureProgram;
beforeAll(async () => {
  program = await fixtureProgram('test/cli/fixtures/commands.ts');
});
afterAll(() => program.remove());

function mesh(line: string, options: MeshRunOptions = {}): Promise<MeshRun> {
  const env = { MESH_CODE_CACHE: 'off', ...options.env };
  return runMesh(line === '' ? [] : line.split(' '), { ...options, entry: program.entry, env });
}

describe('an outcome', () => {
  it('is painted for people', async () => {
    const run = await mesh('say hello');
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toBe(
      [
        'Said',
        'word             hello',
        'number of steps  3',
        '',
        '┌──────┬───────┐',
        '│ step │ value │',
        '├──────┼───────┤',
        '│    1 │ one   │',
        '│   20 │ two   │',
        '└──────┴───────┘',
        '',
        'The end.',
        '',
      ].join('\n'),
    );
  });

  it('is one line of JSON for programs', async () => {
    expect(await mesh('say hello --steps 5 --json')).toMatchObject({
      exitCode: 0,
      stdout: '{"word":"hello","steps":5}\n',
      stderr: '',
    });
  });

  it('brings its exit code, also with --json', async () => {
    expect(await mesh('find')).toMatchObject({ exitCode: 3, stdout: '1 finding\n' });
    expect(await mesh('find --json')).toMatchObject({ exitCode: 3, stdout: '{"findings":1}\n' });
  });
});

describe('a mishap', () => {
  it('is one line a problem on stderr, and an envelope with --json', async () => {
    const lines =
      'mesh refuse: a.yaml:1:2: unknown key "sed". Did you mean seed?\nmesh refuse: a.yaml:3:4: no nodes (expected at least 1)\n';
    expect(await mesh('refuse')).toMatchObject({ exitCode: 2, stdout: '', stderr: lines });
    const run = await mesh('refuse --json');
    expect(run).toMatchObject({ exitCode: 2, stderr: lines });
    const { error } = JSON.parse(run.stdout) as { error: Record<string, unknown> };
    expect(error.code).toBe('bad-scenario');
    expect(error.problems).toHaveLength(2);
    expect(run.stdout.endsWith('}\n')).toBe(true);
  });

  it.each([
    ['say', 'mesh say: missing argument WORD. See --help.'],
    ['say a b', 'mesh say: unexpected argument "b". See --help.'],
    ['say a --step 3', 'mesh say: unknown flag "--step". Did you mean --steps?'],
    ['say a --steps', 'mesh say: flag --steps expects a value'],
    ['say a --steps 10', 'mesh say: --steps: "10" is not a whole number in range (expected 1 to 9)'],
    ['say a --steps 1e1', 'mesh say: --steps: "1e1" is not a whole number in range (expected 1 to 9)'],
    ['say a --json=yes', 'mesh say: --json: it takes no value. Leave out what follows the =.'],
    ['say a --constructor', 'mesh say: unknown flag "--constructor". See --help.'],
    ['say a --__proto__=1', 'mesh say: unknown flag "--__proto__=1". See --help.'],
    ['say a --size huge', 'mesh say: --size: there is no "huge" (expected one of small, large)'],
    ['sya hello', 'mesh: unknown command "sya". Did you mean mesh say?'],
    ['constructor', 'mesh: unknown command "constructor". See mesh --help.'],
    ['help sya', 'mesh: unknown command "sya". Did you mean mesh say?'],
    ['--hepl', 'mesh: unknown flag "--hepl" (expected a command first). Did you mean --help?'],
  ])('of the command line is one clear line: mesh %s', async (line, stderr) => {
    expect(await mesh(line)).toMatchObject({ exitCode: 2, stdout: '', stderr: `${stderr}\n` });
  });

  it('is the same line in the envelope, without the words of the framework', async () => {
    const { stdout } = await mesh('say a --steps 10 --json');
    const message = '--steps: "10" is not a whole number in range (expected 1 to 9)';
    expect(JSON.parse(stdout)).toMatchObject({ error: { message } });
  });

  it('shows foreign text with its controls made visible', async () => {
    const run = await runMesh(['say', 'a', '--\u001b[31mred\u202e'], { entry: program.entry });
    expect(run.stderr).toBe('mesh say: unknown flag "--\\u001b[31mred\\u202e". See --help.\n');
  });
});

describe('a bug', () => {
  it('is one line without a stack, exit code 70', async () => {
    const run = await mesh('crash');
    expect(run).toMatchObject({ exitCode: 70, stdout: '' });
    expect(run.stderr).toMatch(
      /^mesh crash: this is a bug in mesh.*TypeError: boom \\u001b\[31m red.*DEBUG=1.*\n$/,
    );
    expect(JSON.parse((await mesh('crash --json')).stdout)).toMatchObject({ error: { code: 'bug' } });
  });

  it('shows where with DEBUG=1', async () => {
    const { stderr } = await mesh('crash', { env: { DEBUG: '1' } });
    expect(stderr).toMatch(/\n.*at .*execute/);
  });

  it('outside of any promise ends the process with 70 too', async () => {
    const run = await mesh('crash --later 1');
    expect(run.exitCode).toBe(70);
    expect(run.stderr.split('\n')).toHaveLength(2);
    expect(run.stderr).toContain('RangeError: boom later');
  });
});

describe('help', () => {
  it.each(['', 'help', '--help', '-h'])('lists the commands: mesh %s', async (line) => {
    const run = await mesh(line);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(
      /^A program for tests\.\n[\s\S]*\$ mesh \[COMMAND\][\s\S]*\n {2}say +Say something in blocks\n/,
    );
  });

  it.each(['help say', 'say --help', 'say nonsense -h', '--help say'])(
    'explains one: mesh %s',
    async (line) => {
      const run = await mesh(line);
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(run.stdout).toMatch(/^Say something in blocks\n\nUSAGE\n {2}\$ mesh say WORD/);
      expect(run.stdout).toContain('--steps=<n>');
      expect(run.stdout).toContain('--json');
    },
  );

  it('does not answer to what stands behind --', async () => {
    expect(await mesh('say --json -- --help')).toMatchObject({
      exitCode: 0,
      stdout: '{"word":"--help","steps":3}\n',
    });
  });

  it('introduces itself with --version', async () => {
    expect((await mesh('--version')).stdout).toMatch(/^fixture\/1\.2\.3 \S+ node-v\d+\.\d+\.\d+\n$/);
  });
});

describe('colour', () => {
  const escape = '\u001b[';
  it('is not for pipes', async () => {
    expect((await mesh('say x')).stdout).not.toContain(escape);
    expect((await mesh('help')).stdout).not.toContain(escape);
  });
  it('comes with FORCE_COLOR and goes with NO_COLOR, for text, tables and help', async () => {
    for (const line of ['say x', 'help']) {
      expect((await mesh(line, { env: { FORCE_COLOR: '1' } })).stdout).toContain(escape);
      expect((await mesh(line, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(escape);
      expect((await mesh(line, { env: { FORCE_COLOR: '0' } })).stdout).not.toContain(escape);
    }
  });
});
