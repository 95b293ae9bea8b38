/**
 * Variants of a sweep as comma separated values: a row for each, first what was set, then how it went and in what share of the runs each
 * assertion held (or what was measured of the runs together), then mean, deviation and interval of every metric. A cell without a value
 * is empty.
 */
import type { AssertionShare, RepetitionCell, RepetitionResult } from '../model/repetitions.js';

/** Commas and quotes are put between quotes; what a spreadsheet would take for a formula gets a leading apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const tamed = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tamed) ? `"${tamed.replace(/"/g, '""')}"` : tamed;
}

/** `dissemination.fanout=3` -> its key and its value, without the quotes of a word. */
function settingOf(text: string): readonly [key: string, value: string] {
  const end = text.indexOf('=');
  const value: unknown = JSON.parse(text.slice(end + 1));
  return [text.slice(0, end), String(value)];
}

/** Four for each; a sweep may have changed what is asserted, but not how much. */
function columnsOfProperties(cells: readonly RepetitionCell[]): string[] {
  return cells[0].assertions.flatMap(({ text, overRuns }, index) => {
    const isFigure = overRuns !== undefined && overRuns.of !== 'share';
    const said = cells.every(({ assertions }) => assertions[index].text === text)
      ? text
      : `assertion ${index + 1}`;
    const name = isFigure ? said : `held: ${said}`;
    return [name, `${name}.low`, `${name}.high`, `${name}.verdict`];
  });
}

function cellsOfProperty(property: AssertionShare): (string | number | null)[] {
  const { passed, failed, unevaluated, overRuns } = property;
  if (overRuns !== undefined) return [overRuns.value, overRuns.low, overRuns.high, overRuns.status];
  const verdict = unevaluated > 0 ? 'unevaluated' : failed > 0 ? 'failed' : 'passed';
  return passed + failed === 0
    ? [null, null, null, verdict]
    : [passed / (passed + failed), property.low, property.high, verdict];
}

export function cellsCsv({ cells }: RepetitionResult): string {
  const keys = cells[0].set.map((text) => settingOf(text)[0]);
  const metrics = [...new Set(cells.flatMap(({ summary }) => Object.keys(summary)))];
  const head = [
    ...keys,
    'runs',
    'passed',
    'fingerprint',
    'status',
    ...columnsOfProperties(cells),
    ...metrics.flatMap((name) => [
      name,
      `${name}.deviation`,
      `${name}.low`,
      `${name}.high`,
      `${name}.missing`,
    ]),
  ];
  const rows = cells.map(({ set, status, assertions, runs, summary, fingerprint }) => [
    ...set.map((text) => settingOf(text)[1]),
    runs.length,
    runs.filter(({ status }) => status === 'passed').length,
    fingerprint,
    status,
    ...assertions.flatMap(cellsOfProperty),
    ...metrics.flatMap((name) => {
      if (!Object.hasOwn(summary, name)) return [null, null, null, null, runs.length];
      const { mean, deviation, low, high, missing } = summary[name];
      return [mean, deviation, low, high, missing];
    }),
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
