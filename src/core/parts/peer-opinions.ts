/**
 * What each node thinks of its peers: alive, suspect, dead or left. Nearly everybody is alive nearly always, so only the others are
 * written down, node by node; a network of a million that is well costs nothing here. Every change of mind is reported, and the peers
 * that a node holds for dead vanish from the view which other slots see: "dead peers stay eligible until a detector removes them".
 *
 * The whole view may change under its feet, where nodes choose their peers. Opinions are about addresses and outlive that.
 */
import { reportKinds, type Host } from '../model/protocol.js';
import type { Liveness, PeerView } from '../model/stack.js';
import { incarnationOf, opinionOf, opinions, packNews, subjectOf, type Opinion } from './membership-news.js';
import { ShortLists } from './short-lists.js';
import { positionAmong } from './sorted-peers.js';

export class PeerOpinions implements Liveness {
  /** By row, ascending: the last news of each peer that is not simply alive in its incarnation 0. */
  readonly #unusual: ShortLists;
  /** By row, ascending: positions in the whole view of peers that are gone. */
  readonly #gone: ShortLists;
  /** By row: one bit for each peer of which there is news, by address modulo 32; most questions end here. */
  readonly #hints: Int32Array;
  /** By row, where the whole view changes: the edition that the positions are about. */
  readonly #editions: Float64Array | undefined;

  constructor(
    private readonly host: Host,
    rows: number,
    /** Everybody whom the node might talk to. */
    private readonly everybody: PeerView,
  ) {
    this.#unusual = new ShortLists(rows);
    this.#gone = new ShortLists(rows);
    this.#hints = new Int32Array(rows);
    if (everybody.changing !== undefined) this.#editions = new Float64Array(rows).fill(-1);
  }

  /** The node's view without the peers that are gone. */
  readonly livePeers: PeerView = {
    count: () => this.everybody.count() - this.#goneNow().count(this.host.row),
    at: (index) => {
      const gone = this.#goneNow();
      const { row } = this.host;
      // The index-th of those left is index + j, with j of the gone before it.
      let before = 0;
      let end = gone.count(row);
      while (before < end) {
        const middle = (before + end) >>> 1;
        if (gone.at(row, middle) - middle <= index) before = middle + 1;
        else end = middle;
      }
      return this.everybody.at(index + before);
    },
  };

  /** Those of the node's view that are gone. */
  readonly gonePeers: PeerView = {
    count: () => this.#goneNow().count(this.host.row),
    at: (index) => this.everybody.at(this.#goneNow().at(this.host.row, index)),
  };

  of(peer: number): Opinion {
    const place = this.#find(peer);
    return place < 0 ? opinions.alive : opinionOf(this.#unusual.at(this.host.row, place));
  }

  /** The incarnation of a peer that the node last heard of. */
  incarnationOf(peer: number): number {
    const place = this.#find(peer);
    return place < 0 ? 0 : incarnationOf(this.#unusual.at(this.host.row, place));
  }

  isThoughtAlive(peer: number): boolean {
    return this.of(peer) < opinions.dead;
  }

  /** The node starts afresh and thinks well of everybody; not reported. */
  forget(): void {
    const { row } = this.host;
    this.#unusual.clear(row);
    this.#gone.clear(row);
    this.#hints[row] = 0;
  }

  /**
   * Changes the node's mind.
   * @param own false for hearsay, whose suspicions are not reported: only the first witness counts
   * @param incarnation which one of the peer's the opinion is about, where peers have several
   * @returns false when it thought so before, be it of another incarnation
   */
  set(peer: number, opinion: Opinion, own = true, incarnation = 0): boolean {
    const before = this.of(peer);
    this.#goneNow();
    this.#write(peer, opinion, incarnation);
    if (before === opinion) return false;
    if (opinion >= opinions.dead !== before >= opinions.dead) this.#move(peer, opinion >= opinions.dead);
    if (opinion === opinions.alive) this.host.report(reportKinds.cleared, 0, peer);
    else if (opinion === opinions.dead) this.host.report(reportKinds.confirmed, 0, peer);
    else if (opinion === opinions.suspect && own) this.host.report(reportKinds.suspected, 0, peer);
    return true;
  }

  /** Nobody watches the peer any more: a suspicion lapses, and a verdict stands until it is heard again. Not reported. */
  lapse(peer: number): void {
    if (this.of(peer) === opinions.suspect) this.#write(peer, opinions.alive, this.incarnationOf(peer));
  }

  /** Reads what is known of these rows, so that memory has it at hand. */
  touch(rows: Int32Array, count: number): number {
    let sum = this.#gone.touch(rows, count);
    for (let i = 0; i < count; i++) sum ^= this.#hints[rows[i]];
    return sum;
  }

  /** The positions of those that are gone, as the view is now. */
  #goneNow(): ShortLists {
    if (this.#editions !== undefined) this.#lookAgain(this.#editions, this.host.row);
    return this.#gone;
  }

  #lookAgain(editions: Float64Array, row: number): void {
    const { everybody } = this;
    const edition = everybody.changing?.edition() ?? 0;
    if (editions[row] === edition) return;
    editions[row] = edition;
    this.#gone.clear(row);
    if (this.#unusual.count(row) === 0) return;
    const count = everybody.count();
    for (let position = 0; position < count; position++) {
      if (!this.isThoughtAlive(everybody.at(position)))
        this.#gone.insert(row, this.#gone.count(row), position);
    }
  }

  #find(peer: number): number {
    const { row } = this.host;
    if ((this.#hints[row] & (1 << (peer & 31))) === 0) return -1;
    const unusual = this.#unusual;
    const place = unusual.lowerBound(row, packNews(peer, opinions.alive, 0));
    return place < unusual.count(row) && subjectOf(unusual.at(row, place)) === peer ? place : -1;
  }

  #write(peer: number, opinion: Opinion, incarnation: number): void {
    const { row } = this.host;
    const unusual = this.#unusual;
    const place = this.#find(peer);
    const news = packNews(peer, opinion, incarnation);
    const isUsual = opinion === opinions.alive && incarnation === 0;
    if (place >= 0) {
      if (isUsual) unusual.remove(row, place);
      else unusual.set(row, place, news);
    } else if (!isUsual) {
      this.#hints[row] |= 1 << (peer & 31);
      unusual.insert(row, unusual.lowerBound(row, news), news);
    }
  }

  #move(peer: number, isGone: boolean): void {
    const position = positionOf(this.everybody, peer);
    if (position < 0) return;
    const { row } = this.host;
    const at = this.#gone.lowerBound(row, position);
    if (isGone) this.#gone.insert(row, at, position);
    else this.#gone.remove(row, at);
  }
}

/**
 * Where an address stands in a view, -1 when it does not. Views of a topology are sorted; others are looked through.
 */
export function positionOf(peers: PeerView, address: number): number {
  const position = positionAmong(peers, address);
  if (position >= 0) return position;
  const count = peers.count();
  for (let i = 0; i < count; i++) if (peers.at(i) === address) return i;
  return -1;
}
