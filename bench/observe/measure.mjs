/**
 * Compares `mesh observe` with its peers on one log, in one run: `node bench/observe/measure.mjs [rounds = 5] [FILE]`.
 * Without a file it makes one of about 1 GB. The commands take turns, so that all of them meet the same weather; each
 * figure is the median of whole processes, start included. Peers that are not installed are left out, and said so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const given = process.argv[3];
const log = given ?? path.join(tmpdir(), 'mesh-bench-observe.jsonl');
const mesh = path.join(here, '../../bin/run.js');
const node = process.execPath;
/** @param {readonly string[]} words */
const run = (words) =>
  spawnSync(words[0], words.slice(1), { cwd: here, encoding: 'utf8', maxBuffer: 1 << 24 });

if (given === undefined) run([node, 'make-log.mjs', log]);
const contenders = new Map([
  ['mesh observe, 1 thread', [node, mesh, 'observe', log, '--workers', '1', '--json']],
  ['mesh observe, 4 threads', [node, mesh, 'observe', log, '--workers', '4', '--json']],
  ['JSON.parse loop', [node, 'json-parse-loop.mjs', log]],
]);
if (existsSync(path.join(here, 'node_modules/@duckdb'))) {
  contenders.set('DuckDB, stateless, 1 thread', [node, 'duckdb.mjs', log, 'stateless', '1']);
  contenders.set('DuckDB, stateless, 4 threads', [node, 'duckdb.mjs', log, 'stateless', '4']);
  contenders.set('DuckDB, state a sender, 4 threads', [node, 'duckdb.mjs', log, 'state', '4']);
} else {
  process.stdout.write('DuckDB is left out: npm install in bench/observe brings it\n');
}
const simdjson = path.join(tmpdir(), 'mesh-bench-simdjson');
const built = run(['g++', '-O3', '-march=native', 'simdjson.cpp', '-lsimdjson', '-o', simdjson]);
if (built.status === 0) contenders.set('simdjson in C++, 1 thread', [simdjson, log]);
else process.stdout.write('simdjson is left out: it needs g++ and the Debian package libsimdjson-dev\n');

/** @type {Map<string, number[]>} */
const seconds = new Map([...contenders.keys()].map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, words] of contenders) {
    const startMs = performance.now();
    const { status, stderr } = run(words);
    if (status !== 0) process.stdout.write(`${name}: exit ${status} ${stderr.slice(0, 300)}\n`);
    seconds.get(name)?.push((performance.now() - startMs) / 1000);
  }
}

/** @param {readonly number[]} list */
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const bytes = statSync(log).size;
const loop = seconds.get('JSON.parse loop') ?? [];
process.stdout.write(
  `${(bytes / 1e9).toFixed(2)} GB, ${rounds} rounds, ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.versions.node}\n`,
);
for (const [name, list] of seconds) {
  const middle = median(list);
  const ratio = median(list.map((value, round) => loop[round] / value));
  const spread = `${Math.min(...list).toFixed(2)} to ${Math.max(...list).toFixed(2)}`;
  process.stdout.write(
    `${name.padEnd(34)} ${middle.toFixed(2).padStart(6)} s (${spread})  ${(bytes / 1e9 / middle).toFixed(3)} GB/s  ${ratio.toFixed(2)}x the loop\n`,
  );
}
if (given === undefined) rmSync(log);
