/**
 * A row of step counters, one a node: the wall clock of a common step. What is common to every rule stands here, that a clock goes on by
 * one for each message of the node's own, by one for each interval in which the node had nothing to say if that is wanted, and never
 * back; which claims of others it follows is the rule's business.
 */
import { knobs, type Values } from '../base/knobs.js';
import { reportKinds, type Host, type Population, type StartReason } from '../model/protocol.js';
import type { StepClock } from '../model/stack.js';
import { eventBytes } from './memory-size.js';

/** What every clock of the registry can be told. */
export const counterKnobs = knobs({
  interval: {
    kind: 'duration',
    min: 1000,
    optional: true,
    doc: 'A clock moves on by one after each interval in which its node published nothing; intervals are counted from when the node comes up. No rule holds this back, and nothing is sent. Left out, the clock of a node that publishes nothing moves only by what others say. Shorter means that steps pass faster than messages, and costs a timer a node each time.',
  },
});
export type CounterParameters = Values<typeof counterKnobs>;

/** Bytes of the counters of so many nodes, their timers included. */
export function counterBytes(nodeCount: number, { interval }: CounterParameters): number {
  return nodeCount * (20 + (interval === undefined ? 0 : eventBytes + 1));
}

export abstract class StepCounter implements Population, StepClock {
  readonly #steps: Float64Array;
  readonly #intervalUs: number | undefined;
  /** 1 for nodes that have published in this interval; of use only where there are intervals. */
  readonly #hasSpoken: Uint8Array;

  constructor(
    protected readonly host: Host,
    rows: number,
    { interval }: CounterParameters,
  ) {
    this.#steps = new Float64Array(rows);
    this.#intervalUs = interval;
    this.#hasSpoken = new Uint8Array(interval === undefined ? 0 : rows);
  }

  start(reason: StartReason): void {
    const { row } = this.host;
    if (reason === 'state-lost') {
      this.#steps[row] = 0;
      this.forget();
    }
    if (this.#intervalUs === undefined) return;
    this.#hasSpoken[row] = 0;
    this.host.setTimer(0, this.#intervalUs, 0);
  }

  now(): number {
    return this.#steps[this.host.row];
  }

  take(): number {
    const { row } = this.host;
    const step = this.#steps[row];
    this.advanceTo(step + 1);
    if (this.#intervalUs !== undefined) this.#hasSpoken[row] = 1;
    return step;
  }

  advanceTo(step: number): void {
    const { row } = this.host;
    if (step > this.#steps[row]) this.#steps[row] = Math.min(step, Number.MAX_SAFE_INTEGER);
  }

  /** Moves to a step that the claims of others support, by at most `maxJump`, and says so. */
  protected follow(supported: number, maxJump: number): void {
    const own = this.now();
    const next = Math.min(supported, own + maxJump, Number.MAX_SAFE_INTEGER);
    if (next <= own) return;
    this.advanceTo(next);
    this.host.report(reportKinds.adopted, 0, next);
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

  /** An interval is over. */
  timer(): void {
    const { host } = this;
    const { row } = host;
    if (this.#hasSpoken[row] === 0) {
      this.advanceTo(this.#steps[row] + 1);
      host.report(reportKinds.ticked, 0, this.#steps[row]);
    }
    this.#hasSpoken[row] = 0;
    if (this.#intervalUs !== undefined) host.setTimer(0, this.#intervalUs, 0);
  }

  touchForTimers(rows: Int32Array, count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.#steps[rows[i]] + this.#hasSpoken[rows[i]];
    return sum;
  }
}
