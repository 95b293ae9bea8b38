/** How well the nodes of a hierarchy know how many they are: the section of a run's report. */
import { dim, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatShare } from '../base/units.js';
import type { HierarchyFigures } from '../model/result.js';

const none = dim('-');
const duration = (ms: number | null): Line => (ms === null ? none : formatDuration(ms * 1000));

function countedText({ counted, trueCount }: HierarchyFigures): Line {
  if (counted === null) return none;
  const { least, most } = counted;
  const held = least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
  return `${held} of ${formatCount(trueCount)}`;
}

function exactText({ exactTime, exactCycles }: HierarchyFigures): Line {
  if (exactTime === null || exactCycles === null) return [warn('not')];
  return `after ${formatDuration(exactTime * 1000)}, ${formatCount(exactCycles)} ${exactCycles === 1 ? 'cycle' : 'cycles'}`;
}

/** Only where something happened. */
function failoverRows(figures: HierarchyFigures): [string, Line][] {
  const { leaderCrashes, leaderless, failoverTime, recoveryTime, counters } = figures;
  const rows: [string, Line][] = [];
  if (leaderCrashes > 0) {
    const without = leaderless === 0 ? '' : `, ${formatCount(leaderless)} without one at the end`;
    rows.push([
      'leaders lost',
      `${formatCount(leaderCrashes)}${without}; replaced after ${failoverTime.max === null ? '-' : formatDuration(failoverTime.max * 1000)} at most`,
    ]);
  }
  if (counters.takeovers > 0) {
    rows.push([
      'lead taken',
      `${formatCount(counters.takeovers)} times; ${formatCount(counters.stepDowns)} stepped down, ${formatCount(counters.linesRefused)} lines of older terms refused`,
    ]);
  }
  if (recoveryTime !== null) rows.push(['exact again after', duration(recoveryTime)]);
  return rows;
}

export function hierarchyBlocks(figures: HierarchyFigures | undefined): Block[] {
  if (figures === undefined) return [];
  return [
    {
      kind: 'heading',
      text: `Counting by ${figures.type}: ${formatCount(figures.groups)} groups, ${formatCount(figures.topGroups)} at the top`,
    },
    {
      kind: 'facts',
      rows: [
        ['counted', countedText(figures)],
        ['exact at', figures.exactShare === null ? none : `${formatShare(figures.exactShare)} of the nodes`],
        ['all exact', exactText(figures)],
        ['most ever counted', formatCount(figures.countedMax)],
        ...failoverRows(figures),
      ],
    },
  ];
}
