/**
 * Does the estimate of memory hold? Runs scenarios of many kinds in processes of their own, with the program as users have it, and puts
 * the most memory that each took beside what was estimated before. An estimate should be no less than the truth and at most about
 * twice as much. Needs a build (`npm run bundle`).
 *
 *     npx tsx scripts/memory.ts [nodes, such as 1e4,1e5] [part of a name]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { simulatedSigner } from '../src/core/io/signers.js';
import { loadScenario } from '../src/core/scenario/load.js';
import { fromRoot } from './paths.mjs';

interface Case {
  readonly name: string;
  /** Everything but the number of nodes. */
  readonly text: string;
  /** The largest network that is over in a minute or two. */
  readonly nodesMax?: number;
}

const one = 'workload: [{ rumor: {} }]\n';
const many = (count: number): string => `workload: [{ rumor: { nodes: { count: ${count} } } }]\n`;
const rounds = (mode: string, more = ''): string =>
  `timing: rounds\nstopTime: 30s\ndissemination: { mode: ${mode}, interval: 1s${more} }\n`;
const events = (mode: string): string =>
  `stopTime: 4s\nnetwork: { latency: 50ms, jitter: 10ms }\ndissemination: ${mode}\n`;
const flood = (topology: string): string => `${events('flood')}topology: ${topology}\n`;

const cases: readonly Case[] = [
  { name: 'rounds push', text: rounds('push') + one },
  { name: 'rounds push-pull', text: rounds('push-pull') + one },
  { name: 'rounds push, stop', text: rounds('push', ', stop: { k: 2 }') + one },
  { name: 'rounds push-pull, 200 messages', text: rounds('push-pull') + many(200), nodesMax: 1e5 },
  { name: 'rounds push, stop, 200 messages', text: rounds('push', ', stop: { k: 2 }') + many(200), nodesMax: 1e5 },
  { name: 'rounds push-pull, churn', text: `${rounds('push-pull')}${one}faults: [{ crash: { nodes: { share: 0.1 }, maxDown: 1 }, at: 2s }]\n` },
  { name: 'events push, complete', text: events('{ mode: push, interval: 200ms }') + one },
  { name: 'events push-pull, 8 neighbours', text: `${events('{ mode: push-pull, interval: 200ms }')}topology: { type: k-out, k: 4 }\n${one}` },
  { name: 'events push-pull, 100 messages', text: events('{ mode: push-pull, interval: 200ms }') + many(100), nodesMax: 1e5 },
  { name: 'events push-pull, fanout 5', text: events('{ mode: push-pull, fanout: 5, interval: 200ms }') + one, nodesMax: 3e5 },
  { name: 'flood, k-out', text: flood('{ type: k-out, k: 4 }') + one },
  { name: 'flood, ring', text: flood('ring') + one },
  { name: 'flood, barabasi-albert', text: flood('{ type: barabasi-albert, m: 5 }') + one },
  { name: 'flood, watts-strogatz', text: flood('{ type: watts-strogatz, k: 10 }') + one },
  { name: 'flood, erdos-renyi', text: flood('{ type: erdos-renyi, meanDegree: 10 }') + one },
  { name: 'flood, random-geometric', text: flood('random-geometric') + one },
  { name: 'flood, hierarchical', text: flood('hierarchical') + one },
  { name: 'flood, regions', text: flood('regions') + one },
  { name: 'flood, random-regular 20', text: flood('{ type: random-regular, degree: 20 }') + one },
  { name: 'flood, 20 messages', text: flood('{ type: random-regular, degree: 5 }') + many(20), nodesMax: 3e5 },
  { name: 'flood, 300 messages', text: flood('{ type: random-regular, degree: 5 }') + many(300), nodesMax: 1e4 },
  { name: 'flood, 50 messages, crashes', text: `${flood('{ type: random-regular, degree: 5 }')}${many(50)}faults: [{ crash: { nodes: { share: 0.1 }, maxDown: 1 }, at: 1s }]\n`, nodesMax: 1e5 },
  { name: 'eager-lazy', text: `${events('eager-lazy')}topology: { type: k-out, k: 4 }\n${many(10)}`, nodesMax: 1e5 },
  { name: 'gossipsub', text: `${events('gossipsub')}topology: { type: k-out, k: 10 }\n${many(10)}`, nodesMax: 1e5 },
  { name: 'averaging', text: `${events('direct')}state: averaging\n` },
  { name: 'hierarchy', text: `${events('direct')}topology: { type: hierarchical, coordinators: 10, aggregators: 100, parents: 2 }\nstate: { type: hierarchy, interval: 200ms }\n` },
  { name: 'push-sum', text: `${events('direct')}state: push-sum\n` },
  { name: 'or-set, 50 writes', text: `${events('direct')}state: { type: or-set, interval: 100ms }\ntopology: { type: k-out, k: 4 }\nworkload: [{ add: { nodes: { count: 50 }, element: { item: { integer: [1, 100000] } } }, at: 0s }]\n`, nodesMax: 1e4 },
  { name: 'heartbeat', text: `${events('direct')}topology: { type: random-regular, degree: 6 }\nfailureDetector: heartbeat\n`, nodesMax: 3e5 },
  { name: 'phi-accrual', text: `${events('direct')}topology: { type: random-regular, degree: 6 }\nfailureDetector: phi-accrual\n`, nodesMax: 1e5 },
  { name: 'swim, 6 neighbours', text: `${events('direct')}topology: { type: random-regular, degree: 6 }\nfailureDetector: swim\n`, nodesMax: 3e5 },
  { name: 'swim, complete', text: `${events('direct')}failureDetector: swim\n`, nodesMax: 1e4 },
  { name: 'quorum', text: `${events('flood')}authentication: hmac\ntopology: { type: random-regular, degree: 5 }\nsync: { rule: quorum, f: 3 }\n${many(50)}`, nodesMax: 1e4 },
  { name: 'guards', text: `${events('flood')}authentication: hmac\nreputation: {}\nreplayWindow: {}\nrateLimit: {}\ntopology: { type: random-regular, degree: 5 }\n${many(50)}`, nodesMax: 1e4 },
]; // prettier-ignore

