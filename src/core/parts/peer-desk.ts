/**
 * The desk of one node that chooses its peers: its book, whom it has chosen, who is its guest, and the view that comes of both. Whoever
 * watches the view can tell that it has changed, and since when each is in it.
 */
import type { PeerBook } from './peer-book.js';

export class PeerDesk {
  /** Those that the node has chosen, ascending. */
  chosen = new Int32Array(0);
  /** Those that have chosen the node, and the dead that gave a sign of life; and when they did so last. */
  readonly guests = new Map<number, number>();
  /** Rounds and questions so far. */
  round = 0;
  question = 0;
  #view = new Int32Array(0);
  #cameWith = new Float64Array(0);

  /** @param edition where counting begins: what the node's desk before this one had come to */
  constructor(
    readonly book: PeerBook,
    private edition: number,
  ) {}

  /** The chosen and the guests, ascending: whom the node talks to. */
  get view(): Int32Array {
    return this.#view;
  }

  /** How often the view has changed. */
  get viewEdition(): number {
    return this.edition;
  }

  /** The edition with which the index-th came into the view. */
  cameWith(index: number): number {
    return this.#cameWith[index];
  }

  /** Makes the view anew from the chosen and the guests. */
  renew(): void {
    const { chosen, guests } = this;
    const before = this.#view;
    const all = guests.size === 0 ? chosen : Int32Array.from(new Set([...chosen, ...guests.keys()])).sort();
    if (all.length === before.length && all.every((peer, index) => peer === before[index])) return;
    this.edition++;
    const cameWith = new Float64Array(all.length);
    for (let i = 0, j = 0; i < all.length; i++) {
      while (j < before.length && before[j] < all[i]) j++;
      cameWith[i] = before[j] === all[i] ? this.#cameWith[j] : this.edition;
    }
    this.#view = all;
    this.#cameWith = cameWith;
  }

  receiveGuest(guest: number, nowUs: number): void {
    const isNew = !this.guests.has(guest);
    this.guests.set(guest, nowUs);
    if (isNew) this.renew();
  }

  /** A guest that is told, or tells, that it is one no more. */
  dismissGuest(guest: number): void {
    if (this.guests.delete(guest)) this.renew();
  }

  /** Whoever was heard before this moment only is no guest any more; the view is left for the next renewal. */
  forgetGuests(limitUs: number): void {
    for (const [guest, atUs] of this.guests) if (atUs < limitUs) this.guests.delete(guest);
  }

  /** Takes those out of the chosen that are in the book no more. */
  keepKnown(): void {
    this.chosen = this.chosen.filter((peer) => this.book.has(peer));
  }

  /** Takes a peer out of everything. @param untilUs when to ask it again */
  strikeOut(peer: number, untilUs: number): void {
    this.book.bury(peer, untilUs);
    this.guests.delete(peer);
    this.keepKnown();
    this.renew();
  }
}
