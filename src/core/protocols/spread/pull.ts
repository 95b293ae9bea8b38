/**
 * Pull: everybody asks somebody for news, again and again, whether there is any or not. A rumour starts slowly, because the first who
 * know must be found by chance; but at the end the share of those who do not know is squared in every round, so that pull finishes
 * where push tarries. (A. Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987, section 1.3.)
 */
import { protocol } from '../../model/protocol.js';
import { gossipEvents } from '../../parts/gossip-cost.js';
import { EventGossip } from '../../parts/gossip-events.js';
import { gossipKnobs } from '../../parts/gossip-knobs.js';
import { gossipMemoryBytes } from '../../parts/gossip-memory.js';
import { gossipMessages } from '../../parts/gossip-messages.js';
import { RoundGossip } from '../../parts/gossip-rounds.js';

const mode = { pushes: false, pulls: true };

export const pull = protocol({
  name: 'pull',
  summary: 'every node asks a few others for news at every activation',
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
