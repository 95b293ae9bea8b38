#!/usr/bin/env node
/**
 * The door. It opens the program that the build left in dist/cli, and brings along what V8 made of it last time, so that
 * nothing has to be compiled again. For each command there is a pack: one file with the scripts that this command loads
 * and their code caches. The build leaves packs for the Node that built; any other Node makes its own in the user's cache
 * folder, and adds to them in the first runs. A pack that is missing, foreign or torn is never an error, only a slower
 * start. MESH_CODE_CACHE names another folder, or `off`.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const root = path.dirname(__dirname);
const programFolder = `${root}${path.sep}dist${path.sep}cli${path.sep}`;
const words = process.argv.slice(2);
const setting = process.env.MESH_CODE_CACHE;
/** How many runs add to a pack of the user's: each may call functions that the others did not. */
const learningRuns = 3;

/** The digest of all scripts, which the build writes at the end of the first. */
let program;
/** Scripts that ran, by file name: `{ source, script, module }`. */
const scripts = new Map();
/** Packs that have not been read yet, best first. */
const unread = [];
/** What the packs hold, by script: `{ body, at: [sourceOffset, sourceLength, codeOffset, codeLength] }`. */
const packed = new Map();
/** True when a script had to be compiled, or a pack is still learning. */
let worthWriting = process.env.MESH_CODE_CACHE_GROW === '1';
/** In how many runs the pack of this user was written. */
let runs = 0;

/** Runs a script of the program once, as `require` would. */
function load(name) {
  const known = scripts.get(name);
  if (known !== undefined) return known.module.exports;
  const filename = programFolder + name;
  const entry = packOf(name);
  const source = entry === undefined ? fs.readFileSync(filename, 'utf8') : bytesOf(entry, 0).latin1Slice();
  const cachedData = entry === undefined ? undefined : bytesOf(entry, 2);
  const script = new vm.Script(source, { filename, cachedData });
  if (entry === undefined || script.cachedDataRejected) worthWriting = true;
  const module = { exports: {} };
  scripts.set(name, { source, script, module });
  script.runInThisContext()(module.exports, requireFrom, module, filename, programFolder);
  return module.exports;
}

function requireFrom(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}

/** A script as a pack holds it; undefined when none does. Reads no more packs than it must. */
function packOf(name) {
  while (!packed.has(name)) {
    const next = unread.shift();
    if (next === undefined) return undefined;
    for (const [script, entry] of readPack(next)) if (!packed.has(script)) packed.set(script, entry);
  }
  return packed.get(name);
}

/** The source (0) or the code (2) of a packed script. */
function bytesOf({ body, at }, which) {
  return body.subarray(at[which], at[which] + at[which + 1]);
}

/** Where this user's caches lie; undefined when there is no such place. */
function userCaches() {
  if (setting === 'off') return undefined;
  if (setting) return setting;
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  const base = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && path.join(HOME, '.cache'));
  return base && path.isAbsolute(base) ? `${base}${path.sep}mesh-toolkit` : undefined;
}

/** The file of a command's pack. Code is only good for the V8 that made it. */
function packFile(folder, command) {
  return `${folder}${path.sep}${process.version}-${process.arch}-${command}.bin`;
}

const none = [];

/**
 * A sum over one number in 2048 bytes. V8 believes its caches. What befalls files, such as a block of 4096 bytes that was
 * never written, shows up here; checking every byte would cost what the cache saves.
 */
function sampleSum(body) {
  const numbers = new Int32Array(body.buffer, body.byteOffset, body.length >> 2);
  let sum = body.length | 0;
  for (let i = 0; i < numbers.length; i += 512) sum = (Math.imul(sum, 31) + numbers[i]) | 0;
  return sum;
}

/** Padding to whole numbers of eight bytes, as typed arrays and V8 like it. */
function padding(length) {
  return (8 - (length % 8)) % 8;
}

/**
 * Reads a pack: a line of JSON, `[sum, program, runs, [name, sourceOffset, sourceLength, codeOffset, codeLength], ...]`, then
 * the bytes. Returns entries for `packed`; none when the pack is not for us.
 */
function readPack({ file, isUsers }) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    const { uid, mode } = fs.fstatSync(descriptor);
    // A pack is code. In a shared folder, somebody else's is not for us.
    const ours = !process.getuid || uid === process.getuid() || uid === fs.statSync(__filename).uid;
    if (!ours || (mode & 0o022) !== 0) return none;
    const bytes = fs.readFileSync(descriptor);
    const start = bytes.indexOf(10) + 1;
    const body = bytes.subarray(start);
    const [sum, owner, runsBefore, ...index] = JSON.parse(bytes.latin1Slice(0, start));
    if (owner !== program || sum !== sampleSum(body)) return none;
    if (isUsers) {
      runs = Math.max(runs, runsBefore);
      if (runsBefore < learningRuns) worthWriting = true;
    }
    return index.map(([name, ...at]) => [name, { body, at }]);
  } catch {
    return none;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Writes all scripts that ran, with their code, and those that earlier runs have used. All or nothing. */
function writePack(file) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const entries = new Map();
    for (const [name, entry] of packed) {
      entries.set(name, { source: bytesOf(entry, 0), code: bytesOf(entry, 2) });
    }
    for (const [name, { source, script }] of scripts) {
      entries.set(name, { source: Buffer.from(source, 'latin1'), code: script.createCachedData() });
    }
    const parts = [];
    let length = 0;
    const append = (bytes) => {
      const offset = length;
      parts.push(bytes, Buffer.alloc(padding(bytes.length)));
      length += bytes.length + padding(bytes.length);
      return [offset, bytes.length];
    };
    const index = [...entries].map(([name, { source, code }]) => [name, ...append(source), ...append(code)]);
    const body = Buffer.from(new Uint8Array(Buffer.concat(parts)).buffer);
    const line = JSON.stringify([sampleSum(body), program, runs + 1, ...index]);
    const header = Buffer.from(`${line}${' '.repeat(padding(line.length + 1))}\n`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const descriptor = fs.openSync(temporary, 'wx', 0o644);
    try {
      fs.writeFileSync(descriptor, header);
      fs.writeFileSync(descriptor, body);
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
  try {
    program = fs.readFileSync(`${programFolder}mesh.js`, 'utf8').slice(-16);
  } catch {
    fs.writeSync(2, 'mesh: the program is not built yet. Run: npm run build\n');
    process.exitCode = 70;
    return;
  }
  const first = words.some((word) => word === '--help' || word === '-h') ? 'help' : (words[0] ?? 'help');
  const command = /^[a-z]{1,32}$/.test(first) ? first : 'other';
  const folder = userCaches();
  for (const name of [command, 'other']) {
    if (setting === undefined) unread.push({ file: packFile(`${programFolder}cache`, name), isUsers: false });
    if (folder !== undefined) unread.push({ file: packFile(folder, name), isUsers: true });
  }
  const { start: run, commands } = load('mesh.js');
  await run(root, words);
  // Unusual engine flags would make packs that nobody else can use.
  const usual = process.execArgv.length === 0 && !process.env.NODE_OPTIONS;
  if (folder !== undefined && usual && worthWriting) {
    const known = command === 'help' || Object.hasOwn(commands, command);
    writePack(packFile(folder, known ? command : 'other'));
  }
}

start();
