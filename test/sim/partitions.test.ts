/** Partitions of every effect, and what heals them. Arrivals are compared with those of the same run on a whole network. */
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import type { Experiment, PlannedFault, Schedule } from '../../src/core/model/experiment.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { resultOf } from '../../src/core/sim/result.js';
import type { Simulation } from '../../src/core/sim/simulation.js';
import { completeGraph, patternMesh, run } from './experiment.js';

const second = 1_000_000;
const linkUs = 10_000;
const few = [{ ids: ['n0', 'n1', 'n2'] }];
const crosses = (from: number, to: number): boolean => from < 3 !== to < 3;

function fault(
  id: string,
  kind: string,
  parameters: Record<string, unknown>,
  schedule: Partial<Schedule>,
): PlannedFault {
  const always: Schedule = { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity };
  return { id, kind: faults.get(kind), parameters, schedule: { ...always, ...schedule } };
}

/** Nobody passes anything on, so that whoever is cut off changes no other message. */
function direct(planned: readonly PlannedFault[], jitterUs = 0): Experiment {
  const base = patternMesh(completeGraph(8));
  return {
    ...base,
    faults: planned,
    network: { ...base.network, jitterUs },
    stack: base.stack.map((layer) =>
      layer.protocol.slot === 'spread'
        ? { protocol: spreads.get('direct'), parameters: { seenCapacity: 64 } }
        : layer,
    ),
  };
}

interface Arrival {
  readonly key: string;
  readonly atUs: number;
  readonly from: number;
  readonly to: number;
}

/** Arrivals by what they are: sender, receiver and the sender's own number of the message. */
function arrivals(experiment: Experiment): {
  readonly list: readonly Arrival[];
  readonly simulation: Simulation;
} {
  const list: Arrival[] = [];
  const simulation = run(experiment, {
    listener: {
      delivered: (atUs: number, { from, to, c }: Envelope) =>
        list.push({ key: `${from} ${to} ${c}`, atUs, from, to }),
    },
  });
  return { list, simulation };
}

describe('partition with effect: delay', () => {
  it('adds the delay to what crosses while it lasts, and to nothing else', () => {
    const split = fault(
      'split',
      'partition',
      { groups: few, effect: 'delay', delay: 300_000 },
      { atUs: 3 * second, durationUs: 4 * second },
    );
    const before = new Map(arrivals(direct([], 4000)).list.map((arrival) => [arrival.key, arrival.atUs]));
    const { list } = arrivals(direct([split], 4000));
    let late = 0;
    for (const { key, atUs, from, to } of list) {
      const usualUs = before.get(key) as number;
      // With jitter a message sent before the partition may arrive in it: what counts is when it was sent.
      const extraUs = atUs - usualUs;
      expect([0, 300_000]).toContain(extraUs);
      if (extraUs === 0) continue;
      late++;
      expect(crosses(from, to)).toBe(true);
      expect(usualUs - linkUs - 4000).toBeLessThan(7 * second);
      expect(usualUs).toBeGreaterThan(3 * second);
    }
    // 2 x 3 x 5 pairs, one message a second in each direction, for four seconds.
    expect(late).toBe(120);
  });
});

describe('partition with effect: hold', () => {
  const hold = (id: string, fromUs: number, toUs: number, groups: unknown = few): PlannedFault =>
    fault(id, 'partition', { groups, effect: 'hold' }, { atUs: fromUs, durationUs: toUs - fromUs });

  it('keeps what crosses and delivers all of it after healing, in the order in which it was sent', () => {
    const whole = arrivals(direct([])).list;
    const { list, simulation } = arrivals(direct([hold('split', 3 * second, 7 * second)]));
    const held = list.filter(({ from, to, atUs }) => crosses(from, to) && atUs === 7 * second + linkUs);
    expect(held.length).toBeGreaterThanOrEqual(120);
    expect(
      list.filter(
        ({ from, to, atUs }) =>
          crosses(from, to) && atUs >= 3 * second + linkUs && atUs < 7 * second + linkUs,
      ),
    ).toEqual([]);
    expect(new Set(list.map(({ key }) => key))).toEqual(new Set(whole.map(({ key }) => key)));
    // Sequence numbers of one sender to one receiver rise.
    const last = new Map<string, number>();
    for (const { key, from, to } of held) {
      const sequence = Number(key.split(' ')[2]);
      expect(sequence).toBeGreaterThan(last.get(`${from} ${to}`) ?? -1);
      last.set(`${from} ${to}`, sequence);
    }
    expect(simulation.held.count).toBe(0);
    expect(resultOf(simulation).faults[0]).toMatchObject({ affectedMessages: 120 });
  });

  it('two of them: a message goes when the last of those that hold it ends', () => {
    const { list } = arrivals(
      direct([
        hold('first', 3 * second, 5 * second),
        hold('second', 4 * second, 8 * second, [{ ids: ['n0'] }]),
      ]),
    );
    const crossing = list.filter(({ from, to }) => crosses(from, to)).map((arrival) => arrival);
    const ofNode0 = crossing.filter(({ from, to }) => from === 0 || to === 0);
    const between = (fromUs: number, toUs: number) => (arrival: Arrival) =>
      arrival.atUs >= fromUs + linkUs && arrival.atUs < toUs + linkUs;
    expect(ofNode0.filter(between(3 * second, 8 * second))).toEqual([]);
    expect(crossing.filter(between(3 * second, 5 * second))).toEqual([]);
    expect(crossing.filter(({ atUs }) => atUs === 5 * second + linkUs).length).toBeGreaterThanOrEqual(40);
    expect(ofNode0.filter(({ atUs }) => atUs === 8 * second + linkUs).length).toBeGreaterThanOrEqual(50);
  });

  it('never healed, it delivers nothing, and the run ends all the same', () => {
    const { list, simulation } = arrivals(
      direct([fault('split', 'partition', { groups: few, effect: 'hold' }, {})]),
    );
    expect(list.filter(({ from, to }) => crosses(from, to))).toEqual([]);
    expect(simulation.held.count).toBe(300);
  });
});

