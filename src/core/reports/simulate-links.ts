/** What links did to messages: the section of a run's report. Rows about what never happened are left out. */
import { dim, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatShare, formatSize } from '../base/units.js';
import type { LinkFigures, QueueFigures } from '../model/result.js';

function queueRow(name: string, queue: QueueFigures | null): [string, Line][] {
  if (queue === null) return [];
  const { messages, dropped, wait } = queue;
  if (wait.mean === null || wait.p99 === null || wait.max === null)
    return [[name, dropped === 0 ? dim('-') : warn(`${formatCount(dropped)} found no room`)]];
  const waits = `mean ${formatDuration(wait.mean * 1000)}, p99 ${formatDuration(wait.p99 * 1000)}, max ${formatDuration(wait.max * 1000)}`;
  if (dropped === 0) return [[name, waits]];
  const lost = `${formatCount(dropped)} (${formatShare(dropped / (messages + dropped))}) found no room`;
  return [[name, [`${waits}; `, warn(lost)]]];
}

export function linkBlocks(links: LinkFigures | undefined): Block[] {
  if (links === undefined) return [];
  const unreadable = links.unreadable === 0 ? '' : `, ${formatCount(links.unreadable)} beyond reading`;
  const counts: readonly (readonly [string, number, string])[] = [
    ['lost in bursts', links.lostInBursts, ''],
    ['extra copies', links.duplicated, ''],
    ['held back', links.reordered, ''],
    ['damaged', links.corrupted, unreadable],
  ];
  return [
    { kind: 'heading', text: 'Links' },
    {
      kind: 'facts',
      rows: [
        ['sent', `${formatCount(links.messages)} messages, ${formatSize(links.bytes)}`],
        ...counts.flatMap(([name, count, more]): [string, Line][] =>
          count === 0 ? [] : [[name, `${formatCount(count)}${more}`]],
        ),
        ...queueRow('uplinks', links.uplink),
        ...queueRow('downlinks', links.downlink),
      ],
    },
  ];
}
