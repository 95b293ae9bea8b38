/**
 * A step clock that asks around before it leaps: it follows the claims of many, by a rule, and never one alone. Its own progress, one step
 * a message of its own, asks nobody.
 */
import { reportKinds, type Host, type Population } from '../model/protocol.js';
import type { PeerView, StepClock } from '../model/stack.js';
import { ClaimBook } from './claim-book.js';
import { neighboursOf, positionAmong } from './sorted-peers.js';

/** What makes one cautious clock differ from another. */
export interface Caution {
  /** The farthest that the clock moves at a time, in steps. */
  readonly maxJump: number;
  /** Whose claims count. */
  readonly hears: 'everybody' | 'neighbours';
  /** @returns the step that the claims (largest first, the own among them) support, or -1 for none */
  supported(sorted: Float64Array): number;
  /** How many liars the rule bears among so many voices, the node's own included. */
  faultsBorne(voices: number): number;
}

export class CautiousClock implements Population, StepClock {
  readonly #steps: Float64Array;
  readonly #claims: ClaimBook;
  readonly #neighbours: PeerView;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly caution: Caution,
  ) {
    this.#steps = new Float64Array(rows);
    this.#claims = new ClaimBook(rows);
    this.#neighbours = neighboursOf(host);
  }

  get hears(): Caution['hears'] {
    return this.caution.hears;
  }

  faultsBorne(voices: number): number {
    return this.caution.faultsBorne(voices);
  }

  start(reason: 'boot' | 'state-kept' | 'state-lost'): void {
    if (reason !== 'state-lost') return;
    this.#steps[this.host.row] = 0;
    this.#claims.forget(this.host.row);
  }

  now(): number {
    return this.#steps[this.host.row];
  }

  take(): number {
    const step = this.#steps[this.host.row];
    this.advanceTo(step + 1);
    return step;
  }

  observe(origin: number, claimedStep: number): void {
    const { host, caution } = this;
    const { row, self } = host;
    if (origin === self) return;
    if (caution.hears === 'neighbours' && positionAmong(this.#neighbours, origin) < 0) return;
    if (!this.#claims.hear(row, origin, claimedStep)) return;
    const own = this.#steps[row];
    if (claimedStep <= own) return;
    const supported = Math.min(
      caution.supported(this.#claims.sorted(row, own)),
      own + caution.maxJump,
      Number.MAX_SAFE_INTEGER,
    );
    if (supported <= own) return;
    this.advanceTo(supported);
    this.host.report(reportKinds.adopted, 0, supported);
  }

  advanceTo(step: number): void {
    const { row } = this.host;
    if (step > this.#steps[row]) this.#steps[row] = Math.min(step, Number.MAX_SAFE_INTEGER);
  }

  receive(): void {
    // Claims travel on publications; this clock sends nothing of its own.
  }

  timer(): void {
    // See above.
  }
}
