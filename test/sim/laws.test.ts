/** Laws of the engine: true of every run, whatever is simulated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adversaries } from '../../src/core/adversaries/registry.js';
import { faults } from '../../src/core/faults/registry.js';
import type {
  Experiment,
  PlannedAdversary,
  PlannedFault,
  Schedule,
} from '../../src/core/model/experiment.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import { dropReasons } from '../../src/core/model/record.js';
import type { Graph } from '../../src/core/model/topology.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, graphOf, patternMesh, run } from './experiment.js';

const always: Schedule = { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity };

function fault(
  kind: string,
  parameters: Record<string, unknown>,
  schedule: Partial<Schedule> = {},
): PlannedFault {
  return { id: kind, kind: faults.get(kind), parameters, schedule: { ...always, ...schedule } };
}

function adversary(kind: string, parameters: Record<string, unknown>, count: number): PlannedAdversary {
  return { id: kind, kind: adversaries.get(kind), who: { count }, parameters, fromUs: 0, untilUs: Infinity };
}

/** Everything bad at once. */
function badDay(graph: Graph): Experiment {
  return patternMesh(graph, {
    network: {
      latency: { description: '', latencyUs: (a, b) => 5000 + ((a * b) % 7) * 900 },
      jitterUs: 800,
      lossRatio: 0.05,
    },
    lateStarts: [{ address: graph.nodeCount - 1, atUs: 3_000_000 }],
    faults: [
      fault('partition', { share: 0.4, effect: 'drop' }, { atUs: 2_000_000, durationUs: 2_000_000 }),
      fault('loss', { ratio: 0.2 }, { atUs: 1_000_000, durationUs: 500_000, everyUs: 2_000_000 }),
      fault(
        'crash',
        { nodes: { count: 2 }, restartAfter: 700_000, state: 'lose', maxDown: 1 },
        { everyUs: 1_500_000, atUs: 500_000 },
      ),
    ],
    adversaries: [
      adversary('forge-pattern', { knowledge: 'blind', ratio: 1 }, 2),
      adversary('tamper-payload', { ratio: 0.5 }, 2),
    ],
  });
}

/** A connected graph: a path and some chords. */
const connectedGraph = fc
  .tuple(fc.integer({ min: 2, max: 24 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }))
  .map(([n, chords]) => {
    const edges = new Map<string, [number, number]>();
    for (let i = 1; i < n; i++) edges.set(`${i - 1},${i}`, [i - 1, i]);
    for (const [p, q] of chords) {
      const [a, b] = [Math.min(p % n, q % n), Math.max(p % n, q % n)];
      if (a !== b) edges.set(`${a},${b}`, [a, b]);
    }
    return graphOf(n, [...edges.values()]);
  });

