/** What faults do to nodes: pause, slow, clock, leave, and the limits on who may go down. */
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import type { Experiment, PlannedFault, Schedule } from '../../src/core/model/experiment.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import { detectors, spreads } from '../../src/core/protocols/registry.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { Connectivity } from '../../src/core/sim/connectivity.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { worldChanges } from '../../src/core/model/record.js';
import { completeGraph, graphOf, patternMesh, run } from './experiment.js';

const second = 1_000_000;
const always: Schedule = { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity };

function fault(
  kind: string,
  parameters: Record<string, unknown>,
  schedule: Partial<Schedule> = {},
  id = kind,
): PlannedFault {
  const entry = faults.get(kind);
  const defaults = sectionDefault(knobFields(entry.knobs));
  return {
    id,
    kind: entry,
    parameters: { ...defaults, ...parameters },
    schedule: { ...always, ...schedule },
  };
}

/** Messages go straight to everybody, and nobody passes them on. */
function direct(
  nodeCount: number,
  planned: readonly PlannedFault[],
  changes: Partial<Experiment> = {},
): Experiment {
  const base = patternMesh(completeGraph(nodeCount));
  return {
    ...base,
    faults: planned,
    stack: base.stack.map((layer) =>
      layer.protocol.slot === 'spread'
        ? { protocol: spreads.get('direct'), parameters: { seenCapacity: 64 } }
        : layer,
    ),
    ...changes,
  };
}

interface Handled {
  readonly what: string;
  readonly atUs: number;
  readonly delayUs: number;
}

/** What one node handles, messages and timers, in order. */
function handledBy(node: number, experiment: Experiment): Handled[] {
  const list: Handled[] = [];
  run(experiment, {
    listener: {
      delivered: (atUs: number, { from, to, c }: Envelope, delayUs: number) => {
        if (to === node) list.push({ what: `message ${from} ${c}`, atUs, delayUs });
      },
      timer: (atUs: number, at: number, slot: number, kind: number, argument: number) => {
        if (at === node) list.push({ what: `timer ${slot} ${kind} ${argument}`, atUs, delayUs: 0 });
      },
    },
  });
  return list;
}

const node = { ids: ['n2'] };

