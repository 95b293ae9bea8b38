/** Laws of every fault that strikes links: what holds for all of them, and what makes each of them what it is. */
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import type { Experiment, PlannedFault, Schedule } from '../../src/core/model/experiment.js';
import { dropReasons } from '../../src/core/model/record.js';
import { reportKinds } from '../../src/core/model/protocol.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { completeGraph, patternMesh, run } from './experiment.js';

/** What has no default. */
const needed: Readonly<Record<string, Record<string, unknown>>> = {
  loss: { ratio: 0.3 },
  delay: { by: 40_000, jitter: 5000 },
  duplicate: { ratio: 0.3 },
  reorder: { ratio: 0.3, by: 30_000 },
  corrupt: { ratio: 0.3 },
  clog: {},
  flap: { up: 700_000, down: 300_000 },
};
const kinds = Object.keys(needed);
const always: Schedule = { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity };

function fault(
  kind: string,
  where: Record<string, unknown> = {},
  schedule: Partial<Schedule> = { atUs: 2_000_000, durationUs: 3_000_000 },
): PlannedFault {
  const entry = faults.get(kind);
  const parameters = { ...sectionDefault(knobFields(entry.knobs)), ...needed[kind], ...where };
  return { id: kind, kind: entry, parameters, schedule: { ...always, ...schedule } };
}

/** Everybody speaks to everybody, and nobody passes anything on: what is sent does not depend on what arrived. */
function mesh(planned: readonly PlannedFault[], network: Partial<Experiment['network']> = {}): Experiment {
  const base = patternMesh(completeGraph(8), {
    faults: planned,
    stopTimeUs: 8_000_000,
    network: {
      latency: { description: '', latencyUs: () => 10_000 },
      jitterUs: 3000,
      lossRatio: 0.1,
      ...network,
    },
    groupNames: ['a', 'b'],
    groupRoles: [undefined, undefined],
    groupOf: Uint16Array.of(0, 0, 0, 1, 1, 1, 1, 1),
    groupRegions: ['eu', 'us'],
  });
  return {
    ...base,
    stack: base.stack.map((layer) =>
      layer.protocol.slot === 'spread'
        ? { protocol: spreads.get('direct'), parameters: { seenCapacity: 512 } }
        : layer,
    ),
  };
}

interface Fate {
  readonly from: number;
  readonly to: number;
  readonly atUs: number;
  readonly reason: number | undefined;
  /** From publication to arrival. */
  readonly delayUs: number;
  readonly copies: number;
  /** Are its words or its data other than what was published? The step itself depends on what arrived before. */
  readonly damaged: boolean;
}

/** What became of every message, by sender, receiver and the number of the publication. */
function fates(experiment: Experiment): { readonly all: Map<string, Fate>; readonly simulation: Simulation } {
  const all = new Map<string, Fate>();
  const published = new Map<string, { readonly atUs: number; readonly content: string }>();
  const contentOf = ({ a, b, c, body }: Envelope): string =>
    `${a} ${b} ${c} ${simulation.bodies.get(body).canonical}`;
  const keyOf = (from: number, body: number): string => `${from} ${simulation.bodies.get(body).sequence}`;
  const note = (timeUs: number, envelope: Envelope, fate: { reason?: number; delayUs?: number }): void => {
    const { from, to } = envelope;
    const source = published.get(keyOf(from, envelope.body));
    if (source === undefined) throw new Error('nobody published this');
    const key = `${keyOf(from, envelope.body)} ${to}`;
    const before = all.get(key);
    all.set(key, {
      from,
      to,
      atUs: source.atUs,
      reason: fate.reason,
      delayUs: fate.delayUs === undefined ? -1 : timeUs + fate.delayUs - source.atUs,
      damaged: before?.damaged === true || contentOf(envelope) !== source.content,
      copies: (before?.copies ?? 0) + (fate.reason === undefined ? 1 : 0),
    });
  };
  const simulation: Simulation = new Simulation(experiment, {
    listener: {
      sent: (timeUs, envelope, delayUs) => note(timeUs, envelope, { delayUs }),
      dropped: (timeUs, envelope, reason) => {
        if (reason !== dropReasons.guard) note(timeUs, envelope, { reason });
      },
      reported: (timeUs, node, kind, body, _value, envelope) => {
        if (kind === reportKinds.published)
          published.set(keyOf(node, body), { atUs: timeUs, content: contentOf(envelope) });
      },
    },
  });
  simulation.begin();
  while (simulation.advance(10_000));
  return { all, simulation };
}

