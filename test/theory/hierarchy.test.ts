/**
 * Counting by levels, against arithmetic: how many messages a cycle takes, what the result is, how long a failover can last; and that
 * nobody is ever counted twice, whoever crashes when. For the last, every node has a bit of its own: a sum with as many bits as it
 * counted nodes holds each of them once, since a bit that is added twice becomes another.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HierarchyFigures, RunResult } from '../../src/core/model/result.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import type { RunListener } from '../../src/core/model/record.js';
import { countIn, sumIn } from '../../src/core/parts/tally.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

const intervalMs = 100;

function simulate(text: string, options: SimulationOptions = {}): { run: RunResult; simulation: Simulation } {
  const { experiment } = loadScenario({
    text: `version: 1\ndissemination: direct\n${text}`,
    fileName: 'hierarchy.yaml',
    readFile: () => new Uint8Array(),
  });
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return { run: resultOf(simulation), simulation };
}

function figuresOf(run: RunResult): HierarchyFigures {
  if (run.hierarchy === undefined) throw new Error('nobody counted');
  return run.hierarchy;
}

const three = (n: number, coordinators: number, aggregators: number, parents: number): string =>
  `nodes: { count: ${n} }\ntopology: { type: hierarchical, coordinators: ${coordinators}, aggregators: ${aggregators}, parents: ${parents} }\n`;
const two = (n: number, regions: number, leaders: number): string =>
  `nodes: { count: ${n} }\ntopology: { type: regions, regions: ${regions}, leaders: ${leaders} }\n`;
const counting = (more = ''): string =>
  `network: { latency: 5ms }\nstate: { type: hierarchy, interval: ${intervalMs}ms${more} }\n`;

/** Messages by kind in ten cycles after the first second, in the order report, line, result, lead. */
function messagesACycle(levels: string, more = ''): number[] {
  const counts = [0, 0, 0, 0];
  let slot = -1;
  const listener: RunListener = {
    sent: (nowUs, envelope) => {
      if (envelope.slot === slot && nowUs >= 1_000_000 && nowUs < 2_000_000) counts[envelope.kind]++;
    },
  };
  const { experiment } = loadScenario({
    text: `version: 1\ndissemination: direct\nstopTime: 2s\n${levels}${counting(more)}`,
    fileName: 'hierarchy.yaml',
    readFile: () => new Uint8Array(),
  });
  slot = experiment.stack.findIndex(({ protocol }) => protocol.slot === 'state');
  const simulation = new Simulation(experiment, { listener });
  simulation.begin();
  while (simulation.advance(1 << 16));
  return counts.map((count) => count / 10);
}

describe('the cost of a cycle', () => {
  it.each([
    [300, 3, 9, 1],
    [300, 3, 9, 2],
    [500, 4, 10, 3],
    [60, 5, 5, 2],
  ])('three levels: %d nodes, %d coordinators, %d aggregators, %d parents', (n, c, a, p) => {
    expect(messagesACycle(three(n, c, a, p))).toEqual([
      // Everybody but the aggregators, who lead their own groups, reports.
      n - a,
      // Aggregators report to one coordinator, coordinators to one another.
      a + c * (c - 1),
      // Coordinators tell every candidate of every group below, aggregators their members.
      a * p + (n - a),
      // Leaders tell the other candidates that they are there.
      (a + c) * (p - 1),
    ]);
  });

  it.each([
    [200, 4, 1],
    [200, 5, 3],
  ])('two levels: %d nodes, %d regions, %d leaders each', (n, r, p) => {
    expect(messagesACycle(two(n, r, p))).toEqual([n - r, r * (r - 1), n - r, r * (p - 1)]);
  });
});

