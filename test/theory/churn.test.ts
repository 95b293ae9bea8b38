/**
 * Churn against renewal theory (Cox 1962): a node that alternates between lives of mean L and absences of mean D is up with probability
 * L / (L + D) at any moment, and departs 1 / (L + D) times a second, from the first moment on if it starts with residual lives. For
 * exponential times its state has the autocovariance p q exp(-t (1/L + 1/D)). With newcomers at rate r, r L are up on average (Little).
 */
import { describe, expect, it } from 'vitest';
import { churn, type ChurnPlan } from '../../src/core/faults/churn.js';
import type { Experiment, PlannedFault } from '../../src/core/model/experiment.js';
import { worldChanges } from '../../src/core/model/record.js';
import type { DistributionSpec } from '../../src/core/parts/distributions.js';
import { compileLives } from '../../src/core/parts/residual-life.js';
import { detectors } from '../../src/core/protocols/registry.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, patternMesh, run } from '../sim/experiment.js';

const second = 1_000_000;
const exponential = (meanS: number): DistributionSpec => ({
  distribution: 'exponential',
  meanUs: meanS * second,
});

function planned(plan: Partial<ChurnPlan>, untilUs = Infinity): PlannedFault {
  const usual = { nodes: {}, gracefulLeaveRatio: 0, state: 'lose', maxDown: 1, protectConnectivity: false };
  const schedule = { atUs: 0, everyUs: 0, untilUs, durationUs: Infinity };
  return { id: 'churn', kind: churn, parameters: { ...usual, ...plan }, schedule };
}

interface Move {
  readonly atUs: number;
  readonly node: number;
  readonly isUp: boolean;
}

/** Nobody says anything: only the comings and goings are of interest. */
function quiet(nodeCount: number, seconds: number, fault: PlannedFault, seed = 1): Experiment {
  const ring: [number, number][] = Array.from({ length: nodeCount }, (_, i) => [i, (i + 1) % nodeCount]);
  const neighbours = ring.map(([i]) =>
    [(i + nodeCount - 1) % nodeCount, (i + 1) % nodeCount].sort((p, q) => p - q),
  );
  const graph = {
    nodeCount,
    edgeCount: nodeCount,
    directed: false,
    neighbourCount: () => 2,
    neighbourAt: (node: number, index: number) => neighbours[node][index],
  };
  return patternMesh(graph, {
    seed,
    stopTimeUs: seconds * second,
    workload: [],
    faults: [fault],
    measureEveryUs: second,
  });
}

function watch(experiment: Experiment): { readonly moves: readonly Move[]; readonly upShare: number } {
  const moves: Move[] = [];
  const simulation = run(experiment, {
    listener: {
      world: (atUs: number, change: number, node: number) => {
        if (change === worldChanges.faultBegins || change === worldChanges.faultEnds) return;
        const isUp = change !== worldChanges.crash && change !== worldChanges.leave;
        moves.push({ atUs, node, isUp });
      },
    },
  });
  return { moves, upShare: resultOf(simulation).churn?.upShare ?? NaN };
}

const countUp = (moves: readonly Move[], atUs: number): number =>
  moves.reduce((up, move) => (move.atUs <= atUs ? up + (move.isUp ? 1 : -1) : up), 0);