const same = (p: Fate | undefined, q: Fate | undefined): boolean => JSON.stringify(p) === JSON.stringify(q);

/** The messages that a fault made a difference to. */
function struck(planned: PlannedFault, network?: Partial<Experiment['network']>): Fate[] {
  const without = fates(mesh([], network)).all;
  const { all } = fates(mesh([planned], network));
  return [...all].filter(([key, fate]) => !same(fate, without.get(key))).map(([, fate]) => fate);
}

describe.each(kinds)('%s', (kind) => {
  it('touches messages, and counts those that it touched', () => {
    const { simulation } = fates(mesh([fault(kind)]));
    const result = resultOf(simulation);
    expect(result.status).toBe('passed');
    // Only what cuts nodes off is anything to the nodes themselves.
    const affectedNodes = kind === 'clog' || kind === 'flap' ? 8 : 0;
    expect(result.faults[0]).toMatchObject({ id: kind, kind, fired: 1, affectedNodes });
    // Of what the network lost anyway nothing can be seen; a copy of it would be lost as well.
    const seen = struck(fault(kind), { lossRatio: 0, jitterUs: 0 }).length;
    const { simulation: clean } = fates(mesh([fault(kind)], { lossRatio: 0, jitterUs: 0 }));
    expect(resultOf(clean).faults[0].affectedMessages).toBe(seen);
    expect(seen).toBeGreaterThan(30);
  });

  it('repeats, and populations of one are the same', () => {
    const experiment = mesh([fault(kind)]);
    const shared = JSON.stringify(resultOf(run(experiment)));
    expect(JSON.stringify(resultOf(run(experiment)))).toBe(shared);
    expect(JSON.stringify(resultOf(run(experiment, { populations: 'single' })))).toBe(shared);
  });

  it('does nothing outside of its time', () => {
    for (const { atUs } of struck(fault(kind))) {
      expect(atUs).toBeGreaterThanOrEqual(2_000_000);
      expect(atUs).toBeLessThan(5_000_000);
    }
  });

  it('shifts no draw: what it does not touch fares as before, also among other faults', () => {
    const others = kinds
      .filter((other) => other !== kind)
      .map((other) => fault(other, {}, { atUs: 1_000_000, durationUs: 4_000_000 }));
    const where = { nodes: { ids: ['n2'] } };
    const without = fates(mesh(others)).all;
    const { all } = fates(mesh([...others, fault(kind, where)]));
    expect([...all.keys()].sort()).toEqual([...without.keys()].sort());
    const touched = [...all].filter(([key, fate]) => !same(fate, without.get(key)));
    expect(touched.length).toBeGreaterThan(0);
    for (const [, { from, to }] of touched) expect(from === 2 || to === 2).toBe(true);
  });

  it.each([
    ['senders', { senders: { ids: ['n1'] } }, (from: number) => from === 1],
    ['receivers', { receivers: { group: 'a' } }, (_: number, to: number) => to < 3],
    ['nodes', { nodes: { ids: ['n7'] } }, (from: number, to: number) => from === 7 || to === 7],
    [
      'a link',
      { between: [{ ids: ['n1'] }, { ids: ['n4'] }] },
      (from: number, to: number) => (from === 1 && to === 4) || (from === 4 && to === 1),
    ],
    [
      'between regions',
      { between: [{ region: 'eu' }, { region: 'us' }] },
      (from: number, to: number) => from < 3 !== to < 3,
    ],
    ['within a region', { between: [{ region: 'us' }] }, (from: number, to: number) => from >= 3 && to >= 3],
  ] as const)('strikes only %s', (_name, where, isMeant) => {
    // Certain, so that all pairs that can be hit are.
    const hit = struck(fault(kind, { ...where, ratio: 1, up: 1 }));
    for (const { from, to } of hit) expect(isMeant(from, to)).toBe(true);
    const pairs = new Set(hit.map(({ from, to }) => `${from} ${to}`));
    let meant = 0;
    for (let p = 0; p < 8; p++) for (let q = 0; q < 8; q++) if (p !== q && isMeant(p, q)) meant++;
    expect(pairs.size).toBe(meant);
  });

  it('refuses two ways of saying which links', () => {
    const { kind: entry, parameters } = fault(kind, { nodes: { ids: ['n1'] }, senders: { ids: ['n2'] } });
    expect(entry.check?.(parameters as never, [])).toEqual([
      expect.objectContaining({ path: ['nodes'], what: 'senders and nodes cannot hold together' }),
    ]);
  });
});

