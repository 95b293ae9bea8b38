/** Has the network come back? Looked at like an assertion, from the moment when all faults have ended; the time that it took is a metric. */
import type { RecoveryPlan } from '../model/experiment.js';
import type { BoundAssertion } from './assertions.js';
import type { Convergence } from './convergence.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

export class RecoveryWatch implements BoundAssertion {
  readonly assertion: BoundAssertion['assertion'];
  #timeMs: number | null = null;

  /** @param aim 1, 0 or NaN; undefined where the aim is that all hold the same */
  constructor(
    private readonly plan: RecoveryPlan,
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly convergence: Convergence,
    private readonly aim: (() => number) | undefined,
  ) {
    const { text, afterUs, withinUs } = plan;
    this.assertion = { text, mode: 'eventually', fromUs: afterUs, untilUs: afterUs + withinUs };
  }

  readonly holds = (): number => {
    const { afterUs } = this.plan;
    let holds: number;
    let sinceUs = this.simulation.nowUs;
    if (this.aim === undefined) {
      const { convergedUs, enabled } = this.convergence;
      // A node that has yet to come back may have lost what it held.
      holds = enabled ? Number(convergedUs !== undefined && this.world.pendingChanges === 0) : NaN;
      sinceUs = Math.max(afterUs, convergedUs ?? 0);
    } else holds = this.aim();
    if (holds === 1) this.#timeMs = (sinceUs - afterUs) / 1000;
    return holds;
  };

  readonly value = (): number => this.#timeMs ?? NaN;

  readonly seen = (): Readonly<Record<string, number | null>> => ({ timeToRecover: this.#timeMs });

  /** From the end of all faults until the network was back; null when it was not, or not in time. */
  get timeMs(): number | null {
    return this.#timeMs;
  }
}
