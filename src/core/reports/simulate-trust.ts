/** Who was accused with what right, and which bad days were noticed: sections of a run's report. */
import { bad, dim, good, type Block, type Line } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatDuration } from '../base/units.js';
import type { EpisodeFigures, TrustFigures } from '../model/result.js';

export function trustBlocks(trust: TrustFigures | undefined): Block[] {
  if (trust === undefined) return [];
  const { accusations, liars, honest, throttled } = trust;
  const rows: [string, Line][] = [];
  if (liars.total > 0) {
    const all =
      liars.ignoredByAll === 0 ? '' : `, ${formatCount(liars.ignoredByAll)} by all their honest neighbours`;
    rows.push(['liars ignored', `${formatCount(liars.accused)} of ${formatCount(liars.total)}${all}`]);
  }
  rows.push([
    'slander',
    honest.accused === 0
      ? good('nobody honest was ignored')
      : [
          bad(formatCount(honest.accused)),
          ` of ${formatCount(honest.total)} honest nodes were ignored, ${formatCount(honest.ignoredByAny)} still are`,
        ],
  ]);
  rows.push([
    'accusations',
    `${formatCount(accusations.right)} right, ${formatCount(accusations.wrong)} wrong, ${formatCount(accusations.pardoned)} pardoned`,
  ]);
  if (throttled.liars + throttled.honest > 0)
    rows.push([
      'dropped as too fast',
      `${formatCount(throttled.liars)} from liars, ${formatCount(throttled.honest)} from honest peers`,
    ]);
  return [
    { kind: 'heading', text: 'Whom nodes trust' },
    { kind: 'facts', rows },
  ];
}

export function episodeBlocks(episodes: EpisodeFigures | undefined): Block[] {
  if (episodes === undefined) return [];
  const time = (ms: number | null): Line => (ms === null ? dim('-') : formatDuration(ms * 1000));
  const { rows, alarms, unexplained } = episodes;
  if (alarms === 0) return [];
  return [
    { kind: 'heading', text: 'Which bad days were noticed' },
    {
      kind: 'table',
      head: ['id', 'kind', 'episodes', 'with victims', 'noticed', 'after (p50)', 'p95'],
      align: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
      rows: rows.map((row): Line[] => [
        showText(row.id, 24),
        row.kind,
        formatCount(row.episodes),
        formatCount(row.judged),
        formatCount(row.noticed),
        time(row.timeToNotice.p50),
        time(row.timeToNotice.p95),
      ]),
    },
    {
      kind: 'text',
      lines: [
        `${formatCount(alarms)} alarms about nodes, ${formatCount(unexplained)} of them about somebody whom nothing had touched.`,
      ],
    },
  ];
}
