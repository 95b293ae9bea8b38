/**
 * Who got what, and when. For every message of an honest publisher: how many nodes should have it (honest, not the source, up from
 * publication to the deadline), how many got it, and how fast. Messages whose deadline lies after the end are censored: they prove
 * nothing either way. What never arrives counts as infinitely late.
 *
 * Definitions: docs/semantics.md, "Measures".
 */
import type { DeliveryFigures } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import type { GroupDeliveries } from './group-figures.js';

interface Publication {
  readonly origin: number;
  readonly atUs: number;
  readonly deadlineUs: number;
  /** After the warm-up and not censored. */
  readonly measured: boolean;
  /** Honest nodes up at publication, without the source. */
  readonly upAtStart: number;
  eligible: number;
  delivered: number;
  /** First deliveries to nodes that were up at publication and since, in time or late. */
  reached: number;
  /** Payload copies that reached honest live nodes. */
  copies: number;
  lastDeliveryUs: number;
  readonly thresholdsUs: [half: number, ninety: number, ninetyNine: number];
  /** Latency by node, -1 for none; kept only where nodes may come and go. */
  readonly latenciesUs: Int32Array | undefined;
  closed: boolean;
}

/** Shares whose moments are kept for every message. */
const coverageShares = [0.5, 0.9, 0.99] as const;

export class Deliveries {
  /** First-delivery latencies over (message, node) pairs, microseconds. */
  readonly latencyUs = new Histogram();
  /** Told of everything, where somebody asks for figures of groups; set before the run begins. */
  byGroup: GroupDeliveries | undefined;
  readonly hops = new Histogram();
  /** Moments after publication at which half, 90 % and 99 % of the eligible nodes had a message, and the last. */
  readonly coverageUs = [new Histogram(), new Histogram(), new Histogram()] as const;
  readonly completeUs = new Histogram();

  #publications = 0;
  #censored = 0;
  #inWarmup = 0;
  #complete = 0;
  /** Messages that somebody had to get. */
  #wanted = 0;
  #eligiblePairs = 0;
  #deliveredPairs = 0;
  #upPairs = 0;
  #reachedPairs = 0;
  #copies = 0;
  #lastDeliverySumUs = 0;
  #lastDeliveries = 0;
  readonly #nodeDelivered: Uint32Array;
  /** Without changes of the world: minus the node's own messages. */
  readonly #nodeEligible: Int32Array;
  #allEligible = 0;

  /** By body handle. */
  readonly #open = new Map<number, Publication>();
  /** The latest closed messages, for figures of the recent past. */
  readonly #recent: { closedUs: number; eligible: number; delivered: number }[] = [];

  /**
   * @param mayChange can nodes crash, leave or come late in this run?
   * @param honest 1 for honest nodes, by address
   * @param upSinceUs when each node came up last; Infinity while it is down
   */
  constructor(
    private readonly nodeCount: number,
    private readonly warmupUs: number,
    private readonly stopTimeUs: number,
    private readonly mayChange: boolean,
    private readonly honest: Uint8Array,
    private readonly upSinceUs: Float64Array,
  ) {
    this.#nodeDelivered = new Uint32Array(nodeCount);
    this.#nodeEligible = new Int32Array(nodeCount);
  }

