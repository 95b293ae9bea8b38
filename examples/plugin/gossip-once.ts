/**
 * A protocol of your own, in one file. Whoever hears a message for the first time passes it on once, to `fanout` peers chosen at random,
 * and is done with it. That is the whole idea of infect-and-die gossip, and a good beginning for yours: copy this file, change what
 * `receive` does, and run
 *
 *     mesh simulate examples/plugin/gossip-once.yaml --plugin examples/plugin/gossip-once.ts
 *
 * A protocol does no input or output. It is handed a `Host` that can send, wait, draw and report, always on behalf of the node whose turn
 * it is; what it knows about each of its nodes it keeps in arrays by `host.row`.
 */
import {
  FirstReceipt,
  knobs,
  protocol,
  publicationHeadBytes,
  publicationWords,
  type Envelope,
  type Host,
  type Population,
  type Spread,
  type StartReason,
  type Wiring,
} from 'mesh-toolkit';

// What users can turn, in `dissemination: { mode: gossip-once, fanout: 5 }`. Checks, help and docs follow from this list.
const settings = knobs({
  fanout: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 4,
    doc: 'To how many peers a node passes on what it hears for the first time. With f, a share r = 1 - exp(-f r) of a large network hears it.',
  },
});

class GossipOnce implements Population, Spread {
  readonly host: Host;
  readonly fanout: number;
  readonly wiring: Wiring;
  /** Knows what each node has seen, asks the guards about what is new, and reports it. */
  readonly receipts: FirstReceipt;
  /** The peers chosen for one message. */
  readonly chosen = new Set<number>();

  constructor(host: Host, rows: number, fanout: number, wiring: Wiring) {
    this.host = host;
    this.fanout = fanout;
    this.wiring = wiring;
    this.receipts = new FirstReceipt(host, rows, 4096, wiring);
  }

  start(reason: StartReason): void {
    if (reason === 'state-lost') this.receipts.forget();
  }

  /** The node's own application publishes something. */
  publish(step: number, value: number, sequence: number, body: number): void {
    this.receipts.publishOwn(step, value, sequence, body);
    this.passOn(step, value, sequence, 1, body);
  }

  /** A message arrives. Its words a, b, c and d are step, value, sequence and hops. */
  receive(envelope: Envelope): void {
    const flag = this.receipts.receive(envelope);
    if (flag < 0) return; // heard before
    if (flag === 0) this.passOn(envelope.a, envelope.b, envelope.c, envelope.d + 1, envelope.body);
    this.wiring.app?.deliver(envelope, flag);
  }

  timer(): void {
    // This protocol never waits; one that does calls host.setTimer and is woken here.
  }

  private passOn(step: number, value: number, sequence: number, hops: number, body: number): void {
    const { peers } = this.wiring;
    const count = peers.count();
    const wanted = Math.min(this.fanout, count);
    this.chosen.clear();
    while (this.chosen.size < wanted) this.chosen.add(peers.at(this.host.chance.below(count)));
    for (const peer of this.chosen) this.host.send(peer, 0, step, value, sequence, hops, body);
  }
}

export const protocols = [
  protocol({
    name: 'gossip-once',
    summary: 'everybody passes news on once, to a few peers chosen at random',
    slot: 'spread',
    knobs: settings,
    messages: [
      { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
    ],
    create(host, rows, parameters, wiring) {
      const population = new GossipOnce(host, rows, parameters.fanout, wiring);
      wiring.spread = population;
      return population;
    },
  }),
];
