/**
 * What happens to a message between two nodes. In this order: the network's own loss, then every fault that lasts now and judges links,
 * then latency and jitter. Any drop wins, delays add, extra copies draw their own delay. Every draw is keyed by the sender and the
 * message's number there, so that none depends on what else was drawn.
 */
import { KeyedDraws } from '../base/random.js';
import type { Envelope } from '../model/envelope.js';
import type { LossPer, NetworkSettings } from '../model/experiment.js';
import type { Fault, Verdict } from '../model/fault.js';
import { dropReasons } from '../model/record.js';

/** A fault that lasts now, and its place in the experiment. */
export interface ActiveJudge {
  readonly index: number;
  readonly fault: Fault;
}

export class Links {
  readonly verdict: Verdict = { dropped: false, delayUs: 0, extraCopies: 0, held: false };
  /** Why the last message was dropped. */
  dropReason = 0;
  /** In the order of the experiment, so that the order of beginning does not matter. */
  readonly judges: ActiveJudge[] = [];
  /** The first draw of a message's pair decides about its loss, the second about its jitter. */
  readonly #draws: KeyedDraws;
  readonly #random: boolean;

  constructor(
    seed: number,
    private readonly network: NetworkSettings,
    /** Whether chance decides about each message, or once about a call and its answer. */
    readonly lossPer: LossPer = 'message',
  ) {
    this.#draws = new KeyedDraws(seed, 'network');
    this.#random = network.lossRatio > 0 || network.jitterUs > 0;
  }

  addJudge(index: number, fault: Fault): void {
    const at = this.judges.findIndex((judge) => judge.index > index);
    this.judges.splice(at < 0 ? this.judges.length : at, 0, { index, fault });
  }

  removeJudge(index: number): void {
    const at = this.judges.findIndex((judge) => judge.index === index);
    if (at >= 0) this.judges.splice(at, 1);
  }

  /** Judges one message; the answer is left in `verdict`. */
  judge(envelope: Envelope, number: number): void {
    const { verdict } = this;
    verdict.dropped = false;
    verdict.delayUs = 0;
    verdict.extraCopies = 0;
    verdict.held = false;
    if (this.#random) this.#draws.pair(envelope.from, number);
    if (this.network.lossRatio > 0 && this.#draws.first < this.network.lossRatio) {
      verdict.dropped = true;
      this.dropReason = dropReasons.loss;
    }
    for (let i = 0; i < this.judges.length; i++) {
      const before: boolean = verdict.dropped;
      this.judges[i].fault.judge?.(envelope, number, verdict);
      if (!before && verdict.dropped) this.dropReason = this.judges[i].index;
    }
  }

  /** False when every message gets through unchanged, so that `judge` need not be asked. */
  get judging(): boolean {
    return this.network.lossRatio > 0 || this.judges.length > 0;
  }

  /** Judges the way back of a call that got there: chance has spoken already. */
  judgeAnswer(envelope: Envelope, number: number): void {
    for (let i = 0; i < this.judges.length; i++) {
      const { fault } = this.judges[i];
      if (fault.certain === true) fault.judge?.(envelope, number, this.verdict);
    }
  }

  /** One-way delay of the message that was judged last, without what faults add. */
  delayUs(from: number, to: number): number {
    const { latency, jitterUs } = this.network;
    const baseUs = latency.latencyUs(from, to);
    // Uniform on the whole microseconds [0, jitterUs].
    return jitterUs === 0 ? baseUs : baseUs + Math.floor(this.#draws.second * (jitterUs + 1));
  }

  /** One-way delay of an extra copy with a number of its own. */
  copyDelayUs(from: number, to: number, number: number): number {
    if (this.#random) this.#draws.pair(from, number);
    return this.delayUs(from, to);
  }
}
