/**
 * How long a command takes to start, as people feel it: the whole process, against a Node that does nothing. The two take
 * turns, so that a machine that slows down slows both; the figure to quote is the median of the ratios.
 *
 *     node bench/startup/measure.mjs [--runs 30] [--node /path/to/node] [--json]
 *
 * Caches are warm: each command runs twice before it is measured.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '30' },
    node: { type: 'string', default: process.execPath },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
const root = fileURLToPath(new URL('../../', import.meta.url));

const bare = ['-e', '0'];
const cases = [
  '--version',
  '--help',
  'pattern --help',
  'pattern --seed 7 --steps 200',
  'pattern --seed 7 --steps 200 --json',
  'pattern --sed 7',
  'patern',
].map((line) => ({ line, words: ['bin/run.js', ...line.split(' ')] }));

/** Wall time of one process whose output goes into pipes, in milliseconds. */
function timeMs(/** @type {string[]} */ words) {
  const start = process.hrtime.bigint();
  const { error } = spawnSync(options.node, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  if (error) throw error;
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(/** @type {number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const version = spawnSync(options.node, ['--version'], { encoding: 'utf8' }).stdout.trim();
const rows = cases.map(({ line, words }) => {
  timeMs(words);
  timeMs(words);
  const pairs = Array.from({ length: runs }, () => ({ mesh: timeMs(words), node: timeMs(bare) }));
  const meshMs = pairs.map(({ mesh }) => mesh);
  const nodeMs = pairs.map(({ node }) => node);
  return {
    command: `mesh ${line}`,
    ratio: median(pairs.map(({ mesh, node }) => mesh / node)),
    meshMs: median(meshMs),
    nodeMs: median(nodeMs),
    ratioOfFastest: Math.min(...meshMs) / Math.min(...nodeMs),
  };
});

if (options.json) {
  console.log(JSON.stringify({ version, platform: process.platform, arch: process.arch, runs, rows }));
} else {
  console.log(`${version}, ${process.platform}-${process.arch}, ${runs} pairs each, medians`);
  console.log('command'.padEnd(44), 'ratio', '  mesh ms', ' node ms', ' fastest/fastest');
  for (const { command, ratio, meshMs, nodeMs, ratioOfFastest } of rows) {
    console.log(
      command.padEnd(44),
      ratio.toFixed(2).padStart(5),
      meshMs.toFixed(1).padStart(9),
      nodeMs.toFixed(1).padStart(8),
      ratioOfFastest.toFixed(2).padStart(16),
    );
  }
}
