/**
 * What each node thinks of its peers: alive, suspect, dead or left. Nearly everybody is alive nearly always, so only the others are
 * written down, node by node; a network of a million that is well costs nothing here. Every change of mind is reported, and the peers
 * that a node holds for dead vanish from the view which other slots see: "dead peers stay eligible until a detector removes them".
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

  constructor(
    private readonly host: Host,
    rows: number,
    /** Everybody whom the node might talk to. */
    private readonly everybody: PeerView,
  ) {
    this.#unusual = new Array<Map<number, Opinion> | undefined>(rows);
    this.#gone = new Array<number[] | undefined>(rows);
  }

  /** The node's view without the peers that are gone. */
  readonly livePeers: PeerView = {
    count: () => this.everybody.count() - (this.#gone[this.host.row]?.length ?? 0),
    at: (index) => {
      const gone = this.#gone[this.host.row];
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
    count: () => this.#gone[this.host.row]?.length ?? 0,
    at: (index) => this.everybody.at((this.#gone[this.host.row] as number[])[index]),
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
    const unusual = (this.#unusual[row] ??= new Map<number, Opinion>());
    if (opinion === opinions.alive) unusual.delete(peer);
    else unusual.set(peer, opinion);
    if (opinion >= opinions.dead !== before >= opinions.dead) this.#move(row, peer, opinion >= opinions.dead);
    if (opinion === opinions.alive) this.host.report(reportKinds.cleared, 0, peer);
    else if (opinion === opinions.dead) this.host.report(reportKinds.confirmed, 0, peer);
    else if (opinion === opinions.suspect && own) this.host.report(reportKinds.suspected, 0, peer);
    return true;
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
