/**
 * Links against theory: bursts (Gilbert 1960, Elliott 1963), queues before a line (M/D/1 and its finite forms; D. Gross and C. Harris,
 * "Fundamentals of queueing theory", sections 5.1 and 5.1.8), reordering (RFC 4737), copies and damage as binomial counts.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exp, ln, sqrt } from '../../src/core/base/math.js';
import { KeyedDraws, RandomStream } from '../../src/core/base/random.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import type { BurstSettings, Experiment, NetworkSettings } from '../../src/core/model/experiment.js';
import { dropReasons } from '../../src/core/model/record.js';
import { LinkStates } from '../../src/core/parts/link-states.js';
import { SerialLines } from '../../src/core/parts/serial-line.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { completeGraph, graphOf, patternMesh, run } from '../sim/experiment.js';
import { chiSquare, chiSquareLimit, mean, standardDeviation, tolerance } from './statistics.js';

/** Five standard deviations of a binomial count. */
const slack = (n: number, p: number): number => 5 * sqrt(n * p * (1 - p));

function links(settings: Partial<BurstSettings>, seed = 1): LinkStates {
  const all = { enterRatio: 0.02, leaveRatio: 0.25, goodLossRatio: 0, badLossRatio: 1, ...settings };
  return new LinkStates(1000, all, new KeyedDraws(seed, 'begin'), new KeyedDraws(seed, 'draws'));
}

/** What becomes of `count` messages over one link: 1 for lost. */
const losses = (states: LinkStates, count: number, from = 3, to = 4): Uint8Array =>
  Uint8Array.from({ length: count }, (_, number) => (states.loses(from, to, number) ? 1 : 0));

describe('bursts', () => {
  it.each([
    [0.02, 0.25, 0, 1],
    [0.1, 0.4, 0.01, 0.8],
    [0.005, 0.05, 0, 0.5],
    [0.3, 0.3, 0.1, 0.2],
  ])('p %d, r %d: loses (r goodLoss + p badLoss) / (p + r)', (p, r, goodLossRatio, badLossRatio) => {
    const count = 1_000_000;
    const states = links({ enterRatio: p, leaveRatio: r, goodLossRatio, badLossRatio });
    const bad = p / (p + r);
    const expected = bad * badLossRatio + (1 - bad) * goodLossRatio;
    const lost = losses(states, count).reduce((sum, one) => sum + one, 0) / count;
    // The states of a chain lean on one another: their part of the variance grows by (1 + l) / (1 - l), l = 1 - p - r.
    const memory = 1 - p - r;
    const ofState = bad * (1 - bad) * (badLossRatio - goodLossRatio) ** 2 * ((1 + memory) / (1 - memory));
    const ofLoss = bad * badLossRatio * (1 - badLossRatio) + (1 - bad) * goodLossRatio * (1 - goodLossRatio);
    expect(Math.abs(lost - expected)).toBeLessThan(3.3 * sqrt((ofState + ofLoss) / count));
  });

  it('bad spells are geometric with the mean 1/r, good ones with the mean 1/p', () => {
    const p = 0.05;
    const r = 0.25;
    const seen = losses(links({ enterRatio: p, leaveRatio: r }), 500_000);
    const spells: Record<0 | 1, number[]> = { 0: [], 1: [] };
    let begin = 0;
    for (let i = 1; i < seen.length; i++) {
      if (seen[i] === seen[i - 1]) continue;
      spells[seen[i - 1] as 0 | 1].push(i - begin);
      begin = i;
    }
    for (const [kind, leave] of [
      [1, r],
      [0, p],
    ] as const) {
      const sample = spells[kind].slice(1);
      expect(Math.abs(mean(sample) - 1 / leave)).toBeLessThan(
        tolerance(sqrt(1 - leave) / leave, sample.length),
      );
      const law = Array.from({ length: 400 }, (_, n) => (n === 0 ? 0 : leave * (1 - leave) ** (n - 1)));
      const { statistic, limit } = chiSquare(sample, law);
      expect(statistic).toBeLessThan(limit);
    }
  });

  it('two losses in a row are as frequent as the chain says, where bad links let some messages through', () => {
    const p = 0.2;
    const r = 0.3;
    const badLossRatio = 0.5;
    const seen = losses(links({ enterRatio: p, leaveRatio: r, badLossRatio }), 400_000);
    let pairs = 0;
    for (let i = 1; i < seen.length; i++) pairs += seen[i] & seen[i - 1];
    // Bad now, lost, still bad, lost again.
    const expected = (p / (p + r)) * badLossRatio * (1 - r) * badLossRatio;
    expect(Math.abs(pairs - expected * seen.length)).toBeLessThan(2 * slack(seen.length, expected));
  });

  it('links begin in the proportion in which good and bad take turns', () => {
    const states = links({ enterRatio: 0.1, leaveRatio: 0.3 });
    let bad = 0;
    for (let from = 0; from < 200; from++)
      for (let to = 0; to < 200; to++) if (states.loses(from, to, from * 200 + to)) bad++;
    expect(Math.abs(bad - 40_000 / 4)).toBeLessThan(slack(40_000, 0.25));
  });

  it('each direction of each link has its own weather, whatever else is sent', () => {
    const alone = losses(links({}), 20_000);
    const among = links({});
    const mixed = new Uint8Array(20_000);
    let both = 0;
    let either = 0;
    for (let number = 0; number < mixed.length; number++) {
      for (let to = 5; to < 40; to++) among.loses(3, to, number * 100 + to);
      // Other message numbers are other draws: the way back is on its own.
      const back = among.loses(4, 3, number) ? 1 : 0;
      mixed[number] = among.loses(3, 4, number) ? 1 : 0;
      both += back & mixed[number];
      either += back + mixed[number];
    }
    expect([...mixed]).toEqual([...alone]);
    const share = either / 2 / mixed.length;
    // Independent: both at once as often as the product says, with the memory of the chains in the tolerance.
    expect(Math.abs(both / mixed.length - share * share)).toBeLessThan(
      5 * sqrt((share * share * 8) / mixed.length),
    );
  });

  it('without a change it is plain loss', () => {
    const states = links({ enterRatio: 0, leaveRatio: 0, goodLossRatio: 0.3 });
    const lost = losses(states, 100_000).reduce((sum, one) => sum + one, 0);
    expect(Math.abs(lost - 30_000)).toBeLessThan(slack(100_000, 0.3));
  });
});