  /**
   * A message of an honest node.
   * @param honestUp honest nodes that are up now, with the source
   * @returns true when `close` is to be called at the deadline
   */
  published(body: number, origin: number, nowUs: number, deadlineUs: number, honestUp: number): boolean {
    const measured = nowUs >= this.warmupUs && deadlineUs <= this.stopTimeUs;
    if (nowUs < this.warmupUs) this.#inWarmup++;
    else if (!measured) this.#censored++;
    const others = honestUp - 1;
    this.#open.set(body, {
      origin,
      atUs: nowUs,
      deadlineUs,
      measured,
      upAtStart: others,
      eligible: others,
      delivered: 0,
      reached: 0,
      copies: 0,
      lastDeliveryUs: nowUs,
      thresholdsUs: [-1, -1, -1],
      latenciesUs: measured && this.mayChange ? new Int32Array(this.nodeCount).fill(-1) : undefined,
      closed: false,
    });
    if (measured) this.byGroup?.published(body, origin);
    return measured;
  }

  /** A first acceptance by an honest node. */
  delivered(body: number, node: number, nowUs: number, hops: number): void {
    const message = this.#open.get(body);
    if (message === undefined || !message.measured) return;
    message.copies++;
    if (node === message.origin || this.upSinceUs[node] > message.atUs) return;
    if (message.latenciesUs === undefined || message.latenciesUs[node] < 0) message.reached++;
    if (nowUs > message.deadlineUs) return;
    const latencyUs = nowUs - message.atUs;
    message.delivered++;
    message.lastDeliveryUs = nowUs;
    this.hops.record(hops);
    this.byGroup?.delivered(body, node, latencyUs, message.latenciesUs === undefined);
    if (message.latenciesUs !== undefined) {
      message.latenciesUs[node] = Math.min(latencyUs, 2147483647);
      return;
    }
    this.latencyUs.record(latencyUs);
    this.#nodeDelivered[node]++;
    for (let i = 0; i < 3; i++) {
      if (message.thresholdsUs[i] < 0 && message.delivered >= coverageShares[i] * message.eligible) {
        message.thresholdsUs[i] = latencyUs;
      }
    }
  }

  /** Copies of a message that honest nodes had. */
  duplicate(body: number, copies: number): void {
    const message = this.#open.get(body);
    if (message?.measured === true) message.copies += copies;
  }

  /** The run ends because nothing more can come: messages are judged now, whatever their deadline. */
  closeAll(nowUs: number): void {
    for (const body of this.#open.keys()) this.close(body, nowUs);
  }

  /** The deadline of a measured message has come, or the last reference to its body went: no more deliveries can follow. */
  close(body: number, nowUs: number): void {
    const message = this.#open.get(body);
    if (message === undefined || message.closed || !message.measured) return;
    message.closed = true;
    if (message.latenciesUs !== undefined) this.#judgeNodeByNode(body, message, message.latenciesUs);
    else {
      this.#allEligible++;
      this.#nodeEligible[message.origin]--;
    }
    this.byGroup?.closed(body);
    this.#publications++;
    this.#eligiblePairs += message.eligible;
    this.#deliveredPairs += message.delivered;
    this.#upPairs += message.upAtStart;
    if (message.delivered > 0) {
      this.#lastDeliveries++;
      this.#lastDeliverySumUs += message.lastDeliveryUs - message.atUs;
    }
    for (let i = 0; i < 3; i++) {
      if (message.thresholdsUs[i] >= 0) this.coverageUs[i].record(message.thresholdsUs[i]);
    }
    if (message.eligible > 0) this.#wanted++;
    if (message.eligible > 0 && message.delivered === message.eligible) {
      this.#complete++;
      this.completeUs.record(message.lastDeliveryUs - message.atUs);
    }
    this.#recent.push({ closedUs: nowUs, eligible: message.eligible, delivered: message.delivered });
  }

  /** Nobody refers to this body any more. */
  forget(body: number): void {
    const message = this.#open.get(body);
    if (message === undefined) return;
    this.#reachedPairs += message.measured ? message.reached : 0;
    this.#copies += message.copies;
    this.#open.delete(body);
  }

  /** Where nodes come and go, who was eligible is known only at the deadline. */
  #judgeNodeByNode(body: number, message: Publication, latenciesUs: Int32Array): void {
    const isEligible = (node: number): boolean =>
      this.honest[node] === 1 && node !== message.origin && this.upSinceUs[node] <= message.atUs;
    this.byGroup?.judged(body, latenciesUs, isEligible);
    let eligible = 0;
    const arrived: number[] = [];
    for (let node = 0; node < this.nodeCount; node++) {
      if (!isEligible(node)) continue;
      eligible++;
      this.#nodeEligible[node]++;
      if (latenciesUs[node] < 0) continue;
      this.#nodeDelivered[node]++;
      this.latencyUs.record(latenciesUs[node]);
      arrived.push(latenciesUs[node]);
    }
    arrived.sort((p, q) => p - q);
    message.eligible = eligible;
    message.delivered = arrived.length;
    coverageShares.forEach((share, i) => {
      const needed = Math.max(1, Math.ceil(share * eligible));
      message.thresholdsUs[i] = arrived.length >= needed ? arrived[needed - 1] : -1;
    });
    if (arrived.length > 0) message.lastDeliveryUs = message.atUs + arrived[arrived.length - 1];
  }

  /** Pairs that never were: they count as infinitely late. */
  get missingPairs(): number {
    return this.#eligiblePairs - this.#deliveredPairs;
  }

  /** Measured messages that have closed. */
  get closedPublications(): number {
    return this.#publications;
  }

  get deliveryRatio(): number | null {
    return this.#eligiblePairs === 0 ? null : this.#deliveredPairs / this.#eligiblePairs;
  }

  /** The delivery ratio of messages whose deadline fell into the last `windowUs`. */
  recentDeliveryRatio(nowUs: number, windowUs: number): number | null {
    while (this.#recent.length > 0 && this.#recent[0].closedUs <= nowUs - windowUs) this.#recent.shift();
    const eligible = this.#recent.reduce((sum, message) => sum + message.eligible, 0);
    if (eligible === 0) return null;
    return this.#recent.reduce((sum, message) => sum + message.delivered, 0) / eligible;
  }

  /** First deliveries until now / pairs, over measured messages that were published until now; null before the first. */
  get coverage(): number | null {
    let eligible = this.#eligiblePairs;
    let delivered = this.#deliveredPairs;
    for (const message of this.#open.values()) {
      if (!message.measured || message.closed) continue;
      eligible += message.eligible;
      delivered += message.delivered;
    }
    return eligible === 0 ? null : delivered / eligible;
  }

  /** Pairs without a delivery / all pairs, sources included, over judged messages. */
  get residue(): number | null {
    const pairs = this.#eligiblePairs + this.#publications;
    return this.#publications === 0 ? null : this.missingPairs / pairs;
  }

  /** From publication to the last first delivery, mean over judged messages that were delivered at all; microseconds. */
  get meanLastDeliveryUs(): number | undefined {
    return this.#lastDeliveries === 0 ? undefined : this.#lastDeliverySumUs / this.#lastDeliveries;
  }

  /** Payload copies for each message and possible receiver, less the one that is needed: 0 is perfect (RMR). */
  redundancy(): number | null {
    let copies = this.#copies;
    for (const message of this.#open.values()) copies += message.copies;
    return this.#upPairs === 0 ? null : copies / this.#upPairs - 1;
  }

  figures(): DeliveryFigures {
    let reached = this.#reachedPairs;
    for (const message of this.#open.values()) if (message.closed) reached += message.reached;
    let worst: number | null = null;
    for (let node = 0; node < this.nodeCount; node++) {
      const eligible = this.#nodeEligible[node] + (this.mayChange ? 0 : this.#allEligible);
      if (this.honest[node] === 0 || eligible === 0) continue;
      const own = this.#nodeDelivered[node] / eligible;
      if (worst === null || own < worst) worst = own;
    }
    return {
      publications: this.#publications,
      censored: this.#censored,
      inWarmup: this.#inWarmup,
      deliveryRatio: this.deliveryRatio,
      reach: this.#upPairs === 0 ? null : reached / this.#upPairs,
      completeShare: this.#wanted === 0 ? null : this.#complete / this.#wanted,
      worstNodeDeliveryRatio: worst,
    };
  }
}
