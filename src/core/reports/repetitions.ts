/** Many runs for a reader: how often what had to hold held, and what was measured with its interval; a row a variant for sweeps. */
import { bad, dim, good, strong, warn, type Block, type Line, type Span } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatShare } from '../base/units.js';
import type {
  AssertionShare,
  RepetitionCell,
  RepetitionDeterminism,
  RepetitionResult,
} from '../model/repetitions.js';
import type { RunStatus } from '../model/result.js';
import { overRunsBlocks } from './over-runs.js';
import { figuresOfSweep, shownSections, type ShownFigure } from './repetitions-figures.js';

const verdicts: Readonly<Record<RunStatus, Span>> = {
  passed: good('passed'),
  failed: bad('failed'),
  invalid: bad('invalid'),
  interrupted: warn('interrupted'),
};

/** What a terminal is wide, less what the table itself takes. */
const sweepCharacters = 78;
const variantCharacters = 32;

function figureCells(
  { name, label, format, isShare }: ShownFigure,
  { summary }: RepetitionCell,
  isLeftOut: boolean,
): Line[] {
  const { mean, deviation, low, high, missing } = summary[name];
  // Student's interval knows nothing of the ends of a share.
  const end = (value: number): string => format(isShare ? Math.min(1, Math.max(0, value)) : value);
  return [
    label,
    mean === null ? dim('-') : format(mean),
    deviation === null ? dim('-') : format(deviation),
    low === null || high === null ? dim('-') : `${end(low)} to ${end(high)}`,
    ...(isLeftOut ? [missing === 0 ? '' : `${formatCount(missing)} never`] : []),
  ];
}

function figureTable(figures: readonly ShownFigure[], cell: RepetitionCell): Block {
  const isLeftOut = figures.some(({ name }) => cell.summary[name].missing > 0);
  return {
    kind: 'table',
    head: ['metric', 'mean', 'deviation', '95 % interval', ...(isLeftOut ? ['left out'] : [])],
    align: ['left', 'right', 'right', 'right', 'right'],
    rows: figures.map((figure) => figureCells(figure, cell, isLeftOut)),
  };
}

function assertionRow({ text, passed, failed, low, high }: AssertionShare): Line[] {
  const share = `${formatCount(passed)} of ${formatCount(passed + failed)}`;
  return [
    showText(text, 48),
    failed === 0 ? good(share) : bad(share),
    `${formatShare(low)} to ${formatShare(high)}`,
  ];
}

function cellBlocks(cell: RepetitionCell): Block[] {
  const blocks = shownSections(cell).flatMap(({ heading, figures }): Block[] => [
    ...(heading === undefined ? [] : [{ kind: 'heading' as const, text: heading }]),
    figureTable(figures, cell),
  ]);
  const ofEach = cell.assertions.filter(({ overRuns }) => overRuns === undefined);
  if (ofEach.length > 0) {
    blocks.push(
      { kind: 'heading', text: 'What had to hold' },
      {
        kind: 'table',
        head: ['assertion', 'held in', '95 % interval'],
        align: ['left', 'right', 'right'],
        rows: ofEach.map(assertionRow),
      },
    );
  }
  blocks.push(...overRunsBlocks(cell.assertions));
  return blocks;
}

/** Of what was asserted of the runs together, the worst verdict. */
function together({ assertions }: RepetitionCell): Line {
  const statuses = assertions.map(({ overRuns }) => overRuns?.status);
  if (statuses.includes('unevaluated')) return warn('cannot be said');
  return statuses.includes('failed') ? bad('failed') : good('passed');
}

/** A row a variant: what was set, how many runs passed, and the figures that people choose by. */
function sweepBlocks(cells: readonly RepetitionCell[]): Block[] {
  const isTogether = cells.some(({ assertions }) =>
    assertions.some(({ overRuns }) => overRuns !== undefined),
  );
  const variants = cells.map(({ set }) =>
    showText(set.map((text) => text.replace(/^[^=]*\./, '')).join(' '), variantCharacters),
  );
  const passed = cells.map(
    ({ runs }) =>
      `${formatCount(runs.filter(({ status }) => status === 'passed').length)} of ${formatCount(runs.length)}`,
  );
  const widest = (head: string, texts: readonly string[]): number =>
    Math.max(...[head, ...texts].map((text) => text.length)) + 3;
  const taken =
    widest('variant', variants) + widest('passed', passed) + (isTogether ? widest('cannot be said', []) : 0);
  const columns = figuresOfSweep(cells, sweepCharacters - taken);
  const value = ({ summary }: RepetitionCell, { name, format }: ShownFigure): Line => {
    const mean = Object.hasOwn(summary, name) ? summary[name].mean : null;
    return mean === null ? dim('-') : format(mean);
  };
  return [
    {
      kind: 'table',
      head: ['variant', 'passed', ...(isTogether ? ['together'] : []), ...columns.map(({ label }) => label)],
      align: [
        'left',
        'right',
        ...(isTogether ? ['left' as const] : []),
        ...columns.map(() => 'right' as const),
      ],
      rows: cells.map((cell, index): Line[] => [
        variants[index],
        passed[index],
        ...(isTogether ? [together(cell)] : []),
        ...columns.map((column) => value(cell, column)),
      ]),
    },
  ];
}

function determinismLine({ same, difference = '' }: RepetitionDeterminism): Line {
  return same
    ? [good('deterministic'), ': the same runs on another number of threads gave the same, byte for byte.']
    : [bad('not deterministic'), `: ${showText(difference, 200)}.`];
}

/** @param recipe the command that repeats the runs */
export function repetitionBlocks(
  result: RepetitionResult,
  recipe: string,
  determinism?: RepetitionDeterminism,
): Block[] {
  const { cells, repetitions, status } = result;
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  const wanted = repetitions * cells.length;
  if (runs === 0 && status === 'interrupted') {
    return [
      { kind: 'heading', text: showText(result.scenario) },
      {
        kind: 'text',
        lines: [
          warn(
            `Interrupted after 0 of ${formatCount(wanted)} runs: none was finished, there are no figures.`,
          ),
          ['repeat with: ', strong(recipe)],
        ],
      },
    ];
  }
  const count =
    status === 'interrupted' ? `${formatCount(runs)} of ${formatCount(wanted)}` : formatCount(runs);
  const facts: (readonly [string, Line])[] = [
    ['verdict', verdicts[result.status]],
    [
      'runs',
      `${count}${cells.length === 1 ? '' : `, ${formatCount(repetitions)} each of ${formatCount(cells.length)} variants`}`,
    ],
  ];
  if (cells.length === 1)
    facts.push(['fingerprint', [strong(cells[0].fingerprint), dim(`  seed ${result.seed}`)]]);
  return [
    { kind: 'heading', text: showText(result.scenario) },
    { kind: 'facts', rows: facts },
    ...(cells.length === 1 ? cellBlocks(cells[0]) : sweepBlocks(cells)),
    {
      kind: 'text',
      lines: [
        ...(determinism === undefined ? [] : [determinismLine(determinism)]),
        dim(
          cells.length === 1
            ? 'Intervals are of the mean, over runs with a value. Every run is in --json.'
            : 'Means are over runs with a value. All figures are in --json and --csv.',
        ),
        ['repeat with: ', strong(recipe)],
      ],
    },
  ];
}