describe('heal', () => {
  const cut = (id: string, node: string, schedule: Partial<Schedule> = {}): PlannedFault =>
    fault(id, 'partition', { isolate: { ids: [node] }, effect: 'drop' }, { atUs: second, ...schedule });
  const healAt = (atUs: number, parameters: Record<string, unknown> = {}): PlannedFault =>
    fault('heal', 'heal', parameters, { atUs });
  /** Moments at which messages to a node arrived, in whole seconds after sending. */
  const heardIn = (list: readonly Arrival[], node: number): number[] => [
    ...new Set(list.filter(({ to }) => to === node).map(({ atUs }) => Math.floor((atUs - linkUs) / second))),
  ];

  it('ends all partitions, or the one that it names', () => {
    const all = arrivals(direct([cut('one', 'n0'), cut('two', 'n1'), healAt(5 * second)]));
    expect(heardIn(all.list, 0)).toEqual([0, 5, 6, 7, 8, 9]);
    expect(heardIn(all.list, 1)).toEqual([0, 5, 6, 7, 8, 9]);
    const named = arrivals(
      direct([cut('one', 'n0'), cut('two', 'n1'), healAt(5 * second, { fault: 'two' })]),
    );
    expect(heardIn(named.list, 0)).toEqual([0]);
    expect(heardIn(named.list, 1)).toEqual([0, 5, 6, 7, 8, 9]);
    expect(resultOf(named.simulation).faults[2]).toMatchObject({ id: 'heal', fired: 1, affectedNodes: 1 });
  });

  it('ends clogs: what waited goes on its way', () => {
    const clog = fault('stuck', 'clog', { nodes: { ids: ['n0'] } }, { atUs: second });
    const { list, simulation } = arrivals(direct([clog, healAt(5 * second)]));
    const toNode0 = list.filter(({ to }) => to === 0);
    // Each of the other seven speaks once a second, ten times.
    expect(toNode0.length).toBe(70);
    expect(toNode0.filter(({ atUs }) => atUs === 5 * second + linkUs).length).toBeGreaterThanOrEqual(28);
    expect(heardIn(list, 0)).toEqual([0, 5, 6, 7, 8, 9]);
    expect(simulation.held.count).toBe(0);
    // Node 0 is the one that it is about.
    expect(resultOf(simulation).faults).toMatchObject([
      { affectedNodes: 1 },
      { id: 'heal', affectedNodes: 1 },
    ]);
  });

  it('ends flaps', () => {
    const knobs = { up: second, down: 999 * second, phase: 'aligned', senders: { ids: ['n3'] } };
    const flap = fault('loose', 'flap', knobs, { atUs: second });
    const { list, simulation } = arrivals(direct([flap, healAt(5 * second, { fault: 'loose' })]));
    const fromNode3 = list.filter(({ from, to }) => from === 3 && to === 0);
    expect(fromNode3.map(({ atUs }) => Math.floor((atUs - linkUs) / second))).toEqual([0, 5, 6, 7, 8, 9]);
    expect(resultOf(simulation).faults[1]).toMatchObject({ fired: 1, affectedNodes: 1 });
  });

  it('the planned end of a healed partition does not end its next occurrence', () => {
    // Seconds 1 to 4 and 5 to 8; healed at 2: the first end, at 4, finds nothing to end.
    const again = cut('again', 'n0', { everyUs: 4 * second, durationUs: 3 * second });
    const { list } = arrivals(direct([again, healAt(2 * second)]));
    expect(heardIn(list, 0)).toEqual([0, 2, 3, 4, 8]);
    const short = cut('again', 'n0', { everyUs: 2 * second, durationUs: 2 * second });
    expect(heardIn(arrivals(direct([short, healAt(2 * second)])).list, 0)).toEqual([0, 2]);
  });

  it('at equal times it comes before what begins', () => {
    const { list, simulation } = arrivals(
      direct([cut('one', 'n0'), healAt(second), cut('two', 'n1', { atUs: 0 })]),
    );
    expect(heardIn(list, 0)).toEqual([0]);
    expect(heardIn(list, 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(resultOf(simulation).status).not.toBe('invalid');
  });

  it('with nothing to heal makes the run invalid', () => {
    const result = resultOf(run(direct([cut('one', 'n0'), healAt(500_000)])));
    expect(result.status).toBe('invalid');
    expect(result.invalidBecause).toEqual(['The fault heal (heal) never touched a message or a node.']);
  });

  it('what is healed is not waited for when the run stops at convergence', () => {
    const short: Experiment = {
      ...direct([cut('one', 'n0', { durationUs: 8 * second, atUs: 100_000 }), healAt(2 * second)]),
      stopWhen: 'converged',
      workload: [{ ...direct([]).workload[0], untilUs: 0, everyUs: 0, atUs: 0 }],
    };
    const simulation = run(short);
    expect(simulation.nowUs).toBeLessThan(3 * second);
  });
});
