/**
 * A topology that is made while the network runs. Every node keeps a book of peers that it knows and an active view of a few that it
 * talks to. Round by round it asks those how long a round trip takes, looks at a few others, and exchanges addresses with one of them; every
 * so many rounds it chooses its view anew. Who does not answer for long, or is dead in the eyes of a failure detector, is struck out, and
 * asked now and then whether it is back.
 *
 * Links are two-sided: whoever was chosen talks to the chooser as well, until it is released or hears no more that it is in use. So nobody is
 * left out whom nobody would have chosen. How to choose is somebody else's wisdom, see peer-choice.ts.
 *
 * A detector sits on top: the view is whom it watches, and without those that it holds for dead it is what other slots see. Only who is watched
 * can be found alive again, so a dead peer that gives a sign of life is a guest in the view until the detector has made up its mind.
 */
import type { Envelope, MessageKind } from '../model/envelope.js';
import type { Host, Population, StartReason } from '../model/protocol.js';
import type { PeerView, Wiring } from '../model/stack.js';
import { PeerBook, type KnownPeer } from './peer-book.js';
import { atRandom, type PeerChoice } from './peer-choice.js';
import { PeerDesk } from './peer-desk.js';
import { neighboursOf, positionAmong } from './sorted-peers.js';

const kinds = { question: 0, answer: 1, wanted: 2, addresses: 3, release: 4, farewell: 5 } as const;
const nobody = -1;
/** Rounds after which a guest that has not been heard again is a stranger. */
const patienceRounds = 3;

/** Kind and version, sender, number; an address is 16 bytes and a port. */
export const managerMessages: readonly MessageKind[] = [
  { name: 'question', words: ['question', 'chosen'], headBytes: 13, publication: false },
  { name: 'answer', words: ['question'], headBytes: 12, publication: false },
  { name: 'wanted', words: [], headBytes: 8, publication: false },
  {
    name: 'addresses',
    words: ['first', 'second', 'third', 'fourth'],
    headBytes: 8 + 4 * 18,
    publication: false,
  },
  { name: 'release', words: [], headBytes: 8, publication: false },
  { name: 'farewell', words: [], headBytes: 8, publication: false },
];

export interface ManagerSettings {
  /** Active peers. */
  readonly degree: number;
  /** How many peers the book holds. */
  readonly known: number;
  /** How many nodes, those with the lowest addresses, everybody knows from the beginning; 0: all neighbours in the topology. */
  readonly seeds: number;
  readonly intervalUs: number;
  /** Rounds. */
  readonly rebalanceEvery: number;
  readonly staleAfterUs: number;
  /** Peers outside of the view that are asked in each round. */
  readonly explore: number;
}

