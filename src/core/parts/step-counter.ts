/**
 * A row of step counters, one a node: the wall clock of a common step. What is common to every rule stands here, that a clock goes on by
 * one for each message of the node's own and never back; which claims of others it follows is the rule's business.
 */
import type { Host, Population, StartReason } from '../model/protocol.js';
import type { StepClock } from '../model/stack.js';

export abstract class StepCounter implements Population, StepClock {
  readonly #steps: Float64Array;

  constructor(
    protected readonly host: Host,
    rows: number,
  ) {
    this.#steps = new Float64Array(rows);
  }

  start(reason: StartReason): void {
    if (reason !== 'state-lost') return;
    this.#steps[this.host.row] = 0;
    this.forget();
  }

  now(): number {
    return this.#steps[this.host.row];
  }

  take(): number {
    const step = this.#steps[this.host.row];
    this.advanceTo(step + 1);
    return step;
  }

  advanceTo(step: number): void {
    const { row } = this.host;
    if (step > this.#steps[row]) this.#steps[row] = Math.min(step, Number.MAX_SAFE_INTEGER);
  }

  abstract observe(origin: number, claimedStep: number): void;

  abstract faultsBorne(voices: number): number;

  /** The node has lost its state, and with it what it knew of others. */
  protected forget(): void {
    // Most know nothing of others.
  }

  receive(): void {
    // Steps travel on publications; a clock sends nothing of its own.
  }

  timer(): void {
    // See above.
  }
}
