/** What assertions can read. The simulator measures these, the scenario checks names and units against them, the docs list them. */

/** `ratio`: 0 to 1; `percent`: 0 to 100; `number`: any. */
export type Measure =
  | 'ratio'
  | 'milliseconds'
  | 'percent'
  | 'count'
  | 'number'
  | 'perSecond'
  | 'steps'
  | 'bytes'
  | 'bytesPerSecond';

export interface Metric {
  readonly name: string;
  readonly unit: Measure;
  readonly doc: string;
  /** Present when the name alone has no value and one of these stands behind a dot: `disseminationLatency.p99`. */
  readonly figures?: readonly string[];
  /** Can it be asked of one group: `deliveryRatio(group: sensor)`? */
  readonly byGroup?: true;
}

const percentiles = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;
const spread = ['mean', 'p99', 'max'] as const;

export const metrics = [
  {
    name: 'deliveryRatio',
    unit: 'ratio',
    doc: 'First deliveries / eligible (message, node) pairs, over messages whose deadline has passed.',
    byGroup: true,
  },
  {
    name: 'recentDeliveryRatio',
    unit: 'ratio',
    doc: 'The same over the deadlines of the last five seconds.',
  },
  {
    name: 'coverage',
    unit: 'ratio',
    doc: 'First deliveries until now / (message, node) pairs, over measured messages published until now, in flight or not: how far a rumour has come.',
    byGroup: true,
  },
  { name: 'reach', unit: 'ratio', doc: 'First deliveries / all honest nodes that were up at publication.' },
  {
    name: 'averageLatency',
    unit: 'milliseconds',
    doc: 'Mean time from publication to first delivery.',
    byGroup: true,
  },
  {
    name: 'disseminationLatency',
    unit: 'milliseconds',
    figures: percentiles,
    byGroup: true,
    doc: 'From publication to first delivery, over (message, node) pairs. A percentile that lies among deliveries that never came is infinite.',
  },
  {
    name: 'hops',
    unit: 'count',
    figures: ['mean', 'max'],
    doc: 'Links that a first delivery has come over.',
  },
  {
    name: 'patternMismatches',
    unit: 'count',
    doc: 'Messages that honest nodes flagged for a wrong pattern value.',
  },
  { name: 'badSignatures', unit: 'count', doc: 'Messages that honest nodes flagged for a wrong signature.' },
  { name: 'falseAlarms', unit: 'count', doc: 'Honest messages that were flagged.' },
  { name: 'forgeriesAccepted', unit: 'count', doc: 'Forged messages that honest nodes took for good.' },
  {
    name: 'detectionRate',
    unit: 'ratio',
    doc: 'Forged messages that at least one honest node flagged / those that reached one.',
  },
  { name: 'nodesUp', unit: 'count', doc: 'Nodes that are up.', byGroup: true },
  {
    name: 'upShare',
    unit: 'ratio',
    doc: 'Share of the time until now that nodes were up, mean over all nodes; with `churn`.',
  },
  { name: 'stepMin', unit: 'steps', doc: 'Lowest step of the honest nodes that are up.', byGroup: true },
  { name: 'stepMax', unit: 'steps', doc: 'Highest step of the honest nodes that are up.', byGroup: true },
  { name: 'syncDivergence', unit: 'steps', doc: 'stepMax - stepMin.', byGroup: true },
  {
    name: 'unsafeAdoptions',
    unit: 'count',
    doc: 'How often an honest node was led to a step beyond every step that an honest node had held before.',
  },
  {
    name: 'misledNodes',
    unit: 'count',
    doc: 'Honest nodes that are up and hold a step which nobody could have reached without a false claim.',
  },
  {
    name: 'overBudgetNodes',
    unit: 'count',
    doc: 'Honest nodes whose rule has to follow the claims of more liars than it bears.',
  },
  {
    name: 'catchUpTime',
    unit: 'milliseconds',
    doc: 'From the moment when a node comes late, or back, until it holds the highest step that an honest node had held by then, mean over those that did.',
  },
  { name: 'messagesSent', unit: 'count', doc: 'Messages sent over links until now.', byGroup: true },
  {
    name: 'messagesPerSecond',
    unit: 'perSecond',
    doc: 'messagesSent / seconds since the start.',
    byGroup: true,
  },
  {
    name: 'messagesPerNode',
    unit: 'perSecond',
    figures: spread,
    doc: 'Messages that a node sent a second since the start.',
  },
  {
    name: 'bytesPerNode',
    unit: 'bytesPerSecond',
    figures: spread,
    doc: 'The same in bytes.',
  },
  {
    name: 'duplicates',
    unit: 'number',
    doc: 'Payload copies beyond the one that each node needs: payloads/(n-1) - 1.',
  },
  {
    name: 'residue',
    unit: 'ratio',
    doc: 'Share of (message, node) pairs, sources included, that had no delivery when the message was judged.',
  },
  {
    name: 'convergenceTime',
    unit: 'milliseconds',
    doc: 'From the last publication, crash, begin or end of a fault until all live honest nodes held the same.',
  },
  { name: 'convergenceRounds', unit: 'count', doc: 'The same in rounds; only with `timing: rounds`.' },
  {
    name: 'convergenceCycles',
    unit: 'count',
    doc: 'The same in elapsed intervals of the dissemination; only with `timing: events`.',
  },
  {
    name: 'timeToRecover',
    unit: 'milliseconds',
    doc: 'From `recovery.after` until the network was back; with `recovery`.',
  },
  {
    name: 'detectionTime',
    unit: 'milliseconds',
    doc: 'From a crash until the first honest node takes the victim for dead, mean over those that were found; with a failure detector.',
  },
  { name: 'falseSuspicions', unit: 'count', doc: 'Suspicions about live honest peers that could be heard.' },
  {
    name: 'falsePositives',
    unit: 'count',
    doc: 'Verdicts "dead" about live honest peers that could be heard.',
  },
  { name: 'falsePositiveRate', unit: 'number', doc: 'falsePositives a node and hour.' },
  {
    name: 'liarsIgnored',
    unit: 'count',
    doc: 'Liars whom all their honest neighbours that are up ignore; with `reputation`.',
  },
  { name: 'slandered', unit: 'count', doc: 'Honest nodes that an honest node ignored at any time.' },
  {
    name: 'unexplainedAlarms',
    unit: 'count',
    doc: 'Suspicions, verdicts, accusations and partition alarms about somebody whom no fault or liar touched at the time.',
  },
  {
    name: 'peerRtt',
    unit: 'milliseconds',
    doc: 'Mean round trip to a peer in use, without jitter; with `peers`.',
  },
  { name: 'deadPeers', unit: 'count', doc: 'Peers in use that are down; with `peers`.' },
  {
    name: 'connectedShare',
    unit: 'ratio',
    doc: 'Share of the live nodes in the largest set whose members all reach each other through the peers in use; with `peers`.',
  },
  {
    name: 'rebalances',
    unit: 'count',
    doc: 'How often nodes chose their peers anew until now; with `peers`.',
  },
  {
    name: 'busyShare',
    unit: 'ratio',
    doc: 'Share of the time in which the busiest node was busy; with `processing`.',
  },
  {
    name: 'partitionedNodes',
    unit: 'count',
    doc: 'Honest nodes that are up and think that they are cut off from too many; with a partition detector.',
  },
  {
    name: 'splitBrainTime',
    unit: 'milliseconds',
    doc: 'How long until now two honest live nodes that could not hear each other both admitted writes. Without a partition detector every node always does.',
  },
  {
    name: 'partitionDetectionTime',
    unit: 'milliseconds',
    doc: 'From the moment when a node can no longer count n - f members until it says so, mean over those that did.',
  },
  {
    name: 'recoveryTime',
    unit: 'milliseconds',
    doc: 'From the moment when a partitioned node can count n - f members again until it is healthy, mean over those that were.',
  },
  {
    name: 'aggregateVariance',
    unit: 'number',
    doc: 'Variance of what live nodes read off, in shares of the largest value at the start; with averaging or push-sum.',
  },
  { name: 'aggregateError', unit: 'number', doc: 'Largest distance of a live reading from the true mean.' },
  {
    name: 'exactShare',
    unit: 'ratio',
    doc: 'Share of the live honest nodes that hold the true count and sum of the nodes that are up; with `state: hierarchy`.',
  },
  {
    name: 'countedMax',
    unit: 'count',
    doc: 'The largest count that any node has held until now: more than there ever were would mean that somebody was counted twice.',
  },
  {
    name: 'failoverTime',
    unit: 'milliseconds',
    doc: 'The longest time that a group went without a leader after a crash.',
  },
  {
    name: 'stateConvergenceTime',
    unit: 'milliseconds',
    doc: 'From the last write, crash, restart, begin or end of a fault until all live honest nodes held the same in their state slot; with replicated state.',
  },
  {
    name: 'distinctStates',
    unit: 'count',
    doc: 'How many different states live honest nodes hold: 1 when all hold the same.',
  },
  {
    name: 'believers',
    unit: 'count',
    doc: 'Live honest nodes that believe, from what they see themselves, that all hold the same.',
  },
  {
    name: 'wrongBeliefs',
    unit: 'count',
    doc: 'How often an honest node came to believe so while it was not true.',
  },
  {
    name: 'counterError',
    unit: 'number',
    doc: 'Largest distance of what a live node counts from the sum of all increments; with a counter.',
  },
  { name: 'duplicatedMessages', unit: 'count', doc: 'Extra copies that links made until now.' },
  { name: 'reorderedMessages', unit: 'count', doc: 'Copies that links held back until now.' },
  { name: 'corruptedMessages', unit: 'count', doc: 'Copies that links damaged until now.' },
  {
    name: 'queueDrops',
    unit: 'count',
    doc: 'Messages that found no room until now: before an uplink or a downlink, with `bandwidthUp` or `bandwidthDown`, or before a busy node, with `processing`.',
  },
  { name: 'networkHealth', unit: 'percent', doc: 'A summary from 0 to 100; its formula is printed with it.' },
] as const satisfies readonly Metric[];

