/**
 * Builds what is shipped: `dist/core` (the library, as ES modules with types) and `dist/cli` (the program, as one bundle
 * with V8 code caches for the Node that builds). Both are made side by side; the whole takes a few seconds and needs
 * nothing but devDependencies. `node scripts/build.mjs --program` makes the program alone, for quick rounds; `--if-changed` does nothing
 * when nothing has changed since the last whole build: npm prepares a package again for the first `npx mesh` after `npm ci`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { bundleProgram, programEntry } from './bundle.mjs';
import { commandNames, warmCaches } from './code-cache.mjs';
import { fromRoot } from './paths.mjs';

/** @param {string[]} words */
function runNode(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: fromRoot('.'), stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(undefined) : reject(new Error(`${words[0]} failed`))));
  });
}

async function buildLibrary() {
  await rm(fromRoot('dist/core'), { recursive: true, force: true });
  await runNode([fromRoot('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
}

async function buildProgram() {
  const folder = fromRoot('dist/cli');
  await rm(folder, { recursive: true, force: true });
  await bundleProgram(folder, await programEntry());
  await warmCaches(`${folder}/cache`, await commandNames());
}

const stamp = fromRoot('dist/built.txt');

/** One line for the state of everything that a build reads, and of the Node that it builds for. */
async function stateOfSources() {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}\n`);
  for (const place of [
    'src',
    'scripts',
    'bin',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ]) {
    const path = fromRoot(place);
    const names = (await stat(path)).isDirectory() ? await readdir(path, { recursive: true }) : [''];
    for (const name of names.sort()) {
      const { size, mtimeMs } = await stat(`${path}/${name}`.replace(/\/$/, ''));
      hash.update(`${place}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

const isWhole = !process.argv.includes('--program');
try {
  const state = await stateOfSources();
  const isBuilt = (await readFile(stamp, 'utf8').catch(() => '')) === state;
  if (process.argv.includes('--if-changed') && isBuilt) process.exit();
  await rm(stamp, { force: true });
  await Promise.all([buildProgram(), isWhole ? buildLibrary() : undefined]);
  await mkdir(fromRoot('dist'), { recursive: true });
  if (isWhole || isBuilt) await writeFile(stamp, state);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
