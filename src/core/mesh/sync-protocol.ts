/**
 * Agreeing on the step by asking: what step do the others have, and which of their answers do we believe? The rules are those of
 * parts/step-rules.ts: `max` believes the highest and so any one liar; the others pay for their caution with a need for many voices.
 */
import { UserError } from '../base/errors.js';
import { isStep } from '../model/pattern.js';
import { faultsTolerated, reconcileSteps, stepRuleNames, type StepRuleName } from '../parts/step-rules.js';
import type { MeshClock } from './clock.js';
import { realClock } from './real-clock.js';

/** Somebody who can be asked. A `MeshNode` is one; so is whatever stands for a node elsewhere. */
export interface StepPeer {
  readonly nodeId: string;
  currentStep(): number | Promise<number>;
  /** Told of a step by `broadcastStep`. */
  announce?(step: number): unknown;
}

export interface SyncOptions {
  /** Default `max`. */
  readonly rule?: StepRuleName;
  /** Liars to bear, for `quorum`. Default floor((n-1)/3) of n answers, the own step included. */
  readonly f?: number;
  /** How long to wait for answers, each time. Default 1000 ms. */
  readonly timeoutMs?: number;
  /** How often those that failed, answered nonsense or did not answer in time are asked again. Default 0. */
  readonly retryAttempts?: number;
  readonly clock?: MeshClock;
}

export class SyncProtocol {
  readonly rule: StepRuleName;
  readonly #clock: MeshClock;
  readonly #timeoutMs: number;
  readonly #retryAttempts: number;

  /**
   * @param own the node that asks
   * @param peers whom it asks, each time anew
   * @throws UserError `unknown-kind` for a rule that does not exist, `invalid-value`
   */
  constructor(
    private readonly own: StepPeer,
    private readonly peers: () => Iterable<StepPeer>,
    private readonly options: SyncOptions = {},
  ) {
    this.rule = options.rule ?? 'max';
    if (!stepRuleNames.includes(this.rule)) {
      throw new UserError('unknown-kind', {
        what: 'unknown sync rule',
        expected: `one of ${stepRuleNames.join(', ')}`,
      });
    }
    this.#timeoutMs = options.timeoutMs ?? 1000;
    if (!(this.#timeoutMs > 0)) throw new UserError('invalid-value', { what: 'timeoutMs is not above 0' });
    this.#retryAttempts = options.retryAttempts ?? 0;
    if (!(Number.isSafeInteger(this.#retryAttempts) && this.#retryAttempts >= 0))
      throw new UserError('invalid-value', { what: 'retryAttempts is no whole number from 0' });
    this.#clock = options.clock ?? realClock;
  }

  /**
   * Asks all peers, and makes one step of their answers and the own one. Peers that fail, answer nonsense or do not answer in time are
   * asked again, `retryAttempts` times, and then left out. An answer that comes after its time counts as long as others are waited for.
   * @returns undefined when the rule gives none, such as no majority
   */
  async requestCurrentStep(): Promise<number | undefined> {
    const ownStep = await this.own.currentStep();
    const others = [...this.peers()].filter(({ nodeId }) => nodeId !== this.own.nodeId);
    const answers = new Map<StepPeer, number>();
    for (let attempt = 0; attempt <= this.#retryAttempts && answers.size < others.length; attempt++) {
      await this.#ask(
        others.filter((peer) => !answers.has(peer)),
        answers,
      );
    }
    return this.reconcileSteps([ownStep, ...answers.values()]);
  }

  async #ask(peers: readonly StepPeer[], answers: Map<StepPeer, number>): Promise<void> {
    const asked = peers.map(async (peer) => {
      try {
        const step: unknown = await peer.currentStep();
        // The first answer of a peer counts, whichever question it is to.
        if (isStep(step) && !answers.has(peer)) answers.set(peer, step);
      } catch {
        // Left out, or asked again.
      }
    });
    let callOff = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      callOff = this.#clock.later(this.#timeoutMs, resolve);
    });
    await Promise.race([Promise.all(asked), patience]);
    callOff();
  }

  /** Tells all peers a step. @returns how many were told @throws UserError `invalid-step` */
  broadcastStep(step: number): number {
    if (!isStep(step)) throw new UserError('invalid-step', { what: `step ${String(step)} does not exist` });
    let told = 0;
    for (const peer of this.peers()) {
      if (peer.nodeId === this.own.nodeId || peer.announce === undefined) continue;
      try {
        peer.announce(step);
        told++;
      } catch {
        // A peer that cannot be told is no reason to leave the others out.
      }
    }
    return told;
  }

  /** One step out of many, by this protocol's rule. @throws UserError `invalid-step` */
  reconcileSteps(steps: readonly number[]): number | undefined {
    return reconcileSteps(steps, this.rule, this.options.f ?? faultsTolerated(steps.length));
  }
}
