/**
 * What each node thinks of its peers: alive, suspect, dead or left. Nearly everybody is alive nearly always, so only the others are
 * written down, node by node; a network of a million that is well costs nothing here. Every change of mind is reported, and the peers
 * that a node holds for dead vanish from the view which other slots see: "dead peers stay eligible until a detector removes them".
 *
 * The whole view may change under its feet, where nodes choose their peers. Opinions are about addresses and outlive that.
 */
import { reportKinds, type Host } from '../model/protocol.js';
import type { Liveness, PeerView } from '../model/stack.js';
import { positionAmong } from './sorted-peers.js';

export const opinions = { alive: 0, suspect: 1, dead: 2, left: 3 } as const;
export type Opinion = (typeof opinions)[keyof typeof opinions];

export class PeerOpinions implements Liveness {
  /** By row: opinions of peers that are not simply alive. */
  readonly #unusual: (Map<number, Opinion> | undefined)[];
  /** By row: positions in the whole view of peers that are gone, ascending. */
  readonly #gone: (number[] | undefined)[];
  /** By row, where the whole view changes: the edition that the positions are about. */
  readonly #editions: Float64Array | undefined;

  constructor(
    private readonly host: Host,
    rows: number,
    /** Everybody whom the node might talk to. */
    private readonly everybody: PeerView,
  ) {
    this.#unusual = new Array<Map<number, Opinion> | undefined>(rows);
    this.#gone = new Array<number[] | undefined>(rows);
    if (everybody.changing !== undefined) this.#editions = new Float64Array(rows).fill(-1);
  }

  /** The positions of those that are gone, as the view is now. */
  #goneNow(): number[] | undefined {
    const { row } = this.host;
    if (this.#editions !== undefined) this.#lookAgain(this.#editions, row);
    return this.#gone[row];
  }

  #lookAgain(editions: Float64Array, row: number): void {
    const { everybody } = this;
    const edition = everybody.changing?.edition() ?? 0;
    if (editions[row] === edition) return;
    editions[row] = edition;
    this.#gone[row] = undefined;
    if (this.#unusual[row] === undefined) return;
    const count = everybody.count();
    for (let position = 0; position < count; position++)
      if (!this.isThoughtAlive(everybody.at(position))) (this.#gone[row] ??= []).push(position);
  }

  /** The node's view without the peers that are gone. */
  readonly livePeers: PeerView = {
    count: () => this.everybody.count() - (this.#goneNow()?.length ?? 0),
    at: (index) => {
      const gone = this.#goneNow();
      if (gone === undefined) return this.everybody.at(index);
      // The index-th of those left is index + j, with j of the gone before it.
      let before = 0;
      let end = gone.length;
      while (before < end) {
        const middle = (before + end) >>> 1;
        if (gone[middle] - middle <= index) before = middle + 1;
        else end = middle;
      }
      return this.everybody.at(index + before);
    },
  };

  /** Those of the node's view that are gone. */
  readonly gonePeers: PeerView = {
    count: () => this.#goneNow()?.length ?? 0,
    at: (index) => this.everybody.at((this.#goneNow() as number[])[index]),
  };

  of(peer: number): Opinion {
    return this.#unusual[this.host.row]?.get(peer) ?? opinions.alive;
  }

  isThoughtAlive(peer: number): boolean {
    return this.of(peer) < opinions.dead;
  }

  /** The node starts afresh and thinks well of everybody; not reported. */
  forget(): void {
    this.#unusual[this.host.row] = undefined;
    this.#gone[this.host.row] = undefined;
  }

  /**
   * Changes the node's mind.
   * @param own false for hearsay, whose suspicions are not reported: only the first witness counts
   * @returns false when it thought so before
   */
  set(peer: number, opinion: Opinion, own = true): boolean {
    const before = this.of(peer);
    if (before === opinion) return false;
    const { row } = this.host;
    this.#goneNow();
    const unusual = (this.#unusual[row] ??= new Map<number, Opinion>());
    if (opinion === opinions.alive) unusual.delete(peer);
    else unusual.set(peer, opinion);
    if (opinion >= opinions.dead !== before >= opinions.dead) this.#move(row, peer, opinion >= opinions.dead);
    if (opinion === opinions.alive) this.host.report(reportKinds.cleared, 0, peer);
    else if (opinion === opinions.dead) this.host.report(reportKinds.confirmed, 0, peer);
    else if (opinion === opinions.suspect && own) this.host.report(reportKinds.suspected, 0, peer);
    return true;
  }

  /** Nobody watches the peer any more: a suspicion lapses, and a verdict stands until it is heard again. Not reported. */
  lapse(peer: number): void {
    if (this.of(peer) === opinions.suspect) this.#unusual[this.host.row]?.delete(peer);
  }

  #move(row: number, peer: number, isGone: boolean): void {
    const position = positionOf(this.everybody, peer);
    if (position < 0) return;
    const gone = (this.#gone[row] ??= []);
    const at = gone.findIndex((other) => other >= position);
    if (isGone) gone.splice(at < 0 ? gone.length : at, 0, position);
    else gone.splice(at, 1);
    if (gone.length === 0) this.#gone[row] = undefined;
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