describe('what each does', () => {
  const quiet = { lossRatio: 0, jitterUs: 0 };
  const hit = (kind: string, knobs: Record<string, unknown> = {}): Fate[] =>
    struck(fault(kind, knobs), quiet);

  it('delay: by as much as it says, and its jitter', () => {
    const delays = hit('delay', { by: 40_000, jitter: 5000 }).map(({ delayUs }) => delayUs - 10_000);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(40_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(45_000);
    expect(new Set(delays).size).toBeGreaterThan(50);
  });

  it('duplicate: one copy more', () => {
    expect(new Set(hit('duplicate').map(({ copies }) => copies))).toEqual(new Set([2]));
  });

  it('reorder: held back by so much, or by as long again as it takes', () => {
    expect(new Set(hit('reorder').map(({ delayUs }) => delayUs))).toEqual(new Set([40_000]));
    expect(new Set(hit('reorder', { by: undefined }).map(({ delayUs }) => delayUs))).toEqual(
      new Set([20_000]),
    );
  });

  it('clog: everything sent meanwhile sets out when it ends', () => {
    const clogged = hit('clog');
    expect(clogged.length).toBe(3 * 8 * 7);
    for (const { atUs, delayUs } of clogged) expect(atUs + delayUs).toBe(5_000_000 + 10_000);
  });

  it('clog: of two at a time the longer counts, and without an end nothing sets out', () => {
    const two = [
      fault('clog'),
      { ...fault('clog', {}, { atUs: 2_500_000, durationUs: 1_000_000 }), id: 'short' },
    ];
    for (const { atUs, delayUs } of fates(mesh(two, quiet)).all.values())
      expect(atUs + delayUs).toBe(atUs >= 2_000_000 && atUs < 5_000_000 ? 5_010_000 : atUs + 10_000);
    const { all } = fates(mesh([fault('clog', {}, { atUs: 2_000_000 })], quiet));
    // Those that wait at the end have met no fate.
    for (const { atUs, delayUs } of all.values()) {
      expect(atUs).toBeLessThan(2_000_000);
      expect(delayUs).toBe(10_000);
    }
  });

  it('flap: aligned, down first and then up, in turns', () => {
    const { all } = fates(mesh([fault('flap', { phase: 'aligned' })], quiet));
    for (const { atUs, reason } of all.values()) {
      const sinceUs = atUs - 2_000_000;
      const isDown = sinceUs >= 0 && sinceUs < 3_000_000 && sinceUs % 1_000_000 < 300_000;
      expect(reason).toBe(isDown ? 0 : undefined);
    }
  });

  it('flap: each link has its own phase, the same in both directions, and is down its share of the time', () => {
    // One message a millisecond on each of two links, so that the edges can be seen.
    const experiment = mesh([fault('flap', { up: 70_000, down: 30_000 })], quiet);
    const often = {
      ...experiment,
      workload: experiment.workload.map((item) => ({ ...item, everyUs: 1000, spreadPhases: false })),
      nodeCount: 3,
      layout: { graph: completeGraph(3), remarks: [] },
      groupOf: Uint16Array.of(0, 0, 0),
    };
    const lost = new Map<string, number[]>();
    run(often, {
      listener: {
        dropped: (timeUs, { from, to }) => {
          const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
          lost.set(key, [...(lost.get(key) ?? []), timeUs]);
        },
      },
    });
    const phases = new Set<number>();
    for (const times of lost.values()) {
      // Both directions are lost at the same moments: 30 of 100 ms, for 3 s.
      expect(times.length).toBe(2 * 900);
      const distinct = [...new Set(times)];
      expect(distinct.length).toBe(900);
      phases.add((distinct.find((timeUs, i) => i > 0 && timeUs - distinct[i - 1] > 1000) ?? 0) % 100_000);
    }
    expect(phases.size).toBe(3);
  });
});

describe('faults on top of each other', () => {
  const half = { atUs: 0, durationUs: Infinity };
  const named = (id: string, kind: string, where: Record<string, unknown>): PlannedFault => ({
    ...fault(kind, where, half),
    id,
  });
  const isolate = (id: string, node: string, more: Record<string, unknown>): PlannedFault => ({
    id,
    kind: faults.get('partition'),
    parameters: { isolate: { ids: [node] }, ...more },
    schedule: { ...always, ...half },
  });
  /** Eight nodes that say one thing a second to seven others, ten times, counted by what became of it. */
  function count(planned: readonly PlannedFault[], lossRatio = 0) {
    const { all, simulation } = fates(mesh(planned, { lossRatio, jitterUs: 0 }));
    const lost: Record<string, number> = {};
    const late: Record<string, number> = {};
    for (const { reason, delayUs } of all.values()) {
      const name = reason === undefined ? undefined : reason < 0 ? 'network' : planned[reason].id;
      if (name !== undefined) lost[name] = (lost[name] ?? 0) + 1;
      else if (delayUs > 10_000) late[delayUs] = (late[delayUs] ?? 0) + 1;
    }
    const touched = Object.fromEntries(
      resultOf(simulation).faults.map(({ id, affectedMessages }) => [id, affectedMessages]),
    );
    return { sent: all.size, lost, late, touched };
  }

  it('what one has lost already, another does not count', () => {
    // Node 0 is cut off, and everything to nodes 0 and 1 is lost: both would lose what goes to node 0.
    const cut = isolate('cut', 'n0', { effect: 'drop' });
    const deaf = named('deaf', 'loss', { ratio: 1, receivers: { ids: ['n0', 'n1'] } });
    const { sent, touched, lost } = count([cut, deaf]);
    const seconds = sent / 56;
    expect(seconds).toBe(8);
    expect(touched).toEqual({ cut: 14 * seconds, deaf: 6 * seconds });
    expect(lost).toEqual(touched);
    // The other way round, the other one was first.
    expect(count([deaf, cut]).touched).toEqual({ deaf: 14 * seconds, cut: 6 * seconds });
  });

  it('what the network loses is the work of no fault', () => {
    const planned = [isolate('cut', 'n0', { effect: 'drop' }), named('wet', 'loss', { ratio: 0.5 })];
    const { lost, touched } = count(planned, 0.3);
    expect(lost.network).toBeGreaterThan(80);
    expect(lost).toEqual({ ...touched, network: lost.network });
    // The same draws of the network as without any fault.
    expect(count([], 0.3).lost).toEqual({ network: lost.network });
  });

  it.each([
    ['delay', { effect: 'delay', delay: 50_000 }],
    ['hold', { effect: 'hold' }],
  ] as const)(
    'a partition with effect: %s has not touched what is lost, whoever comes first',
    (_effect, more) => {
      const cut = isolate('cut', 'n0', more);
      const mute = named('mute', 'loss', { ratio: 1, senders: { ids: ['n0'] } });
      for (const planned of [
        [cut, mute],
        [mute, cut],
      ])
        expect(count(planned).touched).toEqual({ cut: 7 * 8, mute: 7 * 8 });
    },
  );

  it('who delays the same message as another has touched it as well, and so have those who hold it', () => {
    const slow = named('slow', 'delay', { by: 1000, jitter: 0, senders: { ids: ['n0'] } });
    const cut = isolate('cut', 'n0', { effect: 'delay', delay: 50_000 });
    const { touched, late } = count([slow, cut]);
    expect(touched).toEqual({ slow: 7 * 8, cut: 14 * 8 });
    expect(late).toEqual({ 60_000: 7 * 8, 61_000: 7 * 8 });
    const clogs = [
      named('one', 'clog', { senders: { ids: ['n0'] } }),
      named('two', 'clog', { nodes: { ids: ['n0'] } }),
    ];
    expect(count(clogs).touched).toEqual({ one: 7 * 8, two: 14 * 8 });
  });
});

describe('what a network is like all the time', () => {
  const knobs: Readonly<Record<string, Partial<Experiment['network']>>> = {
    burst: { burst: { enterRatio: 0.1, leaveRatio: 0.4, goodLossRatio: 0.02, badLossRatio: 0.9 } },
    duplicate: { duplicateRatio: 0.2 },
    reorder: { reorderRatio: 0.2, reorderByUs: 7000 },
    corrupt: { corruptRatio: 0.2 },
  };
  const all = Object.assign({}, ...Object.values(knobs)) as Partial<Experiment['network']>;

  it.each([
    ['burst', ['reason']],
    ['duplicate', ['copies']],
    ['reorder', ['delayUs']],
    ['corrupt', ['damaged']],
  ] as const)('%s shifts no draw of another: only its own doing is gone', (knob, own) => {
    const without = Object.assign(
      {},
      ...Object.entries(knobs).flatMap(([name, value]) => (name === knob ? [] : [value])),
    ) as Partial<Experiment['network']>;
    const many = fates(mesh([], all)).all;
    const few = fates(mesh([], without)).all;
    expect([...many.keys()].sort()).toEqual([...few.keys()].sort());
    let gone = 0;
    for (const [key, fate] of many) {
      const other = few.get(key);
      if (other === undefined || same(fate, other)) continue;
      gone++;
      // What a burst swallows has no delay and no copies either.
      if (own[0] === 'reason') expect([fate.reason, other.reason]).toEqual([dropReasons.loss, undefined]);
      // An extra copy may be the only one that is held back, or damaged.
      else if (own[0] === 'copies') expect([fate.copies, other.copies]).toEqual([2, 1]);
      else expect({ ...fate, [own[0]]: 0 }).toEqual({ ...other, [own[0]]: 0 });
    }
    expect(gone).toBeGreaterThan(20);
  });

  it('all at once, with thin lines: it repeats, and populations of one are the same', () => {
    const experiment = patternMesh(completeGraph(12), {
      faults: kinds.map((kind) => fault(kind, {}, { atUs: 1_000_000, durationUs: 2_000_000 })),
      stopTimeUs: 5_000_000,
      network: {
        latency: { description: '', latencyUs: (a, b) => 5000 + ((a * b) % 7) * 900 },
        jitterUs: 3000,
        lossRatio: 0.02,
        upBytesPerSecond: 60_000,
        downBytesPerSecond: 80_000,
        queueBytes: 1000,
        ...all,
      },
    });
    const shared = run(experiment);
    const result = resultOf(shared);
    expect(result.links).toMatchObject({
      duplicated: expect.any(Number) as number,
      uplink: { dropped: expect.any(Number) as number },
    });
    for (const count of [
      result.links?.lostInBursts,
      result.links?.duplicated,
      result.links?.reordered,
      result.links?.corrupted,
      result.links?.uplink?.dropped,
      result.links?.downlink?.dropped,
    ])
      expect(count).toBeGreaterThan(0);
    expect(JSON.stringify(resultOf(run(experiment)))).toBe(JSON.stringify(result));
    expect(JSON.stringify(resultOf(run(experiment, { populations: 'single' })))).toBe(JSON.stringify(result));
  });

  it('a plain network says nothing about links', () => {
    expect(resultOf(run(mesh([]))).links).toBeUndefined();
    expect(resultOf(run(mesh([fault('loss')]))).links).toBeUndefined();
  });
});
