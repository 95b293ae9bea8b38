/** Laws of replicated state: true of every kind of data in the registry and every way to compare, under everything that can go wrong. */
import { describe, expect, it } from 'vitest';
import type { RunListener } from '../../src/core/model/record.js';
import type { ReplicationFigures } from '../../src/core/model/result.js';
import type { Wiring } from '../../src/core/model/stack.js';
import { AntiEntropy, type ReplicaKind } from '../../src/core/parts/anti-entropy.js';
import { GCounter } from '../../src/core/parts/g-counter.js';
import type { Exchange } from '../../src/core/parts/state-talk.js';
import { states } from '../../src/core/protocols/registry.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';
import { complaints, load } from '../scenario/helpers.js';

const exchanges = ['full', 'delta', 'merkle'] as const;

/** What the workload asks of each kind: a line for every verb. */
const writes: Readonly<Record<string, readonly string[]>> = {
  increment: ['increment: { by: { integer: [1, 5] } }'],
  write: ['write: { key: { integer: [1, 30] }, value: { uniform: [0, 1] } }'],
  erase: ['erase: { key: { integer: [1, 30] } }'],
  add: ['add: { element: { integer: [1, 30] } }'],
  remove: ['remove: { element: { integer: [1, 30] } }'],
};
const kinds = [...states].filter((state) => state.writes !== undefined);
const variants = kinds.flatMap((state) => exchanges.map((exchange) => [state.name, exchange] as const));

function linesOf(type: string): string {
  return (states.get(type).writes ?? [])
    .flatMap((verb) => writes[verb])
    .map((line) => `  - { ${line}, every: 700ms, until: 8s }\n`)
    .join('');
}

/** Lost messages, a partition, crashes that forget and crashes that do not, while everybody writes until second 8. */
const badDay = (type: string, exchange: string, more = ''): string => `version: 1
stopTime: 20s
nodes: { count: 16 }
topology: { type: ring-lattice, k: 6 }
dissemination: none
network: { latency: 40ms, jitter: 90ms, loss: 0.1, duplicate: 0.1, corrupt: 0.02 }
state: { type: ${type}, exchange: ${exchange}, interval: 300ms, fanout: 2 }
workload:
${linesOf(type)}faults:
  - { partition: { share: 0.4 }, at: 2s, duration: 3s }
  - { crash: { nodes: { count: 3 }, restartAfter: 500ms, state: lose, maxDown: 1 }, every: 1500ms, until: 8s }
  - { crash: { nodes: { count: 2 }, restartAfter: 900ms, state: keep, maxDown: 1 }, every: 2s, until: 9s }
${clocks}${more}`;

/** Clocks that are far off, and nodes that sleep. */
const clocks = `  - { clock: { nodes: { count: 3 }, offset: -30s }, at: 1s, duration: 5s }
  - { clock: { nodes: { count: 2 }, offset: 30s }, at: 2s, duration: 5s }
  - { pause: { nodes: { count: 2 } }, at: 3s, duration: 2s }
`;

