/**
 * SWIM: in every period each node asks one other whether it is alive. No answer, and it asks a few others to ask; still none, and it
 * suspects. Suspicions travel with the probes; who hears of its own takes a new incarnation and denies; who does not is dead when the
 * time is up. One probe a node and period finds a crash after e / (e - 1) periods on average, however large the network.
 *
 * A. Das, I. Gupta, A. Motivala, "SWIM", DSN 2002. Local health: A. Dadgar, J. Phillips, J. Currey, "Lifeguard", 2017. That who is
 * suspected is told with the next message to it is Lifeguard's buddy system.
 */
import { UserError } from '../../base/errors.js';
import { knobs, type Values } from '../../base/knobs.js';
import { ln } from '../../base/math.js';
import type { Envelope, MessageKind } from '../../model/envelope.js';
import { protocol, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { PeerView, Wiring } from '../../model/stack.js';
import { PeerPicker } from '../../parts/gossip-peers.js';
import {
  incarnationOf,
  NewsDesk,
  noNews,
  opinionOf,
  packNews,
  subjectOf,
} from '../../parts/membership-news.js';
import { opinions, PeerOpinions, type Opinion } from '../../parts/peer-opinions.js';
import { eventBytes, objectBytes } from '../../parts/memory-size.js';

const swimKnobs = knobs({
  probeInterval: {
    kind: 'duration',
    min: 2,
    default: 1_000_000,
    doc: 'The protocol period: each node probes one other in each. A crash is first noticed after about 1.6 periods.',
  },
  probeTimeout: {
    kind: 'duration',
    min: 1,
    default: 300_000,
    doc: 'How long a node waits for an answer before it asks others to ask; more than a round trip, less than `probeInterval`.',
  },
  indirectChecks: {
    kind: 'integer',
    min: 0,
    max: 100,
    default: 3,
    doc: 'How many others are asked to ask. With delivery probability q and k of them, a live node is suspected with probability (1 - q^2) (1 - q^4)^k a probe.',
  },
  suspicionMultiplier: {
    kind: 'number',
    min: 0,
    max: 100,
    default: 4,
    doc: 'A suspect has this many times max(1, log10 n) periods to deny. 0: no suspicion, who does not answer is dead at once.',
  },
  retransmitMultiplier: {
    kind: 'integer',
    min: 1,
    max: 100,
    default: 4,
    doc: 'Each piece of news is passed on this many times ceil(log10(n + 1)) times by each node that hears it.',
  },
  probeOrder: {
    kind: 'choice',
    words: ['random', 'round-robin'],
    default: 'round-robin',
    doc: '`random`: a uniform target each period. `round-robin`: a shuffled list from end to end, so that nobody waits longer than 2 n - 1 periods; it takes 4 bytes a peer.',
  },
  reconnectInterval: {
    kind: 'duration',
    min: 1,
    default: 30_000_000,
    doc: 'How often a node asks one of those that it holds for dead whether it is back: without it, the sides of a healed partition would never meet again.',
  },
  localHealth: {
    kind: 'boolean',
    default: false,
    doc: "Lifeguard's local health: a node whose own probes fail, or who is suspected itself, waits longer before it blames others.",
  },
});

const kinds = { ping: 0, ack: 1, pingRequest: 2, relayedPing: 3, relayedAck: 4 } as const;
const timers = { period: 0, timeout: 1, suspicion: 2, reconnect: 3 } as const;
/** A suspicion's alarm: subject, and the incarnation it is about, modulo this. */
const incarnationsInTimer = 1024;
/** Lifeguard's largest health score: a tired node waits up to nine times as long. */
const healthMax = 8;

/** Kind and version a byte each, sender 4, incarnation 3, sequence 4; a piece of news is 8. */
const headBytes = 13;
const newsBytes = 8;
const messages: readonly MessageKind[] = [
  {
    name: 'ping',
    words: ['probe', 'news', 'news', 'news'],
    headBytes: headBytes + 3 * newsBytes,
    publication: false,
  },
  {
    name: 'ack',
    words: ['probe', 'news', 'news', 'news'],
    headBytes: headBytes + 3 * newsBytes,
    publication: false,
  },
  {
    name: 'ping-request',
    words: ['probe', 'target', 'news', 'news'],
    headBytes: headBytes + 4 + 2 * newsBytes,
    publication: false,
  },
  {
    name: 'relayed-ping',
    words: ['probe', 'origin', 'news', 'news'],
    headBytes: headBytes + 4 + 2 * newsBytes,
    publication: false,
  },
  {
    name: 'relayed-ack',
    words: ['probe', 'origin', 'news', 'news'],
    headBytes: headBytes + 4 + 2 * newsBytes,
    publication: false,
  },
];

function log10(x: number): number {
  return ln(x) / ln(10);
}

class SwimPopulation implements Population {
  readonly #opinions: PeerOpinions;
  readonly #everybody: PeerView;
  readonly #picker: PeerPicker;
  readonly #ownIncarnation: Uint32Array;
  /** Incarnations of others, where not 0. */
  readonly #incarnations: (Map<number, number> | undefined)[];
  readonly #target: Int32Array;
  readonly #probe: Uint32Array;
  /** 1 when the probe of this period was answered, or there was nobody to probe. */
  readonly #answered: Uint8Array;
  readonly #health: Uint8Array;
  /** Round robin: a shuffled list of positions, and the place of the next. */
  readonly #order: (Int32Array | undefined)[];
  readonly #next: Uint32Array;
  readonly #news: NewsDesk;
  /** How often each node tells a piece of news. */
  readonly #tellings: Uint32Array;
  #probes = 0;
  #failed = 0;
  #refuted = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof swimKnobs>,
    wiring: Wiring,
  ) {
    this.#everybody = wiring.peers;
    this.#opinions = new PeerOpinions(host, rows, wiring.peers);
    wiring.peers = this.#opinions.livePeers;
    wiring.liveness = this.#opinions;
    this.#picker = new PeerPicker(settings.indirectChecks + 1);
    this.#ownIncarnation = new Uint32Array(rows);
    this.#incarnations = new Array<Map<number, number> | undefined>(rows);
    this.#target = new Int32Array(rows);
    this.#probe = new Uint32Array(rows);
    this.#answered = new Uint8Array(rows);
    this.#health = new Uint8Array(rows);
    this.#order = new Array<Int32Array | undefined>(rows);
    this.#next = new Uint32Array(rows);
    this.#news = new NewsDesk(rows);
    this.#tellings = new Uint32Array(rows);
  }

  figures(): Readonly<Record<string, number>> {
    return { probes: this.#probes, probesFailed: this.#failed, suspicionsRefuted: this.#refuted };
  }

  start(reason: StartReason): void {
    const { host } = this;
    const { row, self } = host;
    this.#answered[row] = 1;
    this.#health[row] = 0;
    if (reason !== 'state-kept') {
      this.#opinions.forget();
      this.#news.clear(row);
      this.#incarnations[row] = undefined;
      this.#order[row] = undefined;
      this.#ownIncarnation[row] = host.incarnation;
    } else this.#ownIncarnation[row]++;
    const digits = Math.ceil(log10(this.#everybody.count() + 2) - 1e-9);
    this.#tellings[row] = this.settings.retransmitMultiplier * Math.max(1, digits);
    if (reason !== 'boot') this.#news.add(row, packNews(self, opinions.alive, this.#ownIncarnation[row]));
    host.setTimer(timers.period, 1 + host.chance.below(this.settings.probeInterval), 0);
    host.setTimer(timers.reconnect, this.settings.reconnectInterval, 0);
  }

  /** Tells as many others as any news is told to; from there it spreads. An answer to probe 0 is nobody's answer. */
  leave(): void {
    const { host } = this;
    const { row, self } = host;
    const { livePeers } = this.#opinions;
    const count = livePeers.count();
    if (count === 0) return;
    const news = packNews(self, opinions.left, this.#ownIncarnation[row]);
    for (let told = 0; told < this.#tellings[row]; told++)
      host.send(livePeers.at(host.chance.below(count)), kinds.ack, 0, news, noNews, noNews, 0);
  }

  timer(kind: number, argument: number): void {
    if (kind === timers.period) this.#period();
    else if (kind === timers.timeout) this.#askOthers(argument);
    else if (kind === timers.reconnect) this.#reconnect();
    else this.#timeIsUp(Math.floor(argument / incarnationsInTimer), argument % incarnationsInTimer);
  }

  receive(envelope: Envelope): void {
    const { host } = this;
    const { from, kind, a: probe, b } = envelope;
    this.#hear(envelope.c);
    this.#hear(envelope.d);
    switch (kind) {
      case kinds.ping:
        this.#hear(b);
        this.#send(from, kinds.ack, probe);
        break;
      case kinds.ack:
        this.#hear(b);
        if (probe === this.#probe[host.row] && from === this.#target[host.row]) this.#answer();
        break;
      case kinds.pingRequest:
        this.#send(b, kinds.relayedPing, probe, from);
        break;
      case kinds.relayedPing:
        this.#send(from, kinds.relayedAck, probe, b);
        break;
      default:
        // The origin gets the answer as if it came from the target, which the probe's number names.
        if (b === host.self) {
          if (probe === this.#probe[host.row]) this.#answer();
        } else this.#send(b, kinds.relayedAck, probe, b);
    }
  }

  // --- probing -------------------------------------------------------------------------------------------------

  /** A period ends and the next begins. */
  #period(): void {
    const { host, settings } = this;
    const { row } = host;
    if (this.#answered[row] === 0) this.#fail();
    const patience = settings.localHealth ? this.#health[row] + 1 : 1;
    host.setTimer(timers.period, settings.probeInterval * patience, 0);
    const target = this.#chooseTarget();
    this.#answered[row] = target < 0 ? 1 : 0;
    if (target < 0) return;
    this.#target[row] = target;
    this.#probe[row] = (this.#probe[row] + 1) % 0x40000000;
    this.#probes++;
    this.#send(target, kinds.ping, this.#probe[row]);
    host.setTimer(timers.timeout, settings.probeTimeout * patience, this.#probe[row]);
  }

  #answer(): void {
    const { row } = this.host;
    if (this.#answered[row] === 1) return;
    this.#answered[row] = 1;
    if (this.#health[row] > 0) this.#health[row]--;
  }

  #askOthers(probe: number): void {
    const { host, settings } = this;
    const { row } = host;
    if (this.#probe[row] !== probe || this.#answered[row] === 1) return;
    const { picked } = this.#picker;
    const count = this.#picker.pick(this.#opinions.livePeers, host.chance);
    const target = this.#target[row];
    let asked = 0;
    for (let i = 0; i < count && asked < settings.indirectChecks; i++) {
      const proxy = picked[i];
      if (proxy === target) continue;
      asked++;
      this.#send(proxy, kinds.pingRequest, probe, target);
    }
  }

  #fail(): void {
    const { row } = this.host;
    const target = this.#target[row];
    this.#failed++;
    if (this.#health[row] < healthMax) this.#health[row]++;
    if (!this.#opinions.isThoughtAlive(target)) return;
    const opinion = this.settings.suspicionMultiplier > 0 ? opinions.suspect : opinions.dead;
    this.#believe(target, opinion, this.#incarnationOf(target), true);
  }

  /** Asks one of the dead. If it lives, it hears what is said of it, denies, and its answer brings it back. */
  #reconnect(): void {
    const { host } = this;
    const { gonePeers } = this.#opinions;
    const count = gonePeers.count();
    if (count > 0) this.#send(gonePeers.at(host.chance.below(count)), kinds.ping, 0);
    host.setTimer(timers.reconnect, this.settings.reconnectInterval, 0);
  }

  #chooseTarget(): number {
    const { host, settings } = this;
    if (settings.probeOrder === 'random') {
      const live = this.#opinions.livePeers;
      const count = live.count();
      return count === 0 ? -1 : live.at(host.chance.below(count));
    }
    const count = this.#everybody.count();
    for (let tries = 0; tries < count; tries++) {
      const peer = this.#everybody.at(this.#nextPosition(count));
      if (this.#opinions.isThoughtAlive(peer)) return peer;
    }
    return -1;
  }

  #nextPosition(count: number): number {
    const { row, chance } = this.host;
    let order = this.#order[row];
    if (order?.length !== count) {
      order = this.#order[row] = new Int32Array(count);
      for (let i = 0; i < count; i++) order[i] = i;
      this.#next[row] = count;
    }
    if (this.#next[row] >= count) {
      for (let i = count - 1; i > 0; i--) {
        const j = chance.below(i + 1);
        [order[i], order[j]] = [order[j], order[i]];
      }
      this.#next[row] = 0;
    }
    return order[this.#next[row]++];
  }

  // --- rumours -------------------------------------------------------------------------------------------------

  /** Sends with as much news as there is room for; about the receiver first, if it is badly spoken of. */
  #send(to: number, kind: number, probe: number, address = -1): void {
    const { row } = this.host;
    const bad = this.#opinions.of(to);
    const warning = bad === opinions.alive ? noNews : packNews(to, bad, this.#incarnationOf(to));
    const tellings = this.#tellings[row];
    const first = warning === noNews ? this.#news.next(row, tellings) : warning;
    const second = this.#news.next(row, tellings, first);
    if (address >= 0) {
      this.host.send(to, kind, probe, address, first, second, 0);
      return;
    }
    this.host.send(to, kind, probe, first, second, this.#news.next(row, tellings, first, second), 0);
  }

  #hear(news: number): void {
    if (news === noNews) return;
    const { row, self } = this.host;
    const subject = subjectOf(news);
    const opinion = opinionOf(news);
    const incarnation = incarnationOf(news);
    if (subject !== self) {
      this.#believe(subject, opinion, incarnation, false);
      return;
    }
    if (opinion === opinions.alive || incarnation < this.#ownIncarnation[row]) return;
    this.#ownIncarnation[row] = incarnation + 1;
    this.#refuted++;
    if (this.#health[row] < healthMax) this.#health[row]++;
    this.#news.add(row, packNews(self, opinions.alive, incarnation + 1));
  }

  /** Takes over what is said of a peer, if it is newer than what was believed, and passes it on. */
  #believe(subject: number, opinion: Opinion, incarnation: number, own: boolean): void {
    const { host } = this;
    const before = this.#opinions.of(subject);
    const known = this.#incarnationOf(subject);
    const isNews =
      opinion === opinions.alive
        ? incarnation > known
        : opinion === opinions.suspect
          ? incarnation > known || (incarnation === known && before === opinions.alive)
          : incarnation >= known && before < opinions.dead;
    if (!isNews) return;
    const { row } = host;
    if (incarnation !== known) (this.#incarnations[row] ??= new Map()).set(subject, incarnation);
    this.#opinions.set(subject, opinion, own);
    this.#news.add(row, packNews(subject, opinion, incarnation));
    if (opinion !== opinions.suspect) return;
    const argument = subject * incarnationsInTimer + (incarnation % incarnationsInTimer);
    host.setTimer(timers.suspicion, this.#suspicionUs(), argument);
  }

  #timeIsUp(subject: number, incarnation: number): void {
    const known = this.#incarnationOf(subject);
    if (this.#opinions.of(subject) !== opinions.suspect || known % incarnationsInTimer !== incarnation)
      return;
    this.#believe(subject, opinions.dead, known, true);
  }

  #suspicionUs(): number {
    const { suspicionMultiplier, probeInterval, localHealth } = this.settings;
    const periods = suspicionMultiplier * Math.max(1, log10(this.#everybody.count() + 1));
    const patience = localHealth ? this.#health[this.host.row] + 1 : 1;
    return Math.max(1, Math.round(periods * probeInterval * patience));
  }

  #incarnationOf(peer: number): number {
    return this.#incarnations[this.host.row]?.get(peer) ?? 0;
  }
}

export const swim = protocol({
  name: 'swim',
  summary: 'one probe a period, indirect probes, suspicion that can be denied, rumours on the back of probes',
  slot: 'detector',
  knobs: swimKnobs,
  messages,
  memoryBytes: ({ nodeCount, degree }, { probeOrder }) =>
    // A list of all peers, and news about some; the period, the probe and its answer are under way.
    nodeCount * (2 * objectBytes + (probeOrder === 'random' ? 0 : 4 * degree) + 4 * eventBytes),
  create(host, rows, parameters, wiring) {
    if (parameters.probeTimeout >= parameters.probeInterval) {
      throw new UserError('bad-scenario', {
        place: 'failureDetector.probeTimeout',
        what: 'a probe would last longer than the period',
        next: 'Make probeTimeout shorter than probeInterval.',
      });
    }
    return new SwimPopulation(host, rows, parameters, wiring);
  },
});