describe('repeatability', () => {
  it('the same experiment gives the same result, another seed another', () => {
    const result = (seed: number): string =>
      JSON.stringify(resultOf(run({ ...badDay(completeGraph(12)), seed })));
    expect(result(1)).toBe(result(1));
    expect(result(2)).not.toBe(result(1));
  });

  it('N populations of one behave as one population of N', () => {
    fc.assert(
      fc.property(connectedGraph, fc.integer({ min: 0, max: 2 ** 53 - 1 }), (graph, seed) => {
        const experiment = { ...badDay(graph), seed, stopTimeUs: 4_000_000 };
        const shared = run(experiment);
        const single = run(experiment, { populations: 'single' });
        expect(JSON.stringify(resultOf(single))).toBe(JSON.stringify(resultOf(shared)));
        expect(single.events).toBe(shared.events);
      }),
      { numRuns: 25 },
    );
  });

  it('foresight changes nothing: a network large enough for it behaves as its nodes do one by one', () => {
    const nodeCount = 1 << 14;
    const everybody = {
      nodeCount,
      edgeCount: (nodeCount * (nodeCount - 1)) / 2,
      directed: false,
      neighbourCount: () => nodeCount - 1,
      neighbourAt: (node: number, index: number) => (index < node ? index : index + 1),
    };
    const experiment = patternMesh(everybody, {
      stopTimeUs: 3_000_000,
      network: {
        latency: { description: '10 ms', latencyUs: () => 10_000 },
        jitterUs: 3000,
        lossRatio: 0.01,
      },
      stack: patternMesh(graphOf(2, [])).stack.map((layer) =>
        layer.protocol.slot === 'spread'
          ? {
              protocol: spreads.get('push-pull'),
              parameters: { fanout: 2, interval: 200_000, held: 8, seenCapacity: 8 },
            }
          : layer,
      ),
      workload: [
        {
          who: { ids: ['n0'] },
          atUs: 0,
          everyUs: 0,
          untilUs: 1,
          spreadPhases: false,
          deadlineUs: 2_000_000,
          makePayload: () => 1,
        },
      ],
      faults: [
        fault(
          'crash',
          { nodes: { count: 500 }, restartAfter: 700_000, state: 'lose', maxDown: 1 },
          { atUs: 900_000 },
        ),
      ],
    });
    const shared = run(experiment);
    const single = run(experiment, { populations: 'single' });
    expect(JSON.stringify(resultOf(single))).toBe(JSON.stringify(resultOf(shared)));
    expect(single.events).toBe(shared.events);
    expect(shared.events).toBeGreaterThan(400_000);
  }, 60_000);

  it('a listener changes nothing', () => {
    const calls: number[] = [];
    const listener = {
      delivered: (timeUs: number) => calls.push(timeUs),
      timer: (timeUs: number) => calls.push(timeUs),
    };
    const watched = run(badDay(completeGraph(10)), { listener });
    expect(watched.fingerprint).toBe(run(badDay(completeGraph(10))).fingerprint);
    expect(calls.length).toBeGreaterThan(1000);
    expect(calls).toEqual([...calls].sort((p, q) => p - q));
  });

  it('a fault that is taken out shifts no draw of another', () => {
    // Nobody passes anything on (direct), so both runs send the same messages and only the partition differs.
    const lost = (withPartition: boolean): Set<string> => {
      const out = new Set<string>();
      const planned = [
        fault('partition', { isolate: { ids: ['n3'] }, effect: 'drop' }, { atUs: 2_000_000 }),
        fault('loss', { ratio: 0.3 }),
      ];
      const experiment = patternMesh(completeGraph(8), {
        faults: withPartition ? planned : planned.slice(1),
        stack: patternMesh(completeGraph(8)).stack.map((layer) =>
          layer.protocol.slot === 'spread'
            ? { protocol: spreads.get('direct'), parameters: { seenCapacity: 64 } }
            : layer,
        ),
      });
      const lossIndex = withPartition ? 1 : 0;
      run(experiment, {
        listener: {
          dropped: (timeUs: number, envelope: Envelope, reason: number) => {
            if (reason === lossIndex) out.add(`${timeUs} ${envelope.from} ${envelope.to}`);
          },
        },
      });
      return out;
    };
    const alone = lost(false);
    const both = lost(true);
    // What the partition had dropped before counts as its own.
    for (const message of both) expect(alone).toContain(message);
    const untouched = [...alone].filter((message) => !/ 3 | 3$/.test(message));
    for (const message of untouched) expect(both).toContain(message);
    expect(untouched.length).toBeGreaterThan(50);
  });
});

describe('flooding', () => {
  it('costs 2m - n + 1 messages on a connected graph of n nodes and m edges, and reaches everybody', () => {
    fc.assert(
      fc.property(connectedGraph, (graph) => {
        const n = graph.nodeCount;
        const experiment = patternMesh(graph, {
          stopTimeUs: 3_000_000,
          workload: [
            {
              who: { ids: ['n0'] },
              atUs: 0,
              everyUs: 0,
              untilUs: 1,
              spreadPhases: false,
              deadlineUs: 2_000_000,
              makePayload: () => 1,
            },
          ],
        });
        const { metrics } = resultOf(run(experiment));
        expect(metrics.messagesSent).toBe(2 * graph.edgeCount - n + 1);
        expect(metrics.deliveryRatio).toBe(1);
      }),
    );
  });

  it('takes as many hops as the source is eccentric, and falls silent', () => {
    const path = graphOf(
      6,
      [0, 1, 2, 3, 4].map((i) => [i, i + 1] as const),
    );
    const once = {
      who: { ids: ['n1'] },
      atUs: 0,
      everyUs: 0,
      untilUs: 1,
      spreadPhases: false,
      deadlineUs: 1_000_000,
      makePayload: () => 1,
    };
    const simulation = run(patternMesh(path, { workload: [once], measureEveryUs: 0 }));
    const { metrics } = resultOf(simulation);
    expect(metrics.hops.max).toBe(4);
    expect(metrics.disseminationLatency.max).toBe(40);
    expect(metrics.coverage).toEqual({ t50: 20, t90: 40, t99: 40 });
    expect(simulation.queue.size).toBe(0);
    expect(simulation.bodies.size).toBe(0);
  });

  it('a ttl below the diameter leaves some out', () => {
    const path = graphOf(
      6,
      [0, 1, 2, 3, 4].map((i) => [i, i + 1] as const),
    );
    const base = patternMesh(path);
    const once = {
      who: { ids: ['n0'] },
      atUs: 0,
      everyUs: 0,
      untilUs: 1,
      spreadPhases: false,
      deadlineUs: 1_000_000,
      makePayload: () => 1,
    };
    const stack = base.stack.map((layer) =>
      layer.protocol.slot === 'spread' ? { ...layer, parameters: { ttl: 3, seenCapacity: 64 } } : layer,
    );
    const { metrics } = resultOf(run({ ...base, stack, workload: [once] }));
    expect(metrics.deliveryRatio).toBe(3 / 5);
    expect(metrics.disseminationLatency.p99).toBeNull();
    expect(metrics.disseminationLatency.max).toBeNull();
  });
});

