/** Laws of every adversary in the registry: what holds for all of them, whatever they do. */
import { describe, expect, it } from 'vitest';
import { adversaries } from '../../src/core/adversaries/registry.js';
import type { Experiment, PlannedAdversary } from '../../src/core/model/experiment.js';
import { dropReasons } from '../../src/core/model/record.js';
import { detectors } from '../../src/core/protocols/registry.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, patternMesh, run } from './experiment.js';

/** What has no default. */
const needed: Readonly<Record<string, Record<string, unknown>>> = {
  eclipse: { victims: { ids: ['n5'] } },
  'selective-forward': { victims: { ids: ['n5'] } },
  'false-suspicion': { victims: { ids: ['n5'] }, verdict: 'suspect', ratio: 1 },
  delay: { by: 300_000, ratio: 1 },
  replay: { after: 1_000_000, ratio: 1 },
};

function liar(kind: string, changes: Partial<PlannedAdversary> = {}): PlannedAdversary {
  const entry = adversaries.get(kind);
  const parameters = needed[kind] ?? sectionDefault(knobFields(entry.knobs));
  return {
    id: kind,
    kind: entry,
    who: { ids: ['n1'] },
    parameters,
    fromUs: 0,
    untilUs: Infinity,
    ...changes,
  };
}

function mesh(kind: string, planned: readonly PlannedAdversary[], lossRatio = 0): Experiment {
  const base = patternMesh(completeGraph(8), {
    adversaries: planned,
    stopTimeUs: 6_000_000,
    network: { latency: { description: '', latencyUs: () => 10_000 }, jitterUs: 2000, lossRatio },
  });
  if (kind !== 'false-suspicion') return base;
  const swim = detectors.get('swim');
  const layer = { protocol: swim, parameters: sectionDefault(knobFields(swim.knobs)) };
  return { ...base, stack: [base.stack[0], layer, ...base.stack.slice(1)] };
}

const kinds = [...adversaries].map(({ name }) => name);

describe.each(kinds)('%s', (kind) => {
  it('touches something, and what it touched is counted', () => {
    const result = resultOf(run(mesh(kind, [liar(kind)])));
    const [touched] = result.adversaries;
    expect(touched).toMatchObject({ id: kind, kind, affectedNodes: 1 });
    expect(touched.affectedMessages).toBeGreaterThan(0);
    expect(result.status).toBe('passed');
  });

  it('repeats, and populations of one are the same', () => {
    const experiment = mesh(kind, [liar(kind)], 0.05);
    const shared = JSON.stringify(resultOf(run(experiment)));
    expect(JSON.stringify(resultOf(run(experiment)))).toBe(shared);
    expect(JSON.stringify(resultOf(run(experiment, { populations: 'single' })))).toBe(shared);
  });

  it('does nothing outside of its window, and shifts no draw', () => {
    const honest = run(mesh(kind, [], 0.05));
    const idle = run(mesh(kind, [liar(kind, { fromUs: 5_999_999, untilUs: 6_000_000 })], 0.05));
    expect(idle.fingerprint).toBe(honest.fingerprint);
    // The network's luck with messages of others is the same before the liar begins, and with it.
    const losses = (planned: readonly PlannedAdversary[]): string[] => {
      const lost: string[] = [];
      run(mesh(kind, planned, 0.3), {
        listener: {
          dropped: (timeUs, { from, to }, reason) => {
            if (reason === dropReasons.loss && timeUs < 3_000_000) lost.push(`${timeUs} ${from} ${to}`);
          },
        },
      });
      return lost;
    };
    const before = losses([]);
    expect(before.length).toBeGreaterThan(50);
    expect(losses([liar(kind, { fromUs: 3_000_000 })])).toEqual(before);
  });

  it('nobody honest is taken for a liar, and a run in which nobody lies is invalid', () => {
    const result = resultOf(run(mesh(kind, [liar(kind, { who: { share: 0 } })])));
    expect(result.status).toBe('invalid');
    expect(result.fingerprint).toBe(run(mesh(kind, [])).fingerprint);
    expect(result.detection.adversaries[0]).toMatchObject({ acts: 0, reached: 0 });
  });

  it('ramps up: begins with nothing and touches fewer messages than at once', () => {
    const touched = (rampUs: number): number =>
      resultOf(run(mesh(kind, [liar(kind, { rampUs })]))).adversaries[0].affectedMessages;
    const some = touched(6_000_000);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(touched(0));
  });
});

describe('delay', () => {
  it('keeps what a member sends for as long as it says, on top of the link', () => {
    const delays = { liar: new Set<number>(), honest: new Set<number>() };
    const kind = adversaries.get('delay');
    const late = { id: 'late', kind, who: { ids: ['n0'] }, parameters: { by: 500_000, ratio: 1 } };
    const experiment = patternMesh(completeGraph(4), {
      adversaries: [{ ...late, fromUs: 0, untilUs: Infinity }],
    });
    run(experiment, {
      listener: {
        delivered: (_timeUs: number, { from }: { from: number }, delayUs: number) =>
          (from === 0 ? delays.liar : delays.honest).add(delayUs),
      },
    });
    expect([...delays.liar]).toEqual([510_000]);
    expect([...delays.honest]).toEqual([10_000]);
  });
});
