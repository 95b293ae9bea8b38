/**
 * Failure detectors against their theory. Heartbeats: a crash is noticed k T - phase after it, with the phase uniform on [0, T); runs of k
 * losses come (1-p) p^k times a beat. SWIM (Das, Gupta, Motivala 2002): in each period somebody probes the victim with probability
 * 1 - (1 - 1/(n-1))^(n-1); a live node fails a probe with probability (1-q^2)(1-q^4)^k. Phi-accrual: patience is mean + z(phi) deviations.
 */
import { describe, expect, it } from 'vitest';
import { reportKinds } from '../../src/core/model/protocol.js';
import { repetitionSeed } from '../../src/core/base/random.js';
import type { DetectorFigures } from '../../src/core/model/result.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';
import { mean, tolerance } from './statistics.js';

function simulate(text: string, seed: number, options?: SimulationOptions): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\ndissemination: direct\nmeasureEvery: 1s\n${text}`,
    fileName: 'detectors.yaml',
    readFile: () => new Uint8Array(),
    set: [`seed=${seed}`],
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

function figures(text: string, seed = 1): DetectorFigures {
  const { detector } = resultOf(simulate(text, seed));
  if (detector === undefined) throw new Error('there is no detector');
  return detector;
}

/** First suspicions in milliseconds after the crash of one node at 20 s, one a seed. */
function suspicionTimes(runs: number, text: string): number[] {
  return Array.from({ length: runs }, (_, i) => {
    const { suspicionTime, failures } = figures(text, repetitionSeed(1, i));
    expect(failures).toBe(1);
    return suspicionTime.mean ?? NaN;
  });
}

const oneCrash = 'faults:\n  - { crash: { nodes: { count: 1 }, maxDown: 1 }, at: 20s }\n';

describe('heartbeats', () => {
  it('notice a pause like a crash, k intervals after the last beat, and take it back with the first beat after it', () => {
    const text = `stopTime: 30s\nnodes: { count: 4 }\nnetwork: { latency: 10ms }\nfailureDetector: { type: heartbeat, suspectAfter: 3, deadAfter: 60 }\nfaults:\n  - { pause: { nodes: { ids: [node-2] } }, at: 20s, duration: 5s }\n`;
    const suspected: number[] = [];
    const cleared: number[] = [];
    for (let i = 0; i < 200; i++) {
      // Every peer suspects it at the same moment; what node-2 itself thinks when it wakes is another matter.
      const first = new Map<number, number>();
      simulate(text, repetitionSeed(1, i), {
        listener: {
          reported: (timeUs: number, node: number, kind: number, _body: number, subject: number) => {
            if (subject !== 2 || node === 2 || first.has(kind)) return;
            first.set(kind, timeUs / 1000 - 20_010);
          },
        },
      });
      suspected.push(first.get(reportKinds.suspected) ?? NaN);
      cleared.push(first.get(reportKinds.cleared) ?? NaN);
    }
    expect(Math.min(...suspected)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...suspected)).toBeLessThanOrEqual(3000);
    expect(Math.abs(mean(suspected) - 2500)).toBeLessThan(tolerance(1000 / Math.sqrt(12), suspected.length));
    // The beat that was due in the pause is sent at its end.
    expect(new Set(cleared)).toEqual(new Set([5000]));
  });

  it('notice a crash k intervals after the last beat: uniform on [(k-1) T, k T], and the way of the beat', () => {
    const text = `stopTime: 26s\nnodes: { count: 4 }\nnetwork: { latency: 10ms }\nfailureDetector: { type: heartbeat, suspectAfter: 3, deadAfter: 4 }\n${oneCrash}`;
    const times = suspicionTimes(300, text).map((ms) => ms - 10);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...times)).toBeLessThanOrEqual(3000);
    expect(Math.abs(mean(times) - 2500)).toBeLessThan(tolerance(1000 / Math.sqrt(12), times.length));
    const early = times.filter((ms) => ms < 2250).length / times.length;
    expect(Math.abs(early - 0.25)).toBeLessThan(tolerance(Math.sqrt(0.25 * 0.75), times.length));
  });

  it.each([
    [0.3, 3],
    [0.2, 2],
  ])('suspect the living (1-p) p^k times a beat: p = %f, k = %i', (loss, k) => {
    const seconds = 300;
    const nodes = 16;
    const text = `stopTime: ${seconds}s\nnodes: { count: ${nodes} }\nnetwork: { latency: 10ms, loss: ${loss} }\nfailureDetector: { type: heartbeat, suspectAfter: ${k}, deadAfter: 1000 }\n`;
    const { falseSuspicions, falsePositives } = figures(text);
    const expected = nodes * (nodes - 1) * seconds * (1 - loss) * loss ** k;
    // Runs of losses are nearly independent, so their number has the variance of its mean; and k beats at the end do not count.
    expect(Math.abs(falseSuspicions - expected)).toBeLessThan(
      4 * Math.sqrt(expected) + (k * expected) / seconds,
    );
    expect(falsePositives).toBe(0);
  });
});

describe('SWIM', () => {
  const swim = (nodes: number, more: string): string =>
    `nodes: { count: ${nodes} }\nnetwork: { latency: 10ms }\nfailureDetector: { type: swim, probeOrder: random, ${more} }\n`;

  it('finds a crash after a geometric number of periods', () => {
    const nodes = 60;
    const chance = 1 - (1 - 1 / (nodes - 1)) ** (nodes - 1);
    const times = suspicionTimes(400, `stopTime: 45s\n${swim(nodes, 'suspicionMultiplier: 50')}${oneCrash}`);
    // A probe that begins in the first period is known to have failed one period later; one that was under way at the crash, 10 ms long,
    // fails as well.
    const periods = times.map((ms) => Math.ceil((ms + 10) / 1000) - 1);
    expect(Math.min(...periods)).toBe(1);
    expect(Math.abs(mean(periods) - 1 / chance)).toBeLessThan(tolerance(Math.sqrt(1 - chance) / chance, 400));
    const first = periods.filter((count) => count === 1).length / 400;
    expect(Math.abs(first - chance)).toBeLessThan(tolerance(Math.sqrt(chance * (1 - chance)), 400));
  });

  it.each([
    [0.1, 3],
    [0.1, 0],
    [0.3, 1],
  ])('a live node fails a probe with probability (1-q^2)(1-q^4)^k: loss %f, k = %i', (loss, k) => {
    const text = `stopTime: 500s\n${swim(40, `indirectChecks: ${k}, suspicionMultiplier: 100`)}`;
    const { counters } = figures(text.replace('latency: 10ms', `latency: 10ms, loss: ${loss}`));
    const q = 1 - loss;
    const chance = (1 - q ** 2) * (1 - q ** 4) ** k;
    const { probes, probesFailed } = counters;
    expect(probes).toBeGreaterThan(19_000);
    expect(Math.abs(probesFailed / probes - chance)).toBeLessThan(
      4 * Math.sqrt((chance * (1 - chance)) / probes),
    );
  });

  it('suspects deny: with 5 % loss hardly any suspicion ends in a verdict', () => {
    const text = `stopTime: 300s\n${swim(50, '')}`.replace('latency: 10ms', 'latency: 10ms, loss: 0.05');
    const { falsePositives, falseSuspicions, counters } = figures(text);
    expect(falseSuspicions).toBeGreaterThan(0);
    expect(counters.suspicionsRefuted).toBeGreaterThan(0);
    // Each of 50 nodes could fall for each suspicion.
    expect(falsePositives).toBeLessThan(0.01 * 50 * falseSuspicions);
  });

  it('partial views: each neighbour finds out by itself, and nobody else says a word', () => {
    const text = `stopTime: 60s\nnodes: { count: 200 }\ntopology: { type: random-regular, degree: 6 }\nnetwork: { latency: 10ms }\nfailureDetector: swim\n${oneCrash}`;
    for (const seed of [1, 2, 3]) {
      const { confirmations, suspicions, falseSuspicions, falsePositives } = figures(text, seed);
      expect({ confirmations, falseSuspicions, falsePositives }).toEqual({
        confirmations: 6,
        falseSuspicions: 0,
        falsePositives: 0,
      });
      expect(suspicions).toBeLessThanOrEqual(6);
    }
  });

  it('partial views: a crash is found after a geometric number of periods, now of d neighbours who know d each', () => {
    const degree = 4;
    const chance = 1 - (1 - 1 / degree) ** degree;
    const text = `stopTime: 45s\ntopology: { type: random-regular, degree: ${degree} }\n${swim(24, 'suspicionMultiplier: 50')}${oneCrash}`;
    const times = suspicionTimes(200, text);
    const periods = times.map((ms) => Math.ceil((ms + 10) / 1000) - 1);
    expect(Math.abs(mean(periods) - 1 / chance)).toBeLessThan(tolerance(Math.sqrt(1 - chance) / chance, 200));
  });

  it('who was down when the run began is found, and is neither a crash of the run nor a late alarm', () => {
    const text = `stopTime: 60s\n${swim(40, '')}churn: { lifetime: { distribution: exponential, mean: 100000h }, downtime: { distribution: exponential, mean: 100000h } }\n`;
    const { confirmations, failures, lateAlarms, falsePositives } = figures(text);
    expect(confirmations).toBeGreaterThan(100);
    expect({ failures, lateAlarms, falsePositives }).toEqual({
      failures: 0,
      lateAlarms: 0,
      falsePositives: 0,
    });
  });

  it('partial views: a suspect is asked again in each period of its respite', () => {
    // 300 nodes that know 12 at random hardly share a peer, so rumours help no suspect. Four questions each fail with 1 - q^2.
    const text = `stopTime: 200s\ntopology: { type: random-regular, degree: 12 }\n${swim(300, 'indirectChecks: 0')}`;
    const { falsePositives, falseSuspicions } = figures(
      text.replace('latency: 10ms', 'latency: 10ms, loss: 0.1'),
    );
    expect(falseSuspicions).toBeGreaterThan(5000);
    const bound = (1 - 0.9 ** 2) ** 4;
    expect(falsePositives / falseSuspicions).toBeLessThan(bound + 4 * Math.sqrt(bound / falseSuspicions));
  });

  it('round robin: nobody waits longer than 2 n - 1 periods', () => {
    const text = `stopTime: 80s\nnodes: { count: 12 }\nnetwork: { latency: 10ms }\nfailureDetector: { type: swim, suspicionMultiplier: 0 }\n${oneCrash}`;
    for (const ms of suspicionTimes(40, text)) expect(ms).toBeLessThanOrEqual((2 * 12 - 1) * 1000 + 1000);
  });

  it('the sides of a healed partition find each other again, and nobody was wrong', () => {
    const text = `stopTime: 300s\nnodes: { count: 10, groups: [{ id: few, count: 3 }, { id: many, count: 7 }] }\nnetwork: { latency: 10ms }\nfailureDetector: swim\ndissemination: flood\nfaults:\n  - { partition: { groups: [{ group: few }, { group: many }] }, at: 20s, duration: 60s }\nworkload:\n  - { broadcast: {}, every: 5s, from: 240s, until: 280s }\n`;
    const { detector, metrics } = resultOf(simulate(text.replace('dissemination: flood\n', ''), 1));
    expect(detector?.confirmations).toBeGreaterThan(30);
    expect(detector?.falsePositives).toBe(0);
    // Direct dissemination reaches only those whom the publisher believes alive.
    expect(metrics.deliveryRatio).toBe(1);
  });

  it('the dead get no more messages', () => {
    const text = `stopTime: 60s\n${swim(8, '')}${oneCrash}workload:\n  - { broadcast: {}, every: 1s, from: 50s, until: 59s, deadline: 500ms }\n`;
    const { metrics } = resultOf(simulate(text, 1));
    expect(metrics.deliveryRatio).toBe(1);
    // Seven publish to six: without a detector each message would be sent seven times.
    expect(metrics.payloadsPerNode * 8).toBeCloseTo(metrics.publications * 6, -1);
  });
});

describe('phi-accrual', () => {
  it('waits mean + z deviations: with a deviation of 100 ms and phi 8, 5.612 of them', () => {
    const text = `stopTime: 26s\nnodes: { count: 4 }\nnetwork: { latency: 10ms }\nfailureDetector: { type: phi-accrual, minDeviation: 100ms }\n${oneCrash}`;
    const times = suspicionTimes(200, text).map((ms) => ms - 10);
    // The normal quantile of 1 - 10^-8 is 5.6120.
    expect(Math.min(...times)).toBeGreaterThanOrEqual(561.2);
    expect(Math.max(...times)).toBeLessThanOrEqual(1561.3);
    expect(Math.abs(mean(times) - 1061.2)).toBeLessThan(tolerance(1000 / Math.sqrt(12), times.length));
  });

  it('is patient where links are nervous, and not where they are quiet', () => {
    const base = (jitter: string): string =>
      `stopTime: 120s\nnodes: { count: 6 }\nnetwork: { latency: 10ms, jitter: ${jitter} }\nfailureDetector: { type: phi-accrual, minDeviation: 10ms }\n${oneCrash.replace('20s', '100s')}`;
    const quiet = figures(base('0ms')).suspicionTime.mean ?? NaN;
    const nervous = figures(base('800ms')).suspicionTime.mean ?? NaN;
    expect(nervous).toBeGreaterThan(quiet + 500);
    expect(figures(base('800ms')).falseSuspicions).toBe(0);
  });
});

describe('laws', () => {
  it.each([
    'heartbeat',
    'swim',
    'phi-accrual',
    '{ type: swim, probeOrder: random, localHealth: true, indirectChecks: 2 }',
  ])('N populations of one are one population of N: %s', (detector) => {
    const text =
      `stopTime: 60s\nnodes: { count: 12 }\ntopology: { type: random-regular, degree: 5 }\nnetwork: { latency: 20ms, jitter: 30ms, loss: 0.15 }\nfailureDetector: ${detector}\ndissemination: flood\nfaults:\n  - { crash: { nodes: { count: 2 }, restartAfter: 15s, state: lose }, at: 10s }\n  - { crash: { nodes: { count: 2 }, restartAfter: 5s, state: keep }, at: 12s }\nworkload:\n  - { broadcast: {}, every: 3s }\n`.replace(
        'dissemination: flood\n',
        '',
      );
    const shared = resultOf(simulate(text, 5));
    const single = resultOf(simulate(text, 5, { populations: 'single' }));
    expect(single).toEqual(shared);
    expect(shared.detector?.suspicions).toBeGreaterThan(0);
  });

  it.each(['heartbeat', 'swim', 'phi-accrual'])('all is quiet where nothing happens: %s', (detector) => {
    const found = figures(`stopTime: 100s\nnodes: { count: 10 }\nfailureDetector: ${detector}\n`);
    expect(found).toMatchObject({ suspicions: 0, confirmations: 0, failures: 0, falsePositiveRate: 0 });
  });

  it('an unknown detector is refused with the list', () => {
    expect(() => figures('stopTime: 1s\nnodes: { count: 2 }\nfailureDetector: swin\n')).toThrow(
      /heartbeat, swim, phi-accrual.*Did you mean swim/,
    );
  });
});
