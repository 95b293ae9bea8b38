/**
 * Leaves packs of scripts and code caches for the Node that builds. A code cache holds the functions that have run, so each
 * command is run a few times in the ways people run it, each time adding to its pack; bin/run.js does the rest.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { fromRoot } from './paths.mjs';

/**
 * How a command is exercised, besides its help and a flag that does not exist.
 * @param {string} log a message log
 * @param {string} trace a recorded run
 * @param {string} draft a file that may be written
 * @returns {Map<string, string[]>} command lines by command
 */
const exercises = (log, trace, draft) =>
  new Map([
    ['pattern', ['--steps 200', '--steps 20 --json', '--seed 7 --analyze']],
    ['simulate', [exercise, `${exercise} --json`, 'no-such-file.yaml']],
    ['observe', [log, `${log} --json`, 'no-such-file.jsonl']],
    ['replay', [trace, `${trace} --verify`, `${trace} --at 1s --json`]],
    [
      'topology',
      ['list', 'inspect examples/topologies/abilene.graphml', 'generate ring --nodes 10 --to edge-list'],
    ],
    ['init', [`${draft} --yes`]],
  ]);
const exercise = 'examples/mesh-demo.yaml';

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
 * @param {string} folder where the packs go
 * @param {readonly string[]} commands names of all commands
 */
export async function warmCaches(folder, commands) {
  await rm(folder, { recursive: true, force: true });
  const scratch = await mkdtemp(path.join(tmpdir(), 'mesh-build-'));
  try {
    const files = ['log.jsonl', 'run.trace', 'draft.yaml'].map((name) => path.join(scratch, name));
    const [log = '', trace = '', draft = ''] = files;
    // The first exercise makes what others read.
    await run(folder, `simulate ${exercise} --messages ${log} --record ${trace}`);
    const lines = exercises(log, trace, draft);
    const rounds = commands.map((command) =>
      [...(lines.get(command) ?? []), '--no-such-flag'].map((words) => `${command} ${words}`),
    );
    rounds.push(['', '--help', ...commands.map((command) => `${command} --help`)]);
    rounds.push(['no-such-command', '--version', '--no-such-flag']);
    await Promise.all(
      rounds.map(async (round) => {
        for (const line of round) await run(folder, line);
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Runs a command line, whatever comes of it.
 * @param {string} folder
 * @param {string} line words without spaces in them
 * @returns {Promise<void>}
 */
function run(folder, line) {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const words = line.split(' ').filter((word) => word !== '');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fromRoot('bin/run.js'), ...words], {
      // Through a pipe, as for the programs that start mesh most often.
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: fromRoot('.'),
      env: { ...environment, MESH_CODE_CACHE: folder, MESH_CODE_CACHE_GROW: '1' },
    });
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
