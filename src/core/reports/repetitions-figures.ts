/**
 * Which of the figures of many runs a reader is shown, under which name and in which unit: those that people compare networks by, section by
 * section as in the report of one run. Everything else is in `--json` and `--csv`.
 */
import { showText } from '../base/escape.js';
import { formatDuration, formatNumber, formatShare, formatSize } from '../base/units.js';
import type { RepetitionCell } from '../model/repetitions.js';
import type { TargetUnit } from '../model/targets.js';

type Format = (value: number) => string;
const milliseconds: Format = (ms) => formatDuration(ms * 1000);

export interface ShownFigure {
  /** Its name in the summary. */
  readonly name: string;
  /** Escaped. */
  readonly label: string;
  readonly format: Format;
  /** From 0 to 1, and so is its mean. */
  readonly isShare: boolean;
  /** Something that should not happen, or seldom does: left out where it never did in any run. */
  readonly isRare?: boolean;
}

export interface ShownSection {
  /** Undefined for what every network is measured by. */
  readonly heading: string | undefined;
  readonly figures: readonly ShownFigure[];
}

type Row = readonly [name: string, label: string, format: Format, isRare?: 'rare'];

const rows = (list: readonly Row[], prefix = ''): ShownFigure[] =>
  list.map(([name, label, format, rare]) => ({
    name: prefix + name,
    label,
    format,
    isShare: format === formatShare || name === 'residue',
    isRare: rare !== undefined,
  }));

const general = rows([
  ['deliveryRatio', 'delivered', formatShare],
  ['completeShare', 'reached everyone', formatShare],
  ['worstNodeDeliveryRatio', 'worst node got', formatShare],
  ['residue', 'residue', formatNumber],
  ['disseminationLatency.p50', 'latency p50', milliseconds],
  ['disseminationLatency.p99', 'latency p99', milliseconds],
  ['coverage.t90', 'coverage t90', milliseconds],
  ['convergenceRounds', 'rounds to converge', formatNumber],
  ['convergenceCycles', 'cycles to converge', formatNumber],
  ['convergenceTime', 'time to converge', milliseconds],
  ['timeToRecover', 'time to recover', milliseconds],
  ['lastDelivery', 'last delivery', milliseconds],
  ['hops.mean', 'hops', formatNumber],
  ['duplicates', 'redundancy', formatNumber],
  ['payloadsPerNode', 'payloads a node', formatNumber],
  ['callsPerNode', 'calls a node', formatNumber],
  ['messagesPerNode.mean', 'messages a node, s', formatNumber],
  ['bytesPerNode.mean', 'bytes a node, s', formatSize],
  ['syncDivergence.max', 'steps apart, most', formatNumber],
  ['networkHealth', 'health', formatNumber],
]);

