/**
 * Runs `mesh` as a real process and hands back what it said: `const { exitCode, stdout, stderr } = await runMesh(['pattern'])`.
 * The bundle in dist/ is what runs, as it does for users; `npm test` builds it first.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface MeshRun {
  /** null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MeshRunOptions {
  /** Bytes or text for standard input; default none (closed at once). */
  readonly stdin?: string | Uint8Array;
  /** Added to the environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Another entry point than bin/run.js. */
  readonly entry?: string;
  /** Sends one SIGINT after so many milliseconds, as Ctrl-C does. */
  readonly interruptAfterMs?: number;
}

/** The folder of package.json. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
export const meshEntry = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** The environment of a test run: no colours or debugging of whoever started the tests. */
export function testEnvironment(extra: MeshRunOptions['env'] = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _a, FORCE_COLOR: _b, DEBUG: _c, NODE_OPTIONS: _d, ...rest } = process.env;
  return { ...rest, ...extra };
}

export function runMesh(words: readonly string[], options: MeshRunOptions = {}): Promise<MeshRun> {
  const child = spawn(process.execPath, [options.entry ?? meshEntry, ...words], {
    cwd: options.cwd,
    env: testEnvironment(options.env),
    stdio: 'pipe',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const interrupt =
    options.interruptAfterMs === undefined
      ? undefined
      : setTimeout(() => child.kill('SIGINT'), options.interruptAfterMs);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(interrupt);
      resolve({
        exitCode,
        signal,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
  });
}
