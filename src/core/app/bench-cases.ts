/**
 * What `mesh bench` measures. Each case does a known number of things in one call of `run`, large enough that the clock's own steps do
 * not matter, and small enough that a dozen samples take seconds. A new case is one entry in the list.
 */
import { KeyedDraws } from '../base/random.js';
import { Registry } from '../base/registry.js';
import { digitCollapse } from '../patterns/digit-collapse.js';
import { hmacPattern } from '../patterns/hmac.js';
import { checks, patternCheck } from '../checks/registry.js';
import { simulatedSigner } from '../io/signers.js';
import { MessageValidator } from '../parts/log-validator.js';
import { loadScenario } from '../scenario/load.js';
import { EventQueue, eventClasses } from '../sim/queue.js';
import type { Simulation } from '../sim/simulation.js';
import { runExperiment } from './simulate.js';

/** One measured piece of work, ready to be repeated. */
export interface Work {
  /** Does it once; returns how many things it did. */
  run(): number;
  /** How many nodes it keeps in memory after a run, for bytes a node. */
  readonly nodes?: number;
}

export interface BenchCase {
  readonly name: string;
  readonly summary: string;
  readonly unit: string;
  prepare(): Work;
}

/** Something that depends on every result, so that no work can be left out by the compiler. */
let sink = 0;

const steps = 200_000;

/** The definition, word for word: start from the last reset and multiply on. What the original design computed. */
function naiveValue(step: number, seed: number, interval: number): number {
  let value = seed;
  for (let k = step - (step % interval) + 1; k <= step; k++) {
    let sum = value * seed;
    while (sum > 9) {
      let digits = 0;
      for (let rest = sum; rest > 0; rest = Math.floor(rest / 10)) digits += rest % 10;
      sum = digits;
    }
    value = sum;
  }
  return value;
}

function patternWork(value: (step: number) => number, count: number): Work {
  return {
    run() {
      let sum = 0;
      for (let step = 0; step < count; step++) sum += value(step);
      sink += sum;
      return sink < 0 ? 0 : count;
    },
  };
}

/** The hold model of the literature on event queues: take the first event out, put it back later by a random delay. */
function holdCase(pending: number): BenchCase {
  const holds = 1_000_000;
  return {
    name: `queue/hold-${pending}`,
    summary: `the event queue alone: an event out and one in, with ${pending} waiting and delays up to 2 s`,
    unit: 'events',
    prepare() {
      const draws = new KeyedDraws(1, 'hold model');
      const delaysUs = Float64Array.from({ length: 65_536 }, (_, i) => 1 + draws.below(2_000_000, i, 0));
      const queue = new EventQueue(0);
      const timer = eventClasses.timer;
      let turn = 0;
      for (let node = 0; node < pending; node++) {
        const timeUs = delaysUs[turn++ & 65_535] + (node % 1000);
        queue.push(timeUs, timer, node, node, turn, 0, 0, 0, 0, 0, 0);
      }
      return {
        run() {
          for (let i = 0; i < holds; i++) {
            queue.pop();
            const timeUs = queue.time + delaysUs[turn++ & 65_535];
            queue.push(timeUs, timer, queue.destination, queue.source, turn, 0, 0, 0, 0, 0, 0);
          }
          return holds;
        },
      };
    },
  };
}

/** A rumour by push in continuous time: the events of a network that gossips, half of them timers and half of them messages. */
function gossipCase(nodes: number): BenchCase {
  return {
    name: `simulate/gossip-${nodes}`,
    summary: `one rumour pushed 14 times by each of ${nodes} nodes, with latency, jitter and loss`,
    unit: 'events',
    prepare() {
      const text = [
        'version: 1',
        'stopTime: 40s',
        'measureEvery: 10s',
        'patternCheck: none',
        `nodes: { count: ${nodes} }`,
        'network: { latency: 40ms, jitter: 10ms, loss: 0.01 }',
        'dissemination: { mode: push, fanout: 1, interval: 1s, stop: { when: blind, how: counter, k: 14 } }',
        'workload: [ { rumor: {}, deadline: 39s } ]',
      ].join('\n');
      return scenarioWork(text, nodes);
    },
  };
}

