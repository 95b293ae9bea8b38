/**
 * Lower bounds against the exact law of rumours and against sums done by hand, and the table of targets that is made of them. A bound that lies
 * above what a run measured would be a lie: that is held against the examples as well.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { targetRow, type TargetRow } from '../../src/core/model/targets.js';
import {
  callsToMostPopular,
  cyclesForRumour,
  largestGroup,
  longestWayUs,
  roundsForRumour,
} from '../../src/core/parts/lower-bounds.js';
import { countIn, ownValue, sumIn, tallyOf } from '../../src/core/parts/tally.js';
import { targetBlocks } from '../../src/core/reports/simulate-targets.js';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { completeGraph, graphOf } from '../sim/experiment.js';
import { roundsDistribution } from './rumour-chain.js';

function load(text: string, set: readonly string[] = []): ReturnType<typeof loadScenario>['experiment'] {
  return loadScenario({ text, fileName: 'targets.yaml', readFile: () => new Uint8Array(), set }).experiment;
}

describe('rounds of a rumour', () => {
  it.each([
    ['push', 100],
    ['pull', 100],
    ['push-pull', 100],
    ['push', 256],
    ['pull', 256],
    ['push-pull', 256],
  ] as const)('%s among %d: by the exact law, less than half of all runs are faster', (mode, nodes) => {
    const style = { push: mode !== 'pull', pull: mode !== 'push', fanout: 1 };
    const bound = roundsForRumour(nodes, style, 1);
    const faster = roundsDistribution({ nodes, mode })
      .slice(0, bound)
      .reduce((sum, chance) => sum + chance, 0);
    expect(faster).toBeLessThan(0.5);
    // And it is not empty talk: within a factor of 2.2 of the mean (12.3, 9.8, 6.5; 14.7, 11.5, 7.6).
    const mean = { push: [12.3045, 14.67], pull: [9.7932, 11.4632], 'push-pull': [6.5286, 7.6287] }[mode];
    expect(bound * 2.2).toBeGreaterThan(mean[nodes === 100 ? 0 : 1]);
  });

  it.each([
    [1000, 1, 10],
    [1000, 2, 7],
    [1_000_000, 1, 20],
    [1_000_000, 9, 6],
    [2, 1, 1],
    [1, 1, 0],
  ])('push among %d with fanout %d: %d, the logarithm to the base 1 + fanout', (n, fanout, rounds) => {
    expect(roundsForRumour(n, { push: true, pull: false, fanout }, 0)).toBe(rounds);
  });

  it('without latency, in cycles: ln(n/2) over the calls a cycle; with latency, more', () => {
    const style = { push: true, pull: true, fanout: 2 };
    expect(cyclesForRumour(1000, style, 2, 0)).toBeCloseTo(Math.log(500) / 4, 9);
    const slower = cyclesForRumour(1000, style, 2, 0.5);
    const x = Math.log(500) / slower;
    expect(x).toBeCloseTo(2 * Math.exp(-0.5 * x) + 2 * Math.exp(-x), 9);
    expect(slower).toBeGreaterThan(Math.log(500) / 4);
  });

  it('who is asked most: everybody alike in regular graphs, the centre of a star by all', () => {
    const ring = graphOf(
      9,
      Array.from({ length: 9 }, (_, i) => [Math.min(i, (i + 1) % 9), Math.max(i, (i + 1) % 9)] as const),
    );
    expect(callsToMostPopular(ring, 1)).toBeCloseTo(1, 12);
    expect(callsToMostPopular(completeGraph(12), 3)).toBe(3);
    const star = graphOf(
      7,
      Array.from({ length: 6 }, (_, i) => [0, i + 1] as const),
    );
    expect(callsToMostPopular(star, 2)).toBe(6);
  });
});

describe('the longest way', () => {
  it('goes up, across and down: summed up by hand', () => {
    const { layout } = load(
      'version: 1\nstopTime: 1s\nnodes: { count: 12 }\ntopology: { type: hierarchical, coordinators: 2, aggregators: 4 }\n',
    );
    const levels = layout.hierarchy;
    if (levels === undefined) throw new Error('a hierarchy has levels');
    // Coordinators 0 and 1, aggregators 2 to 5, edges 6 to 11; latency is the distance of the numbers.
    const latency = { description: '', latencyUs: (from: number, to: number) => Math.abs(from - to) * 1000 };
    // Edges 6 7 | 8 | 9 10 | 11 below 2, 3, 4, 5; 2 and 3 below 0; 4 and 5 below 1. The farthest: 9 or 10 -> 4 is 6, 11 -> 5 is 6,
    // 5 -> 1 is 4: 10 from node 11; below 0: 7 -> 2 is 5 and 2 is 7, 8 -> 3 is 5 and 3 is 8. Up and down within one group: 10 + 10.
    expect(longestWayUs(levels, latency)).toBe(20_000);
    expect(largestGroup(levels)).toBe(4);
  });
});

describe('tallies', () => {
  it('add up as two numbers', () => {
    let tally = 0;
    let sum = 0;
    for (let address = 0; address < 1000; address++) {
      tally += tallyOf(1, ownValue('readings', address));
      sum += ownValue('readings', address);
    }
    expect([countIn(tally), sumIn(tally)]).toEqual([1000, sum]);
    // 12 bits, and not all alike: the mean of 1,000 uniform values is within four deviations of the middle.
    expect(Math.abs(sum / 1000 - 2047.5)).toBeLessThan((4 * 4096) / Math.sqrt(12_000));
  });

  it('hold a million nodes exactly', () => {
    const most = tallyOf(1_000_000, 1_000_000 * 4095);
    expect(Number.isSafeInteger(most)).toBe(true);
    expect([countIn(most), sumIn(most)]).toEqual([1_000_000, 4_095_000_000]);
  });
});

describe('a row', () => {
  it.each([
    [5, 7, undefined, 'met'],
    [7, 7, 3, 'met'],
    [8, 7, 3, 'missed'],
    [8, 7, 7.5, 'impossible'],
    [null, 7, 8, 'impossible'],
    [null, 7, undefined, 'unknown'],
  ])('measured %s, target %d, bound %s: %s', (measured, target, bound, verdict) => {
    const why = bound === undefined ? undefined : { value: bound, because: 'Because.' };
    expect(targetRow('x', 'rounds', measured, target, why).verdict).toBe(verdict);
  });
});

describe('targets in a scenario', () => {
  const rumour = (mode: string, rounds: number): string =>
    `version: 1\ntiming: rounds\nstopTime: 100s\nstopWhen: converged\nnodes: { count: 1000 }\ndissemination: { mode: ${mode}, interval: 1s }\nworkload:\n  - { rumor: { nodes: { count: 1 } }, at: 0s }\ntargets: { rounds: ${rounds} }\n`;
  const rowsOf = (text: string): readonly TargetRow[] => {
    const simulation = new Simulation(load(text));
    simulation.begin();
    while (simulation.advance(1 << 16));
    return resultOf(simulation).targets ?? [];
  };

  it('in rounds: a flat push cannot inform a thousand in nine, since 2^9 is 512', () => {
    const [row] = rowsOf(rumour('push', 9));
    expect(row).toMatchObject({ what: 'rumour, rounds', target: 9, bound: 10, verdict: 'impossible' });
    expect(row.measured).toBeGreaterThanOrEqual(10);
    expect(rowsOf(rumour('push', 40))).toMatchObject([{ verdict: 'met' }]);
    // Push-pull multiplies by three at the most: 3^6 = 729 is more than half of a thousand, 3^5 is not.
    expect(rowsOf(rumour('push-pull', 20))).toMatchObject([{ bound: 6, verdict: 'met' }]);
  });

  it('says why in the report', () => {
    const blocks = targetBlocks([
      targetRow('a', 'milliseconds', 300, 100, { value: 200, because: 'Light takes 200 ms.' }),
      targetRow('b', 'bytes', 10, 100, { value: null, because: 'Never shown.' }),
    ]);
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'table', 'text']);
    expect(blocks[2]).toEqual({ kind: 'text', lines: ['a: Light takes 200 ms.'] });
    expect(targetBlocks([])).toEqual([]);
  });

  it('are refused with their place when they are not what they should be', () => {
    expect(() =>
      load('version: 1\nstopTime: 1s\nnodes: { count: 3 }\ntargets: { rounds: 0, time: 5 }\n'),
    ).toThrow(/targets.rounds: expected an integer from 1[^]*targets.time/);
  });
});

describe('the examples', () => {
  const example = (name: string): string =>
    readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8');

  it.each([
    ['scale-region', []],
    [
      'scale-regions',
      ['nodes.count=2000', 'faults=[]', 'workload[0].rumor.nodes.ids=[node-900]', 'stopTime=1s'],
    ],
    ['scale-million', ['nodes.count=5000', 'faults=[]', 'stopTime=1s']],
  ])('%s: no measured figure lies below its bound', (name, set) => {
    const simulation = new Simulation(load(example(name), set));
    simulation.begin();
    while (simulation.advance(1 << 16));
    const { targets = [] } = resultOf(simulation);
    expect(targets.length).toBeGreaterThan(3);
    for (const { what, measured, bound } of targets) {
      expect(measured, what).not.toBeNull();
      if (bound !== null) expect(measured, what).toBeGreaterThanOrEqual(bound);
    }
  });

  it('of the targets of the original design, all are met but the bytes of the busiest leader', () => {
    const verdicts = (name: string): Record<string, string> => {
      const simulation = new Simulation(load(example(name), ['stopTime=1s', 'faults=[]']));
      simulation.begin();
      while (simulation.advance(1 << 16));
      return Object.fromEntries(
        (resultOf(simulation).targets ?? []).map(({ what, verdict }) => [what, verdict]),
      );
    };
    expect(verdicts('scale-region')).toEqual({
      'rumour, rounds': 'met',
      'rumour, time': 'met',
      'bytes sent, mean': 'met',
      'bytes sent, busiest': 'met',
    });
    expect(verdicts('scale-regions')).toEqual({
      'rumour, rounds': 'met',
      'rumour, time': 'met',
      'count, rounds': 'met',
      'count, time': 'met',
      'bytes sent, mean': 'met',
      'bytes sent, busiest': 'impossible',
    });
  });
});
