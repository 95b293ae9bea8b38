/**
 * The nearest peers by measured round trip: quick, and a danger. Where nodes lie in clusters everybody chooses its own, nobody knows
 * anybody outside, and the network falls apart. `hybrid` is the same with a few random peers against that.
 */
import { protocol } from '../../model/protocol.js';
import { managerEvents, managerKnobs, managerSettings } from '../../parts/manager-knobs.js';
import { byRoundTrip, nearAndFar } from '../../parts/peer-choice.js';
import { managerMessages, TopologyManager } from '../../parts/topology-manager.js';
import { bookMemoryBytes } from '../../parts/peer-book.js';

export const latencyAware = protocol({
  name: 'latency-aware',
  summary: 'the nearest peers by measured round trip; may fall apart into islands',
  slot: 'peers',
  knobs: managerKnobs,
  messages: managerMessages,
  memoryBytes: bookMemoryBytes,
  events: managerEvents,
  create: (host, rows, parameters, wiring) =>
    new TopologyManager(
      host,
      rows,
      managerSettings(parameters),
      nearAndFar(1, byRoundTrip),
      wiring,
      'round trip',
    ),
});