/** Everything at once: loss, churn, liars, signatures, a failure detector with partial views, and gossip that all of them disturb. */
function badDayCase(nodes: number): BenchCase {
  return {
    name: `simulate/bad-day-${nodes}`,
    summary: `${nodes} nodes with loss, churn, 5 % liars, signatures, SWIM in partial views and push-pull; 10 s of it`,
    unit: 'events',
    prepare() {
      const text = [
        'version: 1',
        'stopTime: 10s',
        'measureEvery: 10s',
        `nodes: { count: ${nodes} }`,
        'topology: { type: random-regular, degree: 8 }',
        'authentication: ed25519',
        'network: { latency: { distribution: lognormal, median: 40ms, sigma: 0.5, min: 1ms }, jitter: 5ms, loss: 0.01 }',
        'dissemination: { mode: push-pull, fanout: 2, interval: 1s }',
        'failureDetector: { type: swim }',
        'workload:',
        '  - { broadcast: { nodes: { count: 2 }, data: { reading: 1 } }, every: 2s, until: 5s, deadline: 4s }',
        'adversaries:',
        '  - { tamper-payload: { nodes: { share: 0.05 }, ratio: 0.5 } }',
        'churn: { lifetime: { distribution: exponential, mean: 60min }, downtime: { distribution: exponential, mean: 20min } }',
      ].join('\n');
      return scenarioWork(text, nodes);
    },
  };
}

/** Runs of one scenario. */
function scenarioWork(text: string, nodes: number): Work {
  const { experiment } = loadScenario({
    text,
    fileName: 'bench',
    readFile: () => new Uint8Array(),
    force: true,
  });
  let held: Simulation | undefined;
  return {
    nodes,
    run() {
      held = runExperiment(experiment);
      return held.events;
    },
  };
}

/** A flood on a random 6-regular network: many small publications or few large ones, about the same number of events. */
function floodCase(nodes: number): BenchCase {
  const publications = Math.max(1, Math.round(60_000 / nodes));
  return {
    name: `simulate/flood-${nodes}`,
    summary: `${publications} floods on ${nodes} nodes of degree 6, with loss, jitter and every check`,
    unit: 'events',
    prepare() {
      const text = [
        'version: 1',
        'stopTime: 30s',
        'measureEvery: 10s',
        `nodes: { count: ${nodes} }`,
        'topology: { type: random-regular, degree: 6 }',
        'network: { latency: { distribution: lognormal, median: 20ms, sigma: 0.4, min: 1ms }, jitter: 5ms, loss: 0.01 }',
        'workload:',
        publications >= nodes
          ? `  - { broadcast: { data: { reading: 1 } }, every: ${Math.floor((24_000 * nodes) / publications)}ms, until: 24s, deadline: 4s }`
          : `  - { broadcast: { nodes: { count: ${publications} }, data: { reading: 1 } }, at: 1s, deadline: 4s }`,
      ].join('\n');
      return scenarioWork(text, nodes);
    },
  };
}

export const benchCases = new Registry<BenchCase>('benchmark', [
  {
    name: 'pattern/closed-form',
    summary: 'pattern values by the closed form, seed 7, interval 100',
    unit: 'steps',
    prepare: () => {
      const pattern = digitCollapse.create({ seed: 7, phaseResetInterval: 100 });
      return patternWork((step) => pattern.value(step), steps);
    },
  },
  {
    name: 'pattern/naive',
    summary: 'the same values by the definition, from the last reset on',
    unit: 'steps',
    prepare: () => patternWork((step) => naiveValue(step, 7, 100), steps / 20),
  },
  {
    name: 'pattern/hmac',
    summary: 'values of the keyed pattern',
    unit: 'steps',
    prepare: () => {
      const pattern = hmacPattern.create({ key: new TextEncoder().encode('a key for benchmarks only') });
      return patternWork((step) => pattern.value(step), steps / 50);
    },
  },
  {
    name: 'verify/ed25519',
    summary: 'signatures of 16 senders over messages of 64 bytes; compare with `openssl speed ed25519`',
    unit: 'signatures',
    prepare: () => {
      const signer = simulatedSigner('ed25519', 1);
      const signed = Array.from({ length: 200 }, (_, i) => {
        const message = new TextEncoder().encode(`message ${i}`.padEnd(64));
        return { address: i % 16, message, signature: signer.sign(i % 16, message) };
      });
      return {
        run() {
          for (const { address, message, signature } of signed)
            if (!signer.verify(address, message, signature)) sink++;
          return signed.length;
        },
      };
    },
  },
  {
    name: 'validate/messages',
    summary: 'messages of 100 senders, one by one, all default checks',
    unit: 'messages',
    prepare: () => {
      const pattern = digitCollapse.create({ seed: 7, phaseResetInterval: 100 });
      const count = 20_000;
      const messages = Array.from({ length: count }, (_, i) => ({
        senderId: `sensor-${i % 100}`,
        globalStep: i,
        patternValue: pattern.value(i),
        data: { temperature: 23.5 },
        timestamp: 1_732_060_800_000 + i,
      }));
      return {
        run() {
          const validator = new MessageValidator(
            { patternCheck: patternCheck((step) => pattern.value(step)) },
            checks,
          );
          for (const message of messages) validator.observe(message);
          return count;
        },
      };
    },
  },
  holdCase(100_000),
  holdCase(1_000_000),
  floodCase(100),
  floodCase(1000),
  floodCase(10_000),
  floodCase(100_000),
  gossipCase(100_000),
  badDayCase(20_000),
]);
