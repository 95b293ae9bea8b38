/** A break-even search for a reader: the value, its interval, and a picture of how the share that holds falls from point to point. */
import { bad, dim, good, strong, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatShare } from '../base/units.js';
import type { SearchPoint, SearchResult } from '../model/search.js';

/** Characters of a full bar, and of a name above the values. */
const barMax = 24;
const nameMax = 16;

const tones: Readonly<Record<SearchPoint['verdict'], (text: string) => Span>> = {
  'surely holds': good,
  holds: warn,
  fails: warn,
  'surely fails': bad,
};

/** Eighths of a character, so that 20 runs and 30 look different. */
function bar(share: number): string {
  const eighths = Math.round(share * barMax * 8);
  const part = ' ▏▎▍▌▋▊▉'[eighths % 8];
  return '█'.repeat(Math.floor(eighths / 8)) + (eighths % 8 === 0 ? '' : part);
}

function answerLine(result: SearchResult): Line {
  const { search, until, status, finds, breakEven, low, high } = result;
  const what = showText(until, 80);
  switch (status) {
    case 'found':
      return [strong(`${search} = ${breakEven}`), `, the ${finds ?? ''} at which it holds`];
    case 'everywhere':
      return [good('it holds'), ` from ${low} to ${high}, at both ends`];
    case 'nowhere':
      return [bad('it does not hold'), ` from ${low} to ${high}, at neither end`];
    case 'invalid':
      return [bad('invalid'), `: there was never anything to look at for ${what}`];
    case 'interrupted':
      return [warn('interrupted'), ' before it was found'];
  }
}

function intervalLine({ surelyHolds, surelyFails, low, high, finds }: SearchResult): Line {
  const [easy, hard] = finds === 'largest' ? [low, high] : [high, low];
  const holds = surelyHolds === null ? `not even ${easy} is sure to hold` : `surely holds at ${surelyHolds}`;
  const fails = surelyFails === null ? `not even ${hard} is sure to fail` : `surely fails at ${surelyFails}`;
  return finds === 'largest' ? `${holds}, ${fails}` : `${fails}, ${holds}`;
}

function row(point: SearchPoint, breakEven: SearchResult['breakEven']): Line[] {
  const { value, runs, held, low, high, verdict } = point;
  const isIt = value === breakEven;
  return [
    isIt ? strong(`${value}`) : `${value}`,
    `${formatCount(held)} of ${formatCount(runs)}`,
    `${formatShare(low)} to ${formatShare(high)}`,
    [tones[verdict](bar(held / runs)), isIt ? ' <' : ''],
  ];
}

/** What to try where nothing was found. */
function adviceLine({ status }: SearchResult): Line[] {
  switch (status) {
    case 'everywhere':
      return ['Between the ends nothing was tried: move --low or --high, or ask for more.'];
    case 'nowhere':
      return ['Between the ends nothing was tried: move --low or --high, or ask for less.'];
    case 'invalid':
      return ['Ask for something that the scenario has: does anybody publish, fail or lie in it?'];
    default:
      return [];
  }
}

/** The end of a path says what it is; the whole stands above. */
function shortName(path: string): string {
  return showText(path.length <= nameMax ? path : (path.split('.').pop() ?? path), nameMax);
}

/** @param recipe the command that repeats the search */
export function searchBlocks(result: SearchResult, recipe: string): Block[] {
  const { scenario, until, share, repetitions, low, high, tolerance, points, seed } = result;
  const runs = points.reduce((sum, point) => sum + point.runs, 0);
  const facts: (readonly [string, Line])[] = [
    ['break-even', answerLine(result)],
    ...(result.status === 'found' ? [['95 % interval', intervalLine(result)] as const] : []),
    ...(result.status === 'found' ? [] : [['searched', showText(result.search)] as const]),
    ['what holds', showText(until, 60)],
    [
      '',
      dim(
        `in at least ${formatShare(share)} of ${formatCount(repetitions)} runs, the same at every value, seed ${seed}`,
      ),
    ],
    [
      'looked at',
      `${low} to ${high} in steps of ${tolerance}: ${formatCount(points.length)} values, ${formatCount(runs)} runs`,
    ],
  ];
  const unevaluated = points.reduce((sum, point) => sum + point.unevaluated, 0);
  const notes: Line[] = [];
  if (unevaluated > 0 && result.status !== 'invalid')
    notes.push(warn(`${formatCount(unevaluated)} runs had nothing to look at, and count as not holding.`));
  if (result.contradictions > 0)
    notes.push(
      dim(
        `The edge is blurred: ${formatCount(result.contradictions)} of ${formatCount(repetitions)} runs held at a harder value and not at an easier.`,
      ),
    );
  notes.push(...adviceLine(result));
  notes.push(['repeat with: ', strong(recipe)]);
  return [
    { kind: 'heading', text: showText(scenario) },
    { kind: 'facts', rows: facts },
    {
      kind: 'table',
      head: [shortName(result.search), 'held', '95 % interval', `0 % ${' '.repeat(barMax - 9)}100 %`],
      align: ['right', 'right', 'right', 'left'],
      rows: points.map((point) => row(point, result.breakEven)),
    },
    { kind: 'text', lines: notes },
  ];
}
