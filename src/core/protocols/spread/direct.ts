/**
 * Direct: the publisher tells each of its neighbours itself, and nobody passes anything on. n - 1 messages on a complete network, one
 * link of delay, and no help for those who are not neighbours.
 */
import { knobs } from '../../base/knobs.js';
import { publicationWords, type Envelope } from '../../model/envelope.js';
import { protocol, type Host, type Population } from '../../model/protocol.js';
import type { Spread, Wiring } from '../../model/stack.js';
import { publicationHeadBytes } from '../../parts/encoded-size.js';
import { FirstReceipt } from '../../parts/first-receipt.js';
import { seenBytes } from '../../parts/memory-size.js';

const directKnobs = knobs({
  seenCapacity: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 4096,
    doc: 'How many of the latest messages a node surely remembers in order to suppress duplicates, which only a duplicating link or a liar makes here.',
  },
});

class DirectPopulation implements Population, Spread {
  readonly #receipts: FirstReceipt;

  constructor(
    private readonly host: Host,
    rows: number,
    seenCapacity: number,
    private readonly wiring: Wiring,
  ) {
    this.#receipts = new FirstReceipt(host, rows, seenCapacity, wiring);
  }

  start(reason: 'boot' | 'state-kept' | 'state-lost'): void {
    if (reason === 'state-lost') this.#receipts.forget();
  }

  publish(step: number, value: number, sequence: number, body: number): void {
    this.#receipts.publishOwn(step, value, sequence, body);
    const peers = this.wiring.peers;
    const count = peers.count();
    for (let i = 0; i < count; i++) this.host.send(peers.at(i), 0, step, value, sequence, 1, body);
  }

  resend(to: number, step: number, value: number, sequence: number, body: number): void {
    this.host.send(to, 0, step, value, sequence, 1, body);
  }

  receive(envelope: Envelope): void {
    const flag = this.#receipts.receive(envelope);
    if (flag >= 0) this.wiring.app?.deliver(envelope, flag);
  }

  timer(): void {
    // Nothing is sent later.
  }
}

export const direct = protocol({
  name: 'direct',
  summary: 'the publisher tells each neighbour itself, nobody passes anything on',
  slot: 'spread',
  isStraight: true,
  knobs: directKnobs,
  messages: [
    { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  ],
  memoryBytes({ nodeCount, degree, messages, publishers }, { seenCapacity }) {
    // A node hears its neighbours' own messages only, which need not be spread evenly.
    const heard = Math.min(messages, (4 * messages * (degree + 1)) / Math.max(1, publishers));
    return seenBytes(nodeCount, heard, seenCapacity);
  },
  create(host, rows, parameters, wiring) {
    const population = new DirectPopulation(host, rows, parameters.seenCapacity, wiring);
    wiring.spread = population;
    return population;
  },
});
