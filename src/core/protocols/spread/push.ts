/**
 * Push: whoever has news calls somebody and tells it. At first nearly every call finds a listener and the number of those who know
 * doubles; at the end nearly everybody knows, and the last ones wait to be called: log2 n + ln n rounds in all, roughly.
 * (B. Pittel, "On spreading a rumor", SIAM J. Appl. Math. 47(1), 1987.)
 */
import { protocol } from '../../model/protocol.js';
import { gossipEvents } from '../../parts/gossip-cost.js';
import { EventGossip } from '../../parts/gossip-events.js';
import { gossipKnobs } from '../../parts/gossip-knobs.js';
import { gossipMemoryBytes } from '../../parts/gossip-memory.js';
import { gossipMessages } from '../../parts/gossip-messages.js';
import { RoundGossip } from '../../parts/gossip-rounds.js';

const mode = { pushes: true, pulls: false };

export const push = protocol({
  name: 'push',
  summary: 'whoever has news tells a few others at every activation',
  slot: 'spread',
  knobs: gossipKnobs,
  messages: gossipMessages,
  eventsOnly: ['antiEntropy'],
  memoryBytes: (load, parameters) => gossipMemoryBytes(load, mode, parameters),
  events: (load, parameters) => gossipEvents(load, mode, parameters),
  create(host, rows, parameters, wiring) {
    const population = new EventGossip(host, rows, mode, parameters, wiring);
    wiring.spread = population;
    return population;
  },
  createForRounds(host, rows, parameters, wiring) {
    const population = new RoundGossip(host, rows, mode, parameters, wiring);
    wiring.spread = population;
    return population;
  },
});
