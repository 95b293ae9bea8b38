/**
 * Push, pull and push-pull in continuous time. At its turn a node contacts `fanout` peers.
 *
 * - *push*: it tells them what it spreads.
 * - *pull*: it asks with a digest of what it holds; they answer with what it lacks.
 * - *push-pull*: it asks, and the peer also says what it wants of the digest, which is then sent: nothing travels that is not needed,
 *   but for what is under way twice.
 *
 * With a stop rule (Demers et al. 1987) messages are hot for a while and are handed over blindly, so that whoever hands them over
 * can grow tired of them: a receiver tells in a few bytes whether it needed the copy (`feedback`), or nobody asks (`blind`). Here each
 * answer counts by itself; a cycle in which to judge many together exists only in rounds.
 *
 * Anti-entropy is a slow push-pull beside all this, by digests and with one peer at a time: what rumours left out, it finds.
 */
import type { Envelope } from '../model/envelope.js';
import type { Host, Population, StartReason } from '../model/protocol.js';
import type { Spread, Wiring } from '../model/stack.js';
import { FirstReceipt } from './first-receipt.js';
import { Digest, digestIn, ShelfDigests, touchDigests } from './gossip-digest.js';
import type { GossipParameters } from './gossip-knobs.js';
import { gossipKinds } from './gossip-messages.js';
import { PeerPicker } from './gossip-peers.js';
import type { GossipMode } from './gossip-rounds.js';
import { GossipShelf, holdings, type Described } from './gossip-shelf.js';
import { Turns } from './gossip-turns.js';

const timers = { turn: 0, antiEntropy: 1 } as const;

/** What a request asks for; stands in its first word. */
const asks = {
  /** Everything that you spread. */
  blindly: 0,
  /** What is not in my digest. */
  missing: 1,
  /** The same, and tell me what of it you want. */
  both: 2,
} as const;