describe('pause', () => {
  const pause = fault('pause', { nodes: node }, { atUs: 3 * second, durationUs: 2 * second });

  it('nothing happens at the node while it lasts; then everything that came, in the order in which it came', () => {
    const usual = handledBy(2, direct(5, []));
    const paused = handledBy(2, direct(5, [pause]));
    const during = (atUs: number): boolean => atUs >= 3 * second && atUs < 5 * second;
    expect(paused.filter(({ atUs }) => during(atUs))).toEqual([]);
    const waited = usual.filter(({ atUs, what }) => during(atUs) && what.startsWith('message'));
    expect(waited.length).toBe(8);
    const atOnce = paused.filter(({ atUs, what }) => atUs === 5 * second && what.startsWith('message'));
    expect(atOnce.map(({ what }) => what)).toEqual(waited.map(({ what }) => what));
    // Under way for as long as it took until somebody looked.
    expect(atOnce.map(({ delayUs }) => delayUs)).toEqual(
      waited.map(({ atUs }) => 5 * second - atUs + 10_000),
    );
    const messages = (list: readonly Handled[]): string[] =>
      list.flatMap(({ what }) => (what.startsWith('message') ? [what] : []));
    expect(messages(paused)).toEqual(messages(usual));
  });

  it('a periodic timer goes off once for the whole pause', () => {
    const timers = handledBy(2, direct(5, [pause])).filter(({ what }) => what.startsWith('timer'));
    const usual = handledBy(2, direct(5, [])).filter(({ what }) => what.startsWith('timer'));
    // Two of ten publications fall into the pause; one is made up for.
    expect(usual.length).toBe(10);
    expect(timers.length).toBe(9);
    expect(timers.filter(({ atUs }) => atUs === 5 * second).length).toBe(1);
  });

  it('a crash ends it, and what waited is lost', () => {
    const crash = fault('crash', { nodes: node, restartAfter: 500_000 }, { atUs: 4 * second });
    const list = handledBy(2, direct(5, [pause, crash]));
    const messages = list.filter(({ what }) => what.startsWith('message'));
    expect(messages.filter(({ atUs }) => atUs >= 3 * second && atUs < 4.5 * second)).toEqual([]);
    expect(messages.some(({ atUs }) => atUs >= 4.5 * second && atUs < 5 * second)).toBe(true);
    expect(messages.filter(({ delayUs }) => delayUs !== 10_000)).toEqual([]);
  });

  it('of two the node goes on when both have ended', () => {
    const other = fault('pause', { nodes: node }, { atUs: 4 * second, durationUs: 3 * second }, 'other');
    const list = handledBy(2, direct(5, [pause, other]));
    expect(list.filter(({ atUs }) => atUs >= 3 * second && atUs < 7 * second)).toEqual([]);
    expect(list.filter(({ atUs }) => atUs === 7 * second).length).toBeGreaterThanOrEqual(16);
  });

  it('leaves nothing behind', () => {
    const simulation = run(
      direct(5, [pause], { workload: [{ ...direct(5, []).workload[0], untilUs: 4 * second }] }),
    );
    expect(simulation.bodies.size).toBe(0);
    expect(resultOf(simulation).faults[0].affectedMessages).toBeGreaterThan(3);
  });

  it('the heartbeats of others notice it after k intervals at the latest, and a pause shorter than that never', () => {
    const figures = (durationUs: number) => {
      const base = direct(4, [fault('pause', { nodes: node }, { atUs: 20 * second, durationUs })]);
      const entry = detectors.get('heartbeat');
      const parameters = { heartbeatInterval: second, suspectAfter: 3, deadAfter: 5 };
      return resultOf(
        run({
          ...base,
          stopTimeUs: 40 * second,
          workload: [],
          stack: [{ protocol: entry, parameters }, ...base.stack],
        }),
      ).detector;
    };
    // A beat of the last second before the pause, then silence for three: everybody suspects it; for five: it is dead.
    expect(figures(1.9 * second)).toMatchObject({ suspicions: 0, confirmations: 0 });
    // When it goes on it finds that it has heard nobody for long, and suspects them: its alarms are false, those about it are not.
    expect(figures(3.1 * second)).toMatchObject({ confirmations: 0, falsePositives: 0 });
    expect(figures(3.1 * second)?.suspicions).toBeGreaterThanOrEqual(3);
    expect(figures(6.1 * second)).toMatchObject({ failures: 0 });
    expect(figures(6.1 * second)?.confirmations).toBeGreaterThanOrEqual(3);
  });
});

