/**
 * An address book that forms an opinion: whom a node knows, when each was heard last, how far away it is, and how much it is to be trusted.
 * It hands out a few at random or the nearest few, and never anybody whom the node ignores. Looking up is one step, and so is drawing
 * a peer, however many there are.
 */
import { UserError } from '../base/errors.js';
import { showValue } from '../base/escape.js';
import { RandomStream } from '../base/random.js';
import { Reputation, usualReputation } from '../parts/reputation.js';
import { RoundTrips } from '../parts/round-trips.js';
import type { MeshClock } from './clock.js';
import { realClock } from './real-clock.js';

/** What is said of a peer when it is registered. */
export interface PeerDescription {
  readonly peerId: string;
  /** Where to find it, in whatever form. */
  readonly address?: string;
  /** The key that its signatures are checked with. */
  readonly publicKey?: string;
  readonly region?: string;
}

/** What the registry knows of a peer: a copy. */
export interface PeerInfo extends PeerDescription {
  /** When it was registered or heard last, milliseconds since 1970. */
  readonly lastSeen: number;
  /** 0 to 1. */
  readonly reputation: number;
  /** Not to be listened to: its reputation has fallen too low and has not recovered. */
  readonly isIgnored: boolean;
  /** Smoothed round trip in milliseconds; null before it was measured. */
  readonly latency: number | null;
}

/** Milliseconds, but for `count`. Of the latest hundred measurements, except for the smoothed one. */
export interface PeerLatency {
  readonly current: number;
  readonly smoothed: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly p99: number;
  readonly count: number;
}

export interface RegistryOptions {
  /** Peers that are known at a time; more are refused. Default 100,000. */
  readonly maxPeers?: number;
  /** What a peer begins with, 0 to 1. Default 1: newcomers are trusted, so whoever can make many names has many friends. */
  readonly startReputation?: number;
  /** Seed of the draws, 0 to 2^53-1. Default 1. */
  readonly seed?: number;
  readonly clock?: MeshClock;
}

/** A peer that was not heard for so long is no active one: 30 s. */
const staleAfterMs = 30_000;
/** The longest round trip that is kept: an hour. */
const latencyMsMax = 3_600_000;

interface Entry {
  readonly description: PeerDescription;
  readonly reputation: Reputation;
  readonly roundTrips: RoundTrips;
  lastSeenUs: number;
  lastSeenMs: number;
  /** Where it stands in the list. */
  place: number;
}

export class PeerRegistry {
  readonly #entries = new Map<string, Entry>();
  /** The same in a list, in no order that means anything. */
  readonly #list: Entry[] = [];
  readonly #chance: RandomStream;
  readonly #clock: MeshClock;
  readonly #maxPeers: number;
  readonly #startReputation: number;

  /**
   * @param ownId the node's own id, which is never its peer
   * @throws UserError `invalid-value`
   */
  constructor(
    readonly ownId: string,
    options: RegistryOptions = {},
  ) {
    const { maxPeers = 100_000, startReputation = 1, seed = 1, clock = realClock } = options;
    check(Number.isSafeInteger(maxPeers) && maxPeers >= 1, 'maxPeers', maxPeers, 'an integer from 1');
    check(
      startReputation >= 0 && startReputation <= 1,
      'startReputation',
      startReputation,
      'a number from 0 to 1',
    );
    check(Number.isSafeInteger(seed) && seed >= 0, 'seed', seed, 'an integer from 0');
    this.#maxPeers = maxPeers;
    this.#startReputation = startReputation;
    this.#chance = RandomStream.named(seed, 'peer-registry');
    this.#clock = clock;
  }

  get size(): number {
    return this.#list.length;
  }

