#!/usr/bin/env node
/**
 * The door. It opens the program that the build left in dist/cli, and brings along what V8 made of it last time: a code
 * cache, so that nothing has to be compiled again. The build leaves caches for the Node that built; any other Node makes
 * its own after the first run of each command, in the user's cache folder. A cache that is missing, foreign or torn
 * is never an error, only a slower start. MESH_CODE_CACHE names another folder, or `off`.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const root = path.join(__dirname, '..');
const programFolder = path.join(root, 'dist', 'cli');
const builtCaches = path.join(programFolder, 'cache');
const words = process.argv.slice(2);
const setting = process.env.MESH_CODE_CACHE;
/** Code is only good for the V8 that made it. */
const engine = `${process.version}-${process.arch}`;

/** Scripts by file name, each with what its evaluation exported. */
const scripts = new Map();
/** Files of code caches that have not been read yet, best first. */
let unread = [];
/** Code caches that were read, by script: `{ digest, bytes }`. */
const caches = new Map();
/** True when a script had to be compiled. */
let compiled = false;

/** Runs a script of the program once, as `require` would. */
function load(name) {
  const known = scripts.get(name);
  if (known !== undefined) return known.module.exports;
  const file = path.join(programFolder, name);
  const source = fs.readFileSync(file, 'utf8');
  const digest = source.slice(-16);
  const cachedData = cacheOf(name, digest);
  const script = new vm.Script(source, { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) compiled = true;
  const module = { exports: {} };
  scripts.set(name, { script, digest, module });
  script.runInThisContext()(module.exports, requireFrom, module, file, programFolder);
  return module.exports;
}

/** What V8 made of a script earlier; undefined when nobody knows. Reads no more files than it must. */
function cacheOf(name, digest) {
  for (;;) {
    const cache = caches.get(name);
    if (cache !== undefined && cache.digest === digest) return cache.bytes;
    const next = unread.shift();
    if (next === undefined) return undefined;
    for (const [script, read] of readCaches(next)) if (!caches.has(script)) caches.set(script, read);
  }
}

function requireFrom(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}

/** Where this user's caches lie; undefined when there is no such place. */
function userCaches() {
  if (setting === 'off') return undefined;
  if (setting) return setting;
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  const base = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && path.join(HOME, '.cache'));
  return base && path.isAbsolute(base) ? path.join(base, 'mesh-toolkit') : undefined;
}

/** Each command has its own file of caches, made of the functions which that command calls. */
function cacheFile(folder, command) {
  return path.join(folder, `${engine}-${command}.bin`);
}

const none = [];

/**
 * A sum over one number in 256 bytes. V8 believes its caches. What befalls files, such as a block of 512 bytes that was
 * never written, shows up here; checking every byte would cost what the cache saves.
 */
function sampleSum(code) {
  const numbers = new Int32Array(code.buffer, code.byteOffset, code.length >> 2);
  let sum = code.length | 0;
  for (let i = 0; i < numbers.length; i += 64) sum = (Math.imul(sum, 31) + numbers[i]) | 0;
  return sum;
}

/** Padding to whole numbers of eight bytes, as typed arrays and V8 like it. */
function padding(length) {
  return (8 - (length % 8)) % 8;
}

/** Reads a file of caches: a line of JSON, `[sum, [name, digest, offset, length], ...]`, then the bytes. */
function readCaches(file) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    const { uid, mode } = fs.fstatSync(descriptor);
    // A cache is code. In a shared folder, somebody else's is not for us.
    const ours = !process.getuid || uid === process.getuid() || uid === fs.statSync(__filename).uid;
    if (!ours || (mode & 0o022) !== 0) return none;
    const bytes = fs.readFileSync(descriptor);
    const start = bytes.indexOf(10) + 1;
    const code = bytes.subarray(start);
    const [sum, ...entries] = JSON.parse(bytes.toString('latin1', 0, start));
    if (sum !== sampleSum(code)) return none;
    return entries.map(([name, digest, offset, length]) => [
      name,
      { digest, bytes: code.subarray(offset, offset + length) },
    ]);
  } catch {
    return none;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Writes the code of all scripts that ran, and of those that other runs have used. All or nothing. */
function writeCaches(file) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const entries = new Map();
    for (const [name, cache] of caches) {
      if (fs.existsSync(path.join(programFolder, name))) entries.set(name, cache);
    }
    for (const [name, { script, digest }] of scripts) {
      entries.set(name, { digest, bytes: script.createCachedData() });
    }
    const index = [];
    const parts = [];
    let offset = 0;
    for (const [name, { digest, bytes }] of entries) {
      index.push([name, digest, offset, bytes.length]);
      parts.push(bytes, Buffer.alloc(padding(bytes.length)));
      offset += bytes.length + padding(bytes.length);
    }
    const code = Buffer.from(new Uint8Array(Buffer.concat(parts)).buffer);
    const line = JSON.stringify([sampleSum(code), ...index]);
    const header = Buffer.from(`${line}${' '.repeat(padding(line.length + 1))}\n`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const descriptor = fs.openSync(temporary, 'wx', 0o644);
    try {
      fs.writevSync(descriptor, [header, code]);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, file);
  } catch {
    try {
      fs.rmSync(temporary, { force: true });
    } catch {
      // there was nothing to remove
    }
  }
}

async function start() {
  if (!fs.existsSync(path.join(programFolder, 'mesh.js'))) {
    fs.writeSync(2, 'mesh: the program is not built yet. Run: npm run build\n');
    process.exitCode = 70;
    return;
  }
  const first = words.some((word) => word === '--help' || word === '-h') ? 'help' : (words[0] ?? 'help');
  const command = /^[a-z]{1,32}$/.test(first) ? first : 'other';
  const folder = userCaches();
  unread = [setting === undefined ? builtCaches : undefined, folder]
    .filter((place) => place !== undefined)
    .flatMap((place) => [cacheFile(place, command), cacheFile(place, 'other')]);
  const program = load('mesh.js');
  await program.start(root, words);
  // Unusual engine flags would make caches that nobody else can use.
  const usual = process.execArgv.length === 0 && !process.env.NODE_OPTIONS;
  if (folder && usual && (compiled || process.env.MESH_CODE_CACHE_GROW === '1')) {
    const known = command === 'help' || Object.hasOwn(program.commands, command);
    writeCaches(cacheFile(folder, known ? command : 'other'));
  }
}

start();
