/**
 * The names under which other tools know what a run is like: metrics, spans and logs in the manner of OpenTelemetry, dotted, with the unit
 * beside the name. The simulator fills them, the reports write them down, the docs list them.
 */
import { reportKinds, type ReportKind } from './protocol.js';

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface TelemetryMetric {
  readonly name: string;
  /** UCUM, as OpenTelemetry asks: `ms`, `By`, `1` for ratios, `{node}` for things that are counted. */
  readonly unit: string;
  /** A `sum` only grows; a `gauge` says how things are. */
  readonly kind: 'gauge' | 'sum';
  readonly doc: string;
  /** Each data point: the metric of the language (`measuredNames`) that it is read from, and its attributes. */
  readonly points: readonly { readonly from: string; readonly attributes?: Attributes }[];
}

const quantiles = (metric: string): TelemetryMetric['points'] => [
  { from: `${metric}.p50`, attributes: { 'latency.quantile': 0.5 } },
  { from: `${metric}.p90`, attributes: { 'latency.quantile': 0.9 } },
  { from: `${metric}.p99`, attributes: { 'latency.quantile': 0.99 } },
  { from: `${metric}.max`, attributes: { 'latency.quantile': 1 } },
];

const gauge = (name: string, unit: string, from: string, doc: string): TelemetryMetric => ({
  name,
  unit,
  kind: 'gauge',
  doc,
  points: [{ from }],
});

const sum = (name: string, unit: string, from: string, doc: string): TelemetryMetric => ({
  ...gauge(name, unit, from, doc),
  kind: 'sum',
});

/** Read from the metrics of the language at every look. What a run does not measure has no data point. */
export const telemetryMetrics: readonly TelemetryMetric[] = [
  gauge('mesh.node.up', '{node}', 'nodesUp', 'Nodes that are up.'),
  sum(
    'mesh.gossip.messages.sent',
    '{message}',
    'messagesSent',
    'Messages sent over links, lost ones included.',
  ),
  gauge(
    'mesh.gossip.messages.rate',
    '{message}/s',
    'messagesPerSecond',
    'Messages sent a second of virtual time, since the start.',
  ),
  gauge(
    'mesh.gossip.delivery.ratio',
    '1',
    'deliveryRatio',
    'First deliveries / eligible (message, node) pairs.',
  ),
  gauge('mesh.gossip.coverage', '1', 'coverage', 'How far the messages published until now have come.'),
  gauge('mesh.gossip.duplicates', '1', 'duplicates', 'Payload copies beyond the one that each node needs.'),
  {
    name: 'mesh.gossip.latency',
    unit: 'ms',
    kind: 'gauge',
    doc: 'From publication to first delivery, by quantile.',
    points: quantiles('disseminationLatency'),
  },
  gauge(
    'mesh.gossip.convergence.time',
    'ms',
    'convergenceTime',
    'From the last change from outside until all live honest nodes held the same.',
  ),
  gauge('mesh.sync.step.min', '{step}', 'stepMin', 'Lowest step of the honest nodes that are up.'),
  gauge('mesh.sync.step.max', '{step}', 'stepMax', 'Highest step of the honest nodes that are up.'),
  gauge('mesh.sync.divergence', '{step}', 'syncDivergence', 'The distance of the two.'),
  sum(
    'mesh.sync.adoptions.unsafe',
    '{adoption}',
    'unsafeAdoptions',
    'How often an honest node was led beyond every honest step.',
  ),
  sum(
    'mesh.pattern.mismatches',
    '{message}',
    'patternMismatches',
    'Messages flagged for a wrong pattern value.',
  ),
  sum('mesh.signature.failures', '{message}', 'badSignatures', 'Messages flagged for a wrong signature.'),
  gauge(
    'mesh.byzantine.detection.ratio',
    '1',
    'detectionRate',
    'Forged messages that were flagged / those that reached anybody.',
  ),
  sum(
    'mesh.byzantine.accepted',
    '{message}',
    'forgeriesAccepted',
    'Forged messages that honest nodes took for good.',
  ),
  sum('mesh.byzantine.false_alarms', '{message}', 'falseAlarms', 'Honest messages that were flagged.'),
  gauge(
    'mesh.failure.detection.time',
    'ms',
    'detectionTime',
    'From a crash to the first verdict, mean over those that were found.',
  ),
  sum(
    'mesh.failure.false_positives',
    '{verdict}',
    'falsePositives',
    'Verdicts "dead" about live honest peers.',
  ),
  {
    name: 'mesh.partition.nodes',
    unit: '{node}',
    kind: 'gauge',
    doc: 'Honest nodes that think they are cut off from too many.',
    points: [{ from: 'partitionedNodes', attributes: { 'partition.status': 'partitioned' } }],
  },
  gauge(
    'mesh.partition.recovery.time',
    'ms',
    'recoveryTime',
    'From the end of a partition until a node is healthy again.',
  ),
  sum('mesh.topology.rebalance', '{choice}', 'rebalances', 'How often nodes chose their peers anew.'),
  gauge(
    'mesh.hierarchy.exact.ratio',
    '1',
    'exactShare',
    'Share of the nodes that hold the true count and sum.',
  ),
  gauge('mesh.network.health', '%', 'networkHealth', 'A summary from 0 to 100.'),
];

