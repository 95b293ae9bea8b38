/** What the checks saw of those who lie, and of what the links damaged: a section of a run's report. */
import { dim, warn, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatShare } from '../base/units.js';
import { wrapText } from '../base/wrap.js';
import type { SimulateResult } from '../model/result.js';

const none = dim('-');

/** Prose is broken here, wherever it is printed. */
const columns = 80;

const share = (value: number | null): Line => (value === null ? none : formatShare(value));
const count = (value: number | null): Line => (value === null ? none : formatCount(value));

/** What the table of checks leaves open: who is not in it, and acts that are neither detected nor missed. */
function actNotes(rows: SimulateResult['detection']['adversaries']): string[] {
  const name = (id: string): string => showText(id, 24);
  const idle = rows.filter(({ acts }) => acts === 0).map(({ id }) => name(id));
  const notes = rows.flatMap(({ id, acts, reached }) =>
    reached === acts
      ? []
      : [`Of ${name(id)}, ${formatCount(acts - reached)} reached nobody honest and count neither way.`],
  );
  if (idle.length > 0)
    notes.unshift(`Forged nothing that a check of messages could see: ${idle.join(', ')}.`);
  return notes;
}

export function detectionBlocks(result: SimulateResult): Block[] {
  const { detection } = result;
  const flags = Object.entries(result.metrics.flags).filter(([, number]) => number > 0);
  const { corruption } = detection;
  const wrong = corruption === undefined ? detection.adversaries : [...detection.adversaries, corruption];
  if (wrong.length === 0 && flags.length === 0) return [];
  const blocks: Block[] = [{ kind: 'heading', text: 'What the checks saw' }];
  const seen = wrong.filter(({ acts }) => acts > 0);
  if (seen.length > 0) {
    blocks.push({
      kind: 'table',
      head: [
        detection.adversaries.length > 0 ? 'liar' : '',
        detection.adversaries.length > 0 ? 'forged' : 'damaged',
        'detected',
        'missed',
        'rate',
        'receivers that saw it',
      ],
      align: ['left', 'right', 'right', 'right', 'right', 'right'],
      rows: seen.map((row): Line[] => [
        row === corruption ? 'damage on links' : showText(row.id, 24),
        count(row.acts),
        count(row.detected),
        row.missed > 0 ? warn(formatCount(row.missed)) : '0',
        share(row.detectionRate),
        share(row.receiverRecall),
      ]),
    });
  }
  const notes = actNotes(detection.adversaries);
  if (notes.length > 0)
    blocks.push({ kind: 'text', lines: notes.flatMap((note) => wrapText(note, columns)) });
  const flagText = flags.map(([name, number]) => `${formatCount(number)} ${name}`).join(', ');
  blocks.push({
    kind: 'text',
    lines: [
      `Flags raised: ${flagText === '' ? 'none' : flagText}; false alarms: ${formatCount(detection.falseAlarms)} of ${formatCount(detection.honestReceipts)} honest receipts.`,
    ],
  });
  for (const { cause, messages, receipts, flagged } of detection.honestButWrong) {
    blocks.push({
      kind: 'text',
      lines: [
        `Honest but wrong (${cause}): ${formatCount(messages)} messages, ${formatCount(flagged)} of ${formatCount(receipts)} receipts flagged; not counted as false alarms.`,
      ],
    });
  }
  if (result.metrics.flags['pattern-mismatch'] > 0 || detection.adversaries.length > 0) {
    blocks.push({
      kind: 'text',
      lines: [dim('The pattern is a synchronisation check and not security: see docs/pattern.md.')],
    });
  }
  return blocks;
}
