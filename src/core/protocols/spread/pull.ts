/**
 * Push: whoever has news calls somebody and tells it. At first nearly every call finds a listener and the number of those who know
 * doubles; at the end nearly everybody knows, and the last ones wait to be called: log2 n + ln n rounds in all, roughly.
 * (B. Pittel, "On spreading a rumor", SIAM J. Appl. Math. 47(1), 1987.)
 */
import { publicationWords } from '../../model/envelope.js';
import { protocol } from '../../model/protocol.js';
import { publicationHeadBytes } from '../../parts/encoded-size.js';
import { gossipKnobs } from '../../parts/gossip-knobs.js';
import { RoundGossip } from '../../parts/gossip-rounds.js';

const mode = { pushes: false, pulls: true };

export const pull = protocol({
  name: 'pull',
  summary: 'every node asks a few others for news at every activation',
  slot: 'spread',
  knobs: gossipKnobs,
  messages: [
    { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  ],
  create(): never {
    throw new Error('not yet');
  },
  createForRounds(host, rows, parameters, wiring) {
    const population = new RoundGossip(host, rows, mode, parameters, wiring);
    wiring.spread = population;
    return population;
  },
});
