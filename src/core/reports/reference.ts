/** Reference scenarios for a reader: a row for each figure, with what it must be and whether it is. */
import { bad, dim, good, type Block, type Line } from '../base/blocks.js';
import { textFingerprint } from '../base/digest.js';
import { showText } from '../base/escape.js';
import type { ReferenceReport, ReferenceRow } from '../model/reference.js';

const labels: Readonly<Record<string, string>> = {
  convergenceRounds: 'rounds',
  lastDelivery: 'last, ms',
  payloadsPerNode: 'traffic',
};

function scenarioOf({ name, set }: ReferenceRow): string {
  const variant = set.map((text) => text.replace(/^[^=]*\./, '')).join(' ');
  return showText(variant === '' ? name : `${name} ${variant}`, 40);
}

/** Four digits, because more than three agree. */
function precise(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)));
}

/** That of the scenario, or over those of its variants, in order. */
function fingerprintOf(wanted: string, rows: readonly ReferenceRow[]): string {
  const own = rows.filter(({ name }) => name === wanted).map(({ fingerprint }) => fingerprint);
  const prints = [...new Set(own)];
  return prints.length === 1 ? prints[0] : textFingerprint(prints.join(' '));
}

function rowOf(row: ReferenceRow): Line[] {
  const { mean, low, high, expected, agrees } = row;
  return [
    scenarioOf(row),
    labels[row.metric] ?? row.metric,
    precise(mean),
    low === null ? dim('-') : `${precise(low)} to ${precise(high)}`,
    precise(expected),
    agrees ? good('yes') : bad('NO'),
  ];
}

export function referenceBlocks(report: ReferenceReport): Block[] {
  const failed = report.rows.filter(({ agrees }) => !agrees).length;
  const sources = new Map(report.rows.map(({ name, source }) => [name, source]));
  return [
    {
      kind: 'table',
      head: ['scenario', 'metric', 'mean', '95 % interval', 'expected', 'agrees'],
      align: ['left', 'left', 'right', 'right', 'right', 'right'],
      rows: report.rows.map(rowOf),
    },
    {
      kind: 'text',
      lines: [
        failed === 0
          ? [
              good(`${report.rows.length} figures agree`),
              ' with theory, within bias and 3.3 standard errors.',
            ]
          : bad(`${failed} of ${report.rows.length} figures do not agree.`),
        ...[...sources].map(([name, source]) =>
          dim(`${name}: ${source}; ${fingerprintOf(name, report.rows)}`),
        ),
      ],
    },
  ];
}
