/**
 * A step clock that asks around before it leaps: it follows the claims of many, by a rule, and never one alone. Its own progress, one step
 * a message of its own, asks nobody.
 */
import { reportKinds, type Host, type Population } from '../model/protocol.js';
import type { StepClock } from '../model/stack.js';
import { ClaimBook } from './claim-book.js';

/** @returns the step that the claims (largest first, the own among them) support, or -1 for none */
export type ClaimRule = (sorted: Float64Array) => number;

export class CautiousClock implements Population, StepClock {
  readonly #steps: Float64Array;
  readonly #claims: ClaimBook;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly maxJump: number,
    private readonly rule: ClaimRule,
  ) {
    this.#steps = new Float64Array(rows);
    this.#claims = new ClaimBook(rows);
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
    const { row, self } = this.host;
    if (origin === self || !this.#claims.hear(row, origin, claimedStep)) return;
    const own = this.#steps[row];
    if (claimedStep <= own) return;
    const supported = Math.min(this.rule(this.#claims.sorted(row, own)), own + this.maxJump);
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
