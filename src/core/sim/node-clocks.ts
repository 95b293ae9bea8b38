/**
 * Watches that go wrong. A node reads its own clock, and its timers are as long as that clock says; everybody else's time is the true
 * one. A fault sets a clock ahead or back, lets it run fast or slow, or both, and when it ends the clock is right again, as after a
 * visit of NTP. Of several faults on one node, offsets and drifts add up.
 */

/** What one fault does to one clock. */
interface Fault {
  readonly offsetUs: number;
  /** 0.01: one percent fast. */
  readonly drift: number;
  /** Since when it drifts. */
  readonly sinceUs: number;
}

export class NodeClocks {
  /** 1 for nodes whose clock is wrong. */
  readonly #wrong: Uint8Array;
  /** By node, then by position of the fault. */
  readonly #faults = new Map<number, Map<number, Fault>>();

  constructor(nodeCount: number) {
    this.#wrong = new Uint8Array(nodeCount);
  }

  set(node: number, index: number, fault: Fault): void {
    let faults = this.#faults.get(node);
    if (faults === undefined) this.#faults.set(node, (faults = new Map<number, Fault>()));
    faults.set(index, fault);
    this.#wrong[node] = 1;
  }

  setRight(node: number, index: number): void {
    const faults = this.#faults.get(node);
    faults?.delete(index);
    if (faults?.size !== 0) return;
    this.#faults.delete(node);
    this.#wrong[node] = 0;
  }

  /** What the node's clock shows, whole microseconds; may be negative. */
  shownUs(node: number, nowUs: number): number {
    if (this.#wrong[node] === 0) return nowUs;
    let shownUs = nowUs;
    for (const { offsetUs, drift, sinceUs } of this.#faultsOf(node))
      shownUs += offsetUs + Math.round(drift * (nowUs - sinceUs));
    return shownUs;
  }

  /** How long a wait of the node really takes; whole microseconds, at least 1. */
  trueUs(node: number, delayUs: number): number {
    if (this.#wrong[node] === 0) return delayUs;
    let rate = 1;
    for (const { drift } of this.#faultsOf(node)) rate += drift;
    // Several drifts together must not stop a clock.
    return Math.max(1, Math.round(delayUs / Math.max(rate, 1e-3)));
  }

  *#faultsOf(node: number): Iterable<Fault> {
    yield* this.#faults.get(node)?.values() ?? [];
  }
}