/** Counted from what nodes report. */
export const telemetryCounters: readonly {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  readonly report: ReportKind;
  /** Only reports with this value; left out, all. */
  readonly value?: number;
}[] = [
  {
    name: 'mesh.gossip.messages.published',
    unit: '{message}',
    report: reportKinds.published,
    doc: 'Messages that nodes published, liars included.',
  },
  {
    name: 'mesh.gossip.messages.delivered',
    unit: '{message}',
    report: reportKinds.delivered,
    doc: 'First acceptances of a message by a node.',
  },
  {
    name: 'mesh.byzantine.detected',
    unit: '{message}',
    report: reportKinds.flagged,
    doc: 'Messages that a node found wrong, each at every node that met it.',
  },
  {
    name: 'mesh.failure.suspected',
    unit: '{suspicion}',
    report: reportKinds.suspected,
    doc: 'Suspicions about peers.',
  },
  {
    name: 'mesh.failure.confirmed',
    unit: '{verdict}',
    report: reportKinds.confirmed,
    doc: 'Verdicts "dead" about peers.',
  },
  {
    name: 'mesh.failure.cleared',
    unit: '{verdict}',
    report: reportKinds.cleared,
    doc: 'Peers taken for alive again.',
  },
  {
    name: 'mesh.partition.detected',
    unit: '{alarm}',
    report: reportKinds.partitioned,
    value: 1,
    doc: 'Nodes that came to think that they are partitioned.',
  },
  {
    name: 'mesh.peer.ignored',
    unit: '{peer}',
    report: reportKinds.accused,
    doc: 'Peers that a node came to ignore.',
  },
  {
    name: 'mesh.peer.pardoned',
    unit: '{peer}',
    report: reportKinds.pardoned,
    doc: 'Peers that a node listens to again.',
  },
  {
    name: 'mesh.peer.throttled',
    unit: '{message}',
    report: reportKinds.throttled,
    doc: 'Messages dropped because they came too fast.',
  },
];

/** One metric at one moment. */
export interface TelemetrySample {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum';
  readonly doc: string;
  readonly points: readonly { readonly value: number; readonly attributes: Attributes }[];
}

/** Something that took a while. Times in microseconds of virtual time. */
export interface TelemetrySpan {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly attributes: Attributes;
}

/** Something that happened. */
export interface TelemetryLog {
  readonly name: string;
  readonly atUs: number;
  readonly severity: 'info' | 'warn';
  readonly words: string;
  readonly attributes: Attributes;
}

/** Who writes it down. */
export interface TelemetrySink {
  metrics(atUs: number, samples: readonly TelemetrySample[]): void;
  span(span: TelemetrySpan): void;
  log(log: TelemetryLog): void;
}

/** What the run was, for everything that it yields. */
export interface TelemetryResource {
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  readonly nodes: number;
  /** Wall-clock time of virtual time 0, milliseconds since 1970. */
  readonly epochMs: number;
}