describe('residual lives', () => {
  const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999];

  it('of exponential lives are exponential again', () => {
    const { residual, meanUs } = compileLives(exponential(60));
    expect(meanUs / 60e6).toBeCloseTo(1, 4);
    for (const u of shares) expect(residual(u) / (-60e6 * Math.log(1 - u))).toBeCloseTo(1, 2);
  });

  it('of constant lives are uniform', () => {
    const { residual, meanUs } = compileLives({ distribution: 'constant', valueUs: 5e6 });
    expect(meanUs).toBeCloseTo(5e6, 0);
    for (const u of shares) expect(residual(u) / (5e6 * u)).toBeCloseTo(1, 9);
  });

  it('of uniform lives: 1 - (1 - x/b)^2 for lives from 0 to b', () => {
    const { residual } = compileLives({ distribution: 'uniform', minUs: 0, maxUs: 8e6 });
    for (const u of shares) expect(residual(u) / (8e6 * (1 - Math.sqrt(1 - u)))).toBeCloseTo(1, 2);
  });

  it('of pareto lives have a heavier tail: 1 - (s/x)^(a-1) / a beyond the scale s', () => {
    const [scale, shape] = [10e6, 2.5];
    const { residual, meanUs } = compileLives({ distribution: 'pareto', scaleUs: scale, shape });
    expect(meanUs / ((scale * shape) / (shape - 1))).toBeCloseTo(1, 3);
    for (const u of shares) {
      const flat = (shape - 1) / shape;
      const expected = u < flat ? u * meanUs : scale * (shape * (1 - u)) ** (-1 / (shape - 1));
      expect(residual(u) / expected).toBeCloseTo(1, 2);
    }
  });

  it('there are none without a mean', () => {
    expect(() => compileLives({ distribution: 'pareto', scaleUs: 1e6, shape: 1 })).toThrow('has no mean');
    expect(() => compileLives({ distribution: 'pareto', scaleUs: 1e6, shape: 1, maxUs: 1e9 })).not.toThrow();
  });
});

