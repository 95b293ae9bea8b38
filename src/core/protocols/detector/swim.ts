/**
 * SWIM: in every period each node asks one other whether it is alive. No answer, and it asks a few others to ask; still none, and it
 * suspects. Suspicions travel with the probes; who hears of its own takes a new incarnation and denies; who does not is dead when the
 * time is up. One probe a node and period finds a crash after e / (e - 1) periods on average, however large the network.
 *
 * Where a node will never know everybody, rumours about strangers are of no use to it, and nobody can count on rumours to reach a suspect.
 * So there it keeps and passes on only what is said of its own peers, asks a suspect itself again in each period until the time is up, and
 * whoever is asked so denies in the answer.
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
  noNews,
  opinionOf,
  opinions,
  packNews,
  subjectOf,
  type Opinion,
} from '../../parts/membership-news.js';
import { eventBytes } from '../../parts/memory-size.js';
import { NewsDesk } from '../../parts/news-desk.js';
import { PeerOpinions, positionOf } from '../../parts/peer-opinions.js';
import { RoundRobin } from '../../parts/round-robin.js';

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
const timers = { period: 0, timeout: 1, suspicion: 2, reconnect: 3, askAgain: 4 } as const;
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

/** A row with its heads, and a few short lists. */
const rowBytes = 250;
/** Words of a node's row, side by side because a turn needs most of them. */
const rowWords = 8;
const word = {
  /** Whom the probe of this period is for, and its number. */
  target: 0,
  probe: 1,
  /** 1 when the probe was answered, or there was nobody to probe. */
  answered: 2,
  health: 3,
  ownIncarnation: 4,
  /** How often the node tells a piece of news. */
  tellings: 5,
  /** 1 when it listens to news of everybody: its view is all there are, or may be tomorrow. */
  hearsAll: 6,
} as const;