describe('slow', () => {
  it('with a lag, everything is handled that much later, and nothing is lost or overtaken', () => {
    const usual = handledBy(2, direct(5, []));
    const lagging = handledBy(2, direct(5, [fault('slow', { nodes: node, lag: 700_000 }, { atUs: 0 })]));
    const expected = usual.filter(
      ({ what, atUs }) => what.startsWith('message') && atUs + 700_000 <= 10 * second,
    );
    const messages = lagging.filter(({ what }) => what.startsWith('message'));
    expect(messages.map(({ what, atUs }) => [what, atUs])).toEqual(
      expected.map(({ what, atUs }) => [what, atUs + 700_000]),
    );
    // The node's own rhythm loses the lag each time: its next second begins after the timer was handled.
    const timers = lagging.filter(({ what }) => what.startsWith('timer'));
    expect(timers.length).toBeLessThan(10);
  });

  it('with a service time, the node handles one thing after the other: Lindley recursion of waiting times', () => {
    const serviceUs = 120_000;
    const experiment = (planned: readonly PlannedFault[]): Experiment =>
      direct(6, planned, { stopTimeUs: 9 * second });
    const quick = handledBy(2, experiment([])).filter(({ what }) => what.startsWith('message'));
    // The node itself publishes nothing, so that messages are all it has to do.
    const silent = (planned: readonly PlannedFault[]): Experiment => {
      const base = experiment(planned);
      return { ...base, workload: [{ ...base.workload[0], who: { ids: ['n0', 'n1', 'n3', 'n4', 'n5'] } }] };
    };
    const usual = handledBy(2, silent([]));
    const slow = handledBy(2, silent([fault('slow', { nodes: node, serviceTime: serviceUs })]));
    let freeAtUs = 0;
    const expected: [string, number][] = [];
    for (const { what, atUs } of usual) {
      const startUs = Math.max(atUs, freeAtUs);
      freeAtUs = startUs + serviceUs;
      if (startUs <= 9 * second) expected.push([what, startUs]);
    }
    expect(slow.map(({ what, atUs }) => [what, atUs])).toEqual(expected);
    expect(expected.some(([, atUs], i) => atUs > usual[i].atUs)).toBe(true);
    expect(quick.length).toBeGreaterThan(0);
  });

  it('by a factor, it needs that many times as long for what handling costs', () => {
    const processing = { verifyUs: 0, messageUs: 12_000, queueCapacity: Infinity };
    const base = direct(6, [], { stopTimeUs: 9 * second });
    const workload = [{ ...base.workload[0], who: { ids: ['n0', 'n1', 'n3', 'n4', 'n5'] } }];
    const arrivals = handledBy(2, { ...base, workload });
    const tenfold = fault('slow', { nodes: node, factor: 10 });
    const slow = handledBy(2, { ...base, workload, processing, faults: [tenfold] });
    const expected: number[] = [];
    let freeAtUs = 0;
    for (const { atUs } of arrivals) {
      const startUs = Math.max(atUs, freeAtUs);
      freeAtUs = startUs + 120_000;
      if (startUs <= 9 * second) expected.push(startUs);
    }
    expect(slow.map(({ atUs }) => atUs)).toEqual(expected);
    expect(expected).not.toEqual(arrivals.map(({ atUs }) => atUs));
  });

  it('when it ends, what waits is handled at once, in order', () => {
    const slow = fault(
      'slow',
      { nodes: node, lag: 2 * second },
      { atUs: 2 * second, durationUs: 3 * second },
    );
    const list = handledBy(2, direct(5, [slow])).filter(({ what }) => what.startsWith('message'));
    const usual = handledBy(2, direct(5, [])).filter(({ what }) => what.startsWith('message'));
    expect(list.map(({ what }) => what)).toEqual(usual.map(({ what }) => what));
    expect(list.filter(({ atUs }) => atUs === 5 * second).length).toBe(
      usual.filter(({ atUs }) => atUs > 3 * second && atUs <= 5 * second).length,
    );
    expect(list.filter(({ atUs }) => atUs > 5 * second).every(({ delayUs }) => delayUs === 10_000)).toBe(
      true,
    );
  });
});

