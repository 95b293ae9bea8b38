/** What leaves the program arrives, or is said to be lost: slow readers, readers that leave, full disks and Ctrl-C. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureProgram, fixtureProgram } from '../helpers/fixture-program.js';
import { testEnvironment } from '../helpers/run-mesh.js';

let program: FixtureProgram;
beforeAll(async () => {
  program = await fixtureProgram('test/cli/fixtures/commands.ts');
});
afterAll(() => program.remove());

const env = testEnvironment({ MESH_CODE_CACHE: 'off' });

/** Runs a line of shell in which $MESH is the program. */
function shell(line: string): { status: number | null; stdout: string; stderr: string } {
  const run = spawnSync('bash', ['-c', line.replaceAll('$MESH', `${process.execPath} ${program.entry}`)], {
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

function start(...words: string[]): ChildProcess {
  return spawn(process.execPath, [program.entry, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function ending(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
}

const wait = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

describe('a reader that leaves', () => {
  it('ends an endless command at once, quietly, with 0', () => {
    const { status, stdout, stderr } = shell('($MESH stream; echo "exit $?" >&2) | head -1');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'line 0\n' });
    const [, stoppedAfter] = /stopped after (\d+) lines\nexit 0\n$/.exec(stderr) ?? [];
    expect(Number(stoppedAfter)).toBeLessThan(100_000);
  });

  it('before anything is written is no error either', () => {
    for (const words of ['say x', 'help', 'find --json', '--version']) {
      expect(shell(`(sleep 0.1; $MESH ${words}; echo "exit $?" >&2) | true`)).toEqual({
        status: 0,
        stdout: '',
        stderr: 'exit 0\n',
      });
    }
  });
});

describe('a slow reader', () => {
  it('gets every byte, however long it pauses', async () => {
    // Longer than the time-out of the framework's own flush would be too long for a test that runs often; see CONTRIBUTING.
    const pauseMs = Number(process.env.MESH_TEST_PAUSE_MS ?? 2000);
    const child = start('stream', '--lines', '200000');
    const done = ending(child);
    await wait(pauseMs);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    expect(await done).toEqual({ code: 0, signal: null });
    const lines = text.split('\n');
    expect(lines).toHaveLength(200_001);
    expect(lines[199_999]).toBe('line 199999');
  });

  it('gets the whole of a result that is bigger than a pipe', () => {
    const { stdout } = shell(`$MESH say $(head -c 100000 /dev/zero | tr '\\0' x) --json | (sleep 0.5; cat)`);
    expect(stdout).toHaveLength(100_000 + '{"word":"","steps":3}\n'.length);
  });
});

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  it.each(['stream --lines 10', 'say x', 'say x --json', 'help', '--version'])(
    'exits 4: mesh %s',
    (words) => {
      const { status, stderr } = shell(`$MESH ${words} > /dev/full`);
      expect(status).toBe(4);
      expect(stderr).toMatch(
        /standard output: writing failed \(ENOSPC\) after 0 bytes; at least \d+ bytes are lost/,
      );
    },
  );

  it('counts what a file still took', () => {
    const { status, stderr } = shell(
      'ulimit -f 8; trap "" XFSZ; F=$(mktemp); $MESH stream > $F; S=$?; wc -c < $F >&2; rm $F; exit $S',
    );
    const [, counted] = /after (\d+) bytes/.exec(stderr) ?? [];
    const [, inFile] = /^(\d+)$/m.exec(stderr) ?? [];
    expect(status).toBe(4);
    expect(counted).toBe(inFile);
    expect(Number(inFile)).toBeGreaterThan(0);
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s lets the record at hand be finished, and exits %i', async (signal, exitCode) => {
    const child = start('stream');
    const done = ending(child);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await wait(100);
    child.kill(signal);
    expect(await done).toEqual({ code: exitCode, signal: null });
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(`line ${lines.length - 1}`);
  });

  it('is heard by work that writes nothing, whose result is still printed', async () => {
    const child = start('think', '--json');
    const done = ending(child);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text === 'thinking\n') child.kill('SIGINT');
    });
    expect(await done).toEqual({ code: 130, signal: null });
    expect(text).toBe('thinking\n{"interrupted":true}\n');
  });

  it('is heard although the reader has paused', async () => {
    const child = start('stream');
    const done = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    // Something has come, and nobody takes it.
    await new Promise((resolve) => child.stdout?.once('readable', resolve));
    await wait(200);
    child.kill('SIGINT');
    const watch = wait(3000).then(() => 'still there');
    expect(await Promise.race([done, watch])).toBe(130);
    child.stdout?.destroy();
  });

  it.each([0, 20])(
    'that comes twice, as from timeout and npx, is one wish (%i ms apart)',
    async (apartMs) => {
      const child = start('think', '--json');
      const done = ending(child);
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text !== 'thinking\n') return;
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGTERM'), apartMs);
      });
      expect(await done).toEqual({ code: 130, signal: null });
      expect(text).toBe('thinking\n{"interrupted":true}\n');
    },
  );

  it('that comes twice ends the process at once', async () => {
    const child = start('deaf');
    const done = ending(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    await wait(200);
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    expect(await done).toEqual({ code: 130, signal: null });
  });

  it.each(['stream', 'think'])('that nobody expects more of: closed stdout from the start (%s)', (words) => {
    const closed = openSync('/dev/null', 'r');
    const run = spawnSync(process.execPath, [program.entry, words], {
      env,
      stdio: ['ignore', closed, 'pipe'],
      timeout: 5000,
    });
    expect(run.status).toBe(4);
  });
});
