/**
 * A mesh within the network: of all its peers each node keeps a handful as its mesh, to whom it passes everything at once, and tells a
 * few of the others once a heartbeat what it has, so that they can ask. A publisher gives what is its own to every peer, and peers that
 * bring nothing, or rubbish, lose their place: together that lets honest nodes find each other in a crowd of Sybils.
 *
 * D. Vyzovitis et al., arXiv 2007.02754, 2020, for one topic that everybody is subscribed to, as it was when they evaluated it: a full
 * mesh takes in who asks and is cut down at the next heartbeat. Not here: quota of outbound links, exchange of peers, opportunistic
 * grafting, and limits of how much one may ask for.
 */
import type { Envelope, MessageKind } from '../../model/envelope.js';
import { publicationWords } from '../../model/envelope.js';
import { protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Spread, Wiring } from '../../model/stack.js';
import { DegreeMesh } from '../../parts/degree-mesh.js';
import { publicationHeadBytes } from '../../parts/encoded-size.js';
import { FirstReceipt } from '../../parts/first-receipt.js';
import { eventsOfFlood, eventsOfTurns } from '../../parts/event-count.js';
import { addIdentities, identitiesIn } from '../../parts/identity-list.js';
import { checkGossipsub, gossipsubKnobs, type GossipsubSettings } from '../../parts/gossipsub-knobs.js';
import { doublingBytes, eventBytes, mapBytes, objectBytes, seenBytes } from '../../parts/memory-size.js';
import { MessageHistory } from '../../parts/message-history.js';
import { scoreThresholds } from '../../parts/peer-scores.js';
import { RecentReceipts } from '../../parts/recent-receipts.js';

const kinds = { publication: 0, ihave: 1, iwant: 2, graft: 3, prune: 4 } as const;

/** Slot and kind, sender and receiver; the lists of identities are bodies. */
const envelopeBytes = 2 + 4 + 4;
const messages: readonly MessageKind[] = [
  { name: 'publication', words: publicationWords, headBytes: publicationHeadBytes, publication: true },
  /** The body lists what I have. */
  { name: 'ihave', words: ['count'], headBytes: envelopeBytes + 2, publication: false },
  /** Of those I want these. */
  { name: 'iwant', words: ['count'], headBytes: envelopeBytes + 2, publication: false },
  /** You are in my mesh; take me into yours. */
  { name: 'graft', words: [], headBytes: envelopeBytes, publication: false },
  /** You are not, or no longer. */
  { name: 'prune', words: [], headBytes: envelopeBytes, publication: false },
];

