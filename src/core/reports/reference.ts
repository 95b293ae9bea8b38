/** Reference scenarios for a reader: a row for each figure, with what it must be and whether it is. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
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

/** Two digits of what a mean may be away. */
function allowed(tolerance: number): string {
  return String(Number(tolerance.toPrecision(2)));
}

/** That of the scenario, or over those of its variants, in order. */
function fingerprintOf(wanted: string, rows: readonly ReferenceRow[]): string {
  const own = rows.filter(({ name }) => name === wanted).map(({ fingerprint }) => fingerprint);
  const prints = [...new Set(own)];
  return prints.length === 1 ? prints[0] : textFingerprint(prints.join(' '));
}

function rowOf(row: ReferenceRow): Line[] {
  const { mean, expected, tolerance, agrees } = row;
  return [
    scenarioOf(row),
    labels[row.metric] ?? row.metric,
    precise(mean),
    precise(expected),
    `± ${allowed(tolerance)}`,
    agrees ? good('yes') : bad('NO'),
  ];
}

export function referenceBlocks(report: ReferenceReport): Block[] {
  const { complete, finished, wanted } = report;
  const stop: Line = warn(`Interrupted after ${finished} of ${wanted} scenarios.`);
  if (!complete && finished === 0) return [{ kind: 'text', lines: [stop, 'Nothing can be said yet.'] }];
  const failed = report.rows.filter(({ agrees }) => !agrees).length;
  const sources = new Map(report.rows.map(({ name, source }) => [name, source]));
  return [
    {
      kind: 'table',
      head: ['scenario', 'metric', 'mean', 'expected', 'allowed', 'agrees'],
      align: ['left', 'left', 'right', 'right', 'right', 'right'],
      rows: report.rows.map(rowOf),
    },
    {
      kind: 'text',
      lines: [
        ...(complete ? [] : [stop]),
        failed === 0
          ? [good(`${report.rows.length} figures agree`), ' with theory.']
          : bad(`${failed} of ${report.rows.length} figures do not agree.`),
        dim('Allowed: 3.3 standard errors, and what the expectation itself may be off.'),
        ...[...sources].map(([name, source]) =>
          dim(`${name}: ${source}; ${fingerprintOf(name, report.rows)}`),
        ),
      ],
    },
  ];
}