/** By the name of the section in the result, which stands before the names of its figures. */
const sections: readonly (readonly [section: string, heading: string, rows: readonly Row[]])[] = [
  [
    'sync',
    'Steps',
    [
      ['misled', 'nodes led astray', formatNumber, 'rare'],
      ['overBudget', 'nodes over budget', formatNumber, 'rare'],
      ['committee.liars', 'liars in committee', formatNumber, 'rare'],
      ['liarsHeard', 'liars followed, most', formatNumber, 'rare'],
      ['joins', 'late or back', formatNumber, 'rare'],
      ['caughtUp', 'caught up', formatNumber, 'rare'],
      ['catchUpTime.mean', 'catch-up, mean', milliseconds],
      ['catchUpTime.max', 'catch-up, longest', milliseconds],
    ],
  ],
  [
    'detector',
    'Failure detector',
    [
      ['failures', 'crashes', formatNumber],
      ['detected', 'crashes found', formatNumber],
      ['missed', 'back unnoticed', formatNumber, 'rare'],
      ['open', 'open at the end', formatNumber, 'rare'],
      ['suspicionTime.mean', 'first suspicion, mean', milliseconds],
      ['detectionTime.mean', 'first verdict, mean', milliseconds],
      ['detectionTime.max', 'first verdict, latest', milliseconds],
      ['falseSuspicions', 'false suspicions', formatNumber],
      ['falsePositives', 'false verdicts', formatNumber],
      ['falsePositiveRate', 'a node and hour', formatNumber],
    ],
  ],
  [
    'partition',
    'Partition detector',
    [
      ['cuts', 'nodes cut off', formatNumber],
      ['detected', 'noticed', formatNumber],
      ['missed', 'back before', formatNumber, 'rare'],
      ['partitionedMost', 'partitioned, most', formatNumber],
      ['detectionTime.mean', 'time to detect, mean', milliseconds],
      ['recoveryTime.mean', 'time to recover, mean', milliseconds],
      ['falseAlarms', 'false alarms', formatNumber],
      ['splitBrainTimeMs', 'split brain', milliseconds],
    ],
  ],
  [
    'processing',
    'Handling messages',
    [
      ['busyShare.mean', 'busy', formatShare],
      ['busyShare.max', 'busiest node', formatShare],
      ['wait.mean', 'waiting, mean', milliseconds],
      ['wait.max', 'waiting, longest', milliseconds],
      ['longestQueue', 'longest line', formatNumber, 'rare'],
      ['queueDrops', 'messages without room', formatNumber],
    ],
  ],
  [
    'trust',
    'Whom nodes trust',
    [
      ['liars.accused', 'liars ignored', formatNumber],
      ['liars.ignoredByAll', 'by all neighbours', formatNumber],
      ['honest.accused', 'honest nodes ignored', formatNumber],
      ['accusations.right', 'accusations, right', formatNumber],
      ['accusations.wrong', 'accusations, wrong', formatNumber],
      ['throttled.liars', 'too fast, from liars', formatNumber, 'rare'],
      ['throttled.honest', 'too fast, from honest', formatNumber, 'rare'],
    ],
  ],
  [
    'peers',
    'Peers',
    [
      ['degree.mean', 'in use', formatNumber],
      ['degree.max', 'in use, most', formatNumber],
      ['peerRttMs', 'round trip to a peer', milliseconds],
      ['anyRttMs', 'to anybody', milliseconds],
      ['connectedShare', 'in the largest part', formatShare],
      ['deadPeers', 'dead peers', formatNumber],
    ],
  ],
  [
    'episodes',
    'Which bad days were noticed',
    [
      ['alarms', 'alarms', formatNumber, 'rare'],
      ['unexplained', 'about nobody touched', formatNumber, 'rare'],
    ],
  ],
  [
    'aggregation',
    'Aggregation',
    [
      ['mean', 'mean of the nodes', formatNumber],
      ['maxError', 'worst node is off by', formatNumber],
      ['varianceEnd', 'variance at the end', formatNumber],
      ['factorPerCycle', 'factor a cycle', formatNumber],
      ['sumError', 'error of the sum', formatNumber],
    ],
  ],
  [
    'hierarchy',
    'Counting',
    [
      ['exactShare', 'exact nodes', formatShare],
      ['exactTime', 'all exact after', milliseconds],
      ['exactCycles', 'in cycles', formatNumber],
      ['recoveryTime', 'exact again after', milliseconds],
      ['countedMax', 'most ever counted', formatNumber],
      ['leaderCrashes', 'leaders lost', formatNumber, 'rare'],
      ['leaderless', 'leaderless at the end', formatNumber, 'rare'],
      ['failoverTime.mean', 'leader back, mean', milliseconds],
      ['failoverTime.max', 'leader back, latest', milliseconds],
    ],
  ],
  [
    'replication',
    'Replicated state',
    [
      ['convergenceTime', 'state agrees after', milliseconds],
      ['agreedShare', 'state agreed for', formatShare],
      ['distinctStates', 'states at the end', formatNumber],
      ['lost', 'lost with its state', formatNumber, 'rare'],
      ['beliefs.wrongShare', 'wrong beliefs', formatShare],
      ['beliefs.wrongTimeShare', 'believed wrongly for', formatShare],
      ['beliefs.knownShare', 'known for', formatShare],
      ['beliefs.delay.p50', 'belief after p50', milliseconds],
      ['beliefs.delay.p99', 'belief after p99', milliseconds],
    ],
  ],
  [
    'churn',
    'Churn',
    [
      ['upShare', 'nodes up', formatShare],
      ['upMin', 'nodes up, fewest', formatNumber],
      ['upMax', 'nodes up, most', formatNumber],
      ['arrivals', 'came', formatNumber],
      ['departures', 'went', formatNumber],
      ['goodbyes', 'with a goodbye', formatNumber, 'rare'],
    ],
  ],
  [
    'links',
    'Links',
    [
      ['lostInBursts', 'lost in bursts', formatNumber, 'rare'],
      ['duplicated', 'extra copies', formatNumber, 'rare'],
      ['reordered', 'held back', formatNumber, 'rare'],
      ['corrupted', 'damaged', formatNumber, 'rare'],
      ['unreadable', 'beyond reading', formatNumber, 'rare'],
      ['uplink.wait.mean', 'uplink, mean wait', milliseconds],
      ['uplink.wait.p99', 'uplink, p99', milliseconds],
      ['uplink.dropped', 'uplink, without room', formatNumber, 'rare'],
      ['downlink.wait.mean', 'downlink, mean wait', milliseconds],
      ['downlink.wait.p99', 'downlink, p99', milliseconds],
      ['downlink.dropped', 'downlink, without room', formatNumber, 'rare'],
    ],
  ],
];

