/**
 * Patience that learns: the gaps between a peer's heartbeats are remembered, and a silence is judged by how unlikely it would be if the
 * peer were alive. phi = -log10 of that chance; at phi 8 one silence in 10^8 is a false alarm, as far as gaps are normally distributed.
 * On quick links it finds crashes sooner than fixed patience, on nervous ones it waits.
 *
 * N. Hayashibara, X. Defago, R. Yared, T. Katayama, "The phi accrual failure detector", SRDS 2004.
 */
import { UserError } from '../../base/errors.js';
import { knobs } from '../../base/knobs.js';
import { pow } from '../../base/math.js';
import { protocol } from '../../model/protocol.js';
import { ArrivalGaps } from '../../parts/arrival-gaps.js';
import { normalQuantile } from '../../parts/distributions.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import { heartbeatMessages, Heartbeats } from '../../parts/heartbeats.js';
import { eventBytes, objectBytes } from '../../parts/memory-size.js';

const phiKnobs = knobs({
  heartbeatInterval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'Time between two heartbeats to each peer.',
  },
  threshold: {
    kind: 'number',
    min: 0.1,
    max: 15,
    default: 8,
    doc: 'The phi at which a peer is suspected: a silence as long as this has the chance 10^-phi for a live peer. Higher means fewer false alarms and later detection.',
  },
  deadThreshold: {
    kind: 'number',
    min: 0.1,
    max: 15,
    default: 12,
    doc: 'The phi at which a suspected peer is taken for dead; more than `threshold`.',
  },
  window: {
    kind: 'integer',
    min: 2,
    max: 10_000,
    default: 100,
    doc: 'How many of the latest gaps are remembered, 8 bytes each for each peer of each node. More is steadier, fewer follows changes sooner.',
  },
  minDeviation: {
    kind: 'duration',
    min: 1,
    default: 100_000,
    doc: 'The standard deviation of gaps is never taken for less: on perfectly regular links every delay would be an alarm.',
  },
  acceptablePause: {
    kind: 'duration',
    default: 0,
    doc: 'This much silence is forgiven on top, such as for garbage collection.',
  },
});

export const phiAccrual = protocol({
  name: 'phi-accrual',
  summary: 'heartbeats with patience that learns from the gaps between them',
  slot: 'detector',
  knobs: phiKnobs,
  messages: heartbeatMessages,
  memoryBytes: ({ nodeCount, degree }, { window }) =>
    nodeCount * (8 * objectBytes + degree * (8 * window + 22 + 2 * eventBytes) + eventBytes),
  // A beat to every peer; patience is a few beats, after which its alarm is set again.
  events: (load, { heartbeatInterval }) => eventsOfTurns(load, heartbeatInterval, 1.3 * load.degree),
  create(host, rows, parameters, wiring) {
    const { heartbeatInterval, threshold, deadThreshold, window, minDeviation, acceptablePause } = parameters;
    if (deadThreshold <= threshold) {
      throw new UserError('bad-scenario', {
        place: 'failureDetector.deadThreshold',
        what: `a peer would be dead (phi ${deadThreshold}) before it is suspected (phi ${threshold})`,
        next: 'Make deadThreshold larger than threshold.',
      });
    }
    const gaps = new ArrivalGaps(rows, window, heartbeatInterval);
    const afterUs = (phi: number): ((row: number, seat: number) => number) => {
      // The silence that a live peer exceeds with the chance 10^-phi, in standard deviations above the mean.
      const deviations = -normalQuantile(pow(10, -phi));
      return (row, seat) => {
        const deviationUs = Math.max(minDeviation, gaps.deviationUs(row, seat));
        const silenceUs = gaps.meanUs(row, seat) + acceptablePause + deviations * deviationUs;
        return Math.max(1, Math.ceil(silenceUs));
      };
    };
    const patience = {
      begin: (row: number, peerCount: number) => gaps.begin(row, peerCount),
      anew: (row: number, seat: number) => gaps.anew(row, seat),
      heard: (row: number, seat: number, gapUs: number) => gaps.add(row, seat, gapUs),
      suspectAfterUs: afterUs(threshold),
      deadAfterUs: afterUs(deadThreshold),
    };
    return new Heartbeats(host, rows, heartbeatInterval, patience, wiring);
  },
});