class Gossipsub implements Population, Spread {
  readonly #receipts: FirstReceipt;
  readonly #history: MessageHistory;
  readonly #recent: RecentReceipts;
  readonly #mesh: DegreeMesh;
  #asked = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: GossipsubSettings,
    private readonly wiring: Wiring,
  ) {
    const { historyLength, held, seenCapacity, scoring } = settings;
    this.#receipts = new FirstReceipt(host, rows, seenCapacity, wiring);
    this.#history = new MessageHistory(rows, historyLength, held, wiring.bodies);
    this.#recent = new RecentReceipts(scoring ? rows : 0);
    this.#mesh = new DegreeMesh(host, rows, settings, wiring, kinds);
  }

  figures(): Readonly<Record<string, number>> {
    return { grafts: this.#mesh.grafts, prunes: this.#mesh.prunes, asked: this.#asked };
  }

  start(reason: StartReason): void {
    const { host } = this;
    if (reason === 'state-lost') {
      this.#receipts.forget();
      this.#history.clear(host.row);
      this.#recent.forget(host.row);
      this.#mesh.forget();
    }
    host.setTimer(0, 1 + host.chance.below(this.settings.heartbeatInterval), 0);
  }

  leave(): void {
    this.#mesh.sayGoodbye();
  }

  /** A heartbeat. */
  timer(): void {
    this.#mesh.mend();
    this.#gossip();
    this.#history.turn(this.host.row);
    this.host.setTimer(0, this.settings.heartbeatInterval, 0);
  }

  publish(step: number, value: number, sequence: number, body: number): void {
    const { host } = this;
    const { peers } = this.wiring;
    this.#receipts.publishOwn(step, value, sequence, body);
    const { x, y } = this.#receipts.identity;
    this.#history.put(host.row, { step, value, sequence, body, x, y }, 0);
    if (!this.settings.floodPublish) {
      this.#passOn(step, value, sequence, 1, body, -1);
      return;
    }
    const count = peers.count();
    for (let i = 0; i < count; i++) {
      const peer = peers.at(i);
      if (!this.#mesh.isBelow(peer, scoreThresholds.publish))
        host.send(peer, kinds.publication, step, value, sequence, 1, body);
    }
  }

  receive(envelope: Envelope): void {
    const { from, kind, body } = envelope;
    if (this.#mesh.isBelow(from, scoreThresholds.graylist)) return;
    if (kind === kinds.publication) this.#receive(envelope);
    else if (kind === kinds.ihave) this.#told(from, body);
    else if (kind === kinds.iwant) this.#give(from, body);
    else if (kind === kinds.graft) this.#mesh.grafted(from);
    else this.#mesh.pruned(from);
  }

  #receive(envelope: Envelope): void {
    const { host, settings, wiring } = this;
    const { row, nowUs } = host;
    const { scores } = this.#mesh;
    const { from, a: step, b: value, c: sequence, d: hops, body } = envelope;
    const flag = this.#receipts.receive(envelope);
    const { x, y } = this.#receipts.identity;
    if (flag < 0) {
      if (scores !== undefined && this.#recent.has(row, x, y, nowUs - settings.scoreWindow))
        scores.brought(row, from, false);
      return;
    }
    if (flag === 0) {
      this.#history.put(row, { step, value, sequence, body, x, y }, hops);
      if (scores !== undefined) {
        this.#recent.note(row, x, y, nowUs);
        scores.brought(row, from, true);
      }
      if (hops < settings.ttl) this.#passOn(step, value, sequence, hops + 1, body, from);
    } else scores?.broughtInvalid(row, from);
    wiring.app?.deliver(envelope, flag);
  }

  #passOn(step: number, value: number, sequence: number, hops: number, body: number, except: number): void {
    for (const peer of this.#mesh.members)
      if (peer !== except) this.host.send(peer, kinds.publication, step, value, sequence, hops, body);
  }

  /** Tells some who are not in the mesh what came in the last heartbeats. */
  #gossip(): void {
    const { host, settings } = this;
    const { gossipFactor, degreeLazy, historyGossip } = settings;
    const words = this.#history.identities(host.row, historyGossip);
    if (words.length === 0) return;
    const peers = this.#mesh.drawOutside(
      (peer) => !this.#mesh.isBelow(peer, scoreThresholds.gossip),
      (passed) => Math.max(degreeLazy, Math.floor(gossipFactor * passed)),
    );
    this.#sendList(kinds.ihave, peers, words);
  }

  /** Somebody has these. What is missing is asked of everybody who says so: the first may be slow, or lying. */
  #told(from: number, body: number): void {
    if (this.#mesh.isBelow(from, scoreThresholds.gossip)) return;
    const told = identitiesIn(this.wiring.bodies.get(body));
    const words: number[] = [];
    for (let i = 0; i < told.length; i += 2)
      if (!this.#receipts.knows(told[i], told[i + 1])) words.push(told[i], told[i + 1]);
    if (words.length === 0) return;
    this.#asked += words.length / 2;
    this.#sendList(kinds.iwant, [from], words);
  }

  #give(to: number, body: number): void {
    const { host, wiring, settings } = this;
    const { row } = host;
    if (this.#mesh.isBelow(to, scoreThresholds.gossip)) return;
    const wanted = identitiesIn(wiring.bodies.get(body));
    for (let i = 0; i < wanted.length; i += 2) {
      const position = this.#history.find(row, wanted[i], wanted[i + 1]);
      if (position < 0) continue;
      const hops = this.#history.hops(row, position) + 1;
      if (hops > settings.ttl) continue;
      const { step, value, sequence, body: content } = this.#history.message(row, position);
      host.send(to, kinds.publication, step, value, sequence, hops, content);
    }
  }

  #sendList(kind: number, peers: readonly number[], words: readonly number[]): void {
    const { host, wiring } = this;
    const list = addIdentities(wiring.bodies, host.self, host.incarnation, words);
    for (const peer of peers) host.send(peer, kind, words.length / 2, 0, 0, 0, list);
    wiring.bodies.release(list);
  }
}

export const gossipsub = protocol({
  name: 'gossipsub',
  summary:
    'payloads within a mesh of bounded degree, announcements beyond it, and scores of peers (GossipSub v1.1)',
  slot: 'spread',
  knobs: gossipsubKnobs,
  messages,
  events(load, { degreeHigh, degreeLazy, gossipFactor, heartbeatInterval, historyGossip, floodPublish }) {
    const { messages, degree, seconds } = load;
    const mesh = Math.min(degree, degreeHigh);
    const outside = degree - mesh;
    // Who has news of the last heartbeats tells some of those outside.
    const told = Math.min(outside, Math.max(degreeLazy, gossipFactor * outside));
    const newsSeconds = Math.min(seconds, (messages * historyGossip * heartbeatInterval) / 1e6);
    return (
      eventsOfFlood({ ...load, degree: mesh }) +
      (floodPublish ? messages * outside : 0) +
      eventsOfTurns(load, heartbeatInterval, (told * newsSeconds) / seconds)
    );
  },
  memoryBytes({ nodeCount, degree, messages }, { seenCapacity, held, scoring }) {
    const mesh = 2 * objectBytes + mapBytes(Math.min(degree, 12)) + 2 * eventBytes;
    // Who was ever in the mesh, or brought news, has a record; and the latest receipts are noted.
    const scores = scoring ? mapBytes(degree) + degree * 80 + 16 * 16 : 0;
    // The ring, and a list of it that is under way.
    const history =
      2 * objectBytes + doublingBytes(Math.min(messages, held), 6) + 24 * Math.min(messages, held);
    return seenBytes(nodeCount, messages, seenCapacity) + nodeCount * (mesh + scores + history);
  },
  create(host, rows, parameters, wiring) {
    checkGossipsub(parameters);
    const population = new Gossipsub(host, rows, parameters, wiring);
    wiring.spread = population;
    return population;
  },
});