class SwimPopulation implements Population {
  readonly #opinions: PeerOpinions;
  readonly #everybody: PeerView;
  readonly #picker: PeerPicker;
  readonly #rows: Int32Array;
  readonly #order: RoundRobin;
  readonly #news: NewsDesk;
  /** In a partial view: what the node says of itself to whoever spoke badly of it in the message at hand. */
  #denial = noNews;
  #probes = 0;
  #failed = 0;
  #refuted = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Values<typeof swimKnobs>,
    private readonly wiring: Wiring,
  ) {
    this.#everybody = wiring.peers;
    this.#opinions = new PeerOpinions(host, rows, wiring.peers);
    wiring.peers = this.#opinions.livePeers;
    wiring.liveness = this.#opinions;
    this.#picker = new PeerPicker(settings.indirectChecks + 1);
    this.#rows = new Int32Array(rows * rowWords);
    this.#order = new RoundRobin(rows);
    this.#news = new NewsDesk(rows);
  }

  figures(): Readonly<Record<string, number>> {
    return { probes: this.#probes, probesFailed: this.#failed, suspicionsRefuted: this.#refuted };
  }

  start(reason: StartReason): void {
    const { host } = this;
    const { row, self } = host;
    const rows = this.#rows;
    const at = row * rowWords;
    rows[at + word.answered] = 1;
    rows[at + word.health] = 0;
    if (reason !== 'state-kept') {
      this.#opinions.forget();
      this.#news.clear(row);
      this.#order.restart(row);
      rows[at + word.ownIncarnation] = host.incarnation;
    } else rows[at + word.ownIncarnation]++;
    const count = this.#everybody.count();
    const digits = Math.ceil(log10(count + 2) - 1e-9);
    rows[at + word.tellings] = this.settings.retransmitMultiplier * Math.max(1, digits);
    rows[at + word.hearsAll] =
      this.#everybody.changing !== undefined || count + 1 >= (this.wiring.memberCount ?? 0) ? 1 : 0;
    if (reason !== 'boot')
      this.#news.add(row, packNews(self, opinions.alive, rows[at + word.ownIncarnation]));
    host.setTimer(timers.period, 1 + host.chance.below(this.settings.probeInterval), 0);
    host.setTimer(timers.reconnect, this.settings.reconnectInterval, 0);
  }

  /**
   * Tells as many others as any news is told to, from where it spreads; where nobody passes it on to strangers, each of its peers. An
   * answer to probe 0 is nobody's answer.
   */
  leave(): void {
    const { host } = this;
    const { row, self } = host;
    const { livePeers } = this.#opinions;
    const count = livePeers.count();
    if (count === 0) return;
    const news = packNews(self, opinions.left, this.#word(word.ownIncarnation));
    const hearsAll = this.#word(word.hearsAll) === 1;
    const told = hearsAll ? this.#rows[row * rowWords + word.tellings] : count;
    for (let i = 0; i < told; i++)
      host.send(livePeers.at(hearsAll ? host.chance.below(count) : i), kinds.ack, 0, news, noNews, noNews, 0);
  }

  timer(kind: number, argument: number): void {
    if (kind === timers.period) this.#period();
    else if (kind === timers.timeout) this.#askOthers(argument);
    else if (kind === timers.reconnect) this.#reconnect();
    else if (kind === timers.askAgain)
      this.#askAgain(Math.floor(argument / incarnationsInTimer), argument % incarnationsInTimer);
    else this.#timeIsUp(Math.floor(argument / incarnationsInTimer), argument % incarnationsInTimer);
  }

  receive(envelope: Envelope): void {
    const { host } = this;
    const { from, kind, a: probe, b } = envelope;
    this.#denial = noNews;
    if (envelope.c !== noNews) this.#hear(envelope.c);
    if (envelope.d !== noNews) this.#hear(envelope.d);
    switch (kind) {
      case kinds.ping:
        if (b !== noNews) this.#hear(b);
        this.#send(from, kinds.ack, probe);
        break;
      case kinds.ack:
        if (b !== noNews) this.#hear(b);
        if (probe === this.#word(word.probe) && from === this.#word(word.target)) this.#answer();
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
          if (probe === this.#word(word.probe)) this.#answer();
        } else this.#send(b, kinds.relayedAck, probe, b);
    }
  }

  touchForMessages(rows: Int32Array, _bodies: Int32Array, count: number): number {
    return this.#touch(rows, count);
  }

  touchForTimers(rows: Int32Array, count: number): number {
    return this.#touch(rows, count) ^ this.#order.touch(rows, count);
  }

  #touch(rows: Int32Array, count: number): number {
    let sum = this.#opinions.touch(rows, count) ^ this.#news.touch(rows, count);
    for (let i = 0; i < count; i++) sum ^= this.#rows[rows[i] * rowWords];
    return sum;
  }

  // --- probing -------------------------------------------------------------------------------------------------

  /** A period ends and the next begins. */
  #period(): void {
    const { host, settings } = this;
    const rows = this.#rows;
    const at = host.row * rowWords;
    if (rows[at + word.answered] === 0) this.#fail();
    const patience = settings.localHealth ? rows[at + word.health] + 1 : 1;
    host.setTimer(timers.period, settings.probeInterval * patience, 0);
    const target = this.#chooseTarget();
    rows[at + word.answered] = target < 0 ? 1 : 0;
    if (target < 0) return;
    const probe = (rows[at + word.probe] + 1) % 0x40000000;
    rows[at + word.target] = target;
    rows[at + word.probe] = probe;
    this.#probes++;
    this.#send(target, kinds.ping, probe);
    host.setTimer(timers.timeout, settings.probeTimeout * patience, probe);
  }

  #answer(): void {
    const rows = this.#rows;
    const at = this.host.row * rowWords;
    if (rows[at + word.answered] === 1) return;
    rows[at + word.answered] = 1;
    if (rows[at + word.health] > 0) rows[at + word.health]--;
  }

  #askOthers(probe: number): void {
    const { host, settings } = this;
    const rows = this.#rows;
    const at = host.row * rowWords;
    if (rows[at + word.answered] === 1 || rows[at + word.probe] !== probe) return;
    const { picked } = this.#picker;
    const count = this.#picker.pick(this.#opinions.livePeers, host.chance);
    const target = rows[at + word.target];
    let asked = 0;
    for (let i = 0; i < count && asked < settings.indirectChecks; i++) {
      const proxy = picked[i];
      if (proxy === target) continue;
      asked++;
      this.#send(proxy, kinds.pingRequest, probe, target);
    }
  }

  #fail(): void {
    const target = this.#word(word.target);
    this.#failed++;
    this.#tire();
    if (!this.#opinions.isThoughtAlive(target)) return;
    const opinion = this.settings.suspicionMultiplier > 0 ? opinions.suspect : opinions.dead;
    this.#believe(target, opinion, this.#opinions.incarnationOf(target), true);
  }

  /** Asks a suspect itself, which so hears that it is one, and once more after a period. */
  #askAgain(subject: number, incarnation: number): void {
    if (!this.#isStillSuspect(subject, incarnation)) return;
    this.#send(subject, kinds.ping, 0);
    const argument = subject * incarnationsInTimer + incarnation;
    this.host.setTimer(timers.askAgain, this.settings.probeInterval, argument);
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
      const peer = this.#everybody.at(this.#order.next(host.row, count, host.chance));
      if (this.#opinions.isThoughtAlive(peer)) return peer;
    }
    return -1;
  }

  // --- rumours -------------------------------------------------------------------------------------------------

  /** Sends with as much news as there is room for; first what concerns the receiver, if it is badly spoken of or spoke badly. */
  #send(to: number, kind: number, probe: number, address = -1): void {
    const { row } = this.host;
    const tellings = this.#word(word.tellings);
    const bad = this.#opinions.of(to);
    const warning = bad === opinions.alive ? noNews : packNews(to, bad, this.#opinions.incarnationOf(to));
    const denial = kind === kinds.ack ? this.#denial : noNews;
    const urgent = warning !== noNews ? warning : denial;
    const first = urgent !== noNews ? urgent : this.#news.next(row, tellings);
    const second = denial !== noNews && denial !== first ? denial : this.#news.next(row, tellings, first);
    if (address >= 0) {
      this.host.send(to, kind, probe, address, first, second, 0);
      return;
    }
    this.host.send(to, kind, probe, first, second, this.#news.next(row, tellings, first, second), 0);
  }

  #hear(news: number): void {
    const { row, self } = this.host;
    const subject = subjectOf(news);
    const opinion = opinionOf(news);
    const incarnation = incarnationOf(news);
    if (subject !== self) {
      this.#believe(subject, opinion, incarnation, false);
      return;
    }
    const rows = this.#rows;
    const at = row * rowWords;
    if (opinion === opinions.alive) return;
    const isOld = incarnation < rows[at + word.ownIncarnation];
    if (!isOld) {
      rows[at + word.ownIncarnation] = incarnation + 1;
      this.#refuted++;
      this.#tire();
      this.#news.add(row, packNews(self, opinions.alive, incarnation + 1));
    }
    // Where peers are chosen, a denial of long ago may have missed a stranger of then, and nobody tells it any more.
    if (rows[at + word.hearsAll] === 0 || (isOld && this.#everybody.changing !== undefined))
      this.#denial = packNews(self, opinions.alive, rows[at + word.ownIncarnation]);
  }

  /** Takes over what is said of a peer, if it is newer than what was believed, and passes it on. */
  #believe(subject: number, opinion: Opinion, incarnation: number, own: boolean): void {
    const { host } = this;
    const { row } = host;
    const hearsAll = this.#word(word.hearsAll) === 1;
    if (!hearsAll && positionOf(this.#everybody, subject) < 0) return;
    const before = this.#opinions.of(subject);
    const known = this.#opinions.incarnationOf(subject);
    const isNews =
      opinion === opinions.alive
        ? incarnation > known
        : opinion === opinions.suspect
          ? incarnation > known || (incarnation === known && before === opinions.alive)
          : incarnation >= known && before < opinions.dead;
    if (!isNews) return;
    this.#opinions.set(subject, opinion, own, incarnation);
    this.#news.add(row, packNews(subject, opinion, incarnation));
    if (opinion !== opinions.suspect) return;
    const argument = subject * incarnationsInTimer + (incarnation % incarnationsInTimer);
    host.setTimer(timers.suspicion, this.#suspicionUs(), argument);
    if (!hearsAll) host.setTimer(timers.askAgain, 1, argument);
  }

  #timeIsUp(subject: number, incarnation: number): void {
    if (this.#isStillSuspect(subject, incarnation))
      this.#believe(subject, opinions.dead, this.#opinions.incarnationOf(subject), true);
  }

  #isStillSuspect(subject: number, incarnation: number): boolean {
    return (
      this.#opinions.of(subject) === opinions.suspect &&
      this.#opinions.incarnationOf(subject) % incarnationsInTimer === incarnation
    );
  }

  #suspicionUs(): number {
    const { suspicionMultiplier, probeInterval, localHealth } = this.settings;
    const periods = suspicionMultiplier * Math.max(1, log10(this.#everybody.count() + 1));
    const patience = localHealth ? this.#word(word.health) + 1 : 1;
    return Math.max(1, Math.round(periods * probeInterval * patience));
  }

  /** Lifeguard: what goes wrong may be the node's own fault. */
  #tire(): void {
    const at = this.host.row * rowWords + word.health;
    if (this.#rows[at] < healthMax) this.#rows[at]++;
  }

  /** One word of the row of the node whose turn it is. */
  #word(column: number): number {
    return this.#rows[this.host.row * rowWords + column];
  }
}

export const swim = protocol({
  name: 'swim',
  summary: 'one probe a period, indirect probes, suspicion that can be denied, rumours on the back of probes',
  slot: 'detector',
  knobs: swimKnobs,
  messages,
  memoryBytes: ({ nodeCount, degree }, { probeOrder }) =>
    // The row, opinions of some peers and news about them, the order of all; the period, the probe and its answer are under way.
    nodeCount * (rowBytes + (probeOrder === 'random' ? 0 : 4 * degree) + 4 * eventBytes),
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
