/** What the network was meant to cost beside what it did cost: the section of a run's report. */
import { bad, dim, good, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { formatDuration, formatNumber, formatSize } from '../base/units.js';
import { wrapText } from '../base/wrap.js';
import type { TargetRow, TargetUnit, TargetVerdict } from '../model/targets.js';

const formats: Readonly<Record<TargetUnit, (value: number) => string>> = {
  rounds: formatNumber,
  milliseconds: (ms) => formatDuration(ms * 1000),
  bytesPerSecond: (bytes) => `${formatSize(bytes)}/s`,
  bytes: formatSize,
};

const verdicts: Readonly<Record<TargetVerdict, Span>> = {
  met: good('met'),
  missed: warn('missed'),
  impossible: bad('impossible'),
  unknown: dim('not measured'),
};

export function targetBlocks(rows: readonly TargetRow[]): Block[] {
  if (rows.length === 0) return [];
  const value = (unit: TargetUnit, number: number | null): Line =>
    number === null ? dim('-') : formats[unit](number);
  const reasons = rows.flatMap(({ what, verdict, because }) =>
    because !== null && (verdict === 'impossible' || verdict === 'missed')
      ? wrapText(`${what}: ${because}`, 80)
      : [],
  );
  const blocks: Block[] = [
    { kind: 'heading', text: 'Against the targets' },
    {
      kind: 'table',
      head: ['', 'measured', 'target', 'no less than', 'verdict'],
      align: ['left', 'right', 'right', 'right', 'left'],
      rows: rows.map(({ what, unit, measured, target, bound, verdict }): Line[] => [
        what,
        value(unit, measured),
        value(unit, target),
        value(unit, bound),
        verdicts[verdict],
      ]),
    },
  ];
  if (reasons.length > 0) blocks.push({ kind: 'text', lines: reasons });
  return blocks;
}
