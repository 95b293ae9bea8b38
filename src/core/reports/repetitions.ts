/** Many runs for a reader: how often what had to hold held, and what was measured with its interval; a row a variant for sweeps. */
import { bad, dim, good, strong, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatDuration, formatNumber, formatShare } from '../base/units.js';
import type {
  AssertionShare,
  MetricSummary,
  RepetitionCell,
  RepetitionDeterminism,
  RepetitionResult,
} from '../model/repetitions.js';
import type { RunStatus } from '../model/result.js';
import { overRunsBlocks } from './over-runs.js';

const verdicts: Readonly<Record<RunStatus, Span>> = {
  passed: good('passed'),
  failed: bad('failed'),
  invalid: bad('invalid'),
  interrupted: warn('interrupted'),
};

type Format = (value: number) => string;
const milliseconds: Format = (ms) => formatDuration(ms * 1000);

/** What is shown, and how; everything else is in `--json`. */
const shown: readonly (readonly [name: string, label: string, format: Format])[] = [
  ['deliveryRatio', 'delivered', formatShare],
  ['residue', 'residue', formatNumber],
  ['disseminationLatency.p50', 'latency p50', milliseconds],
  ['disseminationLatency.p99', 'latency p99', milliseconds],
  ['coverage.t90', 'coverage t90', milliseconds],
  ['convergenceRounds', 'rounds to converge', formatNumber],
  ['convergenceCycles', 'cycles to converge', formatNumber],
  ['convergenceTime', 'time to converge', milliseconds],
  ['lastDelivery', 'last delivery', milliseconds],
  ['replication.convergenceTime', 'state agrees after', milliseconds],
  ['replication.agreedShare', 'state agreed for', formatShare],
  ['replication.beliefs.wrongShare', 'wrong beliefs', formatShare],
  ['replication.beliefs.delay.p50', 'belief after p50', milliseconds],
  ['hops.mean', 'hops', formatNumber],
  ['duplicates', 'redundancy', formatNumber],
  ['payloadsPerNode', 'payloads a node', formatNumber],
  ['callsPerNode', 'calls a node', formatNumber],
  ['messagesPerNode.mean', 'messages a node, s', formatNumber],
  ['bytesPerNode.mean', 'bytes a node, s', formatNumber],
  ['networkHealth', 'health', formatNumber],
];

function metricRow([name, label, format]: (typeof shown)[number], cell: RepetitionCell): Line[][] {
  const summary = cell.summary[name] as MetricSummary | undefined;
  if (summary === undefined || summary.mean === null) return [];
  const { mean, deviation, low, high, missing } = summary;
  return [
    [
      label,
      format(mean),
      deviation === null ? dim('-') : format(deviation),
      low === null || high === null ? dim('-') : `${format(low)} to ${format(high)}`,
      missing === 0 ? '' : `${formatCount(missing)} never`,
    ],
  ];
}

function assertionRow({ text, passed, failed, low, high }: AssertionShare): Line[] {
  const share = `${formatCount(passed)} of ${formatCount(passed + failed)}`;
  return [
    showText(text, 48),
    failed === 0 ? good(share) : bad(share),
    `${formatShare(low)} to ${formatShare(high)}`,
  ];
}

function cellBlocks(cell: RepetitionCell): Block[] {
  const rows = shown.flatMap((metric) => metricRow(metric, cell));
  const blocks: Block[] = [
    {
      kind: 'table',
      head: ['metric', 'mean', 'deviation', '95 % interval of the mean', 'left out'],
      align: ['left', 'right', 'right', 'right', 'right'],
      rows,
    },
  ];
  const ofEach = cell.assertions.filter(({ overRuns }) => overRuns === undefined);
  if (ofEach.length > 0) {
    blocks.push(
      { kind: 'heading', text: 'What had to hold' },
      {
        kind: 'table',
        head: ['assertion', 'held in', '95 % interval'],
        align: ['left', 'right', 'right'],
        rows: ofEach.map(assertionRow),
      },
    );
  }
  blocks.push(...overRunsBlocks(cell.assertions));
  return blocks;
}

