/** What became of the common step where somebody lied or came late: the section of a run's report. */
import { bad, good, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatNumber } from '../base/units.js';
import type { SyncFigures } from '../model/result.js';

/** Under `max` any liar is one too many: worth a word only when one of them lied about steps. */
const isHarmless = ({ faultBudget, misled }: SyncFigures): boolean => faultBudget === 0 && misled === 0;

function budgetRow(sync: SyncFigures): [string, Line][] {
  const { faultBudget, liarsHeard, overBudget, honest } = sync;
  if (liarsHeard === 0 || faultBudget === null || isHarmless(sync)) return [];
  const kept: Line =
    overBudget === 0
      ? good('kept')
      : [bad('exceeded'), ` at ${formatCount(overBudget)} of ${formatCount(honest)} honest nodes`];
  return [
    ['fault budget', kept],
    [
      'liars followed',
      `${formatCount(liarsHeard)} at most by one node, which bears ${formatCount(faultBudget)}`,
    ],
  ];
}

function committeeRows({ committee }: SyncFigures): [string, Line][] {
  if (committee === undefined) return [];
  const { size, liars, liarsBorne, excessChance } = committee;
  const rows: [string, Line][] = [
    ['committee', `${formatCount(size)} drawn, ${formatCount(liars)} of them liars`],
  ];
  if (excessChance > 0)
    rows.push([
      'unlucky draw',
      `more than ${formatCount(liarsBorne)} liars with chance ${formatChance(excessChance)}`,
    ]);
  return rows;
}

/** Chances are told apart down to where nobody lives long enough to see one. */
function formatChance(chance: number): string {
  return chance < 1e-9 ? 'below 1e-9' : formatNumber(chance);
}

function joinRow({ joins, caughtUp, catchUpTime: { mean, max } }: SyncFigures): [string, Line][] {
  if (joins === 0) return [];
  const times =
    mean === null || max === null
      ? ''
      : `, after ${formatDuration(mean * 1000)} on average, ${formatDuration(max * 1000)} at most`;
  return [['late or back', `${formatCount(caughtUp)} of ${formatCount(joins)} caught up${times}`]];
}

export function syncBlocks(sync: SyncFigures | undefined): Block[] {
  if (sync === undefined) return [];
  const { misled, liars, divergence } = sync;
  const rows: [string, Line][] = [
    ...committeeRows(sync),
    ...budgetRow(sync),
    ...(liars === 0 || isHarmless(sync)
      ? []
      : [
          [
            'led astray',
            misled === 0
              ? good('nobody')
              : [bad(formatCount(misled)), ` of ${formatCount(sync.honest)} honest nodes at the end`],
          ] as [string, Line],
        ]),
    ...joinRow(sync),
  ];
  if (rows.length === 0) return [];
  if (divergence.mean !== null)
    rows.push([
      'steps apart',
      `${formatNumber(divergence.mean)} on average, ${formatNumber(divergence.max ?? 0)} at most`,
    ]);
  return [
    { kind: 'heading', text: `Steps by rule ${sync.rule}` },
    { kind: 'facts', rows },
  ];
}
