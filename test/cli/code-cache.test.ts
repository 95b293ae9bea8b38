/** A code cache makes the start quicker and nothing else: missing, foreign, torn or false ones are passed over. */
import { chmod, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FixtureProgram, fixtureProgram } from '../helpers/fixture-program.js';
import { runMesh } from '../helpers/run-mesh.js';

let program: FixtureProgram;
let folder: string;
beforeAll(async () => {
  program = await fixtureProgram('test/cli/fixtures/commands.ts');
});
afterAll(() => program.remove());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mesh-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const long = new Date('2001-02-03T04:05:06Z');

/** Runs `mesh say x --json`, expects the right answer, and tells whether a cache was written. */
async function say(env: Record<string, string | undefined> = {}): Promise<boolean> {
  const run = await runMesh(['say', 'x', '--json'], {
    entry: program.entry,
    env: { MESH_CODE_CACHE: folder, ...env },
  });
  expect(run).toEqual({ exitCode: 0, signal: null, stdout: '{"word":"x","steps":3}\n', stderr: '' });
  const [file] = await readdir(folder);
  return file !== undefined && (await stat(path.join(folder, file))).mtimeMs !== long.getTime();
}

/** The only cache file; its time is set back, so that writing it again shows. */
async function cacheFile(): Promise<string> {
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  const file = path.join(folder, files[0] ?? '');
  await utimes(file, long, long);
  return file;
}

describe('a code cache', () => {
  it('is written by the first run and used by the second', async () => {
    expect(await say()).toBe(true);
    expect(path.basename(await cacheFile())).toBe(`${process.version}-${process.arch}-say.bin`);
    expect(await say()).toBe(false);
  });

  it('is kept for each command, and for unknown words together', async () => {
    for (const words of [['find'], ['nonsense'], ['rubbish'], ['find', '--help'], []]) {
      await runMesh(words, { entry: program.entry, env: { MESH_CODE_CACHE: folder } });
    }
    const names = (await readdir(folder)).map((file) => file.split('-').at(-1) ?? '');
    expect(names.sort()).toEqual(['find.bin', 'help.bin', 'other.bin']);
  });

  it('that is damaged is passed over and written again', async () => {
    await say();
    const file = await cacheFile();
    const good = await readFile(file);
    const header = good.indexOf(10) + 1;
    const damages: Buffer[] = [
      Buffer.alloc(0),
      Buffer.from('garbage'),
      Buffer.from('[["mesh.js"]]\n'),
      Buffer.from('{}\n'),
      good.subarray(0, header),
      good.subarray(0, header + 100),
      good.subarray(0, good.length - 1),
      Buffer.concat([good.subarray(0, header), Buffer.alloc(good.length - header)]),
      // A block of a disk that was never written.
      Buffer.from(good).fill(0, 8192, 8192 + 512),
      Buffer.from(good).fill(1, good.length - 512),
      Buffer.concat([Buffer.from('[0,["mesh.js","0000000000000000",0,9]]\n'), good]),
    ];
    for (const damage of damages) {
      await writeFile(file, damage);
      await utimes(file, long, long);
      expect(await say()).toBe(true);
    }
  });

  it('of another build is not used, although the scripts have the same length', async () => {
    await say();
    const file = await cacheFile();
    const scripts = path.join(program.root, 'dist', 'cli');
    const names = (await readdir(scripts)).filter((name) => name.endsWith('.js'));
    for (const name of names) {
      const text = await readFile(path.join(scripts, name), 'latin1');
      if (!text.includes('Said')) continue;
      const digest = text.slice(-16);
      const changed = text.replace('Said', 'Told').replace(digest, [...digest].reverse().join(''));
      await writeFile(path.join(scripts, name), changed, 'latin1');
    }
    const run = await runMesh(['say', 'x'], { entry: program.entry, env: { MESH_CODE_CACHE: folder } });
    expect(run.stdout).toMatch(/^Told\n/);
    expect((await stat(file)).mtimeMs).not.toBe(long.getTime());
  });

  it.skipIf(process.getuid?.() === undefined)('that others may write is not trusted', async () => {
    await say();
    const file = await cacheFile();
    await chmod(file, 0o666);
    expect(await say()).toBe(true);
  });

  it('has no place without a home, with unusual flags, or where it is switched off', async () => {
    expect(await say({ MESH_CODE_CACHE: 'off' })).toBe(false);
    expect(await say({ NODE_OPTIONS: '--max-old-space-size=200' })).toBe(false);
    const homeless = { MESH_CODE_CACHE: undefined, HOME: undefined, XDG_CACHE_HOME: undefined };
    expect(await say({ ...homeless, LOCALAPPDATA: undefined })).toBe(false);
    expect(await say({ MESH_CODE_CACHE: '/dev/null/nowhere' })).toBe(false);
  });

  it('lies in the cache folder of the user', async () => {
    await say({ MESH_CODE_CACHE: undefined, XDG_CACHE_HOME: folder });
    expect(await readdir(folder)).toEqual(['mesh-toolkit']);
  });
});