describe('clock', () => {
  it('a clock that is 10 percent fast makes timers 1/1.1 as long, and nothing else moves', () => {
    const fast = fault('clock', { nodes: node, drift: 0.1 });
    const beats = (planned: readonly PlannedFault[], address: number): number[] => {
      const moments = new Set<number>();
      const base = direct(5, planned);
      const heartbeat = detectors.get('heartbeat');
      const parameters = sectionDefault(knobFields(heartbeat.knobs));
      const experiment = { ...base, stack: [{ protocol: heartbeat, parameters }, ...base.stack] };
      const sent = (timeUs: number, { from, slot }: Envelope): void => {
        if (slot === 0 && from === address) moments.add(timeUs);
      };
      run(experiment, { listener: { sent } });
      return [...moments];
    };
    const list = beats([fast], 2);
    const gaps = list.slice(1).map((atUs, i) => atUs - list[i]);
    expect(gaps.length).toBeGreaterThan(8);
    for (const gap of gaps) expect(Math.abs(gap - second / 1.1)).toBeLessThanOrEqual(1);
    expect(beats([fast], 1)).toEqual(beats([], 1));
  });

  it('the workload is the plan of the experiment, which no clock moves', () => {
    const off = fault('clock', { nodes: node, drift: 0.5, offset: -300 * second }, { atUs: second });
    const moments = (planned: readonly PlannedFault[]): number[] =>
      handledBy(2, direct(5, planned)).flatMap(({ what, atUs }) => (what.startsWith('timer') ? [atUs] : []));
    expect(moments([off])).toEqual(moments([]));
  });

  it('an offset shows in timestamps, and when it ends the clock is right', () => {
    const ahead = fault(
      'clock',
      { nodes: node, offset: 300 * second },
      { atUs: 3 * second, durationUs: 3 * second },
    );
    const experiment = direct(5, [ahead]);
    const aheadMs: [number, number][] = [];
    const simulation = new Simulation(experiment, {
      listener: {
        reported: (timeUs: number, at: number, kind: number, body: number) => {
          if (kind !== reportKinds.published || at !== 2) return;
          const { timestampMs } = simulation.bodies.get(body);
          aheadMs.push([timeUs, timestampMs - experiment.epochMs - Math.floor(timeUs / 1000)]);
        },
      },
    });
    simulation.begin();
    while (simulation.advance(1000));
    expect(aheadMs.length).toBeGreaterThan(6);
    for (const [timeUs, ms] of aheadMs)
      expect(ms).toBe(timeUs >= 3 * second && timeUs < 6 * second ? 300_000 : 0);
  });

  it('the shown time is offset and drift together', () => {
    const off = fault('clock', { nodes: node, offset: -5 * second, drift: -0.5 }, { atUs: 2 * second });
    const simulation = run(direct(5, [off]));
    expect(simulation.clocks?.shownUs(2, 6 * second)).toBe(-1 * second);
    expect(simulation.clocks?.shownUs(1, 6 * second)).toBe(6 * second);
    expect(simulation.clocks?.trueUs(2, second)).toBe(2 * second);
  });
});

describe('leave', () => {
  const leaving = (type: string, kind: string, parameters: Record<string, unknown> = {}) => {
    const entry = detectors.get(type);
    const base = direct(6, [fault(kind, { nodes: node, ...parameters }, { atUs: 20 * second })]);
    const defaults = sectionDefault(knobFields(entry.knobs));
    return resultOf(
      run({
        ...base,
        stopTimeUs: 60 * second,
        workload: [],
        stack: [{ protocol: entry, parameters: defaults }, ...base.stack],
      }),
    );
  };

  it.each(['heartbeat', 'phi-accrual', 'swim'])('%s: nobody suspects who has said goodbye', (type) => {
    expect(leaving(type, 'crash').detector).toMatchObject({ failures: 1, detected: 1 });
    expect(leaving(type, 'leave').detector).toMatchObject({
      failures: 0,
      leaves: 1,
      leaversTakenForDead: 0,
      suspicions: 0,
      confirmations: 0,
    });
  });

  it.each(['heartbeat', 'phi-accrual', 'swim'])(
    '%s: who returns is welcome, and can be missed again',
    (type) => {
      const result = leaving(type, 'leave', { returnAfter: 10 * second });
      expect(result.metrics.nodesUp).toBe(6);
      expect(result.detector).toMatchObject({ falsePositives: 0, falseSuspicions: 0, leaves: 1 });
    },
  );
});

