/** How near the nodes came to the mean: the section of a run's report. */
import { dim, type Block, type Line } from '../base/blocks.js';
import { formatNumber } from '../base/units.js';
import type { AggregationFigures } from '../model/result.js';

const number = (value: number | null): Line => (value === null ? dim('-') : formatNumber(value));

export function aggregationBlocks(figures: AggregationFigures | undefined): Block[] {
  if (figures === undefined) return [];
  const { type, trueMean, mean, maxError, varianceFirst, varianceEnd, factorPerCycle, sumError } = figures;
  return [
    { kind: 'heading', text: `Aggregation ${type}` },
    {
      kind: 'facts',
      rows: [
        ['true mean', number(trueMean)],
        ['mean of the nodes', number(mean)],
        ['worst node is off by', number(maxError)],
        [
          'variance',
          [number(varianceFirst), ' at the first look, ', number(varianceEnd), ' at the end'].flat(),
        ],
        ['factor a cycle', number(factorPerCycle)],
        ['sum lost', number(sumError === null ? null : -sumError)],
      ],
    },
  ];
}
