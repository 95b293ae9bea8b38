/**
 * How fast values leave through a pipe, against the fastest writers there are: `yes`, which does nothing but write, and `seq`, which
 * at least counts. Producers take turns, so that a machine that slows down slows all; the figure to quote is the median of the ratios.
 *
 *     node bench/pattern/measure.mjs [--runs 9] [--bytes 4000000000] [--json]
 *
 * Needs a build (`npm run bundle`), and sh, cat, head, yes and seq. Nothing else should be running.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    bytes: { type: 'string', default: '4000000000' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
const bytes = Number(options.bytes);
const mesh = `'${process.execPath}' '${fileURLToPath(new URL('../../bin/run.js', import.meta.url))}' pattern`;

/** Ours and the other, and how many bytes pass in one run of each. Seconds are of the whole pipeline, start-up included. */
const cases = [
  {
    name: '10^8 steps into cat, against seq',
    ours: `${mesh} --steps 100000000 | cat >/dev/null`,
    other: 'seq 100000000 | cat >/dev/null',
  },
  {
    name: `${bytes / 1e9} GB into head, against yes`,
    ours: `${mesh} --steps ${Math.ceil(bytes / 2)} 2>/dev/null | head -c ${bytes} >/dev/null`,
    other: `yes | head -c ${bytes} >/dev/null`,
    bytes,
  },
  {
    name: '10^7 steps as JSON, against 10^7 as lines',
    ours: `${mesh} --steps 10000000 --json | cat >/dev/null`,
    other: `${mesh} --steps 10000000 | cat >/dev/null`,
  },
  {
    name: '10^7 steps as CSV, against seq',
    ours: `${mesh} --steps 10000000 --csv | cat >/dev/null`,
    other: 'seq 10000000 | cat >/dev/null',
  },
];

const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadBefore: loadavg()[0],
};

/** Wall time of a pipeline in seconds. */
function timeS(/** @type {string} */ pipeline) {
  const start = process.hrtime.bigint();
  const { status, error } = spawnSync('sh', ['-c', pipeline], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error || status !== 0) throw error ?? new Error(`failed: ${pipeline}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function summary(/** @type {number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0], median: sorted[sorted.length >> 1], max: sorted[sorted.length - 1] };
}

const rows = cases.map(({ name, ours, other, bytes: volume }) => {
  timeS(ours);
  timeS(other);
  const pairs = Array.from({ length: runs }, () => ({ ours: timeS(ours), other: timeS(other) }));
  const oursS = summary(pairs.map((pair) => pair.ours));
  return {
    name,
    oursS,
    otherS: summary(pairs.map((pair) => pair.other)),
    /** Above 1 we are faster. */
    speedRatio: summary(pairs.map((pair) => pair.other / pair.ours)),
    gigabytesPerSecond: volume === undefined ? undefined : volume / 1e9 / oursS.median,
  };
});
if (options.json) {
  process.stdout.write(`${JSON.stringify({ machine, runs, rows })}\n`);
} else {
  const two = (/** @type {number} */ value) => value.toFixed(2);
  process.stdout.write(
    `Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, load ${two(machine.loadBefore)}, ${runs} runs each\n\n` +
      '| work | mesh, s (min .. max) | other, s | speed ratio | GB/s |\n| --- | --- | --- | --- | --- |\n' +
      rows
        .map(
          ({ name, oursS, otherS, speedRatio, gigabytesPerSecond }) =>
            `| ${name} | ${two(oursS.median)} (${two(oursS.min)} .. ${two(oursS.max)}) | ${two(otherS.median)} | ` +
            `${two(speedRatio.median)} (${two(speedRatio.min)} .. ${two(speedRatio.max)}) | ` +
            `${gigabytesPerSecond === undefined ? '' : two(gigabytesPerSecond)} |\n`,
        )
        .join(''),
  );
}
