/**
 * Flooding: whoever hears something new tells all neighbours but the one who told. Nothing is faster or harder to stop, and nothing
 * costs more: on a connected graph of n nodes and m edges one message is sent 2m - n + 1 times. Duplicate suppression makes it end.
 */
import { knobs } from '../../base/knobs.js';
import { publicationWords, type Envelope } from '../../model/envelope.js';
import { protocol, type Host, type Population } from '../../model/protocol.js';
import type { Spread, Wiring } from '../../model/stack.js';
import { FirstReceipt } from '../../parts/first-receipt.js';
import { publicationHeadBytes } from '../../parts/encoded-size.js';
import { seenBytes } from '../../parts/memory-size.js';

const floodKnobs = knobs({
  ttl: {
    kind: 'integer',
    min: 1,
    max: 255,
    default: 64,
    doc: 'Over how many links a message travels at the most. Below the diameter of the network some nodes never hear it; above, only duplicate suppression ends the flood.',
  },
  seenCapacity: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 4096,
    doc: 'How many of the latest messages a node surely remembers in order to suppress duplicates. Each costs about 16 to 32 bytes a node. Too few, and old messages go round again until their ttl ends.',
  },
});

class FloodPopulation implements Population, Spread {
  readonly #receipts: FirstReceipt;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly ttl: number,
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
    this.#tell(-1, step, value, sequence, 1, body);
  }

  resend(to: number, step: number, value: number, sequence: number, body: number): void {
    this.host.send(to, 0, step, value, sequence, 1, body);
  }

  receive(envelope: Envelope): void {
    const flag = this.#receipts.receive(envelope);
    if (flag < 0) return;
    if (flag === 0 && envelope.d < this.ttl) {
      this.#tell(envelope.from, envelope.a, envelope.b, envelope.c, envelope.d + 1, envelope.body);
    }
    this.wiring.app?.deliver(envelope, flag);
  }

  timer(): void {
    // Flooding waits for nothing.
  }

  #tell(except: number, step: number, value: number, sequence: number, hops: number, body: number): void {
    const peers = this.wiring.peers;
    const count = peers.count();
    for (let i = 0; i < count; i++) {
      const peer = peers.at(i);
      if (peer !== except) this.host.send(peer, 0, step, value, sequence, hops, body);
    }
  }
}

export const flood = protocol({
  name: 'flood',
  summary: 'everybody passes news on to all neighbours but the one who brought it',
  slot: 'spread',
  knobs: floodKnobs,
  messages: [
    { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  ],
  memoryBytes: ({ nodeCount, messages }, { seenCapacity }) => seenBytes(nodeCount, messages, seenCapacity),
  create(host, rows, parameters, wiring) {
    const population = new FloodPopulation(host, rows, parameters.ttl, parameters.seenCapacity, wiring);
    wiring.spread = population;
    return population;
  },
});