describe('faults', () => {
  it('nothing crosses a partition while it lasts, and everything does before and after', () => {
    const arrivals: { sentUs: number; crosses: boolean }[] = [];
    const partition = fault(
      'partition',
      { groups: [{ ids: ['n0', 'n1', 'n2'] }], effect: 'drop' },
      { atUs: 3_000_000, durationUs: 4_000_000 },
    );
    run(patternMesh(completeGraph(8), { faults: [partition] }), {
      listener: {
        delivered: (timeUs: number, { from, to }: Envelope, delayUs: number) =>
          arrivals.push({ sentUs: timeUs - delayUs, crosses: from < 3 !== to < 3 }),
      },
    });
    const crossing = arrivals.filter(({ crosses }) => crosses).map(({ sentUs }) => sentUs);
    expect(crossing.filter((us) => us >= 3_000_000 && us < 7_000_000)).toEqual([]);
    expect(crossing.some((us) => us < 3_000_000)).toBe(true);
    expect(crossing.some((us) => us >= 7_000_000)).toBe(true);
  });

  it('an asymmetric partition blocks one direction', () => {
    const crossing = { there: 0, back: 0 };
    const oneWay = fault('partition', {
      blocked: { senders: { ids: ['n0'] }, receivers: { ids: ['n1'] } },
      effect: 'drop',
    });
    run(patternMesh(completeGraph(3), { faults: [oneWay] }), {
      listener: {
        delivered: (_timeUs: number, { from, to }: Envelope) => {
          if (from === 0 && to === 1) crossing.there++;
          if (from === 1 && to === 0) crossing.back++;
        },
      },
    });
    expect(crossing.there).toBe(0);
    expect(crossing.back).toBeGreaterThan(5);
  });

  it('loses the share that it says: the count lies within the binomial bounds', () => {
    let sent = 0;
    let lost = 0;
    run(
      patternMesh(completeGraph(30), {
        network: { latency: { description: '', latencyUs: () => 100 }, jitterUs: 0, lossRatio: 0.1 },
      }),
      {
        listener: {
          sent: () => sent++,
          dropped: (_timeUs: number, _envelope: Envelope, reason: number) => {
            if (reason === dropReasons.loss) lost++;
          },
        },
      },
    );
    const total = sent + lost;
    expect(total).toBeGreaterThan(100_000);
    // Five standard deviations of a binomial count.
    expect(Math.abs(lost - 0.1 * total)).toBeLessThan(5 * Math.sqrt(total * 0.1 * 0.9));
  });

  it('a crashed node neither sends nor receives, and its old timers never fire', () => {
    const seen: string[] = [];
    const crash = fault(
      'crash',
      { nodes: { ids: ['n2'] }, restartAfter: 3_000_000, state: 'lose', maxDown: 1 },
      { atUs: 2_500_000 },
    );
    const simulation = run(patternMesh(completeGraph(5), { faults: [crash] }), {
      listener: {
        timer: (timeUs: number, node: number) => {
          if (node === 2 && timeUs > 2_500_000 && timeUs < 5_500_000) seen.push(`timer ${timeUs}`);
        },
        delivered: (timeUs: number, { to }: Envelope) => {
          if (to === 2 && timeUs > 2_500_000 && timeUs < 5_500_000) seen.push(`delivery ${timeUs}`);
        },
      },
    });
    expect(seen).toEqual([]);
    expect(simulation.rows.incarnation(2)).toBe(1);
    // It published once a second before and after, in its old rhythm.
    expect(resultOf(simulation).faults[0]).toMatchObject({ fired: 1, affectedNodes: 1 });
  });

  it('a fault without a target makes the run invalid', () => {
    const crash = fault('crash', { nodes: { group: 'nobody' }, state: 'lose', maxDown: 1 });
    const result = resultOf(run(patternMesh(completeGraph(4), { faults: [crash] })));
    expect(result.status).toBe('invalid');
    expect(result.invalidBecause).toEqual(['The fault crash (crash) never touched a message or a node.']);
  });
});

describe('steps', () => {
  it('a late joiner catches up with the first message that it hears', () => {
    const simulation = run(
      patternMesh(completeGraph(5), { lateStarts: [{ address: 4, atUs: 5_000_000 }], stopTimeUs: 5_900_000 }),
    );
    const steps = [0, 1, 2, 3, 4].map((node) => simulation.stepOf(node));
    expect(Math.max(...(steps as number[])) - (steps[4] as number)).toBeLessThanOrEqual(1);
    expect(steps[4]).toBeGreaterThan(20);
  });

  it('every publication takes the next step: no two of one sender are equal', () => {
    const claims = new Map<number, number[]>();
    run(patternMesh(completeGraph(4)), {
      listener: {
        reported: (_timeUs: number, node: number, kind: number, _body: number, value: number) => {
          if (kind === 1) claims.set(node, [...(claims.get(node) ?? []), value]);
        },
      },
    });
    for (const steps of claims.values()) expect(new Set(steps).size).toBe(steps.length);
    expect(claims.size).toBe(4);
  });
});
