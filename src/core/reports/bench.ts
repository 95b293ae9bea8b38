/** Benchmarks for a reader: what ran it, one line a case, and the comparison where there is one. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatNumber, formatShare, formatSize } from '../base/units.js';
import type { BenchComparison, BenchReport } from '../model/bench.js';

/** `12.3 M events/s`, or `12.3 M/s` without a unit. */
function rate(perSecond: number, unit = ''): string {
  const things = unit === '' ? '' : ` ${unit}`;
  if (perSecond >= 1e6) return `${formatNumber(perSecond / 1e6)} M${things}/s`;
  if (perSecond >= 1e3) return `${formatNumber(perSecond / 1e3)} k${things}/s`;
  return `${formatNumber(perSecond)}${things}/s`;
}

function comparisonBlocks(comparison: BenchComparison): Block[] {
  const rows = comparison.rows.map((row): Line[] => [
    showText(row.name, 40),
    rate(row.before),
    rate(row.now),
    formatNumber(row.ratio),
    `± ${formatShare(row.noise)}`,
    row.verdict === 'slower' ? bad('slower') : row.verdict === 'faster' ? good('faster') : dim('same'),
  ]);
  const notes: Line[] = [];
  if (!comparison.sameMachine) {
    notes.push('The machines or Node versions differ: ratios compare them as much as the code.');
  }
  if (comparison.unmatched.length > 0) {
    notes.push(
      `In one of the two only: ${comparison.unmatched.map((name) => showText(name, 40)).join(', ')}.`,
    );
  }
  return [
    { kind: 'heading', text: 'Against the saved run' },
    {
      kind: 'table',
      head: ['case', 'before', 'now', 'ratio', 'noise', 'verdict'],
      align: ['left', 'right', 'right', 'right', 'right', 'left'],
      rows,
    },
    ...(notes.length === 0 ? [] : [{ kind: 'text' as const, lines: notes }]),
  ];
}

/** @param wanted how many cases were to be measured */
export function benchBlocks(
  report: BenchReport,
  wanted: number,
  comparison: BenchComparison | undefined,
): Block[] {
  const { machine, cases } = report;
  const hasMemory = cases.some(({ bytesPerNode }) => bytesPerNode !== undefined);
  const blocks: Block[] = [
    {
      kind: 'facts',
      rows: [
        ['mesh', report.version],
        [
          'machine',
          `${showText(machine.processor, 50)}, ${machine.cores} cores, ${formatSize(machine.memoryBytes)}`,
        ],
        ['system', `${machine.platform}, Node ${machine.node}`],
      ],
    },
  ];
  if (cases.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['case', 'median', 'spread', ...(hasMemory ? ['memory a node'] : [])],
      align: ['left', 'right', 'right', 'right'],
      rows: cases.map((figures): Line[] => [
        figures.name,
        rate(figures.median, figures.unit),
        `± ${formatShare(figures.spread)}`,
        ...(hasMemory
          ? [figures.bytesPerNode === undefined ? dim('-') : formatSize(figures.bytesPerNode)]
          : []),
      ]),
    });
  }
  if (!report.complete) {
    blocks.push({
      kind: 'text',
      lines: [
        warn(
          `Interrupted after ${cases.length} of ${wanted} cases${cases.length === 0 ? ': no figures' : ''}.`,
        ),
      ],
    });
  }
  const closed = cases.find(({ name }) => name === 'pattern/closed-form');
  const naive = cases.find(({ name }) => name === 'pattern/naive');
  if (closed !== undefined && naive !== undefined) {
    blocks.push({
      kind: 'text',
      lines: [
        `The closed form is ${formatNumber(closed.median / naive.median)} times as fast as the definition.`,
      ],
    });
  }
  if (comparison !== undefined) blocks.push(...comparisonBlocks(comparison));
  return blocks;
}
