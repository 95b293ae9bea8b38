/**
 * Eager and lazy: messages run along a tree, and only their names along the other links. At first every link is eager. Who gets a copy
 * that it had says so (*prune*), and both keep that link for announcements; what is left after a message or two is a spanning tree, so
 * each further message costs n - 1 payloads. Who hears of a message and does not get it in time asks for it (*graft*), which mends the
 * tree. So it is as cheap as a tree and as stubborn as a flood.
 *
 * J. Leitao, J. Pereira, L. Rodrigues, "Epidemic broadcast trees" (Plumtree), SRDS 2007.
 */
import { knobs, type Values } from '../../base/knobs.js';
import { publicationWords, type Envelope, type MessageKind } from '../../model/envelope.js';
import { protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Spread, Wiring } from '../../model/stack.js';
import { publicationHeadBytes } from '../../parts/encoded-size.js';
import { FirstReceipt } from '../../parts/first-receipt.js';
import { GossipShelf, holdings, type Held } from '../../parts/gossip-shelf.js';
import { eventBytes, mapBytes, objectBytes, seenBytes, shelfBytes } from '../../parts/memory-size.js';

const eagerLazyKnobs = knobs({
  graftTimeout: {
    kind: 'duration',
    min: 1,
    default: 500_000,
    doc: 'How long a node that heard of a message waits for it before it asks. Longer than the way through the tree, or the tree is torn up by impatience; shorter repairs sooner.',
  },
  retryTimeout: {
    kind: 'duration',
    min: 1,
    default: 200_000,
    doc: 'How long it waits before it asks the next one who announced the message.',
  },
  ttl: {
    kind: 'integer',
    min: 1,
    max: 65_535,
    default: 1024,
    doc: 'Over how many links a message travels at the most.',
  },
  held: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 256,
    doc: 'How many of the latest messages a node keeps in order to give them to those who ask.',
  },
  seenCapacity: {
    kind: 'integer',
    min: 1,
    max: 65_536,
    default: 4096,
    doc: 'How many of the latest messages a node surely remembers in order to suppress duplicates. Each costs about 16 to 32 bytes a node.',
  },
});

const kinds = { publication: 0, announcement: 1, graft: 2, prune: 3 } as const;