export type MetricName = (typeof metrics)[number]['name'];

/** The names with their figures, such as `deliveryRatio` and `disseminationLatency.p99`: what has a value. */
export function measuredNames(known: readonly Metric[] = metrics): string[] {
  return known.flatMap(({ name, figures }) => figures?.map((figure) => `${name}.${figure}`) ?? [name]);
}

/** What an expression can ask of a single node: numbers, and `trait`s, which hold or do not. */
export interface NodeAttribute {
  readonly name: string;
  readonly unit: Measure | 'trait';
  readonly doc: string;
}

export const nodeAttributes = [
  { name: 'up', unit: 'trait', doc: 'It is up.' },
  { name: 'honest', unit: 'trait', doc: 'No adversary has it.' },
  { name: 'step', unit: 'steps', doc: 'Its step, as its clock counts; nothing while it is down.' },
  { name: 'sent', unit: 'count', doc: 'Messages that it sent.' },
  { name: 'degree', unit: 'count', doc: 'How many neighbours the topology gives it.' },
  {
    name: 'reading',
    unit: 'ratio',
    doc: 'What it reads off an aggregation (averaging, push-sum), in shares of the largest value at the start; nothing while it is down.',
  },
] as const satisfies readonly NodeAttribute[];

export type NodeAttributeName = (typeof nodeAttributes)[number]['name'];
