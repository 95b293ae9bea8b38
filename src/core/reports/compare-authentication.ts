/** What the pattern sees, and what signatures see, side by side: shares of the forged messages that reached anybody honest. */
import { bad, dim, good, strong, warn, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatShare } from '../base/units.js';
import type { AuthenticationComparison } from '../model/result.js';

function seen(share: number | null): Line {
  if (share === null) return dim('-');
  if (share === 0) return bad('nothing');
  return share === 1 ? good('all') : formatShare(share);
}

/** @param recipe the command that repeats it */
export function comparisonBlocks(comparison: AuthenticationComparison, recipe: string): Block[] {
  return [
    { kind: 'heading', text: showText(comparison.scenario) },
    {
      kind: 'table',
      head: ['liar', 'liar is', 'forged', 'pattern', 'unsigned', 'hmac', 'ed25519'],
      align: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
      rows: comparison.rows.map((row): Line[] => [
        showText(row.id, 18),
        row.keys,
        formatCount(row.reached),
        seen(row.pattern),
        seen(row.none),
        seen(row.hmac),
        seen(row.ed25519),
      ]),
    },
    {
      kind: 'text',
      lines: [
        'pattern, hmac, ed25519: what that check alone sees. unsigned: all checks of',
        'the scenario together, without signatures. An insider holds the keys of its',
        'node, an outsider none. "-": nothing reached anybody honest.',
        ...(comparison.interrupted
          ? [warn('Interrupted: what is missing here may have been seen later.')]
          : [dim(`One run of each, seed ${comparison.seed}.`)]),
        ['repeat with: ', strong(recipe)],
      ],
    },
  ];
}
