/** Rumours for theory: one message from node 0 on a complete network, in rounds, nothing else going on. */
import { repetitionSeed } from '../../src/core/base/random.js';
import { noLatency, type Experiment } from '../../src/core/model/experiment.js';
import type { Protocol } from '../../src/core/model/protocol.js';
import type { Graph } from '../../src/core/model/topology.js';
import { apps, clocks } from '../../src/core/protocols/registry.js';
import { Simulation } from '../../src/core/sim/simulation.js';
import { patternMesh } from '../sim/experiment.js';

export const roundUs = 1_000_000;

/** Everybody knows everybody, as a formula. */
export function everybody(nodeCount: number): Graph {
  return {
    nodeCount,
    edgeCount: (nodeCount * (nodeCount - 1)) / 2,
    directed: false,
    neighbourCount: () => nodeCount - 1,
    neighbourAt: (node, index) => (index < node ? index : index + 1),
  };
}

/** One message from node 0 at time 0, a deadline at the end of the run. */
export function rumourFrom(nodes: readonly string[], stopTimeUs: number): Experiment['workload'][number] {
  return {
    who: { ids: nodes },
    atUs: 0,
    everyUs: 0,
    untilUs: 0,
    spreadPhases: false,
    deadlineUs: stopTimeUs,
    makePayload: () => 1,
  };
}

export function rumourInRounds(
  nodeCount: number,
  spread: Protocol,
  parameters: Record<string, unknown>,
  changes: Partial<Experiment> = {},
): Experiment {
  const stopTimeUs = 2000 * roundUs;
  return patternMesh(everybody(nodeCount), {
    stopTimeUs,
    stopWhen: 'converged',
    timing: { mode: 'rounds', roundUs },
    measureEveryUs: 0,
    stack: [
      { protocol: clocks.get('max'), parameters: {} },
      {
        protocol: spread,
        parameters: { fanout: 1, interval: roundUs, held: 256, seenCapacity: 256, ...parameters },
      },
      { protocol: apps.get('workload'), parameters: {} },
    ],
    network: { latency: noLatency, jitterUs: 0, lossRatio: 0 },
    workload: [rumourFrom(['n0'], stopTimeUs)],
    ...changes,
  });
}

/** Runs to the end, once for each repetition of an experiment, and measures each. */
export function repeat<T>(
  count: number,
  experiment: Experiment,
  measure: (simulation: Simulation) => T,
): T[] {
  const figures: T[] = [];
  for (let i = 0; i < count; i++) {
    const simulation = new Simulation({ ...experiment, seed: repetitionSeed(experiment.seed, i) });
    simulation.begin();
    while (simulation.advance(1 << 16));
    figures.push(measure(simulation));
  }
  return figures;
}
