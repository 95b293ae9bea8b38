/** Findings as CSV, RFC 4180; cells that a spreadsheet would take for a formula get a leading apostrophe. */
import type { ObserveSample } from './observe-result.js';

export const csvHead = 'file,line,kind,senderId,step,expected,received,message\r\n';

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const tamed = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tamed) ? `"${tamed.replace(/"/g, '""')}"` : tamed;
}

/** @param show makes foreign text safe to print */
export function csvRow(sample: ObserveSample, show: (text: string) => string): string {
  const { file, line, kind, senderId, step, expected, received, message } = sample;
  const shown = (value: string | number | null | undefined): string | number | null | undefined =>
    typeof value === 'string' ? show(value) : value;
  return `${[file, line, kind, senderId, step, expected, received, message].map((each) => cell(shown(each))).join(',')}\r\n`;
}
