/**
 * What `mesh pattern` says in words: the strength of a pattern, in brief beneath its table or in full. The figures come from counting;
 * here they only get names. Both forms end in the sentence that nobody may overlook: this is no security.
 */
import { type Block, type Line, strong, warn } from '../base/blocks.js';
import { formatCount, formatNumber, formatShare } from '../base/units.js';
import type { PatternFunction } from '../model/pattern.js';
import type { PatternAnalysis, Share, Stray, Strays } from '../model/pattern-analysis.js';

/** Longest line of prose. */
const lineCharactersMax = 78;
/** Fractions with more characters say nothing to a person. */
const fractionCharactersMax = 11;

/** `digit-collapse, seed 7, reset every 100 steps`. */
export function patternTitle(name: string, { shape }: PatternFunction): string {
  return shape.kind === 'keyed'
    ? `${name}, ${shape.valueBits} bits, no resets`
    : `${name}, seed ${shape.resetValue}, reset every ${shape.interval} steps`;
}

/** The plain sentence about what a pattern is and is not. */
export function patternStatement({ shape }: PatternFunction): string {
  return shape.kind === 'keyed'
    ? 'This is a check of key and step, and not security for messages: the payload is not covered, and a value that was heard can be used again.'
    : 'This is a synchronisation check and not security: the sequence is public and predictable, the payload is not covered, and whoever has read the traffic can forge any value.';
}

/** A few lines for beneath a table of values. */
export function briefBlocks(pattern: PatternFunction, analysis: PatternAnalysis): Block[] {
  const { odds, wrongSeed, wrongInterval } = analysis;
  const rows: [string, Line][] = [...lengthRows(analysis), ['A forged value', `passes ${oddsText(odds)}`]];
  if (wrongSeed) rows.push(['A wrong seed', noticedText(wrongSeed)]);
  if (wrongInterval) rows.push(['A wrong interval', noticedText(wrongInterval)]);
  return [{ kind: 'facts', rows }, ...warningBlocks(analysis), statementBlock(pattern)];
}

/** Everything that is known about the strength. */
export function analysisBlocks(name: string, pattern: PatternFunction, analysis: PatternAnalysis): Block[] {
  const { odds, noticed, mostCommonValue, against } = analysis;
  const keyed = pattern.shape.kind === 'keyed';
  const bestGuess =
    mostCommonValue === null ? 'any constant guess' : `the best constant guess, ${mostCommonValue}`;
  return [
    { kind: 'heading', text: `Strength of ${name}` },
    {
      kind: 'facts',
      rows: [
        ...settingRows(pattern),
        ...lengthRows(analysis),
        ...(mostCommonValue === null ? [] : [['Most common value', String(mostCommonValue)] as const]),
      ],
    },
    { kind: 'heading', text: 'A forged value passes' },
    shareBlock([
      ['blind', odds.blind, keyed ? 'any value at random' : 'a digit 1 to 9 at random'],
      ['informed', odds.informed, bestGuess],
      ['observed', odds.observed, `who has read the traffic${keyed ? ', at a fresh step' : ''}`],
    ]),
    { kind: 'heading', text: 'A message altered on the way is noticed' },
    shareBlock([
      ['value', noticed.alteredValue, 'another value in its place'],
      ['step', noticed.alteredStep, `another step at random${keyed ? '' : '; a chosen one never'}`],
      ['payload', noticed.alteredPayload, 'the pattern does not cover it'],
    ]),
    ...(against ? strayBlocks('The settings that you ask about', [against]) : []),
    ...otherSettings(analysis),
    ...warningBlocks(analysis),
    statementBlock(pattern),
  ];
}

function settingRows({ shape }: PatternFunction): [string, Line][] {
  if (shape.kind === 'keyed') return [['Key', `${shape.keyBytes * 8} bits`]];
  return [
    ['Seed', String(shape.resetValue)],
    ['Interval', stepsText(shape.interval)],
  ];
}

function lengthRows({ period, preperiod, repeatsAfter, distinctValues }: PatternAnalysis): [string, Line][] {
  const rows: [string, Line][] = [['Distinct values', formatCount(distinctValues)]];
  if (period === null || repeatsAfter === null) return [['Period', 'none: it does not repeat'], ...rows];
  const after = preperiod === 0 ? '' : ', once the seed is out';
  const resets = period === repeatsAfter ? ': resets leave no trace' : '';
  return [
    ['Period', `${stepsText(period)} between resets${after}`],
    ['Repeats after', `${stepsText(repeatsAfter)}${resets}`],
    ...rows,
  ];
}

function stepsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'step' : 'steps'}`;
}

function oddsText({ blind, informed, observed }: PatternAnalysis['odds']): string {
  if (blind.exact === observed.exact) return shareText(blind);
  return `blind ${shareText(blind)}, informed ${shareText(informed)}, observed ${shareText(observed)}`;
}

/** A share as people say it: percent, never, always, or one in very many. */
function shareText({ value }: Share): string {
  if (value === 0) return 'never';
  if (value === 1) return 'always';
  return value < 0.0001 ? `1 in ${formatCount(Math.round(1 / value))}` : formatShare(value);
}

/** Shares below each other, each with its exact fraction and what it is about. */
function shareBlock(rows: readonly (readonly [label: string, share: Share, about: string])[]): Block {
  const cells = rows.map(([label, share, about]) => {
    const percent = shareText(share);
    const exact =
      percent.endsWith('%') && share.exact.length <= fractionCharactersMax ? `= ${share.exact}` : '';
    return { label, percent, exact, about };
  });
  const percentCharacters = Math.max(...cells.map(({ percent }) => percent.length));
  const exactCharacters = Math.max(...cells.map(({ exact }) => exact.length));
  return {
    kind: 'facts',
    rows: cells.map(({ label, percent, exact, about }) => [
      label,
      `${percent.padEnd(percentCharacters)} ${exact.padEnd(exactCharacters)}  ${about}`,
    ]),
  };
}

/** In brief: the mean, or who is never noticed. */
function noticedText({ expectedMessages, each }: Strays): Line {
  if (each.length === 0) return 'there is none';
  if (expectedMessages !== null) {
    return `is noticed after ${formatNumber(expectedMessages)} messages on average`;
  }
  const never = each.filter((stray) => stray.noticed === 'never');
  if (never.length === each.length) return warn('is never noticed');
  return warn(
    `may never be noticed, such as ${never.map((stray) => stray.phaseResetInterval).join(' and ')}`,
  );
}

function otherSettings({ wrongSeed, wrongInterval, unseenIntervalMultiple }: PatternAnalysis): Block[] {
  if (!wrongSeed || !wrongInterval || unseenIntervalMultiple === undefined) return [];
  const unseen =
    unseenIntervalMultiple === null
      ? 'Every other interval is noticed in the end.'
      : unseenIntervalMultiple === 1
        ? 'No other interval is ever noticed.'
        : `An interval that is another multiple of ${unseenIntervalMultiple} is never noticed.`;
  return [
    ...strayBlocks('A node with another digit as its seed', wrongSeed.each, wrongSeed.expectedMessages),
    ...strayBlocks('A node with another interval', wrongInterval.each),
    prose(unseen),
  ];
}

/** One row for each stray: how much of what it says is wrong, and how long that stays unnoticed. */
function strayBlocks(title: string, strays: readonly Stray[], mean: number | null = null): Block[] {
  const rows: Line[][] = strays.map((stray) => [
    String(stray.seed),
    String(stray.phaseResetInterval),
    formatShare(stray.differs.value),
    waitText(stray),
  ]);
  if (mean !== null) rows.push([strong('mean'), '', '', strong(formatNumber(mean))]);
  return [
    { kind: 'heading', text: title },
    {
      kind: 'table',
      head: ['Seed', 'Interval', 'Steps that differ', 'Messages until noticed'],
      rows,
      align: ['right', 'right', 'right', 'right'],
    },
  ];
}

function waitText({ expectedMessages }: Stray): Line {
  return expectedMessages === null ? warn('never') : formatNumber(expectedMessages);
}

function warningBlocks({ warnings }: PatternAnalysis): Block[] {
  return warnings.map((text) => prose(text, true));
}

function statementBlock(pattern: PatternFunction): Block {
  return prose(patternStatement(pattern));
}

function prose(text: string, isWarning = false): Block {
  return { kind: 'text', lines: wrap(text).map((line) => (isWarning ? warn(line) : line)) };
}

/** Breaks a sentence into lines at blanks. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > lineCharactersMax) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
