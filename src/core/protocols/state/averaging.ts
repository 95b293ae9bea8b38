/**
 * Averaging by gossip: two nodes that meet share what they have, half and half. Nobody knows the whole, and everybody ends up with the
 * mean; each cycle divides the variance by 2 sqrt e if all take their turns one after the other. What one gives the other gets, in whole
 * grains, so the sum is conserved exactly as long as no message is lost.
 *
 * The caller sends its value; the callee takes the mean and answers with what the caller is to add. A caller that changed in between adds
 * it all the same, so nothing is lost however many talk at once. M. Jelasity, A. Montresor, O. Babaoglu, "Gossip-based aggregation in
 * large dynamic networks", ACM TOCS 23(3), 2005.
 */
import { knobs, type Values } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Wiring } from '../../model/stack.js';
import { beginnings, firstValue } from '../../parts/fixed-values.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import { Turns } from '../../parts/gossip-turns.js';
import { eventBytes } from '../../parts/memory-size.js';

const averagingKnobs = knobs({
  interval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'How long a cycle takes: each node shares with one peer in each. The variance falls by a constant factor a cycle, so twice as fast is twice as dear.',
  },
  initial: {
    kind: 'choice',
    words: beginnings,
    default: 'uniform',
    doc: '`uniform`: random values. `peak`: node 0 has everything, so that the mean counts the nodes. `halves`: half of the nodes have all, half nothing.',
  },
});

const kinds = { offer: 0, share: 1 } as const;
/** Slot and kind, sender and receiver, a value of 8 bytes. */
const messageBytes = 2 + 4 + 4 + 8;

class AveragingPopulation implements Population {
  readonly #values: Float64Array;
  readonly #turns: Turns;
  /** All that there was to share. */
  #grainsAtStart = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof averagingKnobs>,
    private readonly wiring: Wiring,
  ) {
    this.#values = new Float64Array(rows);
    this.#turns = new Turns(host, rows, 0, settings.interval, wiring);
  }

  figures(): Readonly<Record<string, number>> {
    return { grainsAtStart: this.#grainsAtStart };
  }

  readings(): Float64Array {
    return this.#values;
  }

  start(reason: StartReason): void {
    const { row, self, chance } = this.host;
    if (reason === 'boot') {
      this.#values[row] = firstValue(this.settings.initial, self, chance);
      this.#grainsAtStart += this.#values[row];
    } else if (reason === 'state-lost') this.#values[row] = 0;
    this.#turns.start(reason);
    this.#turns.await();
  }

  timer(): void {
    const { host, wiring } = this;
    this.#turns.begun();
    const count = wiring.peers.count();
    if (count > 0) {
      const peer = wiring.peers.at(count === 1 ? 0 : host.chance.below(count));
      host.send(peer, kinds.offer, this.#values[host.row], 0, 0, 0, 0);
    }
    this.#turns.await();
  }

  receive({ kind, from, a }: Envelope): void {
    const { row } = this.host;
    if (kind === kinds.share) {
      this.#values[row] += a;
      return;
    }
    // Half of the difference, in whole grains; the odd one stays here.
    const given = Math.floor((this.#values[row] - a) / 2);
    this.#values[row] -= given;
    this.host.send(from, kinds.share, given, 0, 0, 0, 0);
  }
}

export const averaging = protocol({
  name: 'averaging',
  summary: 'two nodes that meet share their values half and half; all end up with the mean',
  slot: 'state',
  knobs: averagingKnobs,
  messages: [
    { name: 'offer', words: ['amount'], headBytes: messageBytes, publication: false },
    { name: 'share', words: ['amount'], headBytes: messageBytes, publication: false },
  ],
  // Its values, its phase and its turn.
  memoryBytes: ({ nodeCount }) => nodeCount * (20 + 2 * eventBytes),
  // An offer, and a share for it.
  events: (load, { interval }) => eventsOfTurns(load, interval, 2),
  create: (host, rows, parameters, wiring) => new AveragingPopulation(host, rows, parameters, wiring),
});
