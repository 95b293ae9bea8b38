/**
 * The mesh of each node: the few of its peers to whom it passes everything at once. Once a heartbeat it is mended: who misbehaved goes,
 * a mesh that became too thin takes in new members by lot, and one that became too large keeps the best, and some of the others by lot so
 * that newcomers have a chance. Who was sent away is not asked again for a while, and neither is who sent us away.
 */
import type { Host } from '../model/protocol.js';
import type { Wiring } from '../model/stack.js';
import type { GossipsubSettings } from './gossipsub-knobs.js';
import { PeerScores } from './peer-scores.js';
import { positionOf } from './peer-opinions.js';

export class DegreeMesh {
  /** Present where peers are scored. */
  readonly scores: PeerScores | undefined;
  /** By row, in the order in which they came. */
  readonly #members: (number[] | undefined)[];
  /** By row: until when a peer is not grafted. */
  readonly #backoff: (Map<number, number> | undefined)[];
  /** Peers to draw from; filled and emptied within one choice. */
  readonly #hat: number[] = [];
  grafts = 0;
  prunes = 0;

  /** @param kinds what the messages of these names have for numbers */
  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: GossipsubSettings,
    private readonly wiring: Wiring,
    private readonly kinds: { readonly graft: number; readonly prune: number },
  ) {
    const { scoring, scoreActivation: activationUs, scoreExpected: deliveriesExpected } = settings;
    this.scores = scoring ? new PeerScores(rows, { activationUs, deliveriesExpected }) : undefined;
    this.#members = new Array<number[] | undefined>(rows);
    this.#backoff = new Array<Map<number, number> | undefined>(rows);
  }

  get members(): readonly number[] {
    return this.#members[this.host.row] ?? [];
  }

  /** Is the peer's score so low? */
  isBelow(peer: number, threshold: number): boolean {
    const { row, nowUs } = this.host;
    return this.scores?.isBelow(row, peer, threshold, nowUs) === true;
  }

  forget(): void {
    const { row } = this.host;
    this.scores?.forget(row);
    this.#members[row] = undefined;
    this.#backoff[row] = undefined;
  }

  sayGoodbye(): void {
    for (const peer of this.members) this.host.send(peer, this.kinds.prune, 0, 0, 0, 0, 0);
  }

  mend(): void {
    const { host, settings, wiring } = this;
    const { row, nowUs } = host;
    this.scores?.decay(row);
    const members = (this.#members[row] ??= []);
    for (const peer of [...members]) {
      if (positionOf(wiring.peers, peer) < 0) this.#leave(peer);
      else if (!this.#isWelcome(peer)) this.#prune(peer);
    }
    if (members.length < settings.degreeLow) {
      const backoff = this.#backoff[row];
      const wanted = settings.degree - members.length;
      const isFree = (peer: number): boolean => (backoff?.get(peer) ?? 0) <= nowUs && this.#isWelcome(peer);
      for (const peer of this.drawOutside(isFree, () => wanted)) {
        this.grafts++;
        this.#join(peer);
        host.send(peer, this.kinds.graft, 0, 0, 0, 0, 0);
      }
    } else if (members.length > settings.degreeHigh) this.#cutDown(members);
  }

  /** Somebody takes us into its mesh and wants to be in ours. */
  grafted(from: number): void {
    const { row, nowUs } = this.host;
    if (this.members.includes(from)) return;
    if ((this.#backoff[row]?.get(from) ?? 0) > nowUs || !this.#isWelcome(from)) this.#prune(from);
    else this.#join(from);
  }

  /** Somebody sent us away. */
  pruned(from: number): void {
    this.#leave(from);
    this.#backOff(from);
  }

  /**
   * Draws by lot from the peers outside of the mesh.
   * @param wanted how many, given how many pass
   */
  drawOutside(passes: (peer: number) => boolean, wanted: (passed: number) => number): number[] {
    const { peers } = this.wiring;
    const { members } = this;
    const count = peers.count();
    for (let i = 0; i < count; i++) {
      const peer = peers.at(i);
      if (!members.includes(peer) && passes(peer)) this.#hat.push(peer);
    }
    return this.#draw(wanted(this.#hat.length));
  }

  #isWelcome(peer: number): boolean {
    return !this.isBelow(peer, 0) && this.wiring.standing?.isIgnored(peer) !== true;
  }

  /** The best stay, and of the others some by lot. */
  #cutDown(members: readonly number[]): void {
    const { row, nowUs } = this.host;
    const { degree, degreeScore } = this.settings;
    this.#hat.push(...members);
    const ranked = this.#draw(members.length).map((peer) => ({
      peer,
      score: this.scores?.of(row, peer, nowUs) ?? 0,
    }));
    // Between equals the lot has decided.
    ranked.sort((a, b) => b.score - a.score);
    const best = Math.min(degreeScore, degree);
    this.#hat.push(...ranked.slice(best).map(({ peer }) => peer));
    for (const peer of this.#draw(Infinity).slice(degree - best)) this.#prune(peer);
  }

  /** Sends a peer away, whether it was in the mesh or only asks. */
  #prune(peer: number): void {
    this.prunes++;
    this.#leave(peer);
    this.#backOff(peer);
    this.host.send(peer, this.kinds.prune, 0, 0, 0, 0, 0);
  }

  #join(peer: number): void {
    const { row, nowUs } = this.host;
    (this.#members[row] ??= []).push(peer);
    this.scores?.joined(row, peer, nowUs);
  }

  #leave(peer: number): void {
    const { row, nowUs } = this.host;
    const members = this.#members[row];
    const at = members?.indexOf(peer) ?? -1;
    if (at < 0) return;
    members?.splice(at, 1);
    this.scores?.left(row, peer, nowUs);
  }

  #backOff(peer: number): void {
    const { row, nowUs } = this.host;
    (this.#backoff[row] ??= new Map<number, number>()).set(peer, nowUs + this.settings.pruneBackoff);
  }

  /** Draws so many from the hat, or all there are, in random order, and empties it. */
  #draw(wanted: number): number[] {
    const hat = this.#hat;
    const { chance } = this.host;
    const count = Math.max(0, Math.min(wanted, hat.length));
    for (let i = 0; i < count; i++) {
      const at = i + chance.below(hat.length - i);
      [hat[i], hat[at]] = [hat[at], hat[i]];
    }
    const drawn = hat.slice(0, count);
    hat.length = 0;
    return drawn;
  }
}
