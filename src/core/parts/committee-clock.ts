/**
 * The quorum clock of a large network: it follows the (f+1)-th highest claim of a committee and listens to nobody else. A member's claim
 * is the step on a message that it published itself and signed, carried to everybody by whatever spreads messages; so it costs no message
 * of its own, and a member that publishes nothing is a silent voice.
 *
 * The node's own claim, if it is a member, needs no place: it is the step that the node has, and a claim that supports no move.
 */
import type { Host } from '../model/protocol.js';
import type { PeerView } from '../model/stack.js';
import { CommitteeClaims } from './committee-claims.js';
import type { CautionParameters } from './cautious-clock.js';
import { positionAmong } from './sorted-peers.js';
import { StepCounter } from './step-counter.js';

export class CommitteeClock extends StepCounter {
  readonly hears = 'committee';
  readonly #members: PeerView;
  readonly #claims: CommitteeClaims;
  readonly #maxJump: number;

  /**
   * @param committee addresses, ascending
   * @param f how many liars are to be borne among them
   */
  constructor(
    host: Host,
    rows: number,
    committee: Int32Array,
    private readonly f: number,
    parameters: CautionParameters,
  ) {
    super(host, rows, parameters);
    this.#members = { count: () => committee.length, at: (index) => committee[index] };
    this.#claims = new CommitteeClaims(rows, f + 1);
    this.#maxJump = parameters.maxJump ?? Number.MAX_SAFE_INTEGER;
  }

  faultsBorne(): number {
    return this.f;
  }

  protected override forget(): void {
    this.#claims.forget(this.host.row);
  }

  observe(origin: number, claimedStep: number): void {
    const { row, self } = this.host;
    const own = this.now();
    if (claimedStep <= own || origin === self) return;
    const member = positionAmong(this.#members, origin);
    if (member >= 0) this.follow(this.#claims.hear(row, own, member, claimedStep), this.#maxJump);
  }
}
