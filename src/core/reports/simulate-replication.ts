/** Data that all nodes hold in common: what the simulator saw and what nodes believed, the section of a run's report. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatNumber, formatShare } from '../base/units.js';
import type { ReplicationFigures } from '../model/result.js';

const none = dim('-');
const milliseconds = (ms: number | null): Line => (ms === null ? none : formatDuration(ms * 1000));
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

export function replicationBlocks(figures: ReplicationFigures | undefined): Block[] {
  if (figures === undefined) return [];
  const { type, exchange, writes, lastWriteMs, agreedShare, beliefs, counters } = figures;
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
        ['they agreed for', [share(agreedShare), ' of the time since the first write'].flat()],
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
  blocks.push(
    { kind: 'heading', text: `"We all hold the same", as nodes see it after ${beliefs.after} ${rule}` },
    {
      kind: 'table',
      head: ['believed', 'wrongly', 'share', 'wrong for', 'after p50', 'after p99', 'at end'],
      align: ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
      rows: [
        [
          formatCount(beliefs.begun),
          beliefs.wrong === 0 ? good('0') : warn(formatCount(beliefs.wrong)),
          share(beliefs.wrongShare),
          share(beliefs.wrongTimeShare),
          milliseconds(beliefs.delay.p50),
          milliseconds(beliefs.delay.p99),
          formatCount(beliefs.believersAtEnd),
        ],
      ],
    },
  );
  return blocks;
}