describe('limits', () => {
  it.each([
    ['crash', 'restartAfter'],
    ['leave', 'returnAfter'],
  ])('%s: an absence that another fault has ended does not end the next one', (kind, after) => {
    const comings = (planned: readonly PlannedFault[]): number[] => {
      const times: number[] = [];
      run(direct(4, planned, { stopTimeUs: 20 * second }), {
        listener: {
          world: (timeUs, change, subject) => {
            const isBack = change === worldChanges.restartKept || change === worldChanges.restartLost;
            if (isBack && subject === 2) times.push(timeUs / second);
          },
        },
      });
      return times;
    };
    const early = fault('restart', { nodes: node }, { atUs: 3 * second });
    // Down at 1 s for ten seconds, mended at 3 s; the second time, at 5 s, nobody brings it back.
    const brief = fault(kind, { nodes: node, [after]: 10 * second }, { atUs: second });
    const forGood = fault(kind, { nodes: node }, { atUs: 5 * second }, 'for good');
    expect(comings([brief, early, forGood])).toEqual([3]);
    // The same fault takes it down again at 6 s, for the whole seven seconds.
    const again = { nodes: node, [after]: 7 * second };
    const twice = fault(kind, again, { atUs: second, everyUs: 5 * second, untilUs: 7 * second });
    expect(comings([twice, early])).toEqual([3, 13]);
    expect(comings([twice])).toEqual([8]);
  });

  it.each([
    [0.29, 100, 29],
    [0.7, 10, 7],
    [0.15, 10, 1],
    [0, 10, 0],
  ])('maxDown: %d of %d nodes are %d', (maxDown, nodeCount, down) => {
    const result = resultOf(
      run(
        direct(nodeCount, [fault('crash', { nodes: {}, maxDown }, { atUs: second })], { stopTimeUs: second }),
      ),
    );
    expect(result.faults[0]).toMatchObject({ affectedNodes: down, leftOut: nodeCount - down });
    if (down > 0) return;
    expect(result.invalidBecause).toEqual([
      'The fault crash (crash) never touched a message or a node; limits kept it from doing so 10 times.',
    ]);
  });

  it.each(['crash', 'leave'])('%s: maxDown leaves the rest out and counts it', (kind) => {
    const all = fault(kind, { nodes: {}, maxDown: 0.25 }, { atUs: second });
    const result = resultOf(run(direct(8, [all])));
    expect(result.faults[0]).toMatchObject({ affectedNodes: 2, leftOut: 6 });
    expect(result.metrics.nodesUp).toBe(6);
  });

  it('protectConnectivity: a path keeps its middle, and loses its ends one after the other', () => {
    const path = graphOf(
      5,
      [0, 1, 2, 3].map((i) => [i, i + 1] as const),
    );
    const all = fault(
      'crash',
      { nodes: { ids: ['n1', 'n2', 'n3'] }, protectConnectivity: true },
      { atUs: second },
    );
    expect(resultOf(run(patternMesh(path, { faults: [all] }))).faults[0]).toMatchObject({ leftOut: 3 });
    const fromTheEnd = [0, 1, 2].map((i) =>
      fault('crash', { nodes: { ids: [`n${i}`] }, protectConnectivity: true }, { atUs: second + i }, `c${i}`),
    );
    const result = resultOf(run(patternMesh(path, { faults: fromTheEnd })));
    expect(result.faults.map(({ affectedNodes }) => affectedNodes)).toEqual([1, 1, 1]);
  });

  it('wouldSplit agrees with counting components', () => {
    const components = (n: number, edges: readonly (readonly [number, number])[], up: Uint8Array): number => {
      const root = Array.from({ length: n }, (_, i) => i);
      const find = (i: number): number => (root[i] === i ? i : (root[i] = find(root[i])));
      for (const [a, b] of edges) if (up[a] === 1 && up[b] === 1) root[find(a)] = find(b);
      return new Set([...root.keys()].filter((i) => up[i] === 1).map(find)).size;
    };
    let state = 12345;
    const below = (n: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >>> 8) % n;
    };
    let splits = 0;
    for (let trial = 0; trial < 200; trial++) {
      const n = 3 + below(12);
      const edges = new Map<string, [number, number]>();
      for (let i = 0; i < n + below(n); i++) {
        const a = below(n);
        const b = below(n);
        if (a < b) edges.set(`${a} ${b}`, [a, b]);
      }
      const list = [...edges.values()];
      const up = Uint8Array.from({ length: n }, () => (below(4) === 0 ? 0 : 1));
      const connectivity = new Connectivity(graphOf(n, list), up);
      for (let at = 0; at < n; at++) {
        if (up[at] === 0) continue;
        const without = Uint8Array.from(up);
        without[at] = 0;
        const lone = list.every(([a, b]) => (a !== at || up[b] === 0) && (b !== at || up[a] === 0)) ? 1 : 0;
        const expected = components(n, list, without) > components(n, list, up) - lone;
        expect(connectivity.wouldSplit(at)).toBe(expected);
        if (expected) splits++;
      }
    }
    expect(splits).toBeGreaterThan(50);
  });
});