export class TopologyManager implements Population {
  readonly #desks: (PeerDesk | undefined)[];
  readonly #neighbours: PeerView;
  #questions = 0;
  #learned = 0;
  #pruned = 0;
  #foundDead = 0;
  #rebalances = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: ManagerSettings,
    private readonly choose: PeerChoice,
    private readonly wiring: Wiring,
    /** What it takes for near; left out where it does not care. */
    readonly manner?: string,
  ) {
    this.#desks = new Array<PeerDesk | undefined>(rows);
    this.#neighbours = neighboursOf(host);
    wiring.peers = this.view;
  }

  readonly view: PeerView = {
    count: () => this.#desks[this.host.row]?.view.length ?? 0,
    at: (index) => (this.#desks[this.host.row] as PeerDesk).view[index],
    changing: {
      edition: () => this.#desks[this.host.row]?.viewEdition ?? 0,
      cameWith: (index) => (this.#desks[this.host.row] as PeerDesk).cameWith(index),
    },
  };

  start(reason: StartReason): void {
    const { host, settings } = this;
    const kept = reason === 'state-kept' ? this.#desks[host.row] : undefined;
    if (kept === undefined) this.#desks[host.row] = this.#newDesk(this.#desks[host.row]?.viewEdition ?? 0);
    else {
      kept.book.excuse();
      kept.guests.clear();
      kept.renew();
    }
    host.setTimer(0, 1 + host.chance.below(settings.intervalUs), 0);
  }

  /** Tells all that it talks to, so that nobody waits for it. */
  leave(): void {
    for (const peer of (this.#desks[this.host.row] as PeerDesk).view)
      this.host.send(peer, kinds.farewell, 0, 0, 0, 0, 0);
  }

  #newDesk(edition: number): PeerDesk {
    const { host, settings } = this;
    const book = new PeerBook(host.self, settings.known);
    const count = host.peerCount;
    if (settings.seeds > 0) {
      // Neighbours are sorted by address: the seeds are the first of them.
      for (let i = 0; i < count && host.peerAt(i) < settings.seeds; i++)
        book.register(host.peerAt(i), host.nowUs, false, nobodyIsInUse);
    } else {
      for (const index of drawn(count, Math.min(count, settings.known), host))
        book.register(host.peerAt(index), host.nowUs, false, nobodyIsInUse);
    }
    const desk = new PeerDesk(book, edition);
    this.#choose(desk);
    desk.renew();
    return desk;
  }

  timer(): void {
    const { host, settings } = this;
    const desk = this.#desks[host.row] as PeerDesk;
    desk.round++;
    this.#strikeOut(desk);
    desk.forgetGuests(host.nowUs - patienceRounds * settings.intervalUs);
    if (desk.round % settings.rebalanceEvery === 0) {
      this.#rebalances++;
      this.#choose(desk);
    } else if (desk.chosen.length < settings.degree) this.#fill(desk);
    desk.renew();
    for (const peer of desk.chosen) this.#ask(desk, peer, 1);
    // A dead guest answers as long as it is there, and takes us for a guest of its own, so that both detectors hear of each other.
    for (const guest of desk.guests.keys()) if (this.#isDead(guest)) this.#question(desk, guest, 1);
    this.#explore(desk);
    this.#askTheBuried(desk);
    if (desk.view.length > 0)
      host.send(desk.view[host.chance.below(desk.view.length)], kinds.wanted, 0, 0, 0, 0, 0);
    host.setTimer(0, settings.intervalUs, 0);
  }

  /** Who has been silent for too long, and who is dead in the eyes of the detector. */
  #strikeOut(desk: PeerDesk): void {
    const { host, settings, wiring } = this;
    const silent = desk.book.prune(host.nowUs, settings.staleAfterUs);
    this.#pruned += silent.length;
    const dead: number[] = [];
    if (wiring.liveness !== undefined)
      for (const { address } of desk.book.values()) if (this.#isDead(address)) dead.push(address);
    this.#foundDead += dead.length;
    for (const address of dead) desk.book.bury(address, host.nowUs + settings.staleAfterUs);
    if (silent.length + dead.length > 0) desk.keepKnown();
  }

  #isDead(address: number): boolean {
    return this.wiring.liveness?.isThoughtAlive(address) === false;
  }

  /** One a round: without this the two sides of a network that was cut for long would have forgotten each other for good. */
  #askTheBuried(desk: PeerDesk): void {
    const { host, settings } = this;
    const address = desk.book.longestBuried(host.nowUs);
    if (address < 0) return;
    desk.book.bury(address, host.nowUs + settings.staleAfterUs);
    this.#question(desk, address, 0);
  }

  /** Looks at some that are not in use, first at those of which no round trip is known. */
  #explore(desk: PeerDesk): void {
    const { host, settings } = this;
    const others = [...desk.book.values()].filter(({ address }) => !desk.chosen.includes(address));
    const fresh = others.filter(({ roundTripUs }) => roundTripUs < 0);
    const first = atRandom(fresh, settings.explore, host.chance);
    const rest =
      first.length === settings.explore
        ? []
        : atRandom(
            others.filter(({ roundTripUs }) => roundTripUs >= 0),
            settings.explore - first.length,
            host.chance,
          );
    for (const { address } of [...first, ...rest]) this.#ask(desk, address, 0);
  }

  #ask(desk: PeerDesk, address: number, isChosen: 0 | 1): void {
    const peer = desk.book.get(address);
    if (peer === undefined) return;
    desk.book.asked(peer, desk.question, this.host.nowUs);
    this.#question(desk, address, isChosen);
  }

  #question(desk: PeerDesk, address: number, isChosen: 0 | 1): void {
    this.#questions++;
    this.host.send(address, kinds.question, desk.question++, isChosen, 0, 0, 0);
  }

  /**
   * Whom the node may choose: nobody that it ignores, and those that have answered, as long as they are enough. What others told of may
   * be dead; whom the detector holds for dead is not in the book.
   */
  #candidates(desk: PeerDesk, wanted: number): KnownPeer[] {
    const { standing } = this.wiring;
    const all = [...desk.book.values()].filter(({ address }) => standing?.isIgnored(address) !== true);
    const sound = all.filter(({ roundTripUs, silentSinceUs }) => roundTripUs >= 0 && silentSinceUs < 0);
    return sound.length >= wanted ? sound : all;
  }

  #choose(desk: PeerDesk): void {
    const { degree } = this.settings;
    const before = desk.chosen;
    const chosen = this.choose(this.#candidates(desk, degree), degree, this.host.chance);
    desk.chosen = Int32Array.from(chosen, ({ address }) => address).sort();
    // Told, or else it would wait for us, and take our silence for death.
    for (const peer of before)
      if (!desk.chosen.includes(peer)) this.host.send(peer, kinds.release, 0, 0, 0, 0, 0);
  }

  /** Between two choices a gap is filled at random: nothing is known of most. */
  #fill(desk: PeerDesk): void {
    const { degree } = this.settings;
    const wanted = degree - desk.chosen.length;
    const others = this.#candidates(desk, degree).filter(({ address }) => !desk.chosen.includes(address));
    const more = atRandom(others, wanted, this.host.chance);
    if (more.length === 0) return;
    desk.chosen = Int32Array.from([...desk.chosen, ...more.map(({ address }) => address)]).sort();
  }

  receive(envelope: Envelope): void {
    const { host } = this;
    const desk = this.#desks[host.row] as PeerDesk;
    const { from } = envelope;
    switch (envelope.kind) {
      case kinds.question:
        this.#signOfLife(desk, from);
        if (envelope.b === 1) desk.receiveGuest(from, this.host.nowUs);
        host.send(from, kinds.answer, envelope.a, 0, 0, 0, 0);
        break;
      case kinds.answer:
        this.#signOfLife(desk, from);
        desk.book.answered(from, envelope.a, host.nowUs);
        break;
      case kinds.wanted:
        this.#tell(desk, from);
        break;
      case kinds.release:
        desk.dismissGuest(from);
        break;
      case kinds.farewell:
        desk.strikeOut(from, host.nowUs + this.settings.staleAfterUs);
        break;
      default:
        for (const address of [envelope.a, envelope.b, envelope.c, envelope.d])
          if (address !== nobody && this.#isReachable(address)) this.#register(desk, address, true);
    }
  }

  /** Whoever asks or answers is there. Only the detector can say that a dead peer is alive, so it is shown to it. */
  #signOfLife(desk: PeerDesk, from: number): void {
    if (this.#isDead(from)) desk.receiveGuest(from, this.host.nowUs);
    else this.#register(desk, from, false);
  }

  #register(desk: PeerDesk, address: number, isHearsay: boolean): void {
    const isInUse = (other: number): boolean => desk.chosen.includes(other);
    if (desk.book.register(address, this.host.nowUs, isHearsay, isInUse)) this.#learned++;
  }

  /** Four addresses at random, but not the asker's own. */
  #tell(desk: PeerDesk, to: number): void {
    const others = [...desk.book.values()].filter(({ address }) => address !== to);
    const words = atRandom(others, 4, this.host.chance).map(({ address }) => address);
    while (words.length < 4) words.push(nobody);
    this.host.send(to, kinds.addresses, words[0], words[1], words[2], words[3], 0);
  }

  /** Is there a link? */
  #isReachable(address: number): boolean {
    return positionAmong(this.#neighbours, address) >= 0;
  }

  figures(): Readonly<Record<string, number>> {
    return {
      questions: this.#questions,
      learned: this.#learned,
      pruned: this.#pruned,
      foundDead: this.#foundDead,
      rebalances: this.#rebalances,
    };
  }
}

const nobodyIsInUse = (): boolean => false;

/** Different numbers below `count`, in the order drawn; all of them in order when that many are wanted. */
function drawn(count: number, wanted: number, host: Host): readonly number[] {
  if (wanted === count) return Array.from({ length: count }, (_, index) => index);
  // Floyd's algorithm, see gossip-peers.ts.
  const chosen = new Set<number>();
  for (let last = count - wanted; last < count; last++) {
    const draw = host.chance.below(last + 1);
    chosen.add(chosen.has(draw) ? last : draw);
  }
  return [...chosen];
}
