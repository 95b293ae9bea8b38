/**
 * What a run comes to. Everything but `engine` is the same bytes for the same scenario, seed and version on every machine. Durations are
 * milliseconds of virtual time, rates are a second of virtual time, ratios 0 to 1; `null` means that there was nothing to measure.
 */
import { flagNames } from '../model/protocol.js';
import type { Histogram } from '../parts/histogram.js';
import type { AssertionVerdict } from './assertions.js';
import { networkHealthFormula } from './observations.js';
import type { Simulation } from './simulation.js';
import type { Spread } from './traffic.js';
import type { Detection } from './truth.js';
import type { Touched } from './world.js';

export type RunStatus = 'passed' | 'failed' | 'invalid' | 'interrupted';

/** Percentiles; `null` where the percentile lies among deliveries that never came. */
interface Percentiles {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface Metrics {
  readonly totalNodes: number;
  readonly nodesUp: number;
  readonly publications: number;
  readonly censored: number;
  readonly inWarmup: number;
  readonly deliveryRatio: number | null;
  readonly reach: number | null;
  readonly completeShare: number | null;
  readonly worstNodeDeliveryRatio: number | null;
  /** Over (message, node) pairs, milliseconds; the mean is of those that came. */
  readonly disseminationLatency: Percentiles;
  /** Median over messages of the time until that share of the eligible nodes had it, milliseconds. */
  readonly coverage: {
    readonly t50: number | null;
    readonly t90: number | null;
    readonly t99: number | null;
  };
  readonly hops: { readonly mean: number | null; readonly max: number | null };
  /** Payload copies a receiver beyond the one that is needed (RMR). */
  readonly duplicates: number | null;
  readonly messagesSent: number;
  readonly messagesPerSecond: number;
  readonly messagesPerNode: Spread;
  readonly bytesPerNode: Spread;
  readonly averageLatency: number | null;
  readonly patternMismatches: number;
  readonly flags: Readonly<Record<string, number>>;
  readonly stepMax: number | null;
  /** Largest distance between the steps of honest nodes that are up: now, and at any measurement. */
  readonly syncDivergence: { readonly end: number | null; readonly max: number | null };
  readonly networkHealth: number | null;
  readonly networkHealthFormula: string;
}

export interface RunResult {
  readonly scenario: string;
  readonly seed: number;
  readonly fingerprint: string;
  readonly status: RunStatus;
  /** Why the run is invalid, in whole sentences. */
  readonly invalidBecause: readonly string[];
  readonly stoppedAtMs: number;
  readonly metrics: Metrics;
  readonly detection: Detection;
  readonly faults: readonly Touched[];
  readonly adversaries: readonly Touched[];
  readonly assertions: readonly AssertionVerdict[];
}

const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

function latencyPercentiles(histogram: Histogram, missing: number): Percentiles {
  const at = (share: number): number | null => toMs(histogram.percentile(share, missing));
  return {
    mean: toMs(histogram.mean),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: missing > 0 ? null : toMs(histogram.max),
  };
}

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
    disseminationLatency: latencyPercentiles(deliveries.latencyUs, deliveries.missingPairs),
    coverage: {
      t50: median(deliveries.coverageUs[0]),
      t90: median(deliveries.coverageUs[1]),
      t99: median(deliveries.coverageUs[2]),
    },
    hops: { mean: deliveries.hops.mean ?? null, max: deliveries.hops.max ?? null },
    duplicates: deliveries.redundancy(),
    messagesSent: traffic.messages,
    messagesPerSecond: seconds === 0 ? 0 : traffic.messages / seconds,
    messagesPerNode: traffic.messageRate(seconds),
    bytesPerNode: traffic.byteRate(seconds),
    averageLatency: observations.metric('averageLatency'),
    patternMismatches: flags['pattern-mismatch'],
    flags,
    stepMax: observations.metric('stepMax'),
    syncDivergence: { end: observations.metric('syncDivergence'), max: observations.syncDivergenceMax },
    networkHealth: observations.networkHealth,
    networkHealthFormula,
  };
}

/** Whether the run proves anything: every fault and liar touched something, every assertion was looked at. */
function reasonsOfInvalidity(simulation: Simulation, assertions: readonly AssertionVerdict[]): string[] {
  const { touchedFaults, touchedAdversaries } = simulation.observations;
  const idle = (what: string, { id, kind, affectedMessages, affectedNodes }: Touched): string[] =>
    affectedMessages + affectedNodes > 0
      ? []
      : [`The ${what} ${id} (${kind}) never touched a message or a node.`];
  return [
    ...touchedFaults.flatMap((touched) => idle('fault', touched)),
    ...touchedAdversaries.flatMap((touched) => idle('adversary', touched)),
    ...assertions
      .filter(({ status }) => status === 'unevaluated')
      .map(({ text }) => `The assertion "${text}" never had anything to look at.`),
  ];
}

/** The result so far; `interrupted` when the run was stopped before its end. */
export function resultOf(simulation: Simulation): RunResult {
  const { experiment, observations } = simulation;
  const assertions = observations.assertions.verdicts();
  const invalidBecause = simulation.finished ? reasonsOfInvalidity(simulation, assertions) : [];
  const failed = assertions.some(({ status }) => status === 'failed');
  const status: RunStatus = !simulation.finished
    ? 'interrupted'
    : invalidBecause.length > 0
      ? 'invalid'
      : failed
        ? 'failed'
        : 'passed';
  return {
    scenario: experiment.name,
    seed: experiment.seed,
    fingerprint: simulation.fingerprint,
    status,
    invalidBecause,
    stoppedAtMs: simulation.nowUs / 1000,
    metrics: metricsOf(simulation),
    detection: observations.truth.result(),
    faults: observations.touchedFaults,
    adversaries: observations.touchedAdversaries,
    assertions,
  };
}
