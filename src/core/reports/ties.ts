/** The order of equal times for a reader: which metrics move with it, and whether by more than chance does. */
import { bad, dim, good, strong, warn, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatNumber } from '../base/units.js';
import type { TieResult, TieRow } from '../model/ties.js';

function rowOf(row: TieRow): Line[] {
  const { metric, usual, permuted, difference, standardError, isArtefact } = row;
  return [
    showText(metric, 40),
    formatNumber(usual),
    formatNumber(permuted),
    formatNumber(difference),
    formatNumber(standardError),
    isArtefact ? bad('ARTEFACT') : dim('noise'),
  ];
}

/** @param recipe the command that repeats the runs */
export function tieBlocks(result: TieResult, recipe: string): Block[] {
  const { metrics, status, errorsAllowed } = result;
  const moved = metrics.filter(({ changed }) => changed > 0);
  const artefacts = moved.filter(({ isArtefact }) => isArtefact).length;
  const blocks: Block[] = [{ kind: 'heading', text: showText(result.scenario) }];
  if (moved.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['metric', 'usual', 'permuted', 'difference', 'error', ''],
      align: ['left', 'right', 'right', 'right', 'right', 'left'],
      rows: moved.map(rowOf),
    });
  }
  const verdict: Line =
    status === 'interrupted'
      ? warn('Interrupted before all pairs of runs were finished: nothing can be judged.')
      : artefacts > 0
        ? bad(`${artefacts} of ${metrics.length} metrics hang on the order of equal times.`)
        : [
            good('no artefact'),
            `: the order of ties moves no mean by more than ${errorsAllowed} standard errors.`,
          ];
  blocks.push({
    kind: 'text',
    lines: [
      verdict,
      ...(metrics.length === 0
        ? []
        : [dim(`${formatCount(metrics.length - moved.length)} metrics are the same in every pair of runs.`)]),
      ['repeat with: ', strong(recipe)],
    ],
  });
  return blocks;
}
