/**
 * What happens to a message between two nodes. In this order: the network's own loss, alone and in bursts, then what faults that last now
 * lose; of what is left, what they hold, delay and multiply, and the network's own copies; then, for each copy by itself, latency and
 * jitter, and what holds it back or damages it. Any drop wins, delays add. Every draw is keyed by the sender and the message's number there, so that none depends on what else was drawn.
 *
 * What the experiment does not ask for is left out when the links are made, so that a plain network pays nothing for it.
 */
import { KeyedDraws } from '../base/random.js';
import type { Envelope } from '../model/envelope.js';
import type { Experiment, LossPer } from '../model/experiment.js';
import { cleanVerdict, type Fault, type Verdict } from '../model/fault.js';
import { dropReasons } from '../model/record.js';
import { LinkStates } from '../parts/link-states.js';

/** A fault that lasts now, and its place in the experiment. */
export interface ActiveJudge {
  readonly index: number;
  readonly fault: Fault;
}

/** How often what happened. */
export class LinkCounts {
  lostInBursts = 0;
  duplicated = 0;
  reordered = 0;
  corrupted = 0;
  /** Of the corrupted, those that nobody could read. */
  unreadable = 0;
}

export class Links {
  readonly verdict: Verdict = { ...cleanVerdict };
  readonly counts = new LinkCounts();
  /** Why the last message was dropped. */
  dropReason = 0;
  /** In the order of the experiment, so that the order of beginning does not matter. */
  readonly judges: ActiveJudge[] = [];
  /** May a copy be held back or damaged now? Otherwise `alter` need not be asked. */
  altering: boolean;

  readonly #network: Experiment['network'];
  /** The first draw of a message's pair decides about its loss, the second about its jitter. */
  readonly #draws: KeyedDraws;
  readonly #random: boolean;
  readonly #loses: boolean;
  readonly #bursts: LinkStates | undefined;
  // Each of these has draws of its own, so that one more of them shifts no draw of another.
  readonly #duplicates: KeyedDraws | undefined;
  readonly #holds: KeyedDraws | undefined;
  readonly #damages: KeyedDraws | undefined;

  constructor(
    { seed, network, nodeCount }: Pick<Experiment, 'seed' | 'network' | 'nodeCount'>,
    /** Whether chance decides about each message, or once about a call and its answer. */
    readonly lossPer: LossPer = 'message',
  ) {
    const drawsFor = (purpose: string, ratio = 0): KeyedDraws | undefined =>
      ratio > 0 ? new KeyedDraws(seed, `network.${purpose}`) : undefined;
    this.#network = network;
    this.#draws = new KeyedDraws(seed, 'network');
    this.#loses = network.lossRatio > 0 || network.lossOf !== undefined;
    this.#random = this.#loses || network.jitterUs > 0;
    this.#bursts =
      network.burst === undefined
        ? undefined
        : new LinkStates(
            nodeCount,
            network.burst,
            new KeyedDraws(seed, 'network.burst.begin'),
            new KeyedDraws(seed, 'network.burst'),
          );
    this.#duplicates = drawsFor('duplicate', network.duplicateRatio);
    this.#holds = drawsFor('reorder', network.reorderRatio);
    this.#damages = drawsFor('corrupt', network.corruptRatio);
    this.altering = this.#alters();
  }

  addJudge(index: number, fault: Fault): void {
    const at = this.judges.findIndex((judge) => judge.index > index);
    this.judges.splice(at < 0 ? this.judges.length : at, 0, { index, fault });
    this.altering = this.#alters();
  }

  removeJudge(index: number): void {
    const at = this.judges.findIndex((judge) => judge.index === index);
    if (at >= 0) this.judges.splice(at, 1);
    this.altering = this.#alters();
  }

