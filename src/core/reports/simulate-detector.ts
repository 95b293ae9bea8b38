/** What the failure detectors were worth: the section of a run's report. */
import { bad, dim, good, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatNumber } from '../base/units.js';
import type { DetectorFigures, Percentiles } from '../model/result.js';

function times({ mean, p99, max }: Percentiles): Line {
  if (mean === null || max === null) return dim('-');
  const tail = p99 === null ? '' : `, p99 ${formatDuration(p99 * 1000)}`;
  return `mean ${formatDuration(mean * 1000)}${tail}, max ${formatDuration(max * 1000)}`;
}

export function detectorBlocks(detector: DetectorFigures | undefined): Block[] {
  if (detector === undefined) return [];
  const { failures, detected, missed, open, falseSuspicions, falsePositives, falsePositiveRate } = detector;
  const left = [
    missed > 0 ? `${formatCount(missed)} back before anybody noticed` : '',
    open > 0 ? `${formatCount(open)} open at the end` : '',
  ].filter((text) => text !== '');
  const counters = Object.entries(detector.counters).map(([name, count]) => `${name} ${formatCount(count)}`);
  return [
    { kind: 'heading', text: `Failure detector ${detector.type}` },
    {
      kind: 'facts',
      rows: [
        [
          'crashes found',
          `${formatCount(detected)} of ${formatCount(failures)}${left.length > 0 ? ` (${left.join(', ')})` : ''}`,
        ],
        ['first suspicion', times(detector.suspicionTime)],
        ['first verdict', times(detector.detectionTime)],
        [
          'false alarms',
          [
            `${formatCount(falseSuspicions)} suspicions, `,
            falsePositives === 0 ? good('no verdict') : bad(`${formatCount(falsePositives)} verdicts`),
            falsePositiveRate === null || falsePositives === 0
              ? ''
              : `, ${formatNumber(falsePositiveRate)} a node and hour`,
          ],
        ],
        ...(counters.length === 0 ? [] : [['counted', counters.join(', ')] as [string, Line]]),
      ],
    },
  ];
}
