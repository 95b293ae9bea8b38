/** Small experiments for tests, with everything but the point of the test filled in. */
import type { Experiment } from '../../src/core/model/experiment.js';
import type { Graph, Layout } from '../../src/core/model/topology.js';
import { patterns } from '../../src/core/patterns/registry.js';
import { apps, clocks, guards, spreads } from '../../src/core/protocols/registry.js';
import { Simulation, type SimulationOptions } from '../../src/core/sim/simulation.js';

/** A graph from an edge list, for small cases. */
export function graphOf(nodeCount: number, edges: readonly (readonly [number, number])[]): Graph {
  const lists = Array.from({ length: nodeCount }, () => new Set<number>());
  for (const [a, b] of edges) {
    lists[a].add(b);
    lists[b].add(a);
  }
  const neighbours = lists.map((list) => [...list].sort((p, q) => p - q));
  return {
    nodeCount,
    edgeCount: edges.length,
    directed: false,
    neighbourCount: (node) => neighbours[node].length,
    neighbourAt: (node, index) => neighbours[node][index],
  };
}

export function completeGraph(nodeCount: number): Graph {
  const edges: [number, number][] = [];
  for (let a = 0; a < nodeCount; a++) for (let b = a + 1; b < nodeCount; b++) edges.push([a, b]);
  return graphOf(nodeCount, edges);
}

export function layoutOf(graph: Graph): Layout {
  return { graph, remarks: [] };
}

/** The pattern mesh on a graph: constant latency of 10 ms, everybody publishes every second for ten seconds. */
export function patternMesh(graph: Graph, changes: Partial<Experiment> = {}): Experiment {
  return {
    name: 'test',
    seed: 1,
    stopTimeUs: 10_000_000,
    warmupUs: 0,
    measureEveryUs: 100_000,
    epochMs: 1_732_060_800_000,
    nodeCount: graph.nodeCount,
    nameOf: (address) => `n${address}`,
    groupNames: [],
    groupRoles: [],
    observers: [],
    lateStarts: [],
    layout: layoutOf(graph),
    pattern: patterns.get('digit-collapse').create({ seed: 7, phaseResetInterval: 100 }),
    stack: [
      { protocol: guards.get('pattern-check'), parameters: {} },
      { protocol: clocks.get('max'), parameters: {} },
      { protocol: spreads.get('flood'), parameters: { ttl: 64, seenCapacity: 4096 } },
      { protocol: apps.get('workload'), parameters: {} },
    ],
    network: {
      latency: { description: '10 ms', latencyUs: () => 10_000 },
      jitterUs: 0,
      lossRatio: 0,
    },
    workload: [
      {
        who: {},
        atUs: 0,
        everyUs: 1_000_000,
        untilUs: 10_000_000,
        spreadPhases: true,
        deadlineUs: 1_000_000,
        makePayload: (_chance, step) => ({ step }),
      },
    ],
    adversaries: [],
    faults: [],
    assertions: [],
    ...changes,
  };
}

/** Runs to the end. */
export function run(experiment: Experiment, options?: SimulationOptions): Simulation {
  const simulation = new Simulation(experiment, options);
  simulation.begin();
  while (simulation.advance(10_000));
  return simulation;
}