export class EventGossip implements Population, Spread {
  readonly #receipts: FirstReceipt;
  readonly #shelf: GossipShelf;
  readonly #digests: ShelfDigests;
  readonly #turns: Turns;
  readonly #antiEntropy: Turns | undefined;
  readonly #picker: PeerPicker;
  readonly #antiEntropyPicker = new PeerPicker(1);
  readonly #ttl: number;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly mode: GossipMode,
    private readonly parameters: GossipParameters,
    private readonly wiring: Wiring,
  ) {
    const { fanout, interval, ttl, held, seenCapacity, antiEntropy } = parameters;
    this.#receipts = new FirstReceipt(host, rows, seenCapacity, wiring);
    this.#shelf = new GossipShelf(rows, held, wiring.bodies);
    this.#digests = new ShelfDigests(this.#shelf, wiring.bodies);
    this.#turns = new Turns(host, rows, timers.turn, interval, wiring);
    this.#antiEntropy =
      antiEntropy === undefined
        ? undefined
        : new Turns(host, rows, timers.antiEntropy, antiEntropy.interval, wiring);
    this.#picker = new PeerPicker(fanout);
    this.#ttl = ttl ?? Infinity;
    wiring.cycleUs = interval;
  }

  start(reason: StartReason): void {
    const { row } = this.host;
    if (reason === 'state-lost') {
      this.#receipts.forget();
      this.#shelf.clear(row);
      this.#digests.changed(row);
    }
    this.#turns.start(reason);
    // Whoever only pushes sleeps until there is something to say.
    if (this.mode.pulls || this.#hasNews(row)) this.#turns.await();
    this.#antiEntropy?.start(reason);
    this.#antiEntropy?.await();
  }

  publish(step: number, value: number, sequence: number, body: number): void {
    this.#receipts.publishOwn(step, value, sequence, body);
    this.#hold(step, value, sequence, body, 0, 0);
  }

  timer(kind: number): void {
    if (kind === timers.antiEntropy) {
      this.#antiEntropy?.begun();
      this.#antiEntropy?.await();
      const count = this.#antiEntropyPicker.pick(this.wiring.peers, this.host.chance);
      for (let i = 0; i < count; i++) this.#ask(this.#antiEntropyPicker.picked[i], asks.both);
      return;
    }
    this.#turns.begun();
    const { row, chance } = this.host;
    const { pushes, pulls } = this.mode;
    const { stop } = this.parameters;
    const hasNews = this.#hasNews(row);
    if (hasNews || pulls) {
      const count = this.#picker.pick(this.wiring.peers, chance);
      const blindly = stop !== undefined;
      for (let i = 0; i < count; i++) {
        const to = this.#picker.picked[i];
        if (pushes && (blindly || !pulls)) this.#tellAll(to);
        if (pulls) this.#ask(to, blindly ? asks.blindly : pushes ? asks.both : asks.missing);
      }
      if (stop?.when === 'blind') this.#tireOfAll(row);
    }
    if (pulls || this.#hasNews(row)) this.#turns.await();
  }

  receive(envelope: Envelope): void {
    switch (envelope.kind) {
      case gossipKinds.publication:
        this.#receivePublication(envelope);
        return;
      case gossipKinds.request:
        this.#answer(envelope);
        return;
      case gossipKinds.want:
        this.#give(envelope.from, digestIn(this.wiring.bodies.get(envelope.body)), true);
        return;
      case gossipKinds.feedback:
        this.#receiveFeedback(envelope.a, envelope.b, envelope.c === 1);
    }
  }

  touchForMessages(rows: Int32Array, bodies: Int32Array, count: number): number {
    return (
      this.#receipts.touch(rows, count) ^
      this.#shelf.touch(rows, count) ^
      touchDigests(this.wiring.bodies, bodies, count)
    );
  }

  touchForTimers(rows: Int32Array, count: number): number {
    return this.#turns.touch(rows, count) ^ this.#shelf.touch(rows, count);
  }

  #receivePublication(envelope: Envelope): void {
    const flag = this.#receipts.receive(envelope);
    if (this.parameters.stop?.when === 'feedback') {
      const { x, y } = this.#receipts.identity;
      this.host.send(envelope.from, gossipKinds.feedback, x, y, flag >= 0 ? 1 : 0, 0, 0);
    }
    if (flag < 0) return;
    this.#hold(envelope.a, envelope.b, envelope.c, envelope.body, envelope.d, flag);
    this.wiring.app?.deliver(envelope, flag);
  }

  /** Puts what was received last on the shelf. */
  #hold(step: number, value: number, sequence: number, body: number, hops: number, flag: number): void {
    const { row } = this.host;
    const { x, y } = this.#receipts.identity;
    const holding = flag !== 0 || hops >= this.#ttl ? holdings.mute : holdings.spreading;
    this.#shelf.put(row, { step, value, sequence, body, x, y }, hops, holding);
    this.#digests.changed(row);
    if (holding === holdings.spreading) this.#turns.await();
  }

  #hasNews(row: number): boolean {
    const shelf = this.#shelf;
    const first = shelf.first(row);
    const end = first + shelf.count(row);
    for (let entry = first; entry < end; entry++) {
      if (shelf.holding(entry) === holdings.spreading) return true;
    }
    return false;
  }

  // --- telling and asking --------------------------------------------------------------------------------------

  #send(to: number, entry: number): void {
    const { step, value, sequence, body } = this.#shelf.message(entry);
    this.host.send(to, gossipKinds.publication, step, value, sequence, this.#shelf.hops(entry) + 1, body);
  }

  /** Everything that the node spreads, to one peer. */
  #tellAll(to: number): void {
    const shelf = this.#shelf;
    const first = shelf.first(this.host.row);
    const end = first + shelf.count(this.host.row);
    for (let entry = first; entry < end; entry++) {
      if (shelf.holding(entry) === holdings.spreading) this.#send(to, entry);
    }
  }

  #ask(to: number, what: number): void {
    const { host } = this;
    const digest = what === asks.blindly ? 0 : this.#digests.of(host.row, host.self, host.incarnation);
    host.send(to, gossipKinds.request, what, 0, 0, 0, digest);
  }

  #answer(request: Envelope): void {
    const { from, a: what, body } = request;
    if (what === asks.blindly) {
      this.#tellAll(from);
      return;
    }
    const digest = body === 0 ? undefined : digestIn(this.wiring.bodies.get(body));
    // Most of the time everybody has everything.
    if (digest?.isAllOf(this.#shelf, this.host.row) === true) return;
    this.#give(from, digest, false);
    if (what === asks.both && digest !== undefined) this.#want(from, digest);
  }

  /** Sends what the digest names, or everything else. */
  #give(to: number, digest: Digest | undefined, named: boolean): void {
    const shelf = this.#shelf;
    shelf.unmark();
    let arePlain = true;
    if (digest !== undefined) {
      for (const message of digest.messages) {
        shelf.mark(message);
        arePlain &&= shelf.isPlain(message);
      }
    }
    const first = shelf.first(this.host.row);
    const end = first + shelf.count(this.host.row);
    for (let entry = first; entry < end; entry++) {
      if (shelf.holding(entry) === holdings.mute) continue;
      let isNamed = shelf.isMarked(entry);
      if (!isNamed && !arePlain) {
        const { x, y } = shelf.message(entry);
        isNamed = digest?.has(x, y) ?? false;
      }
      if (isNamed === named) this.#send(to, entry);
    }
  }

  /** Asks for what a peer's digest names and the node never saw. */
  #want(from: number, digest: Digest): void {
    const { host, wiring } = this;
    const shelf = this.#shelf;
    shelf.unmark();
    shelf.markHeld(host.row);
    let wanted: Described[] | undefined;
    for (const message of digest.messages) {
      const { x, y } = message;
      if (shelf.isMarkedMessage(message) || this.#receipts.knows(x, y)) continue;
      if (!shelf.isPlain(message) && shelf.find(host.row, x, y) >= 0) continue;
      (wanted ??= []).push(message);
    }
    if (wanted === undefined) return;
    const handle = wiring.bodies.add(new Digest(host.self, host.incarnation, wanted));
    host.send(from, gossipKinds.want, wanted.length, 0, 0, 0, handle);
    wiring.bodies.release(handle);
  }

  // --- losing interest -----------------------------------------------------------------------------------------

  #receiveFeedback(x: number, y: number, useful: boolean): void {
    const entry = this.#shelf.find(this.host.row, x, y);
    if (entry < 0 || this.#shelf.holding(entry) !== holdings.spreading) return;
    if (useful) this.#shelf.setTiredness(entry, 0);
    else this.#tire(entry);
  }

  #tireOfAll(row: number): void {
    const shelf = this.#shelf;
    const first = shelf.first(row);
    const end = first + shelf.count(row);
    for (let entry = first; entry < end; entry++) {
      if (shelf.holding(entry) === holdings.spreading) this.#tire(entry);
    }
  }

  /** An occasion to lose interest. What nobody spreads any more is still kept for those who ask with a digest. */
  #tire(entry: number): void {
    const { stop } = this.parameters;
    if (stop === undefined) return;
    const tiredness = this.#shelf.tiredness(entry) + 1;
    this.#shelf.setTiredness(entry, tiredness);
    const enough =
      stop.how === 'counter' ? tiredness >= stop.k : stop.k === 1 || this.host.chance.below(stop.k) === 0;
    if (enough) this.#shelf.setHolding(entry, holdings.kept);
  }
}
