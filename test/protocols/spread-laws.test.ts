/** Laws of dissemination: true of every way of spreading in the registry, whatever it is called. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/core/faults/registry.js';
import { adversaries } from '../../src/core/adversaries/registry.js';
import {
  activations,
  type Experiment,
  type PlannedFault,
  type Schedule,
  type StackLayer,
} from '../../src/core/model/experiment.js';
import type { Graph } from '../../src/core/model/topology.js';
import { spreads } from '../../src/core/protocols/registry.js';
import { knobFields } from '../../src/core/scenario/knob-shape.js';
import { sectionDefault } from '../../src/core/scenario/section.js';
import { resultOf } from '../../src/core/sim/result.js';
import { completeGraph, graphOf, patternMesh, run } from '../sim/experiment.js';

/** Every way of spreading as a scenario leaves it, and some as it may set it. */
const variants: [string, StackLayer][] = [...spreads].flatMap((entry): [string, StackLayer][] => {
  const usual = sectionDefault(knobFields(entry.knobs));
  const layer = (parameters: object): StackLayer => ({
    protocol: entry,
    parameters: { ...usual, ...parameters },
  });
  const list: [string, StackLayer][] = [[entry.name, layer({})]];
  if ('stop' in entry.knobs) {
    for (const when of ['feedback', 'blind']) {
      for (const how of ['counter', 'coin']) {
        list.push([`${entry.name}, ${when}, ${how}`, layer({ fanout: 2, stop: { when, how, k: 2 } })]);
      }
    }
  }
  if ('antiEntropy' in entry.knobs)
    list.push([`${entry.name}, anti-entropy`, layer({ antiEntropy: { interval: 300_000 } })]);
  if ('held' in entry.knobs) list.push([`${entry.name}, short shelf`, layer({ held: 3, ttl: 3, fanout: 3 })]);
  return list;
});

const withSpread = (experiment: Experiment, layer: StackLayer): Experiment => ({
  ...experiment,
  stack: experiment.stack.map((old) => (old.protocol.slot === 'spread' ? layer : old)),
});

function fault(kind: string, parameters: Record<string, unknown>, schedule: Partial<Schedule>): PlannedFault {
  const always = { atUs: 0, everyUs: 0, untilUs: Infinity, durationUs: Infinity };
  return { id: kind, kind: faults.get(kind), parameters, schedule: { ...always, ...schedule } };
}

/** A bad day: loss, a partition, crashes that keep or lose state, late nodes and liars. */
function badDay(graph: Graph, layer: StackLayer, changes: Partial<Experiment> = {}): Experiment {
  const experiment = patternMesh(graph, {
    stopTimeUs: 4_000_000,
    network: {
      latency: { description: '', latencyUs: (a, b) => 5000 + ((a * b) % 7) * 900 },
      jitterUs: 800,
      lossRatio: 0.05,
    },
    lateStarts: [{ address: graph.nodeCount - 1, atUs: 1_000_000 }],
    faults: [
      fault('partition', { share: 0.4, effect: 'drop' }, { atUs: 1_000_000, durationUs: 1_000_000 }),
      fault(
        'crash',
        { nodes: { count: 1 }, restartAfter: 300_000, state: 'lose', maxDown: 1 },
        { everyUs: 900_000, atUs: 500_000 },
      ),
      {
        ...fault(
          'crash',
          { nodes: { count: 1 }, restartAfter: 450_000, state: 'keep', maxDown: 1 },
          { everyUs: 700_000, atUs: 600_000 },
        ),
        id: 'nap',
      },
    ],
    adversaries: ['forge-pattern', 'tamper-payload'].map((kind) => ({
      id: kind,
      kind: adversaries.get(kind),
      who: { count: 1 },
      parameters: kind === 'forge-pattern' ? { knowledge: 'blind', ratio: 1 } : { ratio: 0.5 },
      fromUs: 0,
      untilUs: Infinity,
    })),
    ...changes,
  });
  return withSpread(experiment, layer);
}

const smallGraph = fc
  .tuple(fc.integer({ min: 3, max: 14 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 }))
  .map(([n, chords]) => {
    const edges = new Map<string, [number, number]>();
    for (let i = 1; i < n; i++) edges.set(`${i - 1},${i}`, [i - 1, i]);
    for (const [p, q] of chords) {
      const [a, b] = [Math.min(p % n, q % n), Math.max(p % n, q % n)];
      if (a !== b) edges.set(`${a},${b}`, [a, b]);
    }
    return graphOf(n, [...edges.values()]);
  });

describe.each(variants)('%s', (_name, layer) => {
  it('N populations of one behave as one population of N, under every activation', () => {
    fc.assert(
      fc.property(
        smallGraph,
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        fc.constantFrom(...activations),
        (graph, seed, activation) => {
          const experiment = badDay(graph, layer, { seed, timing: { mode: 'events', activation } });
          const shared = run(experiment);
          const single = run(experiment, { populations: 'single' });
          expect(JSON.stringify(resultOf(single))).toBe(JSON.stringify(resultOf(shared)));
          expect(single.events).toBe(shared.events);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('gives the same result twice, and another with another seed', () => {
    const result = (seed: number): string =>
      JSON.stringify(resultOf(run(badDay(completeGraph(8), layer, { seed }))));
    expect(result(1)).toBe(result(1));
    expect(result(2)).not.toBe(result(1));
  });

  it('lets go of every body when all nodes lose what they know', () => {
    const end = fault(
      'crash',
      { nodes: {}, restartAfter: 20_000, state: 'lose', maxDown: 1 },
      { atUs: 3_000_000 },
    );
    const quiet = patternMesh(completeGraph(8), {
      stopTimeUs: 3_050_000,
      measureEveryUs: 0,
      faults: [end],
      workload: [
        {
          who: {},
          atUs: 0,
          everyUs: 400_000,
          untilUs: 2_000_000,
          spreadPhases: true,
          deadlineUs: 900_000,
          makePayload: (_chance, step) => step,
        },
      ],
    });
    const simulation = run(withSpread(quiet, layer));
    expect(resultOf(simulation).metrics.publications).toBe(40);
    expect(simulation.bodies.size).toBe(0);
  });

  it('delivers nothing twice, and nothing that nobody published', () => {
    const delivered = new Set<string>();
    const published = new Set<string>();
    const simulation = run(withSpread(patternMesh(completeGraph(7), { stopTimeUs: 5_000_000 }), layer), {
      listener: {
        reported: (_timeUs, node, kind, body, _value, envelope) => {
          const words = `${body} ${envelope.a} ${envelope.b} ${envelope.c}`;
          if (kind === 1) published.add(words);
          if (kind !== 2) return;
          expect(published).toContain(words);
          expect(delivered).not.toContain(`${node} ${words}`);
          delivered.add(`${node} ${words}`);
        },
      },
    });
    expect(simulation.events).toBeGreaterThan(100);
    expect(delivered.size).toBeGreaterThan(20);
  });
});