describe('with repeatEvery', () => {
  it('nodes that lead nothing report, and hear what they know, every so many intervals', () => {
    const [n, c, a, p, every] = [514, 4, 10, 2, 5];
    expect(messagesACycle(three(n, c, a, p), `, repeatEvery: ${every}`)).toEqual([
      // Coordinators have an office and report in every interval, like all who have one and do not lead their home.
      (n - a - c) / every + c,
      a + c * (c - 1),
      a * p + (n - a) / every,
      (a + c) * (p - 1),
    ]);
  });

  it('what is new is told at once all the same', () => {
    for (const levels of [three(400, 4, 12, 2), two(400, 5, 3)]) {
      const { run } = simulate(`stopTime: 2s\n${levels}${counting(', repeatEvery: 50')}`);
      expect(figuresOf(run).exactTime).toBeLessThanOrEqual(4 * intervalMs + 5 * 5);
    }
  });

  it('a node that is back hears the result within an interval and the way there and back', () => {
    const { run } = simulate(
      `stopTime: 20s\n${three(60, 2, 4, 2)}${counting(', repeatEvery: 20, patience: 2')}faults:\n  - { crash: { nodes: { ids: [node-59] }, restartAfter: 5s }, at: 2s }\n`,
    );
    expect(figuresOf(run)).toMatchObject({ exactShare: 1, trueCount: 60 });
    // Told on its first report; then its own place in the count goes up, across and down.
    expect(figuresOf(run).recoveryTime).toBeLessThanOrEqual(4 * intervalMs + 5 * 5);
  });
});

describe('the result', () => {
  it('is exact everywhere after four cycles and the way there', () => {
    for (const levels of [three(400, 4, 12, 2), two(400, 5, 3)]) {
      const { run, simulation } = simulate(`stopTime: 2s\n${levels}${counting(', values: ones')}`);
      const figures = figuresOf(run);
      expect(figures).toMatchObject({ exactShare: 1, trueCount: 400, trueSum: 400, countedMax: 400 });
      // Report, line, line at the top, result: each waits a cycle at the most; five ways of 5 ms with three levels.
      expect(figures.exactTime).toBeLessThanOrEqual(4 * intervalMs + 5 * 5);
      expect(figures.counters).toEqual({ takeovers: 0, stepDowns: 0, linesRefused: 0 });
      for (const tally of simulation.readingsOf('state') ?? []) {
        expect([countIn(tally), sumIn(tally)]).toEqual([400, 400]);
      }
    }
  });

  it('with a bit each, holds every node: 2^n - 1', () => {
    const { simulation } = simulate(`stopTime: 2s\n${three(30, 2, 5, 2)}${counting(', values: bits')}`);
    for (const tally of simulation.readingsOf('state') ?? []) {
      expect([countIn(tally), sumIn(tally)]).toEqual([30, 2 ** 30 - 1]);
    }
  });

  it('leaves out who is gone after its lease, and counts it again when it is back', () => {
    const text = (stop: string): string =>
      `stopTime: ${stop}\n${three(60, 2, 4, 2)}${counting()}faults:\n  - { crash: { nodes: { ids: [node-59] }, restartAfter: 3s }, at: 2s }\n`;
    expect(figuresOf(simulate(text('4s')).run)).toMatchObject({
      exactShare: 1,
      trueCount: 59,
      leaderCrashes: 0,
    });
    expect(figuresOf(simulate(text('8s')).run)).toMatchObject({ exactShare: 1, trueCount: 60 });
  });
});