const run = promisify(execFile);
/** The kernel's own mark of this program; `maxRSS` begins with what the parent process had. Linux only. */
const atExit = `data:text/javascript,import{readFileSync}from"node:fs";process.on("exit",()=>process.stderr.write(readFileSync("/proc/self/status","utf8")))`;

/** The most memory that the process held, in bytes. */
async function peakBytes(file: string): Promise<number> {
  const args = [`--import=${atExit}`, fromRoot('bin/run.js'), 'simulate', file, '--json', '--force'];
  const { stderr } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
  return Number(/VmHWM:\s+(\d+)/.exec(stderr)?.[1]) * 1024;
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0).padStart(7);
const folder = mkdtempSync(join(tmpdir(), 'mesh-memory-'));
try {
  const counts = (process.argv[2] ?? '1e4,1e5').split(',').map(Number);
  const filter = process.argv[3] ?? '';
  process.stdout.write('| scenario | nodes | measured, MiB | estimated, MiB | estimate / measured |\n');
  process.stdout.write('| --- | ---: | ---: | ---: | ---: |\n');
  for (const { name, text, nodesMax = Infinity } of cases.filter((one) => one.name.includes(filter))) {
    for (const count of counts.filter((count) => count <= nodesMax)) {
      const whole = `version: 1\nnodes: { count: ${count} }\nmeasureEvery: 1s\n${text}`;
      const file = join(folder, 'memory.yaml');
      writeFileSync(file, whole);
      const { cost } = loadScenario({
        text: whole,
        fileName: file,
        readFile: () => new Uint8Array(),
        makeSigner: simulatedSigner,
        force: true,
      });
      const measured = await peakBytes(file);
      const ratio = (cost.memoryBytes / measured).toFixed(2);
      const cells = [name.padEnd(32), String(count).padStart(8), mib(measured), mib(cost.memoryBytes), ratio];
      process.stdout.write(`| ${cells.join(' | ')} |\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
