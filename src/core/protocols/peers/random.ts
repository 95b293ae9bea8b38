/** Peers at random: the network stays in one piece whatever happens, and distance is left to chance. */
import { protocol } from '../../model/protocol.js';
import { managerEvents, managerKnobs, managerSettings } from '../../parts/manager-knobs.js';
import { atRandom } from '../../parts/peer-choice.js';
import { managerMessages, TopologyManager } from '../../parts/topology-manager.js';
import { bookMemoryBytes } from '../../parts/peer-book.js';

export const random = protocol({
  name: 'random',
  summary: 'peers at random, drawn anew at every rebalancing',
  slot: 'peers',
  knobs: managerKnobs,
  messages: managerMessages,
  memoryBytes: bookMemoryBytes,
  events: managerEvents,
  create: (host, rows, parameters, wiring) =>
    new TopologyManager(host, rows, managerSettings(parameters), atRandom, wiring),
});
