/** The network that nodes made by choosing their peers: the section of a run's report. */
import { bad, dim, good, warn, type Block, type Line } from '../base/blocks.js';
import { formatCount, formatDuration, formatNumber, formatShare } from '../base/units.js';
import type { OverlayFigures } from '../model/result.js';

export function overlayBlocks(overlay: OverlayFigures | undefined): Block[] {
  if (overlay === undefined) return [];
  const { degree, peerRttMs, anyRttMs, deadPeers, connectedShare } = overlay;
  const time = (ms: number | null): Line => (ms === null ? dim('-') : formatDuration(ms * 1000));
  const km = (far: number | null): Line => (far === null ? dim('-') : `${formatNumber(far)} km`);
  const counters = Object.entries(overlay.counters).map(([name, count]) => `${name} ${formatCount(count)}`);
  return [
    { kind: 'heading', text: `Peers by ${overlay.type}` },
    {
      kind: 'facts',
      rows: [
        [
          'in use',
          degree.mean === null
            ? dim('-')
            : `${formatNumber(degree.mean)} a node, ${formatCount(degree.min ?? 0)} to ${formatCount(degree.max ?? 0)}`,
        ],
        ...(overlay.nearBy === null ? [] : [['near is by', overlay.nearBy] as const]),
        ['round trip', [time(peerRttMs), dim('  to anybody: '), time(anyRttMs)].flat()],
        ...(overlay.peerKm === undefined
          ? []
          : [
              [
                'distance',
                [km(overlay.peerKm), dim('  to anybody: '), km(overlay.anyKm ?? null)].flat(),
              ] as const,
            ]),
        [
          'in one piece',
          connectedShare === null
            ? dim('-')
            : connectedShare === 1
              ? good('yes')
              : bad(`no: the largest part has ${formatShare(connectedShare)} of the nodes`),
        ],
        ['dead peers', deadPeers === 0 ? good('none') : warn(formatCount(deadPeers))],
        ['counted', counters.join(', ')],
      ],
    },
  ];
}