  /** Enters a peer. @returns false for the node itself, for a peer that is known already, and when there is no room */
  registerPeer(description: PeerDescription): boolean {
    const { peerId } = description;
    if (peerId === this.ownId || this.#entries.has(peerId) || this.#list.length >= this.#maxPeers)
      return false;
    const entry: Entry = {
      description: { ...description },
      reputation: new Reputation({ ...usualReputation, start: this.#startReputation }, this.#clock.nowUs()),
      roundTrips: new RoundTrips(),
      lastSeenUs: this.#clock.nowUs(),
      lastSeenMs: this.#clock.epochMs(),
      place: this.#list.length,
    };
    this.#entries.set(peerId, entry);
    this.#list.push(entry);
    return true;
  }

  /** @returns false when there is no such peer */
  removePeer(peerId: string): boolean {
    const entry = this.#entries.get(peerId);
    if (entry === undefined) return false;
    this.#entries.delete(peerId);
    this.#swap(entry.place, this.#list.length - 1);
    this.#list.pop();
    return true;
  }

  getPeer(peerId: string): PeerInfo | undefined {
    const entry = this.#entries.get(peerId);
    return entry && this.#infoOf(entry);
  }

  /** Everybody who is known, in no particular order. */
  peers(): PeerInfo[] {
    return this.#list.map((entry) => this.#infoOf(entry));
  }

  /** The peer was heard. @returns false when there is no such peer */
  heard(peerId: string): boolean {
    const entry = this.#entries.get(peerId);
    if (entry === undefined) return false;
    entry.lastSeenUs = this.#clock.nowUs();
    entry.lastSeenMs = this.#clock.epochMs();
    return true;
  }

  /** A round trip to the peer was completed: so it was heard, too. @throws UserError `invalid-value` */
  recordLatency(peerId: string, ms: number): boolean {
    check(ms >= 0 && ms <= latencyMsMax, 'latency', ms, `milliseconds from 0 to ${latencyMsMax}`);
    if (!this.heard(peerId)) return false;
    this.#entries.get(peerId)?.roundTrips.add(Math.round(ms * 1000));
    return true;
  }

  /** What is known of the round trips to a peer; undefined when there is no such peer, or nothing was measured. */
  latencyOf(peerId: string): PeerLatency | undefined {
    const figures = this.#entries.get(peerId)?.roundTrips.figures;
    if (figures === undefined) return undefined;
    return {
      current: figures.currentUs / 1000,
      smoothed: figures.smoothedUs / 1000,
      min: figures.minUs / 1000,
      max: figures.maxUs / 1000,
      avg: figures.meanUs / 1000,
      p99: figures.p99Us / 1000,
      count: figures.count,
    };
  }

  /**
   * Changes what is thought of a peer, within 0 and 1. Below 0.5 it is ignored, until time has healed it to 0.7 (0.001 a second, up to where
   * it began); the third time for good.
   * @returns the new reputation; undefined when there is no such peer
   * @throws UserError `invalid-value`
   */
  updateReputation(peerId: string, delta: number): number | undefined {
    check(delta >= -1 && delta <= 1, 'delta', delta, 'a number from -1 to 1');
    const reputation = this.#entries.get(peerId)?.reputation;
    reputation?.change(delta, this.#clock.nowUs());
    return reputation?.score;
  }

  /** So many different peers at random, each set equally likely; all there are when there are no more. Nobody who is ignored. */
  getRandomPeers(count: number): PeerInfo[] {
    checkCount(count);
    const found: PeerInfo[] = [];
    const length = this.#list.length;
    // The draws of a shuffle from the front, as far as it is needed: the list is in no order anyway.
    for (let first = 0; first < length && found.length < count; first++) {
      this.#swap(first, first + this.#chance.below(length - first));
      const info = this.#infoOf(this.#list[first]);
      if (!info.isIgnored) found.push(info);
    }
    return found;
  }

  /** The peers with the shortest smoothed round trips, nearest first; only those that were measured. Nobody who is ignored. */
  getNearestPeers(count: number): PeerInfo[] {
    checkCount(count);
    const measured: { readonly entry: Entry; readonly us: number }[] = [];
    for (const entry of this.#list) {
      const us = entry.roundTrips.smoothedUs;
      if (us !== undefined && !this.#isIgnored(entry)) measured.push({ entry, us });
    }
    const idOf = ({ entry }: { readonly entry: Entry }): string => entry.description.peerId;
    measured.sort((p, q) => p.us - q.us || (idOf(p) < idOf(q) ? -1 : 1));
    return measured.slice(0, count).map(({ entry }) => this.#infoOf(entry));
  }

  /**
   * Forgets the peers that were not heard for longer than this.
   * @param timeoutMs default 30,000
   * @returns how many
   */
  pruneStalePeers(timeoutMs = staleAfterMs): number {
    check(timeoutMs >= 0, 'timeoutMs', timeoutMs, 'milliseconds from 0');
    const limitUs = this.#clock.nowUs() - timeoutMs * 1000;
    const stale = this.#list.filter(({ lastSeenUs }) => lastSeenUs < limitUs);
    for (const { description } of stale) this.removePeer(description.peerId);
    return stale.length;
  }

  #isIgnored({ reputation }: Entry): boolean {
    reputation.at(this.#clock.nowUs());
    return reputation.isIgnored;
  }

  #infoOf(entry: Entry): PeerInfo {
    const isIgnored = this.#isIgnored(entry);
    const { smoothedUs } = entry.roundTrips;
    return {
      ...entry.description,
      lastSeen: entry.lastSeenMs,
      reputation: entry.reputation.score,
      isIgnored,
      latency: smoothedUs === undefined ? null : smoothedUs / 1000,
    };
  }

  #swap(p: number, q: number): void {
    const list = this.#list;
    [list[p], list[q]] = [list[q], list[p]];
    list[p].place = p;
    list[q].place = q;
  }
}

function checkCount(count: number): void {
  check(Number.isSafeInteger(count) && count >= 0, 'count', count, 'an integer from 0');
}

function check(isGood: boolean, name: string, value: unknown, expected: string): void {
  if (!isGood) throw new UserError('invalid-value', { what: `${name} is ${showValue(value)}`, expected });
}