/** Slot and kind, sender and receiver. */
const envelopeBytes = 2 + 4 + 4;
const messages: readonly MessageKind[] = [
  { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  /** I have this; ask me if you do not get it. */
  {
    name: 'announcement',
    words: ['identity0', 'identity1'],
    headBytes: envelopeBytes + 8,
    publication: false,
  },
  /** Send me this, and whatever comes after it. */
  { name: 'graft', words: ['identity0', 'identity1'], headBytes: envelopeBytes + 8, publication: false },
  /** I had that: from now on announce only. */
  { name: 'prune', words: [], headBytes: envelopeBytes, publication: false },
];

/** A message that a node has heard of and not received. */
interface Missing {
  readonly x: number;
  readonly y: number;
  /** Who announced it and was not asked yet, in order. */
  readonly announcers: number[];
}

/** Numbers of alarms, modulo: what timers can carry. */
const alarmsMax = 2 ** 30;

class EagerLazyPopulation implements Population, Spread {
  readonly #receipts: FirstReceipt;
  readonly #shelf: GossipShelf;
  /** By row: peers that get names only. */
  readonly #lazy: (Set<number> | undefined)[];
  /** By row: what is missing, by the number of its alarm. */
  readonly #missing: (Map<number, Missing> | undefined)[];
  readonly #alarms: Uint32Array;
  #grafts = 0;
  #prunes = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof eagerLazyKnobs>,
    private readonly wiring: Wiring,
  ) {
    this.#receipts = new FirstReceipt(host, rows, settings.seenCapacity, wiring);
    this.#shelf = new GossipShelf(rows, settings.held, wiring.bodies);
    this.#lazy = new Array<Set<number> | undefined>(rows);
    this.#missing = new Array<Map<number, Missing> | undefined>(rows);
    this.#alarms = new Uint32Array(rows);
  }

  figures(): Readonly<Record<string, number>> {
    return { grafts: this.#grafts, prunes: this.#prunes };
  }

  start(reason: StartReason): void {
    const { row } = this.host;
    // Its alarms are dead; what is still missing will be announced again, or not.
    this.#missing[row] = undefined;
    if (reason !== 'state-lost') return;
    this.#receipts.forget();
    this.#shelf.clear(row);
    this.#lazy[row] = undefined;
  }

  publish(step: number, value: number, sequence: number, body: number): void {
    this.#receipts.publishOwn(step, value, sequence, body);
    const { x, y } = this.#receipts.identity;
    const held = { step, value, sequence, body, x, y };
    this.#shelf.put(this.host.row, held, 0, holdings.kept);
    this.#passOn(held, 1, -1);
  }

  receive(envelope: Envelope): void {
    switch (envelope.kind) {
      case kinds.publication:
        this.#receive(envelope);
        break;
      case kinds.announcement:
        this.#announced(envelope.from, envelope.a, envelope.b);
        break;
      case kinds.graft:
        this.#grafted(envelope.from, envelope.a, envelope.b);
        break;
      default:
        this.#makeLazy(envelope.from);
    }
  }

  #receive(envelope: Envelope): void {
    const { host, wiring } = this;
    const { from, a: step, b: value, c: sequence, d: hops, body } = envelope;
    const flag = this.#receipts.receive(envelope);
    const { x, y } = this.#receipts.identity;
    if (flag < 0) {
      // Both ends forget this branch; a copy that was asked for twice is no reason to.
      if (this.#lazy[host.row]?.has(from) === true) return;
      this.#makeLazy(from);
      this.#prunes++;
      host.send(from, kinds.prune, 0, 0, 0, 0, 0);
      return;
    }
    this.#forget(x, y);
    this.#lazy[host.row]?.delete(from);
    const held = { step, value, sequence, body, x, y };
    this.#shelf.put(host.row, held, hops, flag === 0 ? holdings.kept : holdings.mute);
    if (flag === 0 && hops < this.settings.ttl) this.#passOn(held, hops + 1, from);
    wiring.app?.deliver(envelope, flag);
  }

  timer(_kind: number, alarm: number): void {
    const { host } = this;
    const missing = this.#missing[host.row];
    const what = missing?.get(alarm);
    if (what === undefined) return;
    const announcer = what.announcers.shift();
    if (announcer === undefined) {
      missing?.delete(alarm);
      return;
    }
    this.#lazy[host.row]?.delete(announcer);
    this.#grafts++;
    host.send(announcer, kinds.graft, what.x, what.y, 0, 0, 0);
    host.setTimer(0, this.settings.retryTimeout, alarm);
  }

  #announced(from: number, x: number, y: number): void {
    const { host } = this;
    const { row } = host;
    if (this.#receipts.knows(x, y)) return;
    const missing = (this.#missing[row] ??= new Map<number, Missing>());
    for (const what of missing.values()) {
      if (what.x !== x || what.y !== y) continue;
      what.announcers.push(from);
      return;
    }
    const alarm = this.#alarms[row];
    this.#alarms[row] = (alarm + 1) % alarmsMax;
    missing.set(alarm, { x, y, announcers: [from] });
    host.setTimer(0, this.settings.graftTimeout, alarm);
  }

  /** Somebody wants a message, and its branch back. */
  #grafted(from: number, x: number, y: number): void {
    const { row } = this.host;
    this.#lazy[row]?.delete(from);
    const entry = this.#shelf.find(row, x, y);
    if (entry < 0 || this.#shelf.holding(entry) === holdings.mute) return;
    const { step, value, sequence, body } = this.#shelf.message(entry);
    const hops = this.#shelf.hops(entry) + 1;
    if (hops <= this.settings.ttl) this.host.send(from, kinds.publication, step, value, sequence, hops, body);
  }

  #makeLazy(peer: number): void {
    (this.#lazy[this.host.row] ??= new Set<number>()).add(peer);
  }

  #forget(x: number, y: number): void {
    const missing = this.#missing[this.host.row];
    if (missing === undefined) return;
    for (const [alarm, what] of missing) if (what.x === x && what.y === y) missing.delete(alarm);
  }

  #passOn({ step, value, sequence, body, x, y }: Held, hops: number, except: number): void {
    const { host } = this;
    const { peers } = this.wiring;
    const lazy = this.#lazy[host.row];
    const count = peers.count();
    for (let i = 0; i < count; i++) {
      const peer = peers.at(i);
      if (peer === except) continue;
      if (lazy?.has(peer) === true) host.send(peer, kinds.announcement, x, y, 0, 0, 0);
      else host.send(peer, kinds.publication, step, value, sequence, hops, body);
    }
  }
}

export const eagerLazy = protocol({
  name: 'eager-lazy',
  summary: 'payloads along a tree that mends itself, announcements along the other links (Plumtree)',
  slot: 'spread',
  knobs: eagerLazyKnobs,
  messages,
  memoryBytes({ nodeCount, degree, messages }, { seenCapacity, held }) {
    // Most links end up lazy; what was announced waits with an alarm.
    const links = mapBytes(degree) + mapBytes(2) + Math.min(messages, 16) * (objectBytes + eventBytes);
    return (
      seenBytes(nodeCount, messages, seenCapacity) +
      shelfBytes(nodeCount, messages, held) +
      nodeCount * (20 + links)
    );
  },
  create(host, rows, parameters, wiring) {
    const population = new EagerLazyPopulation(host, rows, parameters, wiring);
    wiring.spread = population;
    return population;
  },
});