const characters = 22;

/** Faults and liars have rows of their own, which differ from scenario to scenario. */
function touchedSection({ runs: [first] }: RepetitionCell): ShownSection {
  const figures = (['faults', 'adversaries'] as const).flatMap((list) =>
    first[list].flatMap(({ id }, place) =>
      rows([
        [`${list}[${place}].affectedMessages`, `${showText(id, characters)}: messages`, formatNumber, 'rare'],
        [`${list}[${place}].affectedNodes`, `${showText(id, characters)}: nodes`, formatNumber, 'rare'],
      ]),
    ),
  );
  return { heading: 'What faults and liars touched', figures };
}

function detectionSection({ runs: [{ detection }] }: RepetitionCell): ShownSection {
  const liars = detection.adversaries.map(({ id }, place) => ({ id, name: `adversaries[${place}]` }));
  const figures = [...liars, { id: 'damage on links', name: 'corruption' }].flatMap(({ id, name }) =>
    rows(
      [
        ['acts', `${showText(id, characters)}`, formatNumber, 'rare'],
        ['detectionRate', '  detected', formatShare],
        ['receiverRecall', '  by its receivers', formatShare],
        ['meanTimeToDetectionMs', '  after', milliseconds],
      ],
      `detection.${name}.`,
    ),
  );
  return {
    heading: 'What the checks saw',
    figures: [
      ...figures,
      ...rows([
        ['detection.falseAlarms', 'false alarms', formatNumber, 'rare'],
        ['detection.falseAlarmsPerNodeHour', 'a node and hour', formatNumber, 'rare'],
        ['detection.precision', 'flags that were right', formatShare],
      ]),
    ],
  };
}

const targetFormats: Readonly<Record<TargetUnit, Format>> = {
  rounds: formatNumber,
  milliseconds,
  bytesPerSecond: (bytes) => `${formatSize(bytes)}/s`,
  bytes: formatSize,
};

