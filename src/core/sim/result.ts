/** Puts together what a run comes to: see `model/result.ts` for what each figure means. */
import type { Assertion } from '../model/experiment.js';
import { flagNames } from '../model/protocol.js';
import type { AssertionVerdict, Metrics, RunResult, RunStatus, Touched } from '../model/result.js';
import type { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import { networkHealthFormula } from '../parts/network-health.js';
import type { Simulation } from './simulation.js';
import { targetRows } from './targets.js';

const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

function metricsOf(simulation: Simulation): Metrics {
  const { observations, nowUs, experiment } = simulation;
  const { deliveries, traffic } = observations;
  const seconds = nowUs / 1e6;
  const figures = deliveries.figures();
  const messages = figures.publications;
  const median = (histogram: Histogram): number | null =>
    toMs(histogram.percentile(0.5, messages - histogram.count));
  const flags: Record<string, number> = {};
  flagNames.forEach((name, number) => {
    if (number > 0) flags[name] = observations.flagCounts[number];
  });
  return {
    totalNodes: experiment.nodeCount,
    nodesUp: observations.nodesUp,
    ...figures,
    disseminationLatency: percentilesOf(deliveries.latencyUs, deliveries.missingPairs),
    coverage: {
      t50: median(deliveries.coverageUs[0]),
      t90: median(deliveries.coverageUs[1]),
      t99: median(deliveries.coverageUs[2]),
    },
    hops: { mean: deliveries.hops.mean ?? null, max: deliveries.hops.max ?? null },
    duplicates: deliveries.redundancy(),
    residue: deliveries.residue,
    payloadsPerNode: traffic.payloads / experiment.nodeCount,
    callsPerNode: simulation.rounds === undefined ? null : traffic.calls / experiment.nodeCount,
    lastDelivery: toMs(deliveries.meanLastDeliveryUs),
    convergenceTime: observations.metric('convergenceTime'),
    convergenceRounds: observations.metric('convergenceRounds'),
    convergenceCycles: observations.metric('convergenceCycles'),
    timeToRecover: observations.metric('timeToRecover'),
    messagesSent: traffic.messages,
    messagesPerSecond: seconds === 0 ? 0 : traffic.messages / seconds,
    messagesPerNode: traffic.messageRate(observations.upSeconds),
    bytesPerNode: traffic.byteRate(observations.upSeconds),
    averageLatency: observations.metric('averageLatency'),
    patternMismatches: flags['pattern-mismatch'],
    flags,
    stepMax: observations.metric('stepMax'),
    unsafeAdoptions: observations.unsafeAdoptions,
    syncDivergence: { end: observations.metric('syncDivergence'), max: observations.syncDivergenceMax },
    networkHealth: observations.networkHealth,
    networkHealthFormula,
  };
}

/** Whether the run proves anything: every fault and liar touched something, every assertion was looked at. */
function reasonsOfInvalidity(simulation: Simulation, assertions: readonly AssertionVerdict[]): string[] {
  const { touchedFaults, touchedAdversaries } = simulation.observations;
  const idle = (what: string, book: Touched): string[] => {
    const { id, kind, fired, affectedMessages, affectedNodes, leftOut } = book;
    if (affectedMessages + affectedNodes > 0) return [];
    if (fired === 0) return [`The ${what} ${id} (${kind}) never began.`];
    const why = leftOut === undefined ? '' : `; limits kept it from doing so ${leftOut} times`;
    return [`The ${what} ${id} (${kind}) never touched a message or a node${why}.`];
  };
  return [
    ...touchedFaults.flatMap((touched) => idle('fault', touched)),
    ...touchedAdversaries.flatMap((touched) => idle('adversary', touched)),
    ...assertions
      .filter(({ status }) => status === 'unevaluated')
      .map(({ text }) => `The assertion "${text}" never had anything to look at.`),
  ];
}

/**
 * The result so far; `interrupted` when the run was stopped before its end.
 * @param options.isOneOfMany what is asserted of many runs together is no judgement on this one
 */
export function resultOf(simulation: Simulation, { isOneOfMany = false } = {}): RunResult {
  const { experiment, observations } = simulation;
  const assertions = observations.assertions.verdicts();
  // The last verdict is about the recovery, where there is one.
  const asked = (index: number): Pick<Assertion, 'overRuns'> | undefined =>
    index < experiment.assertions.length ? experiment.assertions[index] : experiment.recovery;
  const counting = isOneOfMany
    ? assertions.filter((_, index) => asked(index)?.overRuns === undefined)
    : assertions;
  const invalidBecause = simulation.finished ? reasonsOfInvalidity(simulation, counting) : [];
  const missed = experiment.stopWhen !== undefined && !observations.convergence.isOver(simulation.nowUs);
  const failed = missed || counting.some(({ status }) => status === 'failed');
  const status: RunStatus = !simulation.finished
    ? 'interrupted'
    : invalidBecause.length > 0
      ? 'invalid'
      : failed
        ? 'failed'
        : 'passed';
  const metrics = metricsOf(simulation);
  const { sections } = observations;
  const { cycleUs } = simulation;
  return {
    scenario: experiment.name,
    seed: experiment.seed,
    fingerprint: simulation.fingerprint,
    status,
    invalidBecause,
    stoppedAtMs: simulation.nowUs / 1000,
    timing: simulation.rounds === undefined ? 'events' : 'rounds',
    lossPer: simulation.links.lossPer,
    stopWhen: experiment.stopWhen ?? null,
    metrics,
    detection: observations.truth.result(observations.honestNodeHours),
    faults: observations.touchedFaults,
    adversaries: observations.touchedAdversaries,
    assertions,
    ...(experiment.targets === undefined
      ? {}
      : { targets: targetRows(experiment, { metrics, hierarchy: sections.hierarchy, cycleUs }) }),
    ...sections,
  };
}