describe('laws of every node fault', () => {
  const samples: readonly (readonly [string, PlannedFault[]])[] = [
    [
      'pause',
      [fault('pause', { nodes: { count: 3 } }, { atUs: second, durationUs: second, everyUs: 3 * second })],
    ],
    [
      'slow',
      [fault('slow', { nodes: { share: 0.5 }, lag: 30_000, serviceTime: 9000 }, { durationUs: 5 * second })],
    ],
    ['clock', [fault('clock', { nodes: { count: 4 }, offset: -3 * second, drift: 0.2 }, { atUs: second })]],
    [
      'leave',
      [fault('leave', { nodes: { count: 2 }, returnAfter: second }, { everyUs: 1.5 * second, atUs: second })],
    ],
    [
      'all',
      [
        fault('slow', { nodes: { count: 5 }, lag: 30_000, serviceTime: 2000 }),
        fault('clock', { nodes: { count: 5 }, drift: 0.2 }, { atUs: second }),
        fault('pause', { nodes: { count: 3 } }, { atUs: second, durationUs: second, everyUs: 2 * second }),
        fault('leave', { nodes: { count: 2 }, returnAfter: second }, { everyUs: 1.5 * second, atUs: second }),
        fault(
          'crash',
          { nodes: { count: 2 }, restartAfter: second },
          { everyUs: 1.1 * second, atUs: second },
        ),
        fault('partition', { share: 0.4, effect: 'hold' }, { atUs: 2 * second, durationUs: 3 * second }),
        fault('heal', {}, { atUs: 4 * second }),
      ],
    ],
  ];

  const busy = (planned: readonly PlannedFault[], seed = 3): Experiment => {
    const base = patternMesh(completeGraph(10), { faults: planned, seed, stopTimeUs: 7 * second });
    return {
      ...base,
      network: { ...base.network, jitterUs: 3000, lossRatio: 0.02 },
      stack: [
        {
          protocol: detectors.get('swim'),
          parameters: sectionDefault(knobFields(detectors.get('swim').knobs)),
        },
        ...base.stack,
      ],
    };
  };

  it.each(samples)('%s: N populations of one behave as one population of N', (_name, planned) => {
    for (const seed of [3, 4]) {
      const shared = run(busy(planned, seed));
      const single = run(busy(planned, seed), { populations: 'single' });
      expect(JSON.stringify(resultOf(single))).toBe(JSON.stringify(resultOf(shared)));
      expect(single.events).toBe(shared.events);
      expect(resultOf(shared).status).not.toBe('invalid');
    }
  });

  it.each(samples.slice(0, 4))('%s: shifts no draw of anybody else', (_name, [planned]) => {
    // Nobody answers, so that all that others send, and all that is lost of it, has to stay the same.
    const ofOthers = (list: readonly PlannedFault[]): string[] => {
      const seen: string[] = [];
      const base = direct(10, list);
      const note = (timeUs: number, { from, to, c }: Envelope, how: number): void => {
        if (from !== 2) seen.push(`${timeUs} ${from} ${to} ${c} ${how}`);
      };
      const network = { ...base.network, lossRatio: 0.3, jitterUs: 5000 };
      run(
        { ...base, network },
        { listener: { sent: note, dropped: (...drop) => drop[2] === -1 && note(...drop) } },
      );
      return seen;
    };
    const alone = { ...planned, parameters: { ...planned.parameters, nodes: node } };
    const without = ofOthers([]);
    expect(ofOthers([alone])).toEqual(without);
    expect(without.length).toBeGreaterThan(500);
  });
});
