/** Data that all nodes hold in common: what the simulator saw and what nodes believed, the section of a run's report. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatNumber, formatShare } from '../base/units.js';
import { wrapText } from '../base/wrap.js';
import type { Percentiles, ReplicationFigures } from '../model/result.js';

const none = dim('-');
const share = (value: number | null): Line => (value === null ? none : formatShare(value));

function agreementLine(figures: ReplicationFigures): Line {
  const { distinctStates, convergenceTime, convergenceRounds, convergenceCycles } = figures;
  if (convergenceTime === null) return warn(`no: ${formatCount(distinctStates)} different states at the end`);
  const count = convergenceRounds ?? convergenceCycles;
  const word = convergenceRounds === null ? 'cycle' : 'round';
  const times = count === null ? '' : `${formatCount(count)} ${count === 1 ? word : `${word}s`}, `;
  return [
    good('yes'),
    `, ${times}${formatDuration(convergenceTime * 1000)} after the last change from outside`,
  ];
}

function holdingLine({ readings, written, lost, type }: ReplicationFigures): Line {
  const { min, max } = readings;
  if (min === null || max === null) return none;
  const range = min === max ? formatNumber(min) : `${formatNumber(min)} to ${formatNumber(max)}`;
  if (written === null) return `${range} ${type === 'or-set' ? 'elements' : 'keys'}`;
  const total = `${range}; all that was counted comes to ${formatNumber(written)}`;
  return lost === null || lost === 0
    ? total
    : [`${total}, `, bad('the difference was lost with the state of nodes')];
}

function delayText({ p50, p99 }: Percentiles): string {
  if (p50 === null || p99 === null) return 'nobody came to know it';
  return `half of them knew after ${formatDuration(p50 * 1000)}, 99 of 100 after ${formatDuration(p99 * 1000)}`;
}

export function replicationBlocks(figures: ReplicationFigures | undefined): Block[] {
  if (figures === undefined) return [];
  const { type, exchange, writes, lastWriteMs, agreements, agreedShare, beliefs, counters } = figures;
  const { talks = 0, entriesSent = 0, entriesNew = 0 } = counters;
  const blocks: Block[] = [
    { kind: 'heading', text: `Replicated state ${type}${exchange === '' ? '' : `, exchange ${exchange}`}` },
    {
      kind: 'facts',
      rows: [
        [
          'writes',
          lastWriteMs === null
            ? none
            : `${formatCount(writes)}, the last at ${formatDuration(lastWriteMs * 1000)}`,
        ],
        ['all agree', agreementLine(figures)],
        ['each holds', holdingLine(figures)],
        [
          'entries sent',
          `${formatCount(entriesSent)} in ${formatCount(talks)} talks, ${formatCount(entriesNew)} of them news`,
        ],
      ],
    },
  ];
  if (beliefs.by === '') return blocks;
  const rule = beliefs.by === 'partners' ? 'equal partners' : 'quiet turns';
  const wrong =
    beliefs.wrongShare === null || beliefs.wrong === 0
      ? good(formatCount(beliefs.wrong))
      : warn(`${formatCount(beliefs.wrong)}, ${formatShare(beliefs.wrongShare)}`);
  blocks.push(
    { kind: 'heading', text: '"We all hold the same", as it was and as nodes saw it' },
    {
      kind: 'table',
      head: ['', 'times', 'wrongly', 'of the time', 'wrong for', 'known for'],
      align: ['left', 'right', 'right', 'right', 'right', 'right'],
      rows: [
        ['it was so', formatCount(agreements), '', share(agreedShare), '', ''],
        [
          'nodes saw it',
          formatCount(beliefs.begun),
          wrong,
          share(beliefs.timeShare),
          share(beliefs.wrongTimeShare),
          share(beliefs.knownShare),
        ],
      ],
    },
    {
      kind: 'text',
      lines: wrapText(
        `Nodes believe it after ${beliefs.after} ${rule}; when it was so, ${delayText(beliefs.delay)}.`,
        80,
      ),
    },
  );
  return blocks;
}
