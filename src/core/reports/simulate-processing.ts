/** What handling messages cost the nodes, and whether signatures were real: the section of a run's report. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatShare } from '../base/units.js';
import type { AuthenticationFigures, ProcessingFigures } from '../model/result.js';

export function processingBlocks(
  processing: ProcessingFigures | undefined,
  authentication: AuthenticationFigures | undefined,
): Block[] {
  const rows: [string, Line][] = [];
  if (authentication?.signatures === 'modelled')
    rows.push([
      'signatures',
      [
        warn('modelled'),
        ': with so many nodes they are no cryptography, and sized and judged as if they were',
      ],
    ]);
  if (processing !== undefined) {
    const { busyShare, queueDrops, longestQueue, wait, verified, verifyTimeMs } = processing;
    rows.push(
      [
        'busy',
        `${formatShare(busyShare.mean)} of the time on average, the busiest node ${formatShare(busyShare.max)}`,
      ],
      ['checked', `${formatCount(verified)} signatures at ${formatDuration(verifyTimeMs * 1000)}`],
      [
        'waiting',
        wait.mean === null
          ? dim('nothing had to wait')
          : `up to ${formatCount(longestQueue)} in line, for ${formatDuration(wait.mean * 1000)} on average, ${formatDuration((wait.max ?? 0) * 1000)} at most`,
      ],
      ['no room', queueDrops === 0 ? good('never') : bad(`${formatCount(queueDrops)} messages lost`)],
    );
  }
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Handling messages' },
        { kind: 'facts', rows },
      ];
}