function targetSection({ runs: [{ targets = [] }] }: RepetitionCell): ShownSection {
  return {
    heading: 'Against the targets',
    figures: targets.map(({ what, unit, target }, place) => ({
      name: `targets[${place}].measured`,
      label: `${what} (${targetFormats[unit](target)})`,
      format: targetFormats[unit],
      isShare: false,
    })),
  };
}

/** What there is to show of a variant; it has one run at least. */
export function shownSections(cell: RepetitionCell): ShownSection[] {
  const all = [
    { heading: undefined, figures: general },
    ...sections.map(([name, heading, list]) => ({ heading, figures: rows(list, `${name}.`) })),
    detectionSection(cell),
    touchedSection(cell),
    targetSection(cell),
  ];
  return all
    .map(({ heading, figures }) => ({ heading, figures: figures.filter((figure) => isShown(figure, cell)) }))
    .filter(({ figures }) => figures.length > 0);
}

function isShown({ name, isRare = false }: ShownFigure, { summary }: RepetitionCell): boolean {
  if (!Object.hasOwn(summary, name)) return false;
  const { mean, deviation } = summary[name];
  return mean !== null && !(isRare && mean === 0 && (deviation ?? 0) === 0);
}

/** By what people choose between variants, the weightiest first, with names that fit a column. */
const weighed: readonly (readonly [name: string, label: string])[] = [
  ['deliveryRatio', 'delivered'],
  ['disseminationLatency.p99', 'latency p99'],
  ['convergenceRounds', 'rounds'],
  ['convergenceCycles', 'cycles'],
  ['timeToRecover', 'recovered'],
  ['replication.convergenceTime', 'state agrees'],
  ['replication.beliefs.wrongShare', 'wrong beliefs'],
  ['hierarchy.exactTime', 'all exact'],
  ['hierarchy.exactShare', 'exact nodes'],
  ['aggregation.factorPerCycle', 'factor a cycle'],
  ['detector.detectionTime.mean', 'crash found'],
  ['detector.falsePositiveRate', 'false verdicts a node, h'],
  ['partition.detectionTime.mean', 'split noticed'],
  ['partition.splitBrainTimeMs', 'split brain'],
  ['sync.misled', 'led astray'],
  ['detection.adversaries[0].detectionRate', 'lies detected'],
  ['trust.liars.accused', 'liars ignored'],
  ['trust.honest.accused', 'honest ignored'],
  ['churn.upShare', 'nodes up'],
  ['peers.peerRttMs', 'peer rtt'],
  ['peers.connectedShare', 'largest part'],
  ['processing.queueDrops', 'no room'],
  ['bytesPerNode.mean', 'bytes a node, s'],
];

/** What a column takes beside its widest text, and what a number takes that is wider than its head. */
const frameCharacters = 3;
const valueCharacters = 9;

/**
 * The figures of a table with a row a variant: those that differ between variants before those that do not, as many as fit.
 * @param charactersMax for all columns together
 */
export function figuresOfSweep(cells: readonly RepetitionCell[], charactersMax: number): ShownFigure[] {
  const known = new Map<string, ShownFigure>();
  for (const cell of cells)
    if (cell.runs.length > 0)
      for (const { figures } of shownSections(cell))
        for (const figure of figures) known.set(figure.name, figure);
  const shown = weighed.flatMap(([name, label]): ShownFigure[] => {
    const figure = known.get(name);
    return figure === undefined ? [] : [{ ...figure, label }];
  });
  const differs = ({ name }: ShownFigure): boolean =>
    new Set(cells.map(({ summary }) => (Object.hasOwn(summary, name) ? summary[name].mean : null))).size > 1;
  const chosen = new Set<ShownFigure>();
  let left = charactersMax;
  for (const figure of [...shown.filter(differs), ...shown.filter((one) => !differs(one))]) {
    left -= Math.max(figure.label.length, valueCharacters) + frameCharacters;
    if (left < 0) break;
    chosen.add(figure);
  }
  return shown.filter((figure) => chosen.has(figure));
}