describe('lives and absences', () => {
  it('availability is L / (L + D), within five standard errors', () => {
    const [n, seconds, life, away] = [1500, 400, 60, 20];
    const p = life / (life + away);
    const theta = 1 / life + 1 / away;
    const variance =
      ((2 * p * (1 - p)) / seconds ** 2) * (seconds / theta - (1 - Math.exp(-theta * seconds)) / theta ** 2);
    const { upShare } = watch(
      quiet(n, seconds, planned({ lifetime: exponential(life), downtime: exponential(away) })),
    );
    expect(Math.abs(upShare - p)).toBeLessThan(5 * Math.sqrt(variance / n));
  });

  it.each([
    ['lognormal lives', { distribution: 'lognormal', medianUs: 20e6, sigma: 1 }, 20 * Math.exp(0.5)],
    ['constant lives', { distribution: 'constant', valueUs: 30e6 }, 30],
  ] as const)('%s: the run starts in the steady state, and stays in it', (_name, lifetime, meanLife) => {
    const n = 4000;
    const away = 12;
    const { moves } = watch(
      quiet(n, 40, planned({ lifetime, downtime: { distribution: 'uniform', minUs: 4e6, maxUs: 20e6 } })),
    );
    const p = meanLife / (meanLife + away);
    for (const atS of [0, 2, 5, 15, 38])
      expect(Math.abs(countUp(moves, atS * second) - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
    // As many go in each five seconds, the first included; counts of renewals vary less than Poisson here.
    const expected = (n * 5) / (meanLife + away);
    for (let from = 0; from < 40; from += 5) {
      const gone = moves.filter(
        ({ atUs, isUp }) => !isUp && atUs > from * second && atUs <= (from + 5) * second,
      ).length;
      expect(Math.abs(gone - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('whole lives follow their law: Kolmogorov and Smirnov at 0.1 percent', () => {
    const life = 3;
    const { moves } = watch(
      quiet(600, 60, planned({ lifetime: exponential(life), downtime: exponential(1) })),
    );
    const since = new Map<number, number>();
    const lives: number[] = [];
    for (const { atUs, node, isUp } of moves) {
      if (isUp) {
        // Lives that begin at 0 are under way; of those that begin late only the short ones end.
        if (atUs > 0 && atUs < 25 * second) since.set(node, atUs);
        continue;
      }
      const from = since.get(node);
      if (from !== undefined) lives.push((atUs - from) / second);
      since.delete(node);
    }
    lives.sort((a, b) => a - b);
    expect(lives.length).toBeGreaterThan(2000);
    let distance = 0;
    lives.forEach((x, i) => {
      const share = 1 - Math.exp(-x / life);
      distance = Math.max(
        distance,
        Math.abs(share - i / lives.length),
        Math.abs(share - (i + 1) / lives.length),
      );
    });
    expect(distance).toBeLessThan(1.95 / Math.sqrt(lives.length));
  });

  it('nobody hangs on another: fewer members, the same lives for those who are left', () => {
    const times = { lifetime: exponential(3), downtime: exponential(2) };
    const some = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const all = watch(quiet(40, 60, planned(times))).moves.filter(({ node }) => node < 10);
    const few = watch(quiet(40, 60, planned({ ...times, nodes: { ids: some } }))).moves;
    expect(few.filter(({ node }) => node < 10)).toEqual(all);
    expect(few.filter(({ node }) => node >= 10).length).toBe(30);
  });

  it('from `until` on nobody goes, and everybody returns', () => {
    const { moves } = watch(
      quiet(100, 60, planned({ lifetime: exponential(5), downtime: exponential(2) }, 20 * second)),
    );
    expect(moves.filter(({ atUs, isUp }) => !isUp && atUs >= 20 * second)).toEqual([]);
    expect(countUp(moves, 60 * second)).toBe(100);
    expect(countUp(moves, 19 * second)).toBeLessThan(90);
  });
});

describe('newcomers', () => {
  it('r a second who stay L on average: r L are up, spread like Poisson', () => {
    const [rate, life] = [10, 20];
    const counts: number[] = [];
    const { moves } = watch(quiet(600, 300, planned({ lifetime: exponential(life), joinsPerSecond: rate })));
    for (let atS = 100; atS < 300; atS += 1) counts.push(countUp(moves, atS * second));
    const mean = counts.reduce((sum, x) => sum + x, 0) / counts.length;
    // Autocovariance r L exp(-t/L) over 200 s.
    const error = Math.sqrt((2 * rate * life * life) / 200);
    expect(Math.abs(mean - rate * life)).toBeLessThan(4 * error);
    const joins = moves.filter(({ atUs, isUp }) => isUp && atUs > 0).length;
    expect(Math.abs(joins - rate * 300)).toBeLessThan(5 * Math.sqrt(rate * 300));
  });

  it('with a target alone, so many are always up, and all take turns', () => {
    const { moves } = watch(quiet(50, 200, planned({ lifetime: exponential(10), targetSize: 30 })));
    for (let atS = 0; atS < 200; atS += 7) expect(countUp(moves, atS * second)).toBe(30);
    expect(new Set(moves.map(({ node }) => node)).size).toBe(50);
  });

  it('with a rate and a target, up to the target', () => {
    const { moves } = watch(
      quiet(50, 200, planned({ lifetime: exponential(10), joinsPerSecond: 100, targetSize: 30 })),
    );
    for (let atS = 1; atS < 200; atS += 3) {
      expect(countUp(moves, atS * second)).toBeLessThanOrEqual(30);
      expect(countUp(moves, atS * second)).toBeGreaterThan(25);
    }
  });
});

describe('a history', () => {
  const moves = [
    { atUs: 2 * second, node: 1, to: 'down' },
    { atUs: 2 * second, node: 3, to: 'up' },
    { atUs: 5 * second, node: 1, to: 'up' },
    { atUs: 6 * second, node: 2, to: 'left' },
  ] as const;

  it('is repeated as it was: who first comes is away before', () => {
    const seen = watch(quiet(5, 10, planned({ moves }))).moves.filter(({ atUs }) => atUs > 0);
    expect(seen).toEqual(moves.map(({ atUs, node, to }) => ({ atUs, node, isUp: to === 'up' })));
    expect(countUp(watch(quiet(5, 10, planned({ moves }))).moves, 0)).toBe(4);
  });
});

describe('measures of who comes and goes', () => {
  it('node-hours are those of nodes that were up', () => {
    const base = quiet(5, 10, planned({ moves: [{ atUs: 4 * second, node: 1, to: 'down' }] }));
    const simulation = run(base);
    expect(simulation.observations.honestNodeHours * 3600).toBeCloseTo(4 * 10 + 4, 9);
  });

  it('a false verdict a node-hour divides by them', () => {
    const swim = detectors.get('heartbeat');
    const half = Array.from({ length: 10 }, (_, node) => ({ atUs: second, node, to: 'down' as const }));
    const experiment = patternMesh(completeGraph(20), {
      stopTimeUs: 101 * second,
      workload: [],
      faults: [planned({ moves: half })],
      network: { latency: { description: '', latencyUs: () => 1000 }, jitterUs: 0, lossRatio: 0.3 },
    });
    const parameters = { ...sectionDefault(knobFields(swim.knobs)), suspectAfter: 2, deadAfter: 3 };
    const { detector } = resultOf(
      run({ ...experiment, stack: [{ protocol: swim, parameters }, ...experiment.stack] }),
    );
    expect(detector?.falsePositives).toBeGreaterThan(100);
    const hours = (20 * 1 + 10 * 100) / 3600;
    expect((detector?.falsePositiveRate as number) * hours).toBeCloseTo(
      detector?.falsePositives as number,
      6,
    );
  });

  it('reach counts whoever had the message and went, delivery only who stayed to the deadline', () => {
    const base = patternMesh(completeGraph(5), { stopTimeUs: 5 * second });
    const once = {
      ...base.workload[0],
      who: { ids: ['n0'] },
      everyUs: 0,
      atUs: 0,
      untilUs: 0,
      deadlineUs: 3 * second,
    };
    // n1 has it and goes; n2 is away at publication and comes; n3 goes before it arrives.
    const moves = [
      { atUs: 5_000, node: 3, to: 'down' },
      { atUs: second, node: 1, to: 'down' },
      { atUs: second, node: 2, to: 'up' },
    ] as const;
    const { metrics } = resultOf(run({ ...base, workload: [once], faults: [planned({ moves })] }));
    // Up at publication: n1, n3, n4. Up until the deadline: n4.
    expect(metrics.deliveryRatio).toBe(1);
    expect(metrics.reach).toBeCloseTo(2 / 3, 12);
  });

  it('a message that nobody was there for from beginning to end reached neither everybody nor nobody', () => {
    const base = patternMesh(completeGraph(3), { stopTimeUs: 5 * second });
    const once = {
      ...base.workload[0],
      who: { ids: ['n0'] },
      everyUs: 0,
      atUs: 0,
      untilUs: 0,
      deadlineUs: 3 * second,
    };
    const moves = [1, 2].map((node) => ({ atUs: second, node, to: 'down' as const }));
    const { metrics } = resultOf(run({ ...base, workload: [once], faults: [planned({ moves })] }));
    expect(metrics).toMatchObject({ publications: 1, deliveryRatio: null, completeShare: null, reach: 1 });
  });

  it('rates a node are over the time that it was up', () => {
    const base = patternMesh(completeGraph(4), { stopTimeUs: 8 * second });
    const work = [{ ...base.workload[0], spreadPhases: false, everyUs: 100_000 }];
    const half = { atUs: 4 * second, node: 2, to: 'down' } as const;
    const whole = resultOf(run({ ...base, workload: work })).metrics.messagesPerNode;
    const churned = resultOf(run({ ...base, workload: work, faults: [planned({ moves: [half] })] })).metrics;
    const sent = churned.messagesSent;
    expect(churned.messagesPerNode.mean).toBeCloseTo(sent / (3 * 8 + 4), 9);
    expect(churned.messagesPerNode.max).toBeLessThanOrEqual(whole.max);
    expect(churned.messagesPerNode.mean).toBeGreaterThan(sent / (4 * 8));
  });
});

describe('law', () => {
  it('N populations of one behave as one population of N under churn', () => {
    const swim = detectors.get('swim');
    const base = patternMesh(completeGraph(12), { stopTimeUs: 12 * second });
    const stack = [{ protocol: swim, parameters: sectionDefault(knobFields(swim.knobs)) }, ...base.stack];
    for (const plan of [
      { lifetime: exponential(4), downtime: exponential(2), gracefulLeaveRatio: 0.5, maxDown: 0.5 },
      { lifetime: exponential(4), targetSize: 8, state: 'keep', protectConnectivity: true },
    ] as const) {
      const experiment = { ...base, stack, faults: [planned(plan)] };
      const shared = run(experiment);
      const single = run(experiment, { populations: 'single' });
      expect(JSON.stringify(resultOf(single))).toBe(JSON.stringify(resultOf(shared)));
      expect(resultOf(shared).status).not.toBe('invalid');
    }
  });
});