describe('failover', () => {
  const patience = 3;
  const leaseMs = patience * intervalMs;
  const latencyMs = 5;

  it.each([
    ['an aggregator', 'node-3', 1],
    ['a coordinator', 'node-0', 1],
    ['an aggregator and the next in line', 'node-3, node-4', 2],
  ])('%s is replaced within its leases and an interval', (_name, ids, dead) => {
    for (const at of [1000, 1037, 1081]) {
      const { run } = simulate(
        `stopTime: 6s\n${three(90, 3, 6, 3)}${counting(`, patience: ${patience}`)}faults:\n  - { crash: { nodes: { ids: [${ids}] } }, at: ${at}ms }\n`,
      );
      const figures = figuresOf(run);
      const { failoverTime, leaderless, leaderCrashes } = figures;
      expect(leaderless).toBe(0);
      // With two dead in a row, the second's own group is lost as well.
      expect(leaderCrashes).toBe(dead);
      const longest = failoverTime.max ?? Infinity;
      // Somebody noticed: no sooner than a lease after the last word, no later than the waiting candidate's next look.
      expect(longest).toBeGreaterThan(dead * leaseMs - intervalMs - latencyMs);
      expect(longest).toBeLessThanOrEqual(dead * leaseMs + intervalMs + latencyMs);
      expect(figures.exactShare).toBe(1);
      // Then: told, a lease of listening, a look, and the way up, across and down.
      expect(figures.recoveryTime).toBeLessThanOrEqual(longest + leaseMs + 4 * intervalMs + 7 * latencyMs);
    }
  });

  it('a group without any candidate falls out of the sum after (p + 2) leases, and comes back with one', () => {
    // Two coordinators, four aggregators with one parent each: group 3, edges 24 to 29 and its aggregator node-5, has no other candidate.
    const text = (stop: number): string =>
      `stopTime: ${stop}ms\n${three(30, 2, 4, 1)}${counting(', patience: 3')}faults:\n  - { crash: { nodes: { ids: [node-5] }, restartAfter: 4s }, at: 1s }\n`;
    const before = figuresOf(simulate(text(1000 + 3 * leaseMs - intervalMs - latencyMs)).run);
    expect(before.counted).toEqual({ least: 30, most: 30 });
    const gone = figuresOf(simulate(text(1000 + 3 * leaseMs + 4 * intervalMs + 5 * latencyMs)).run);
    expect(gone).toMatchObject({ counted: { least: 23, most: 30 }, trueCount: 29, leaderless: 1 });
    expect(figuresOf(simulate(text(8000)).run)).toMatchObject({
      exactShare: 1,
      trueCount: 30,
      leaderless: 0,
    });
  });

  it('who comes back takes the lead back, or not', () => {
    const text = (more: string): string =>
      `stopTime: 8s\n${three(90, 3, 6, 2)}${counting(more)}faults:\n  - { crash: { nodes: { ids: [node-3] }, restartAfter: 2s }, at: 1s }\n`;
    const back = figuresOf(simulate(text('')).run);
    expect(back).toMatchObject({ exactShare: 1, trueCount: 90, leaderless: 0 });
    expect(back.counters).toMatchObject({ takeovers: 2, stepDowns: 1 });
    const stays = figuresOf(simulate(text(', takeBack: false')).run);
    expect(stays).toMatchObject({ exactShare: 1, trueCount: 90, leaderless: 0 });
    expect(stays.counters).toMatchObject({ takeovers: 1, stepDowns: 0 });
  });

  it('two that both think they lead do not both count: the line of the older term is refused', () => {
    // Aggregator node-3 hears nobody but the coordinators, and the next in line, node-4, does not hear it: node-4 takes over, and everybody
    // follows. Only from the coordinator, who refuses its line, can node-3 learn that.
    const others = [2, ...Array.from({ length: 28 }, (_, i) => i + 4)].map((i) => `node-${i}`).join(', ');
    const cut = (from: string, to: string): string =>
      `  - { partition: { blocked: { senders: { ids: [${from}] }, receivers: { ids: [${to}] } } }, at: 1s, duration: 3s }\n`;
    const counts = new Set<number>();
    const { run } = simulate(
      `stopTime: 8s\n${three(32, 2, 6, 2)}${counting(', values: bits')}faults:\n${cut(others, 'node-3')}${cut('node-3', 'node-4')}`,
      {
        listener: {
          reported: (nowUs, _node, kind, _body, value) => {
            if (kind === reportKinds.changed && nowUs > 1_000_000) counts.add(countIn(value));
          },
        },
      },
    );
    const figures = figuresOf(run);
    expect(figures.counters.linesRefused).toBeGreaterThan(0);
    // node-3 cannot tell node-4 that it is there: one is missing, or all whom it owns and cannot hear, and nobody is there twice.
    expect(Math.max(...counts)).toBe(32);
    expect(counts).toContain(31);
    expect(figures).toMatchObject({ exactShare: 1, trueCount: 32, trueSum: 2 ** 32 - 1 });
  });

  it('two that cannot hear each other take the lead in turns, and everybody is counted once or not', () => {
    const cut = (from: number, to: number): string =>
      `  - { partition: { blocked: { senders: { ids: [node-${from}] }, receivers: { ids: [node-${to}] } } }, at: 1s, duration: 5s }\n`;
    const { run } = simulate(
      `stopTime: 8s\n${three(32, 2, 6, 2)}${counting(', values: bits')}faults:\n${cut(2, 3)}${cut(3, 2)}`,
    );
    const figures = figuresOf(run);
    expect(figures.counters.takeovers).toBeGreaterThan(4);
    expect(figures).toMatchObject({ exactShare: 1, countedMax: 32, trueCount: 32, trueSum: 2 ** 32 - 1 });
  });
});

