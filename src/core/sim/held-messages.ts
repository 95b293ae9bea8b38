/**
 * Letters in a closed post office. A fault that holds messages does not lose them: they lie here in the order in which they were sent,
 * and when it ends they go on their way, unless another fault holds them still. Their delay was drawn when they were sent, so that
 * nobody's chance depends on when the office opens.
 */
import type { Envelope } from '../model/envelope.js';
import type { ActiveJudge } from './links.js';
import type { Simulation } from './simulation.js';

interface HeldMessage {
  readonly envelope: Envelope;
  readonly number: number;
  /** What it takes once it is let go. */
  readonly delayUs: number;
}

export class HeldMessages {
  #messages: HeldMessage[] = [];

  constructor(private readonly simulation: Simulation) {}

  /** How many wait. */
  get count(): number {
    return this.#messages.length;
  }

  /** @param number the message's own number at its sender */
  keep(envelope: Envelope, number: number, delayUs: number): void {
    if (envelope.body !== 0) this.simulation.bodies.retain(envelope.body);
    this.#messages.push({ envelope: { ...envelope }, number, delayUs });
  }

  /** Lets go what none of these faults holds. */
  release(judges: readonly ActiveJudge[]): void {
    if (this.#messages.length === 0) return;
    const { simulation } = this;
    const waiting = this.#messages;
    this.#messages = [];
    for (const message of waiting) {
      const { envelope, number, delayUs } = message;
      if (judges.some(({ fault }) => fault.holds?.(envelope.from, envelope.to) === true)) {
        this.#messages.push(message);
        continue;
      }
      simulation.post(envelope, number, delayUs);
      if (envelope.body !== 0) simulation.bodies.release(envelope.body);
    }
  }
}
