/**
 * What one node knows of others: an address, how long a round trip to it takes, and since when it has not answered. Bounded, so that a
 * network of a million fits into a notebook: when it is full, whoever was heard longest ago and is not in use makes room.
 */

import type { MemoryLoad } from '../model/protocol.js';
import { eventBytes, mapBytes, objectBytes } from './memory-size.js';

/** Round trips are smoothed as TCP smooths its own: RFC 6298, alpha = 1/8. */
const smoothing = 1 / 8;

export interface KnownPeer {
  readonly address: number;
  /** Smoothed round trip, and the shortest and longest; -1 before the first. Microseconds. */
  roundTripUs: number;
  minUs: number;
  maxUs: number;
  /** When it was heard, or heard of, last. */
  lastSeenUs: number;
  /** When the question was sent that is still open, and its number; -1 for none. */
  askedUs: number;
  question: number;
  /** When it was first asked of those questions in a row that it left open; -1 for none. */
  silentSinceUs: number;
}

/** A line of the book: all lines hang together from the one heard longest ago to the one heard last, so that room is made in a step or two. */
interface Line extends KnownPeer {
  older: Line | undefined;
  newer: Line | undefined;
}

export class PeerBook {
  readonly #peers = new Map<number, Line>();
  #oldest: Line | undefined;
  #newest: Line | undefined;
  /** Who was struck out, and until when it is left alone and nobody else's word for it counts; in the order of that. */
  readonly #buried = new Map<number, number>();

  constructor(
    private readonly self: number,
    private readonly capacity: number,
  ) {}

  get size(): number {
    return this.#peers.size;
  }

  has(address: number): boolean {
    return this.#peers.has(address);
  }

  get(address: number): KnownPeer | undefined {
    return this.#peers.get(address);
  }

  /** In the order in which they were met. */
  values(): IterableIterator<KnownPeer> {
    return this.#peers.values();
  }

  /**
   * Enters a peer: never oneself, nobody twice.
   * @param isHearsay true when others told of it, which does not bring back whom we found silent
   * @param isInUse peers that must not make room
   * @returns true when it is new
   */
  register(
    address: number,
    nowUs: number,
    isHearsay: boolean,
    isInUse: (address: number) => boolean,
  ): boolean {
    if (address === this.self || this.#peers.has(address)) return false;
    if (isHearsay && (this.#buried.get(address) ?? -1) > nowUs) return false;
    if (this.#peers.size >= this.capacity && !this.#makeRoom(isInUse)) return false;
    this.#buried.delete(address);
    const line: Line = {
      address,
      roundTripUs: -1,
      minUs: -1,
      maxUs: -1,
      lastSeenUs: nowUs,
      askedUs: -1,
      question: -1,
      silentSinceUs: -1,
      older: undefined,
      newer: undefined,
    };
    this.#peers.set(address, line);
    this.#append(line);
    return true;
  }

  #append(line: Line): void {
    line.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = line;
    else this.#newest.newer = line;
    this.#newest = line;
  }

  #unhook(line: Line): void {
    if (line.older === undefined) this.#oldest = line.newer;
    else line.older.newer = line.newer;
    if (line.newer === undefined) this.#newest = line.older;
    else line.newer.older = line.older;
    line.older = line.newer = undefined;
  }

  #remove(address: number): void {
    const line = this.#peers.get(address);
    if (line === undefined) return;
    this.#peers.delete(address);
    this.#unhook(line);
  }

  #makeRoom(isInUse: (address: number) => boolean): boolean {
    let line = this.#oldest;
    while (line !== undefined && isInUse(line.address)) line = line.newer;
    if (line === undefined) return false;
    this.#remove(line.address);
    return true;
  }

  /** A question goes out. */
  asked(peer: KnownPeer, question: number, nowUs: number): void {
    if (peer.askedUs >= 0 && peer.silentSinceUs < 0) peer.silentSinceUs = peer.askedUs;
    peer.askedUs = nowUs;
    peer.question = question;
  }

  /** @returns false when this is no answer to the open question */
  answered(address: number, question: number, nowUs: number): boolean {
    const peer = this.#peers.get(address);
    if (peer === undefined) return false;
    peer.lastSeenUs = nowUs;
    this.#unhook(peer);
    this.#append(peer);
    peer.silentSinceUs = -1;
    if (peer.question !== question || peer.askedUs < 0) return false;
    const tripUs = nowUs - peer.askedUs;
    peer.askedUs = -1;
    const isFirst = peer.roundTripUs < 0;
    peer.roundTripUs = isFirst ? tripUs : peer.roundTripUs + smoothing * (tripUs - peer.roundTripUs);
    peer.minUs = isFirst ? tripUs : Math.min(peer.minUs, tripUs);
    peer.maxUs = Math.max(peer.maxUs, tripUs);
    return true;
  }

  /** Strikes out who has been silent for longer than this. @returns their addresses */
  prune(nowUs: number, staleAfterUs: number): number[] {
    const gone: number[] = [];
    for (const peer of this.#peers.values()) {
      const sinceUs = peer.silentSinceUs >= 0 ? peer.silentSinceUs : peer.askedUs;
      if (sinceUs >= 0 && nowUs - sinceUs > staleAfterUs) gone.push(peer.address);
    }
    for (const address of gone) this.bury(address, nowUs + staleAfterUs);
    return gone;
  }

  /** Strikes out a peer, known or not, until it is heard; of too many that were struck out the first is forgotten altogether. */
  bury(address: number, untilUs: number): void {
    this.#remove(address);
    this.#buried.delete(address);
    this.#buried.set(address, untilUs);
    if (this.#buried.size <= this.capacity) return;
    for (const first of this.#buried.keys()) {
      this.#buried.delete(first);
      return;
    }
  }

  /** Whom to ask whether it is back: the one struck out for longest, once its time is up. -1 for nobody yet. */
  longestBuried(nowUs: number): number {
    for (const [address, untilUs] of this.#buried) return untilUs <= nowUs ? address : -1;
    return -1;
  }

  /** What was asked before the node went down is nobody's silence. */
  excuse(): void {
    for (const peer of this.#peers.values()) {
      peer.askedUs = -1;
      peer.silentSinceUs = -1;
    }
  }
}

/** One line of a book, measured on Node 20: 295 bytes with its place in the map. */
const lineBytes = 250;

/** What the books of all nodes take, with their views and guests. */
export function bookMemoryBytes(
  { nodeCount }: MemoryLoad,
  { known, degree }: { readonly known: number; readonly degree: number },
): number {
  const peers = Math.min(known, nodeCount);
  const desk = mapBytes(degree) + mapBytes(0) + 4 * objectBytes + 24 * degree;
  return nodeCount * (mapBytes(peers) + peers * lineBytes + desk + 2 * eventBytes);
}