/** Of what was asserted of the runs together, the worst verdict. */
function together({ assertions }: RepetitionCell): Line {
  const statuses = assertions.map(({ overRuns }) => overRuns?.status);
  if (statuses.includes('unevaluated')) return warn('cannot be said');
  return statuses.includes('failed') ? bad('failed') : good('passed');
}

/** A row a variant: what was set, how many runs passed, and the figures that people choose by. */
function sweepBlocks(cells: readonly RepetitionCell[]): Block[] {
  const columns = shown
    .filter(([name]) => cells.some(({ summary }) => typeof summary[name]?.mean === 'number'))
    .filter(([name]) =>
      [
        'deliveryRatio',
        'disseminationLatency.p99',
        'convergenceRounds',
        'convergenceCycles',
        'replication.convergenceTime',
        'replication.beliefs.wrongShare',
        'bytesPerNode.mean',
      ].includes(name),
    );
  const value = (cell: RepetitionCell, [name, , format]: (typeof shown)[number]): Line => {
    const summary = cell.summary[name] as MetricSummary | undefined;
    return summary === undefined || summary.mean === null ? dim('-') : format(summary.mean);
  };
  const isTogether = cells.some(({ assertions }) =>
    assertions.some(({ overRuns }) => overRuns !== undefined),
  );
  return [
    {
      kind: 'table',
      head: ['variant', 'passed', ...(isTogether ? ['together'] : []), ...columns.map(([, label]) => label)],
      align: [
        'left',
        'right',
        ...(isTogether ? ['left' as const] : []),
        ...columns.map(() => 'right' as const),
      ],
      rows: cells.map((cell): Line[] => [
        showText(cell.set.map((text) => text.replace(/^[^=]*\./, '')).join(' '), 32),
        `${formatCount(cell.runs.filter(({ status }) => status === 'passed').length)} of ${formatCount(cell.runs.length)}`,
        ...(isTogether ? [together(cell)] : []),
        ...columns.map((column) => value(cell, column)),
      ]),
    },
  ];
}

function determinismLine({ same, difference = '' }: RepetitionDeterminism): Line {
  return same
    ? [good('deterministic'), ': the same runs on another number of threads gave the same, byte for byte.']
    : [bad('not deterministic'), `: ${showText(difference, 200)}.`];
}

/** @param recipe the command that repeats the runs */
export function repetitionBlocks(
  result: RepetitionResult,
  recipe: string,
  determinism?: RepetitionDeterminism,
): Block[] {
  const { cells, repetitions, status } = result;
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  const wanted = repetitions * cells.length;
  if (runs === 0 && status === 'interrupted') {
    return [
      { kind: 'heading', text: showText(result.scenario) },
      {
        kind: 'text',
        lines: [
          warn(
            `Interrupted after 0 of ${formatCount(wanted)} runs: none was finished, there are no figures.`,
          ),
          ['repeat with: ', strong(recipe)],
        ],
      },
    ];
  }
  const count =
    status === 'interrupted' ? `${formatCount(runs)} of ${formatCount(wanted)}` : formatCount(runs);
  const facts: (readonly [string, Line])[] = [
    ['verdict', verdicts[result.status]],
    [
      'runs',
      `${count}${cells.length === 1 ? '' : `, ${formatCount(repetitions)} each of ${formatCount(cells.length)} variants`}`,
    ],
  ];
  if (cells.length === 1)
    facts.push(['fingerprint', [strong(cells[0].fingerprint), dim(`  seed ${result.seed}`)]]);
  return [
    { kind: 'heading', text: showText(result.scenario) },
    { kind: 'facts', rows: facts },
    ...(cells.length === 1 ? cellBlocks(cells[0]) : sweepBlocks(cells)),
    {
      kind: 'text',
      lines: [
        ...(determinism === undefined ? [] : [determinismLine(determinism)]),
        dim('Means leave out runs without a value; every run is in --json.'),
        ['repeat with: ', strong(recipe)],
      ],
    },
  ];
}