/** A line of one megabyte a second, messages of 1000 bytes: each takes 1 ms. */
const serviceUs = 1000;

/** Messages at random moments, on average `load` of them a service time. @returns waits before service in service times, and refusals */
function offer(
  load: number,
  queueBytes: number,
  count: number,
  seed: number,
): { waits: number[]; refused: number } {
  const lines = new SerialLines(1, 1_000_000, queueBytes);
  const chance = RandomStream.named(seed, 'arrivals');
  const waits: number[] = [];
  let atUs = 0;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    atUs += (-ln(1 - chance.ratio()) * serviceUs) / load;
    const takes = lines.take(0, 1000, Math.floor(atUs));
    if (takes < 0) refused++;
    else waits.push(takes / serviceUs - 1);
  }
  return { waits, refused };
}

describe('measured loss', () => {
  it('of a real community mesh: each direction of each link loses its own share, and links without a figure lose network.loss', () => {
    const file = readFileSync(new URL('../data/topologies/leipzig.csv', import.meta.url));
    const { experiment } = loadScenario({
      text: `version: 1
stopTime: 100s
topology: { type: file, path: leipzig.csv }
network: { latency: 1ms, loss: 0.5, measuredLoss: true }
dissemination: direct
workload: [{ broadcast: { data: 1 }, every: 1s }]
`,
      fileName: 'leipzig.yaml',
      readFile: () => file,
    });
    const sent = new Map<string, number>();
    const lost = new Map<string, number>();
    const count = (counts: Map<string, number>, { from, to }: Envelope): void => {
      const key = `${from},${to}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    };
    run(experiment, {
      listener: {
        sent: (_timeUs, envelope) => count(sent, envelope),
        dropped: (_timeUs, envelope, reason) => {
          if (reason === dropReasons.loss) count(lost, envelope);
        },
      },
    });
    // The file once more, read here: column 3 is the quality there, column 4 back; 0 or nothing is unknown.
    const expected = new Map<string, number>();
    for (const line of file.toString('utf8').trim().split('\n').slice(1)) {
      const [from, to, there, back] = line.split(',');
      for (const [key, quality] of [
        [`${from},${to}`, Number(there)],
        [`${to},${from}`, Number(back)],
      ] as const) {
        // Of parallel links the best counts.
        const loss = quality > 0 ? 1 - quality : 0.5;
        expected.set(key, Math.min(expected.get(key) ?? 1, loss));
      }
    }
    let square = 0;
    let freedom = 0;
    for (const [key, loss] of expected) {
      const [from, to] = key.split(',');
      if (from === to) continue;
      const n = (sent.get(key) ?? 0) + (lost.get(key) ?? 0);
      expect(n).toBeGreaterThan(90);
      const got = lost.get(key) ?? 0;
      if (loss === 0 || loss === 1) expect(got).toBe(loss * n);
      else {
        square += (got - loss * n) ** 2 / (n * loss * (1 - loss));
        freedom++;
      }
    }
    expect(freedom).toBeGreaterThan(100);
    expect(square).toBeLessThan(chiSquareLimit(freedom));
    // The other tail: a fit that is too good would be no chance at all.
    expect(square).toBeGreaterThan(freedom - 5 * sqrt(2 * freedom));
  });
});

describe('a line with a queue before it', () => {
  const runs = 30;

  it.each([0.3, 0.6, 0.8])(
    'load %d: waits load / (2 (1 - load)) service times (Pollaczek and Khinchine)',
    (load) => {
      const means = Array.from({ length: runs }, (_, seed) =>
        mean(offer(load, Infinity, 20_000, seed).waits),
      );
      const expected = load / (2 * (1 - load));
      // Whole microseconds, and a run begins with an empty line.
      const bias = 0.002 + (2 * expected) / 20_000;
      expect(Math.abs(mean(means) - expected)).toBeLessThan(tolerance(standardDeviation(means), runs, bias));
    },
  );

  it.each([
    // Room for one in service: Erlang's loss formula. For two: 1 - 1 / (e^-load + load), from the chain at departures.
    [0.5, 0, 0.5 / 1.5],
    [1.2, 0, 1.2 / 2.2],
    [0.5, 2000, 1 - 1 / (exp(-0.5) + 0.5)],
    [0.9, 2000, 1 - 1 / (exp(-0.9) + 0.9)],
    [1.5, 2000, 1 - 1 / (exp(-1.5) + 1.5)],
  ])('load %d, queueCapacity %d B: turns away %d', (load, queueBytes, expected) => {
    const shares = Array.from(
      { length: runs },
      (_, seed) => offer(load, queueBytes, 10_000, seed).refused / 10_000,
    );
    expect(Math.abs(mean(shares) - expected)).toBeLessThan(tolerance(standardDeviation(shares), runs, 0.001));
  });

  it('carries exactly its bytes a second, however they are cut', () => {
    const lines = new SerialLines(2, 3_000_000, Infinity);
    let takes = 0;
    for (let i = 0; i < 3_000_000; i++) takes = lines.take(1, 1, 0);
    expect(takes).toBe(1_000_000);
    // 333 1/3 us each: the third is through after 1000, not after 3 x 334.
    expect([1, 2, 3].map(() => lines.take(0, 1000, 0))).toEqual([334, 667, 1000]);
    expect(lines.waitingBytes(0, 500)).toBe(1500);
    expect(lines.take(0, 3, 10_000)).toBe(1);
  });

  it('takes as much as fits, the rest of what is being sent included, and any message when it is idle', () => {
    const lines = new SerialLines(1, 1_000_000, 2500);
    expect([0, 0, 0].map((nowUs) => lines.take(0, 1000, nowUs))).toEqual([1000, 2000, -1]);
    // After half a millisecond 1500 bytes wait: exactly one more fits.
    expect([500, 500].map((nowUs) => lines.take(0, 1000, nowUs))).toEqual([2500, -1]);
    expect(lines.take(0, 9999, 3000)).toBe(9999);
  });
});

/** Node 0 publishes every `everyUs` to all others directly; nobody else says anything. */
function sender(
  nodes: number,
  network: Partial<NetworkSettings>,
  { everyUs = 1000, stopTimeUs = 1_000_000, ...changes }: Partial<Experiment> & { everyUs?: number } = {},
): Experiment {
  const graph = graphOf(
    nodes,
    Array.from({ length: nodes - 1 }, (_, i) => [0, i + 1] as const),
  );
  const base = patternMesh(graph, {
    stopTimeUs,
    network: { latency: { description: '', latencyUs: () => 10_000 }, jitterUs: 0, lossRatio: 0, ...network },
    measureEveryUs: stopTimeUs,
  });
  return {
    ...base,
    stack: base.stack.map((layer) =>
      layer.protocol.slot === 'spread'
        ? { protocol: spreads.get('direct'), parameters: { seenCapacity: 64 } }
        : layer,
    ),
    workload: [
      {
        ...base.workload[0],
        who: { ids: ['n0'] },
        everyUs,
        spreadPhases: false,
        untilUs: stopTimeUs - 50_000,
        makePayload: (_chance, _step, sequence) => ({ sequence, note: 'twenty-five letters of text' }),
      },
    ],
    ...changes,
  };
}

interface Arrival {
  readonly timeUs: number;
  readonly sequence: number;
  readonly to: number;
  readonly words: readonly number[];
  readonly canonical: string;
}

function arrivals(experiment: Experiment): { got: Arrival[]; simulation: Simulation; dropped: number[] } {
  const got: Arrival[] = [];
  const dropped: number[] = [];
  const simulation: Simulation = new Simulation(experiment, {
    listener: {
      delivered: (timeUs: number, { to, a, b, c, body }: Envelope) => {
        const { sequence, canonical } = simulation.bodies.get(body);
        got.push({ timeUs, sequence, to, words: [a, b, c], canonical });
      },
      dropped: (_timeUs: number, _envelope: Envelope, reason: number) => dropped.push(reason),
    },
  });
  simulation.begin();
  while (simulation.advance(10_000));
  return { got, simulation, dropped };
}

describe('what a network does to a stream of messages', () => {
  it('extra copies are a binomial count of what gets through', () => {
    const { got, simulation } = arrivals(
      sender(6, { duplicateRatio: 0.15, lossRatio: 0.2, jitterUs: 999 }, { stopTimeUs: 4_000_000 }),
    );
    const sent = simulation.observations.traffic.messages;
    const copies = new Map<string, number>();
    const seenUs = new Map<string, number>();
    let together = 0;
    for (const { sequence, to, timeUs } of got) {
      const key = `${sequence} ${to}`;
      copies.set(key, (copies.get(key) ?? 0) + 1);
      if (seenUs.get(key) === timeUs) together++;
      seenUs.set(key, timeUs);
    }
    expect(new Set(copies.values())).toEqual(new Set([1, 2]));
    expect(Math.abs(copies.size - 0.8 * sent)).toBeLessThan(slack(sent, 0.8) + 60);
    const twice = got.length - copies.size;
    expect(Math.abs(twice - 0.15 * copies.size)).toBeLessThan(slack(copies.size, 0.15));
    // Each draws its own of a thousand jitters.
    expect(together).toBeLessThanOrEqual(twice / 1000 + 5 * sqrt(twice / 1000));
  });

  it('reordering: late are those held back that not all of the next five share the fate of', () => {
    // Held back by 5.5 ms among messages 1 ms apart: the next five overtake, unless all of them are held back too.
    const ratio = 0.4;
    const { got, simulation } = arrivals(
      sender(2, { reorderRatio: ratio, reorderByUs: 5500 }, { stopTimeUs: 20_000_000 }),
    );
    let highest = -1;
    let late = 0;
    for (const { sequence } of got) {
      if (sequence < highest) late++;
      highest = Math.max(highest, sequence);
    }
    const expected = ratio * (1 - ratio ** 5);
    expect(Math.abs(late - expected * got.length)).toBeLessThan(1.5 * slack(got.length, expected));
    expect(Math.abs(simulation.links.counts.reordered - ratio * got.length)).toBeLessThan(
      slack(got.length, ratio) + 20,
    );
  });

  it('damage hits step, value, sequence and data by their bytes, one place each', () => {
    const { got, simulation } = arrivals(sender(5, { corruptRatio: 0.5 }, { stopTimeUs: 5_000_000 }));
    const hit = { step: 0, value: 0, sequence: 0, data: 0 };
    let intact = 0;
    const { pattern } = simulation.experiment;
    for (const { sequence, words, canonical } of got) {
      // A lonely publisher: its step and its sequence go hand in hand.
      const wrong = [
        words[0] !== sequence,
        words[1] !== pattern.value(sequence),
        words[2] !== sequence,
        canonical !== `{"note":"twenty-five letters of text","sequence":${sequence}}`,
      ];
      const count = wrong.filter(Boolean).length;
      expect(count).toBeLessThanOrEqual(1);
      if (count === 0) intact++;
      else hit[(['step', 'value', 'sequence', 'data'] as const)[wrong.indexOf(true)]]++;
    }
    expect(Math.abs(intact - got.length / 2)).toBeLessThan(slack(got.length, 0.5));
    expect(simulation.bodies.size).toBe(0);
    // 7, 6 and 4 bytes; and the data, 51 to 54 bytes by the digits of the sequence.
    const dataBytes = mean(got.map(({ sequence }) => 51 + String(sequence).length - 1));
    const total = 17 + dataBytes;
    const damaged = got.length - intact;
    for (const [name, bytes] of [
      ['step', 7],
      ['value', 6],
      ['sequence', 4],
      ['data', dataBytes],
    ] as const)
      expect(Math.abs(hit[name] - (damaged * bytes) / total)).toBeLessThan(slack(damaged, bytes / total));
  });

  it('an uplink sends one after the other: size / bandwidth exactly, and what finds no room is counted', () => {
    const once = { everyUs: 500_000, stopTimeUs: 600_000 };
    const sizeBytes = firstSizeBytes();
    const rate = sizeBytes * 1000;
    const { got } = arrivals(sender(8, { upBytesPerSecond: rate }, once));
    expect(got.slice(0, 7).map(({ timeUs }) => timeUs - 10_000 - got[0].timeUs + 11_000)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((k) => k * 1000),
    );
    // Room for one that is being sent and two and a half that wait.
    const tight = arrivals(sender(8, { upBytesPerSecond: rate, queueBytes: 3.5 * sizeBytes }, once));
    expect(tight.dropped).toEqual(new Array(8).fill(dropReasons.uplinkFull));
    expect(tight.simulation.uplinks).toMatchObject({ messages: 6, dropped: 8 });
    // What was never sent costs nothing.
    expect(tight.simulation.observations.traffic.messages).toBe(6);
  });

  it('a downlink receives one after the other, in the order of arrival, and loses what finds no room', () => {
    const all = {
      stopTimeUs: 600_000,
      workload: [
        {
          ...sender(2, {}).workload[0],
          who: {},
          everyUs: 500_000,
          spreadPhases: false,
          untilUs: 400_000,
          makePayload: () => 7,
        },
      ],
    };
    const base = sender(2, {}, all);
    const mesh = (network: Partial<NetworkSettings>): Experiment => ({
      ...base,
      nodeCount: 6,
      layout: { graph: completeGraph(6), remarks: [] },
      network: { ...base.network, ...network },
    });
    const sizeBytes = run(mesh({})).observations.traffic.bytes / 30;
    const rate = sizeBytes * 250;
    const { got, simulation } = arrivals(mesh({ downBytesPerSecond: rate }));
    for (let to = 0; to < 6; to++) {
      const own = got.filter((arrival) => arrival.to === to).map(({ timeUs }) => timeUs);
      const first = own[0] - 4000;
      expect(own.map((timeUs) => timeUs - first)).toEqual([4000, 8000, 12_000, 16_000, 20_000]);
    }
    expect(simulation.queue.size).toBe(0);
    expect(simulation.bodies.size).toBe(0);
    const tight = arrivals(mesh({ downBytesPerSecond: rate, queueBytes: 2 * sizeBytes }));
    expect(tight.dropped).toEqual(new Array(18).fill(dropReasons.downlinkFull));
    expect(tight.simulation.downlinks).toMatchObject({ messages: 12, dropped: 18 });
    expect(tight.simulation.bodies.size).toBe(0);
  });
});

/** Bytes of the first publication of `sender`. */
function firstSizeBytes(): number {
  const { traffic } = run(sender(2, {}, { everyUs: 500_000, stopTimeUs: 100_000 })).observations;
  return traffic.bytes / traffic.messages;
}
