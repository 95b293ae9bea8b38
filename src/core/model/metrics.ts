/** What assertions can read. The simulator measures these, the scenario checks names and units against them, the docs list them. */

export interface Metric {
  readonly name: string;
  /** `ratio`: 0 to 1; `milliseconds`; `percent`: 0 to 100; `count`; `number`: any; `perSecond`; `steps`. */
  readonly unit: 'ratio' | 'milliseconds' | 'percent' | 'count' | 'number' | 'perSecond' | 'steps';
  readonly doc: string;
}

export const metrics = [
  {
    name: 'deliveryRatio',
    unit: 'ratio',
    doc: 'First deliveries / eligible (message, node) pairs, over messages whose deadline has passed.',
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
  },
  { name: 'reach', unit: 'ratio', doc: 'First deliveries / all honest nodes that were up at publication.' },
  { name: 'averageLatency', unit: 'milliseconds', doc: 'Mean time from publication to first delivery.' },
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
  { name: 'nodesUp', unit: 'count', doc: 'Nodes that are up.' },
  { name: 'stepMin', unit: 'steps', doc: 'Lowest step of the honest nodes that are up.' },
  { name: 'stepMax', unit: 'steps', doc: 'Highest step of the honest nodes that are up.' },
  { name: 'syncDivergence', unit: 'steps', doc: 'stepMax - stepMin.' },
  {
    name: 'unsafeAdoptions',
    unit: 'count',
    doc: 'How often an honest node was led to a step beyond every step that an honest node had held before.',
  },
  {
    name: 'misledNodes',
    unit: 'count',
    doc: 'Honest nodes that are up and hold a step which no honest node could have reached without liars.',
  },
  {
    name: 'overBudgetNodes',
    unit: 'count',
    doc: 'Honest nodes whose rule has to follow the claims of more liars than it bears.',
  },
  {
    name: 'catchUpTime',
    unit: 'milliseconds',
    doc: 'From the moment when a node comes late, or back, until it holds the step that others held then, mean over those that did.',
  },
  { name: 'messagesSent', unit: 'count', doc: 'Messages sent over links until now.' },
  { name: 'messagesPerSecond', unit: 'perSecond', doc: 'messagesSent / seconds since the start.' },
  {
    name: 'duplicates',
    unit: 'ratio',
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
  { name: 'networkHealth', unit: 'percent', doc: 'A summary from 0 to 100; its formula is printed with it.' },
] as const satisfies readonly Metric[];

export type MetricName = (typeof metrics)[number]['name'];
