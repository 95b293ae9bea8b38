/**
 * Does everybody hold the same? The oracle of the simulator: for every publication of an honest node it counts the honest live nodes
 * that have it. Nodes hold equal state when each publication is held by all of them or, its bearers being gone, by none.
 *
 * The time to converge counts from the last change from outside (a publication, a crash, the begin or end of a fault) to the moment
 * from which on nobody lacked anything.
 */
import type { WorldChanges } from './world.js';

interface Tracked {
  holders: number;
  /** Which honest nodes hold it, up or down, one bit each; kept only where nodes may come and go. */
  readonly bits: Uint32Array | undefined;
}

/** Bits for nodes that may come and go take memory; beyond this nothing is tracked. */
const bitsMax = 2 ** 31;

export class Convergence {
  /** False when it would take too much memory to know. */
  readonly enabled: boolean;
  readonly #open = new Map<number, Tracked>();
  /** Open publications that a live honest node lacks. */
  #lacking = 0;
  /** Publications that are gone though somebody lacked them. */
  #lost = 0;
  #lastChangeUs = 0;
  #convergedUs: number | undefined;
  #nowUs = 0;

  /**
   * @param mayChange can nodes crash, leave or come late?
   * @param lastInjectionUs when the last publication is planned
   * @param stops is the run over when the network has converged?
   * @param isSettled do nodes agree on what else they hold?
   */
  constructor(
    private readonly nodeCount: number,
    private readonly world: WorldChanges,
    private readonly mayChange: boolean,
    private readonly lastInjectionUs: number,
    private readonly stops: boolean,
    expectedMessages: number,
    private readonly isSettled: () => boolean = () => true,
  ) {
    this.enabled = !mayChange || nodeCount * expectedMessages <= bitsMax;
  }

  published(body: number, node: number, nowUs: number): void {
    this.#changed(nowUs);
    if (!this.enabled) return;
    const bits = this.mayChange ? new Uint32Array((this.nodeCount + 31) >> 5) : undefined;
    if (bits !== undefined) bits[node >> 5] |= 1 << (node & 31);
    this.#open.set(body, { holders: 1, bits });
    if (this.world.honestUpCount > 1) this.#lacking++;
    this.#look();
  }

  /** A first acceptance by an honest node. */
  delivered(body: number, node: number, nowUs: number): void {
    const message = this.#open.get(body);
    if (message === undefined) return;
    const { bits } = message;
    if (bits !== undefined) {
      if ((bits[node >> 5] & (1 << (node & 31))) !== 0) return;
      bits[node >> 5] |= 1 << (node & 31);
    }
    // The last bearer may have gone while the message was on its way to this one.
    const wasLacking = this.#isLacking(message);
    message.holders++;
    const isLacking = this.#isLacking(message);
    if (wasLacking === isLacking) return;
    this.#lacking += isLacking ? 1 : -1;
    this.#nowUs = nowUs;
    this.#look();
  }

  /** A node came up or went down, or a fault began or ended. */
  worldChanged(nowUs: number): void {
    this.#changed(nowUs);
    this.#look();
  }

  nodeUp(node: number, nowUs: number, stateLost: boolean): void {
    const bit = 1 << (node & 31);
    for (const message of this.#open.values()) {
      const { bits } = message;
      if (bits === undefined || (bits[node >> 5] & bit) === 0) continue;
      if (stateLost) bits[node >> 5] &= ~bit;
      else message.holders++;
    }
    this.#headsChanged(nowUs);
  }

  nodeDown(node: number, nowUs: number): void {
    const bit = 1 << (node & 31);
    for (const message of this.#open.values())
      if (message.bits !== undefined && (message.bits[node >> 5] & bit) !== 0) message.holders--;
    this.#headsChanged(nowUs);
  }

  /** Nobody refers to this body any more: whoever lacks it will lack it for ever. */
  forgotten(body: number): void {
    const message = this.#open.get(body);
    if (message === undefined) return;
    this.#open.delete(body);
    if (!this.#isLacking(message)) return;
    this.#lacking--;
    this.#lost++;
  }

  /** Time from the last change from outside to convergence; null when nodes differ, or when it is not known. */
  get timeUs(): number | null {
    return this.#convergedUs === undefined || !this.enabled ? null : this.#convergedUs - this.#lastChangeUs;
  }

  /** Since when all hold the same; undefined when they differ. */
  get convergedUs(): number | undefined {
    return this.#convergedUs;
  }

  /** Converged, and nothing is to come: the run may stop. */
  isOver(nowUs: number): boolean {
    return (
      this.stops &&
      this.#convergedUs !== undefined &&
      this.world.pendingChanges === 0 &&
      nowUs >= this.lastInjectionUs &&
      this.isSettled()
    );
  }

  #changed(nowUs: number): void {
    this.#lastChangeUs = nowUs;
    this.#nowUs = nowUs;
    this.#convergedUs = undefined;
  }

  #look(): void {
    if (this.#lacking > 0 || this.#lost > 0) this.#convergedUs = undefined;
    else this.#convergedUs ??= this.#nowUs;
  }

  /** There are more or fewer heads to hold anything. */
  #headsChanged(nowUs: number): void {
    this.#changed(nowUs);
    this.#lacking = 0;
    for (const message of this.#open.values()) if (this.#isLacking(message)) this.#lacking++;
    this.#look();
  }

  #isLacking({ holders }: Tracked): boolean {
    return holders > 0 && holders < this.world.honestUpCount;
  }
}
