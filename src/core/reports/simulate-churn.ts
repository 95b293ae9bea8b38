/** Who came and went: the section of a run's report. */
import type { Block } from '../base/blocks.js';
import { formatCount, formatShare } from '../base/units.js';
import type { ChurnFigures } from '../model/result.js';

export function churnBlocks(churn: ChurnFigures | undefined): Block[] {
  if (churn === undefined) return [];
  const { departures, goodbyes, arrivals, upShare, upMin, upMax } = churn;
  const range =
    upMin === null || upMax === null ? '' : `, from ${formatCount(upMin)} to ${formatCount(upMax)}`;
  return [
    { kind: 'heading', text: 'Churn' },
    {
      kind: 'facts',
      rows: [
        [
          'came and went',
          `${formatCount(arrivals)} came, ${formatCount(departures)} went, ${formatCount(goodbyes)} with a goodbye`,
        ],
        ['nodes up', `${upShare === null ? '-' : formatShare(upShare)} on average${range}`],
      ],
    },
  ];
}
