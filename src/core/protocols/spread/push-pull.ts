/**
 * Push-pull: two nodes that meet tell each other their news. It has the quick start of push and the quick end of pull: log3 n + O(ln ln n)
 * rounds. (R. Karp, C. Schindelhauer, S. Shenker, B. Vocking, "Randomized rumor spreading", FOCS 2000.)
 */
import { protocol } from '../../model/protocol.js';
import { gossipEvents } from '../../parts/gossip-cost.js';
import { EventGossip } from '../../parts/gossip-events.js';
import { gossipKnobs } from '../../parts/gossip-knobs.js';
import { gossipMemoryBytes } from '../../parts/gossip-memory.js';
import { gossipMessages } from '../../parts/gossip-messages.js';
import { RoundGossip } from '../../parts/gossip-rounds.js';

const mode = { pushes: true, pulls: true };

export const pushPull = protocol({
  name: 'push-pull',
  summary: 'two nodes that meet tell each other their news',
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
