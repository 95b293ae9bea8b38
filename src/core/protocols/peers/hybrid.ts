/** Four near peers to one at random: most messages travel short ways, and the random fifth keeps the network in one piece. */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { managerEvents, managerKnobs, managerSettings, nearShareKnob } from '../../parts/manager-knobs.js';
import { byRoundTrip, nearAndFar } from '../../parts/peer-choice.js';
import { managerMessages, TopologyManager } from '../../parts/topology-manager.js';
import { bookMemoryBytes } from '../../parts/peer-book.js';

export const hybrid = protocol({
  name: 'hybrid',
  summary: 'near peers and random ones, four to one: quick, and in one piece',
  slot: 'peers',
  knobs: knobs({ ...managerKnobs, ...nearShareKnob }),
  messages: managerMessages,
  memoryBytes: bookMemoryBytes,
  events: managerEvents,
  create: (host, rows, { nearShare, ...parameters }, wiring) =>
    new TopologyManager(
      host,
      rows,
      managerSettings(parameters),
      nearAndFar(nearShare, byRoundTrip),
      wiring,
      'round trip',
    ),
});