function simulate(text: string, options: SimulationOptions = {}, seed = 1): Simulation {
  const { experiment } = load(text, { set: [`seed=${seed}`] });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

function figures(text: string, seed = 1): ReplicationFigures {
  const { replication } = resultOf(simulate(text, {}, seed));
  if (replication === undefined) throw new Error('nothing was replicated');
  return replication;
}

describe.each(variants)('%s, exchange %s', (type, exchange) => {
  it('N populations of one behave as one population of N', () => {
    const text = badDay(type, exchange);
    expect(resultOf(simulate(text, { populations: 'single' }))).toEqual(resultOf(simulate(text)));
  });

  it('all agree in the end, whatever happened, and no body is left', () => {
    for (const seed of [2]) {
      const simulation = simulate(badDay(type, exchange), {}, seed);
      const { replication } = resultOf(simulation);
      expect(replication?.distinctStates).toBe(1);
      expect(replication?.readings.min).toBe(replication?.readings.max);
      expect(replication?.writes).toBeGreaterThan(100);
      expect(replication?.counters.entriesNew).toBeGreaterThan(0);
      expect(simulation.bodies.size).toBeLessThan(200);
    }
  });

  it('counts the bytes of the very text of every message', () => {
    let messages = 0;
    const sizes = (simulation: () => Simulation): RunListener => ({
      sent: (_time, { body }) => {
        if (body === 0 || messages++ % 7 !== 0) return;
        const { canonical, sizeBytes, data } = simulation().bodyOf(body);
        expect(sizeBytes).toBe(Buffer.byteLength(canonical));
        expect(JSON.stringify(data)).toBe(canonical);
      },
    });
    const { experiment } = load(badDay(type, exchange));
    const simulation: Simulation = new Simulation(experiment, { listener: sizes(() => simulation) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    expect(messages).toBeGreaterThan(500);
  });

  it('in rounds as well: all agree, with lost calls and a partition', () => {
    const text = badDay(type, exchange)
      .replace(
        'network: { latency: 40ms, jitter: 90ms, loss: 0.1, duplicate: 0.1, corrupt: 0.02 }',
        'timing: rounds\nnetwork: { loss: 0.1 }',
      )
      .replace(clocks, '')
      .replaceAll('700ms', '600ms');
    expect(figures(text).distinctStates).toBe(1);
  });
});

describe('what the world takes away', () => {
  it.each(exchanges)('without a loss of state every increment is counted once, %s', (exchange) => {
    for (const type of ['g-counter', 'pn-counter']) {
      const { readings, written, lost } = figures(
        badDay(type, exchange).replace('state: lose', 'state: keep'),
      );
      expect(written).toBeGreaterThan(100);
      expect([readings.min, readings.max, lost]).toEqual([written, written, 0]);
    }
  });

  it('a count that was told to nobody is lost with its node, and the result says how much', () => {
    const text = `version: 1
stopTime: 10s
nodes: { count: 3 }
dissemination: none
state: { type: g-counter, interval: 5s }
activation: synchronous
workload: [{ increment: { nodes: { ids: [node-0] }, by: 7 }, at: 1s }, { increment: { nodes: { ids: [node-1] } }, at: 1s }]
faults: [{ crash: { nodes: { ids: [node-0] }, restartAfter: 1s, state: lose, maxDown: 1 }, at: 2s }]
`;
    expect(figures(text)).toMatchObject({
      distinctStates: 1,
      readings: { min: 1, max: 1 },
      written: 8,
      lost: 7,
    });
  });

  it('a delta that is late for a life that is over does not make its receiver believe that it has the rest', () => {
    // Slow links and quick crashes: deltas arrive after the receiver has forgotten what they build on.
    const text = badDay('or-set', 'delta')
      .replace('latency: 40ms', 'latency: 600ms')
      .replace('stopTime: 20s', 'stopTime: 60s');
    for (const seed of [1, 2, 3]) {
      const { distinctStates, counters } = figures(text, seed);
      expect(counters.entriesLate).toBeGreaterThan(0);
      expect(distinctStates).toBe(1);
    }
  });
});

describe('what comparing costs', () => {
  const bytes = (type: string, exchange: string, more: string): number =>
    resultOf(
      simulate(
        `version: 1\nstopTime: 40s\nnodes: { count: 12 }\ndissemination: none\nnetwork: { latency: 10ms }\nstate: { type: ${type}, exchange: ${exchange} }\n${more}`,
      ),
    ).metrics.bytesPerNode.mean;

  it('the difference is less than the whole', () => {
    const large = 'workload: [{ add: { element: { integer: [1, 200] } }, every: 1s, until: 20s }]';
    expect(bytes('or-set', 'delta', large)).toBeLessThan(bytes('or-set', 'full', large) / 3);
    expect(bytes('or-set', 'merkle', large)).toBeLessThan(bytes('or-set', 'full', large) / 3);
    const map =
      'workload: [{ write: { key: { integer: [1, 300] }, value: { bytes: 200B } }, every: 1s, until: 20s }]';
    expect(bytes('lww-map', 'delta', map)).toBeLessThan(bytes('lww-map', 'full', map) / 3);
  });

  it('when nothing changes any more, a root is the least: a nod and 26 + 46 bytes, and version vectors grow with the writers', () => {
    // Everybody writes once at the beginning; then forty seconds of comparing what is the same.
    const quiet = (exchange: string): number =>
      bytes('g-counter', exchange, 'workload: [{ increment: {}, at: 0s }]');
    const [full, delta, merkle] = exchanges.map(quiet);
    expect(merkle).toBeLessThan(delta);
    expect(delta).toBeLessThan(full);
    // An opening of 22 bytes and a root of 46 with its quotes, and a nod of 18, each second once a node; the beginning costs more.
    expect(merkle).toBeGreaterThan(22 + 46 + 18 - 2);
    expect(merkle).toBeLessThan(1.5 * (22 + 46 + 18));
  });

  it('more writers than a version vector should have lines are refused, with a way out', () => {
    const text = (nodes: string, exchange: string): string =>
      `version: 1\nstopTime: 1s\nnodes: { count: 5000 }\nstate: { type: g-counter, exchange: ${exchange} }\nworkload: [{ increment: { nodes: ${nodes} }, at: 0s }]\n`;
    expect(complaints(text('all', 'delta'))[0]).toMatch(
      /workload\[0\]\.increment\.nodes: 5000 writers are more than the 4096 .* Let fewer nodes write, or set state.exchange to merkle/,
    );
    expect(() => load(text('{ count: 4096 }', 'delta'))).not.toThrow();
    expect(() => load(text('all', 'merkle'))).not.toThrow();
  });

  it('lives after a loss of state count as writers, which only the run can tell', () => {
    const lines = Array.from({ length: 4096 }, (_, writer) => [`${writer + 1}.0`, 1]);
    const counter = new GCounter('0.0');
    counter.mergeJson({ version: lines, entries: [] });
    const host = {
      row: 0,
      self: 0,
      nowUs: 0,
      incarnation: 0,
      chance: { below: () => 0, ratio: () => 0 },
      peerCount: 0,
      peerAt: () => 0,
      send: () => undefined,
      setTimer: () => undefined,
      report: () => undefined,
    };
    const kind: ReplicaKind<GCounter> = {
      make: () => counter,
      write: (replica) => (replica.increment(), 1),
      reading: ({ value }) => value,
    };
    const write = (exchange: Exchange): void => {
      const settings = { interval: 1, fanout: 1, exchange, estimate: { by: 'quiet', after: 1 } } as const;
      const population = new AntiEntropy(host, 1, settings, {} as Wiring, kind);
      population.start('boot');
      population.write('increment', {});
    };
    expect(() => write('merkle')).not.toThrow();
    expect(() => write('delta')).toThrow(/more than 4096 writers.*Use exchange: merkle/);
  });
});

describe('what nodes believe', () => {
  const pair = (by: string, more: string): string => `version: 1
stopTime: 30s
nodes: { count: 2 }
dissemination: none
network: { latency: 1ms }
state: { type: g-counter, interval: 1s, estimate: { by: ${by}, after: 3 } }
workload: [{ increment: { nodes: { ids: [node-0] } }, at: 5s }]
${more}`;

  it.each(['partners', 'quiet'])('two nodes and no faults: both believe, both are right (%s)', (by) => {
    const { beliefs } = figures(pair(by, ''));
    expect(beliefs).toMatchObject({ by, after: 3, begun: 2, wrong: 0, wrongShare: 0, believersAtEnd: 2 });
    // Three quiet turns of a second, or two talks a second of which three agree.
    const longestMs = by === 'quiet' ? 4000 : 3000;
    expect(beliefs.delay.max).toBeLessThanOrEqual(longestMs);
    expect(beliefs.delay.max).toBeGreaterThan(by === 'quiet' ? 2999 : 999);
  });

  it('peace is mistaken for agreement in a partition; who asks partners waits for one', () => {
    const cut = 'faults: [{ partition: { groups: [{ ids: [node-0] }] }, at: 4s }]';
    const quiet = figures(pair('quiet', cut));
    expect(quiet).toMatchObject({ distinctStates: 2, convergenceTime: null, agreedAtMs: null });
    // Node 0 wrote, was quiet for three turns and believes; node 1 never stopped believing what was true until second 5.
    expect(quiet.beliefs).toMatchObject({ begun: 1, wrong: 1, believersAtEnd: 2, wrongTimeShare: 1 });
    expect(figures(pair('partners', cut)).beliefs).toMatchObject({ begun: 0, wrong: 0, believersAtEnd: 1 });
  });

  it('times are what pencil and paper say', () => {
    const text = `${pair('quiet', 'activation: synchronous').replace('at: 5s', 'at: 5500ms')}\n`;
    // Written at 5.5; at 6 both ask, 1 ms later node 0 hears what node 1 has and answers, and 1 ms later node 1 has it.
    const agreedFrom = 6.002;
    // Three turns without news and then the next: node 0 after 6, 7, 8, at 9; node 1 after 7, 8, 9, at 10. Until the write both believed;
    // node 0 stopped when it wrote, node 1 when it heard.
    const [believes0, believes1] = [9, 10];
    const wrongFor = agreedFrom - 5.5;
    const rightFor = 30 - believes0 + (30 - believes1);
    const { agreements, agreedShare, beliefs, convergenceTime } = figures(text);
    expect([agreements, convergenceTime]).toEqual([1, 502]);
    expect(agreedShare).toBeCloseTo((30 - agreedFrom) / 24.5, 9);
    expect(beliefs.timeShare).toBeCloseTo((wrongFor + rightFor) / (2 * 24.5), 9);
    expect(beliefs.wrongTimeShare).toBeCloseTo(wrongFor / (wrongFor + rightFor), 9);
    expect(beliefs.knownShare).toBeCloseTo(rightFor / (2 * (30 - agreedFrom)), 9);
    expect(beliefs.delay.mean).toBeCloseTo(((believes0 + believes1) / 2 - agreedFrom) * 1000, 6);
  });

  it('more partners, fewer mistakes', () => {
    const wrongShare = (after: number): number => {
      const all = [1, 2, 3, 4].map((seed) =>
        figures(
          `version: 1\nstopTime: 40s\nnodes: { count: 30 }\ndissemination: none\nnetwork: { latency: 1ms }\nstate: { type: g-counter, interval: 200ms, estimate: { after: ${after} } }\nworkload: [{ increment: { nodes: { count: 3 } }, every: 4s, until: 36s }]\n`,
          seed,
        ),
      );
      const sum = (of: (figure: ReplicationFigures) => number): number =>
        all.reduce((total, each) => total + of(each), 0);
      return sum(({ beliefs }) => beliefs.wrong) / sum(({ beliefs }) => beliefs.begun);
    };
    const [one, three, eight] = [1, 3, 8].map(wrongShare);
    expect(one).toBeGreaterThan(three);
    expect(three).toBeGreaterThan(eight);
    expect(eight).toBeLessThan(one / 2);
  });
});

describe('the whole run', () => {
  it('stopWhen: converged waits until what is held is the same', () => {
    const text = `version: 1\nstopTime: 100s\nstopWhen: converged\nnodes: { count: 20 }\ndissemination: none\nstate: { type: g-counter }\nworkload: [{ increment: { nodes: { count: 1 } }, at: 3s }]\n`;
    const { stoppedAtMs, replication, status, metrics } = resultOf(simulate(text));
    expect(status).toBe('passed');
    expect(metrics.publications).toBe(0);
    expect(replication).toMatchObject({ distinctStates: 1, readings: { min: 1, max: 1 } });
    expect(stoppedAtMs).toBeGreaterThan(4000);
    expect(stoppedAtMs).toBeLessThan(20_000);
    // What it takes, counted from the write, is what the section says.
    expect(Math.abs((replication?.convergenceTime ?? 0) - (stoppedAtMs - 3000))).toBeLessThan(1000);
  });

  it('publications and writes go side by side', () => {
    const text = `version: 1\nstopTime: 10s\nnodes: { count: 6 }\nstate: lww-map\nworkload:\n  - { broadcast: { data: 1 }, every: 1s, until: 4s }\n  - { write: { key: door, value: { choice: [open, closed] } }, every: 1s, until: 4s }\n`;
    const { metrics, replication } = resultOf(simulate(text));
    expect(metrics.deliveryRatio).toBe(1);
    expect(replication).toMatchObject({
      writes: metrics.publications,
      readings: { min: 1, max: 1 },
      written: null,
    });
  });

  it.each([
    [
      'state: or-set',
      'write: { key: 1, value: 1 }',
      /write needs a state that understands it, found or-set. Set state to lww-map/,
    ],
    [
      '',
      'increment: {}',
      /increment needs a state that understands it, found none. Set state to g-counter or pn-counter/,
    ],
    ['state: averaging', 'add: { element: 1 }', /found averaging. Set state to or-set/],
    [
      'state: g-counter',
      'increment: { by: -1 }',
      /by: expected an integer from 1, or a template that makes one/,
    ],
    ['state: g-counter', 'increment: { by: { integer: [0, 4] } }', /by: expected an integer from 1/],
    ['state: pn-counter', 'increment: { by: 0 }', /by: expected an integer other than 0/],
    ['state: pn-counter', 'increment: { by: { uniform: [0, 4] } }', /by: expected an integer/],
    ['state: g-counter', 'increment: {}, deadline: 1s', /deadline: what is written is not delivered/],
    [
      'state: g-counter',
      'increment: {}, broadcast: {}',
      /found broadcast and increment. Make a line of each/,
    ],
    ['state: lww-map', 'write: { key: a }', /"value" is missing/],
  ])('%s with %s is refused', (state, line, message) => {
    expect(
      complaints(
        `version: 1\nstopTime: 9s\nnodes: { count: 3 }\n${state}\nworkload: [{ ${line}, every: 1s }]\n`,
      )[0],
    ).toMatch(message);
  });
});
