/**
 * Builds what is shipped: `dist/core` (the library, as ES modules with types) and `dist/cli` (the program, as one bundle
 * with V8 code caches for the Node that builds). Both are made side by side; the whole takes a few seconds and needs
 * nothing but devDependencies. `node scripts/build.mjs --program` makes the program alone, for quick rounds.
 */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
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

try {
  await Promise.all([buildProgram(), process.argv.includes('--program') ? undefined : buildLibrary()]);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