describe('nobody is counted twice', () => {
  const bitsIn = (sum: number): number => {
    let bits = 0;
    for (let rest = sum; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
    return bits;
  };

  interface Day {
    readonly nodes: number;
    readonly coordinators: number;
    readonly aggregators: number;
    readonly parents: number;
    readonly crashes: readonly { readonly node: number; readonly atMs: number; readonly downMs: number }[];
    readonly keep: boolean;
    readonly takeBack: boolean;
    readonly repeatEvery: number;
    readonly loss: number;
    readonly cut: readonly [number, number];
    readonly seed: number;
  }

  const day: fc.Arbitrary<Day> = fc
    .record({
      coordinators: fc.integer({ min: 1, max: 3 }),
      aggregators: fc.integer({ min: 3, max: 6 }),
      nodes: fc.integer({ min: 12, max: 32 }),
      parents: fc.integer({ min: 1, max: 3 }),
      crashes: fc.array(
        fc.record({
          // Mostly leaders.
          node: fc.integer({ min: 0, max: 11 }),
          atMs: fc.integer({ min: 0, max: 3000 }),
          downMs: fc.integer({ min: 1, max: 2500 }),
        }),
        { maxLength: 6 },
      ),
      keep: fc.boolean(),
      takeBack: fc.boolean(),
      repeatEvery: fc.constantFrom(1, 3),
      loss: fc.constantFrom(0, 0.05, 0.3),
      cut: fc.tuple(fc.nat(8), fc.nat(8)),
      seed: fc.nat(1_000_000),
    })
    .map((drawn) => ({ ...drawn, parents: Math.min(drawn.parents, drawn.coordinators) }));

  function textOf({
    nodes,
    coordinators,
    aggregators,
    parents,
    crashes,
    keep,
    takeBack,
    loss,
    cut,
    seed,
    repeatEvery,
  }: Day): string {
    const faults = crashes.map(
      ({ node, atMs, downMs }) =>
        `  - { crash: { nodes: { ids: [node-${node}] }, restartAfter: ${downMs}ms, state: ${keep ? 'keep' : 'lose'} }, at: ${atMs}ms }\n`,
    );
    if (loss > 0) faults.push(`  - { loss: { ratio: ${loss} }, at: 500ms, duration: 4s }\n`);
    if (cut[0] !== cut[1])
      faults.push(
        `  - { partition: { blocked: { senders: { ids: [node-${cut[0]}] }, receivers: { ids: [node-${cut[1]}] } } }, at: 1s, duration: 3s }\n`,
      );
    return `seed: ${seed}\nstopTime: 10s\n${three(nodes, coordinators, aggregators, parents)}network: { latency: 20ms, jitter: 90ms }\nstate: { type: hierarchy, interval: ${intervalMs}ms, values: bits, takeBack: ${String(takeBack)}, repeatEvery: ${repeatEvery} }\n${faults.length === 0 ? '' : `faults:\n${faults.join('')}`}`;
  }

  it('whoever crashes, comes back, or cannot hear whom; and in the end everybody is counted once', () => {
    fc.assert(
      fc.property(day, (drawn) => {
        const seen = new Set<number>();
        const { run } = simulate(textOf(drawn), {
          listener: {
            reported: (_nowUs, _node, kind, _body, value) => {
              if (kind === reportKinds.changed) seen.add(value);
            },
          },
        });
        for (const tally of seen) expect(bitsIn(sumIn(tally))).toBe(countIn(tally));
        const figures = figuresOf(run);
        expect(figures.trueCount).toBe(drawn.nodes);
        expect(figures).toMatchObject({ exactShare: 1, trueSum: 2 ** drawn.nodes - 1, leaderless: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('N populations of one are one of N', () => {
    fc.assert(
      fc.property(day, (drawn) => {
        const text = textOf(drawn);
        expect(simulate(text, { populations: 'single' }).run).toEqual(simulate(text).run);
      }),
      { numRuns: 10 },
    );
  });
});

describe('where there are no levels', () => {
  it('is refused with its place', () => {
    expect(() => simulate('stopTime: 1s\nnodes: { count: 10 }\nstate: hierarchy\n')).toThrow(
      /state: hierarchy needs to know who is below whom, and a complete does not say it/,
    );
  });
});