  #alters(): boolean {
    return (
      this.#holds !== undefined ||
      this.#damages !== undefined ||
      this.judges.some(({ fault }) => fault.alter !== undefined)
    );
  }

  /** Judges one message; the answer is left in `verdict`. */
  judge(envelope: Envelope, number: number): void {
    const { verdict } = this;
    verdict.dropped = false;
    verdict.delayUs = 0;
    verdict.extraCopies = 0;
    verdict.held = false;
    if (this.#random) this.#draws.pair(envelope.from, number);
    if (this.#loses && this.#draws.first < this.#lossRatio(envelope)) {
      verdict.dropped = true;
      this.dropReason = dropReasons.loss;
    }
    // The weather changes with every message, so it is asked about those that are lost already.
    if (this.#bursts?.loses(envelope.from, envelope.to, number) === true) {
      if (!verdict.dropped) this.counts.lostInBursts++;
      verdict.dropped = true;
      this.dropReason = dropReasons.loss;
    }
    if (!verdict.dropped) this.#lose(envelope, number, false);
    if (verdict.dropped) return;
    for (let i = 0; i < this.judges.length; i++) this.judges[i].fault.judge?.(envelope, number, verdict);
    const { duplicateRatio = 0 } = this.#network;
    if (this.#duplicates !== undefined && this.#duplicates.ratio(envelope.from, number) < duplicateRatio)
      verdict.extraCopies++;
  }

  /** Asks the faults one after the other until one of them loses the message: it is the one that counts it. */
  #lose(envelope: Envelope, number: number, onlyCertain: boolean): void {
    for (let i = 0; i < this.judges.length; i++) {
      const { fault, index } = this.judges[i];
      if (onlyCertain && fault.certain !== true) continue;
      if (fault.loses?.(envelope, number) !== true) continue;
      this.verdict.dropped = true;
      this.dropReason = index;
      return;
    }
  }

  #lossRatio({ from, to }: Envelope): number {
    const { lossOf, lossRatio } = this.#network;
    return lossOf === undefined ? lossRatio : lossOf(from, to);
  }

  /** False when every message gets through unchanged, so that `judge` need not be asked. */
  get judging(): boolean {
    return this.#loses || this.#bursts !== undefined || this.judges.length > 0;
  }

  /** Judges the way back of a call that got there: chance has spoken already. */
  judgeAnswer(envelope: Envelope, number: number): void {
    this.#lose(envelope, number, true);
  }

  /** One-way delay of the message that was judged last, without what faults add. */
  delayUs(from: number, to: number): number {
    const { latency, jitterUs } = this.#network;
    const baseUs = latency.latencyUs(from, to);
    // Uniform on the whole microseconds [0, jitterUs].
    return jitterUs === 0 ? baseUs : baseUs + Math.floor(this.#draws.second * (jitterUs + 1));
  }

  /** One-way delay of an extra copy with a number of its own. */
  copyDelayUs(from: number, to: number, number: number): number {
    if (this.#random) this.#draws.pair(from, number);
    return this.delayUs(from, to);
  }

  /**
   * What becomes of one copy: leaves in `verdict` by how much it is delayed, and whether it is damaged.
   * @param number the copy's own
   * @param usualUs how long it would take otherwise
   */
  alter(envelope: Envelope, number: number, usualUs: number): void {
    const { verdict, counts } = this;
    const { reorderRatio = 0, reorderByUs = usualUs, corruptRatio = 0 } = this.#network;
    verdict.delayUs = 0;
    verdict.reordered = this.#holds !== undefined && this.#holds.ratio(envelope.from, number) < reorderRatio;
    if (verdict.reordered) verdict.delayUs += reorderByUs;
    verdict.damaged =
      this.#damages !== undefined && this.#damages.ratio(envelope.from, number) < corruptRatio;
    for (let i = 0; i < this.judges.length; i++)
      this.judges[i].fault.alter?.(envelope, number, verdict, usualUs);
    if (verdict.reordered) counts.reordered++;
    if (verdict.damaged) counts.corrupted++;
  }
}
