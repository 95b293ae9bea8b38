/**
 * One fingerprint, whatever computes it: runs examples, repetitions and a reference scenario under every Node that is named or found, with one
 * job and with three, and compares all bytes of the results but the engine's. Needs a build (`npm run bundle`).
 *
 *     node scripts/node-versions.mjs [path of a node ...]
 *
 * Without paths it looks at MESH_NODES (paths, separated by colons) and at the usual places of nvm, fnm, volta and n. Where there is no
 * other Node than this one, it says so and compares the numbers of jobs alone.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fromRoot } from './paths.mjs';

const home = homedir();
const places = [
  [join(home, '.nvm/versions/node'), 'bin/node'],
  [join(home, '.local/share/fnm/node-versions'), 'installation/bin/node'],
  [join(home, '.volta/tools/image/node'), 'bin/node'],
  ['/usr/local/n/versions/node', 'bin/node'],
];

/** @returns {string[]} every Node worth trying, this one first */
function candidates() {
  const named = [...process.argv.slice(2), ...(process.env.MESH_NODES ?? '').split(delimiter)].filter(
    Boolean,
  );
  const found = places.flatMap(([folder, below]) =>
    existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, below)) : [],
  );
  const all = [process.execPath, ...(named.length > 0 ? named : found)].filter((path) => existsSync(path));
  return [...new Set(all.map((path) => realpathSync(path)))];
}

/** @param {string} node @param {string[]} args @returns {string} */
function ask(node, args) {
  try {
    return execFileSync(node, args, {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // An example may fail on purpose: its result is on standard output all the same.
    const { stdout } = /** @type {{ stdout?: string }} */ (error);
    if (stdout === undefined || stdout === '') throw error;
    return stdout;
  }
}

/**
 * Results as bytes, without what is measured of the machine.
 * @param {string} text JSON
 */
function withoutEngine(text) {
  return JSON.stringify(JSON.parse(text, (key, value) => (key === 'engine' ? undefined : value)));
}

const examples = readdirSync(fromRoot('examples')).filter((name) => name.endsWith('.yaml'));
const runs = [
  ...examples.map((name) => ({ name, args: [fromRoot(`examples/${name}`)] })),
  ...['1', '3'].map((jobs) => ({
    name: 'demers-1987, 12 repetitions',
    args: [fromRoot('reference/demers-1987.yaml'), '--repetitions', '12', '--jobs', jobs],
  })),
  ...['1', '3'].map((jobs) => ({
    name: 'rumour-poisson-1k, 6 repetitions',
    args: [fromRoot('reference/rumour-poisson-1k.yaml'), '--repetitions', '6', '--jobs', jobs],
  })),
];

const nodes = candidates();
/** @type {Map<string, Map<string, string[]>>} by name of the run, by digest of its result: where it came out */
const results = new Map();
/** @type {Set<string>} */
const versions = new Set();
for (const node of nodes) {
  const version = ask(node, ['--version']).trim();
  if (versions.has(version)) continue;
  versions.add(version);
  if (Number(version.slice(1).split('.')[0]) < 20) {
    process.stdout.write(`${version}: too old, left out\n`);
    continue;
  }
  for (const { name, args } of runs) {
    const text = ask(node, [fromRoot('bin/run.js'), 'simulate', ...args, '--json']);
    const digest = createHash('sha256').update(withoutEngine(text)).digest('hex').slice(0, 16);
    const byDigest = results.get(name) ?? new Map();
    results.set(name, byDigest);
    const jobs = args.includes('--jobs') ? ` with ${args[args.length - 1]} jobs` : '';
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), `${version}${jobs}`]);
  }
  process.stdout.write(`${version}: ${runs.length} runs\n`);
}

if (versions.size === 1) process.stdout.write('No other Node was found: name some, or set MESH_NODES.\n');
let parted = 0;
for (const [name, byDigest] of results) {
  if (byDigest.size === 1) continue;
  parted++;
  for (const [digest, where] of byDigest)
    process.stdout.write(`${name}: ${digest} from ${where.join(', ')}\n`);
}
const verdict = parted === 0 ? 'have one result each' : `of which ${parted} differ`;
process.stdout.write(`${results.size} scenarios under ${versions.size} versions of Node ${verdict}\n`);
process.exitCode = parted === 0 ? 0 : 1;
