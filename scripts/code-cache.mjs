/**
 * Leaves code caches for the Node that builds. A cache holds the functions that have run, so each command is run a few
 * times in the ways people run it, each time adding to its cache; bin/run.js does the rest.
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { fromRoot } from './paths.mjs';

/** How a command is exercised, besides its help and a flag that does not exist. */
const exercises = new Map([
  [
    'pattern',
    [
      ['--steps', '200'],
      ['--steps', '20', '--json'],
    ],
  ],
  ['simulate', [['examples/mesh-demo.yaml'], ['examples/mesh-demo.yaml', '--json']]],
]);

/** The commands in src/commands/index.ts, read off its list without loading any. */
export async function commandNames() {
  const { code } = await transform(await readFile(fromRoot('src/commands/index.ts'), 'utf8'), {
    loader: 'ts',
    format: 'cjs',
  });
  const module = { exports: { commands: {} } };
  runInNewContext(code, { module, exports: module.exports });
  return Object.keys(module.exports.commands);
}

/**
 * @param {string} folder where the caches go
 * @param {readonly string[]} commands names of all commands
 */
export async function warmCaches(folder, commands) {
  await rm(folder, { recursive: true, force: true });
  const rounds = commands.map((command) => [
    ...(exercises.get(command) ?? []).map((words) => [command, ...words]),
    [command, '--no-such-flag'],
  ]);
  rounds.push([[], ['--help'], ...commands.map((command) => [command, '--help'])]);
  rounds.push([['no-such-command'], ['--version'], ['--no-such-flag']]);
  await Promise.all(
    rounds.map(async (round) => {
      for (const words of round) await exercise(folder, words);
    }),
  );
}

/**
 * @param {string} folder
 * @param {readonly string[]} words
 */
function exercise(folder, words) {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _, ...environment } = process.env;
    const child = spawn(process.execPath, [fromRoot('bin/run.js'), ...words], {
      stdio: 'ignore',
      cwd: fromRoot('.'),
      env: { ...environment, MESH_CODE_CACHE: folder, MESH_CODE_CACHE_GROW: '1' },
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
