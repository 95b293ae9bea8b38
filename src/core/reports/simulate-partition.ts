/** What the partition detectors were worth: the section of a run's report. */
import { bad, dim, good, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration } from '../base/units.js';
import type { PartitionFigures, Percentiles } from '../model/result.js';

function times({ mean, max }: Percentiles): Line {
  if (mean === null || max === null) return dim('-');
  return `mean ${formatDuration(mean * 1000)}, max ${formatDuration(max * 1000)}`;
}

export function partitionBlocks(partition: PartitionFigures | undefined): Block[] {
  if (partition === undefined) return [];
  const { cuts, detected, missed, falseAlarms, splitBrainTimeMs } = partition;
  const counters = Object.entries(partition.counters).map(([name, count]) => `${name} ${formatCount(count)}`);
  const atEnd = partition.partitionedAtEnd;
  return [
    { kind: 'heading', text: `Partition detector ${partition.type}` },
    {
      kind: 'facts',
      rows: [
        ['healthy from', `${formatCount(partition.needed)} of ${formatCount(partition.members)} members`],
        [
          'cut off',
          `${formatCount(cuts)} nodes, ${formatCount(detected)} noticed${missed > 0 ? ` (${formatCount(missed)} were back before)` : ''}`,
        ],
        [
          'partitioned',
          `${formatCount(partition.partitionedMost)} at one time, ${atEnd === 0 ? 'none' : formatCount(atEnd)} at the end`,
        ],
        ['time to detect', times(partition.detectionTime)],
        ['time to recover', times(partition.recoveryTime)],
        ['false alarms', falseAlarms === 0 ? good('none') : bad(formatCount(falseAlarms))],
        [
          'split brain',
          splitBrainTimeMs === 0 ? good('never') : bad(formatDuration(splitBrainTimeMs * 1000)),
        ],
        ['counted', counters.join(', ')],
      ],
    },
  ];
}
