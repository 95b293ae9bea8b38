/** What `mesh observe` says on a terminal: the verdict first, then counts, then what was found, where, and what it can mean. */
import { type Block, type Line, bad, dim, good, strong, warn } from '../base/blocks.js';
import { quoteText, showText, showValue } from '../base/escape.js';
import { formatCount } from '../base/units.js';
import { wrapText } from '../base/wrap.js';
import type { ObserveExplanation, ObserveResult, ObserveSample } from './observe-result.js';

/** Prose is broken here, wherever it is printed. */
const columns = 80;

/** Samples and senders that are shown on a terminal; all that were kept are in `--json`. */
const samplesShown = 20;
const sendersShown = 10;

/** What a malformed kind means, for people. */
export const malformedMeanings: Readonly<Record<string, string>> = {
  'line-too-long': 'longer than --max-line-bytes',
  'invalid-utf8': 'not UTF-8: another encoding, or damaged',
  'invalid-json': 'not JSON: cut off, damaged, or not a log line',
  'not-object': 'JSON, but no object',
  'duplicate-key': 'the same key twice: two readers may see two messages',
  'missing-field': 'a field that every message has is not there',
  'wrong-type': 'a field has another type',
  'bad-step': 'the step is not an integer from 0 to 2^53-1',
  'bad-number': 'a number is too large for a double',
};

/** A hint says `hint: ...`, as an error of a compiler does. */
function hintLines(hint: string): Line[] {
  const [first, ...rest] = wrapText(hint, columns, 'hint: '.length, 2);
  return [[warn('hint'), `: ${first}`], ...rest];
}

function verdict(result: ObserveResult): Line {
  const found = result.malformed + total(result);
  if (!result.complete) return [bad('incomplete'), `: ${result.incompleteBecause ?? 'stopped'}`];
  if (found > 0) return [bad('findings'), `: ${formatCount(found)} in ${formatCount(result.lines)} lines`];
  if (result.wellFormed === 0) return [warn('no messages'), ': there was nothing to check'];
  return [good('healthy'), `: ${formatCount(result.valid)} messages, no findings`];
}

/** Findings on well-formed lines. */
export function total(result: ObserveResult): number {
  return Object.values(result.findings).reduce((sum, count) => sum + count, 0);
}

function whereOf(sample: ObserveSample): string {
  return sample.file === undefined ? String(sample.line) : `${showText(sample.file, 40)}:${sample.line}`;
}

/** One sample as a line of cells. */
function sampleRow(sample: ObserveSample): Line[] {
  return [
    whereOf(sample),
    sample.kind,
    sample.senderId === null ? dim('-') : quoteText(sample.senderId, 24),
    sample.step === null ? dim('-') : showValue(sample.step),
    sample.message,
  ];
}

/**
 * @param explanations of the checks that ran
 */
export function observeBlocks(result: ObserveResult, explanations: readonly ObserveExplanation[]): Block[] {
  const names = result.files.map((file) => (file === '-' ? 'standard input' : showText(file, 60)));
  const blocks: Block[] = [
    { kind: 'heading', text: names.length <= 3 ? names.join(', ') : `${names.length} files` },
    {
      kind: 'text',
      lines: [verdict(result), ...result.hints.flatMap(hintLines)],
    },
    {
      kind: 'facts',
      rows: [
        ['lines', formatCount(result.lines)],
        ['valid', formatCount(result.valid)],
        ['well-formed', formatCount(result.wellFormed)],
        ['malformed', formatCount(result.malformed)],
        ['blank', formatCount(result.blank)],
        ['senders', formatCount(result.senders)],
        ['gaps', `${formatCount(result.gaps)}, missing steps ${formatCount(result.missingSteps)}`],
      ],
    },
  ];
  if (result.untrackedLines > 0) {
    const count = formatCount(result.untrackedLines);
    blocks.push({
      kind: 'text',
      lines: [
        [warn(count), ' lines of senders beyond the memory for senders were only checked by themselves'],
      ],
    });
  }
  const rows = kindRows(result, explanations);
  if (rows.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['finding', 'lines', 'first', 'what it is'],
      rows,
      align: ['left', 'right', 'right', 'left'],
    });
  }
  if (result.samples.length > 0) blocks.push(...sampleBlocks(result));
  if (result.worstSenders.length > 0 && total(result) > 0) blocks.push(senderTable(result));
  const meanings = explanations.filter(({ kind }) => (result.findings[kind] ?? 0) > 0);
  if (meanings.length > 0) {
    blocks.push({
      kind: 'text',
      lines: meanings.flatMap(({ kind, canMean, cannotSee }): Line[] => {
        const [first, ...rest] = wrapText(`can mean: ${canMean}`, columns, kind.length + 1, 2);
        return [
          [strong(kind), ` ${first}`],
          ...rest,
          ...wrapText(`  It cannot see: ${cannotSee}`, columns, 0, 2).map((line) => dim(line)),
        ];
      }),
    });
  }
  if (result.equivocationUnknown > 0) {
    const count = formatCount(result.equivocationUnknown);
    blocks.push({
      kind: 'text',
      lines: [`${count} repeated steps could not be compared, because a payload was missing`],
    });
  }
  return blocks;
}

function kindRows(result: ObserveResult, explanations: readonly ObserveExplanation[]): Line[][] {
  const rows: Line[][] = [];
  const add = (kind: string, count: number, words: string): void => {
    if (count > 0)
      rows.push([bad(kind), formatCount(count), formatCount(result.firstLines[kind] ?? 0), words]);
  };
  for (const { kind, summary } of explanations) add(kind, result.findings[kind] ?? 0, summary);
  for (const [kind, count] of Object.entries(result.malformedKinds))
    add(kind, count, malformedMeanings[kind] ?? '');
  return rows;
}

function sampleBlocks(result: ObserveResult): Block[] {
  const shown = result.samples.slice(0, samplesShown);
  const rest = result.samples.length - shown.length + result.samplesOmitted;
  const blocks: Block[] = [
    {
      kind: 'table',
      head: ['line', 'finding', 'sender', 'step', 'what is wrong'],
      rows: shown.map(sampleRow),
      align: ['right', 'left', 'left', 'right', 'left'],
    },
  ];
  if (rest > 0) {
    blocks.push({
      kind: 'text',
      lines: [dim(`and ${formatCount(rest)} more; --all prints every one as a line of JSON`)],
    });
  }
  return blocks;
}

function senderTable(result: ObserveResult): Block {
  const rows = result.worstSenders.slice(0, sendersShown).map((sender): Line[] => {
    const found = Object.entries(sender.findings).filter(([, count]) => count > 0);
    return [
      quoteText(sender.senderId, 40),
      formatCount(sender.lines),
      found.map(([kind, count]) => `${kind} ${formatCount(count)}`).join(', '),
      formatCount(sender.missingSteps),
    ];
  });
  return {
    kind: 'table',
    head: ['sender', 'lines', 'findings', 'missing steps'],
    rows,
    align: ['left', 'right', 'left', 'right'],
  };
}
