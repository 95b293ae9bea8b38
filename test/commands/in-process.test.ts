/** Commands in this process, through the framework's own test kit: quicker than a process, with the same words and codes. */
import { fileURLToPath } from 'node:url';
import { captureOutput } from '@oclif/test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { commands } from '../../src/commands/index.js';

// Our output goes to the descriptors themselves; here it takes the way through the streams that the kit listens to.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const streams: Readonly<Record<number, NodeJS.WriteStream | undefined>> = {
    1: process.stdout,
    2: process.stderr,
  };
  const writeSync = (descriptor: number, ...rest: [string | Uint8Array, number?, number?]): number => {
    const stream = streams[descriptor];
    if (stream === undefined) return fs.writeSync(descriptor, ...(rest as [Uint8Array]));
    const [data, offset = 0, length] = rest;
    const text =
      typeof data === 'string'
        ? data
        : Buffer.from(data)
            .subarray(offset, length && offset + length)
            .toString();
    stream.write(text);
    return Buffer.byteLength(text);
  };
  const plainFile = { isFIFO: () => false, isSocket: () => false, isCharacterDevice: () => false };
  const fstatSync = (descriptor: number): unknown =>
    descriptor in streams ? plainFile : fs.fstatSync(descriptor);
  return { ...fs, writeSync, fstatSync };
});

const root = fileURLToPath(new URL('../../', import.meta.url));
const pjson = { name: 'mesh-toolkit', version: '0.0.0', oclif: { bin: 'mesh' } };

async function run(words: readonly string[]): Promise<{ stdout: string; stderr: string; exitCode: unknown }> {
  process.exitCode = undefined;
  const { stdout, stderr } = await captureOutput(() => main(commands, { root, pjson }, words), {
    print: false,
  });
  return { stdout, stderr, exitCode: process.exitCode };
}

afterEach(() => {
  // The commands set it, and it is ours now.
  process.exitCode = undefined;
});

describe('every command', () => {
  it.each(Object.keys(commands))('mesh %s --help shows usage, examples and --json', async (name) => {
    const { stdout } = await run([name, '--help']);
    expect(stdout).toContain('USAGE');
    expect(stdout).toContain(`$ mesh ${name}`);
    expect(stdout).toContain('EXAMPLES');
    expect(stdout).toContain('--json');
  });

  it.each(Object.keys(commands))('mesh %s refuses an unknown flag with one line and code 2', async (name) => {
    const { stdout, stderr, exitCode } = await run([name, '--no-such-flag']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('no-such-flag');
  });
});

it('mesh pattern says the first values', async () => {
  const { stdout, exitCode } = await run(['pattern', '--steps', '3', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ values: [7, 4, 1] });
});

describe('mesh simulate refuses what would have no effect, in one line and before any run', () => {
  const scenario = `${root}examples/threats.yaml`;
  const search = ['--search', 'network.loss', '--until', 'nodesUp > 1'];
  const many = ['--repetitions', '2'];
  it.each([
    ...['telemetry', 'junit', 'bundle', 'record', 'series', 'messages', 'csv'].flatMap((output) => [
      ['--compare-authentication', `--${output}`, 'nowhere/x'],
      [...search, `--${output}`, 'nowhere/x'],
      ['--permute-ties', `--${output}`, 'nowhere/x'],
    ]),
    ...['telemetry', 'record', 'series', 'messages'].map((output) => [...many, `--${output}`, 'nowhere/x']),
    ['--compare-authentication', '--repetitions', '3'],
    ['--compare-authentication', '--jobs', '3'],
    ['--compare-authentication', '--check-determinism'],
    ['--compare-authentication', '--permute-ties'],
    ['--compare-authentication', ...search],
    ['--compare-authentication', '--set', 'sweep={network.loss: [0, 0.1]}'],
    ['--csv', 'nowhere/x'],
    ['--junit', ''],
    ['--junit', '-', ...many],
    ['--bundle', ''],
    ['--telemetry', '-'],
    ['--junit', 'nowhere/x', ...many],
  ])('%j', async (...words) => {
    const { stdout, stderr, exitCode } = await run(['simulate', scenario, ...words]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
