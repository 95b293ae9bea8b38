/**
 * Heartbeats with a fixed patience: a peer is suspected after so many intervals of silence, and taken for dead after some more. A crash
 * is noticed between k - 1 and k intervals after it, uniformly; with loss p a live peer is suspected once in (1 - p^k) / ((1 - p) p^k)
 * beats. The price is one message for each peer and interval, whether or not anything happens.
 */
import { UserError } from '../../base/errors.js';
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import { heartbeatMessages, Heartbeats } from '../../parts/heartbeats.js';
import { eventBytes, objectBytes } from '../../parts/memory-size.js';

const heartbeatKnobs = knobs({
  heartbeatInterval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'Time between two heartbeats to each peer. Shorter finds crashes sooner and costs messages in proportion.',
  },
  suspectAfter: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 3,
    doc: 'Intervals of silence after which a peer is suspected. Each one more divides false alarms by the loss ratio, and finds crashes an interval later. It has to exceed the jitter of the links.',
  },
  deadAfter: {
    kind: 'integer',
    min: 1,
    max: 10_000,
    default: 5,
    doc: 'Intervals of silence after which a suspected peer is taken for dead, and left out by other slots; more than `suspectAfter`.',
  },
});

export const heartbeat = protocol({
  name: 'heartbeat',
  summary: 'everybody tells all peers that it is alive; silence for some intervals means death',
  slot: 'detector',
  knobs: heartbeatKnobs,
  messages: heartbeatMessages,
  memoryBytes: ({ nodeCount, degree }) =>
    // Three arrays of peers a node; an alarm for each peer, and a beat under way to each.
    nodeCount * (4 * objectBytes + degree * (10 + 2 * eventBytes) + eventBytes),
  // A beat to every peer; and now and then the alarm for one, which is set again.
  events: (load, { heartbeatInterval, suspectAfter }) =>
    eventsOfTurns(load, heartbeatInterval, load.degree * (1 + 1 / suspectAfter)),
  create(host, rows, { heartbeatInterval, suspectAfter, deadAfter }, wiring) {
    if (deadAfter <= suspectAfter) {
      throw new UserError('bad-scenario', {
        place: 'failureDetector.deadAfter',
        what: `a peer would be dead (${deadAfter} intervals) before it is suspected (${suspectAfter})`,
        next: 'Make deadAfter larger than suspectAfter.',
      });
    }
    return new Heartbeats(
      host,
      rows,
      heartbeatInterval,
      {
        begin: () => undefined,
        anew: () => undefined,
        heard: () => undefined,
        suspectAfterUs: () => suspectAfter * heartbeatInterval,
        deadAfterUs: () => deadAfter * heartbeatInterval,
      },
      wiring,
    );
  },
});
