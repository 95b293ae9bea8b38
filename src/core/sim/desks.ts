/**
 * The line in front of a node that has no time. A node is usually quick: what arrives is handled at that moment. One that is paused
 * handles nothing until it goes on; one that is slow handles everything later, or needs a while for each thing. What arrives meanwhile,
 * messages and the node's own timers alike, stands in line in the order of arrival, and no later arrival jumps it.
 *
 * Only nodes that a fault has touched have a desk; all others pay one look at a flag. Where the scenario says what it costs to handle a
 * message (`processing`) everybody has one, and the line may be bounded: what finds no room in it is lost.
 */
import type { ProcessingSettings } from '../model/experiment.js';
import type { Hindrance } from '../model/fault.js';
import { dropReasons } from '../model/record.js';
import type { Touched } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import { eventClasses } from './queue.js';
import type { Simulation } from './simulation.js';

type Counts = { -readonly [K in keyof Touched]: Touched[K] };

/** An event of the queue that waits. */
interface Waiting {
  readonly class: number;
  readonly source: number;
  readonly counter: number;
  readonly slot: number;
  readonly kind: number;
  readonly body: number;
  readonly delayUs: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly arrivedUs: number;
  /** It is handled at this moment or later. */
  readonly dueUs: number;
}

/** What one fault does to a node, and where it counts the messages that had to wait. */
interface Counted {
  readonly hindrance: Hindrance;
  readonly touched: Counts;
}

interface Desk {
  /** By position of the fault. */
  readonly hindrances: Map<number, Counted>;
  /** Those before `head` are handled already. */
  readonly line: Waiting[];
  head: number;
  isPaused: boolean;
  lagUs: number;
  serviceUs: number;
  costFactor: number;
  /** The node is busy until then. */
  freeAtUs: number;
  /** For when a call is planned; -1 for none. */
  calledForUs: number;
}

/** So many handled ones may stand at the head of a line before they are cleared away. */
const headMax = 1024;

export class Desks {
  /** 1 for nodes that have a desk. */
  readonly #has: Uint8Array;
  readonly #desks = new Map<number, Desk>();
  /** Messages that found no room, and that waited because a node was busy: how many at most before one node, and how long each. */
  dropped = 0;
  longest = 0;
  readonly waitUs = new Histogram();
  /** How long each node was busy, where that is counted. */
  readonly busyUs: Float64Array | undefined;
  /** When a node was freed last. */
  readonly #freedUs = new Map<number, number>();

  constructor(
    private readonly simulation: Simulation,
    /** Has `serve` called at a moment from now on, before anything arrives then. */
    private readonly callAt: (timeUs: number, node: number) => void,
    private readonly processing: ProcessingSettings | undefined,
  ) {
    const { nodeCount } = simulation.experiment;
    this.#has = new Uint8Array(nodeCount).fill(processing === undefined ? 0 : 1);
    if (processing !== undefined) this.busyUs = new Float64Array(nodeCount);
  }

  #deskOf(node: number): Desk {
    let desk = this.#desks.get(node);
    if (desk === undefined) {
      const empty = { hindrances: new Map<number, Counted>(), line: [], head: 0 };
      desk = {
        ...empty,
        isPaused: false,
        lagUs: 0,
        serviceUs: 0,
        costFactor: 1,
        freeAtUs: 0,
        calledForUs: -1,
      };
      this.#desks.set(node, desk);
      this.#has[node] = 1;
    }
    return desk;
  }

  /** The node is busy for so long, on top of what it is busy with. */
  spend(node: number, us: number): void {
    const desk = this.#deskOf(node);
    const ownUs = Math.round(us * desk.costFactor);
    desk.freeAtUs = Math.max(desk.freeAtUs, this.simulation.nowUs) + ownUs;
    if (this.busyUs !== undefined) this.busyUs[node] += ownUs;
  }

  hinder(node: number, fault: number, hindrance: Hindrance, touched: Counts): void {
    const desk = this.#deskOf(node);
    desk.hindrances.set(fault, { hindrance, touched });
    sumUp(desk);
  }

  /** The fault lets the node go. What waits is handled at once, as far as no other fault hinders it. */
  free(node: number, fault: number): void {
    const desk = this.#desks.get(node);
    if (desk?.hindrances.delete(fault) !== true) return;
    sumUp(desk);
    this.#freedUs.set(node, this.simulation.nowUs);
    this.#catchUp(node, desk);
  }

  /** Does the node stand still? */
  isPaused(node: number): boolean {
    return this.#desks.get(node)?.isPaused === true;
  }

  /** Is a fault in the node's way, or was one a moment ago? */
  wasHindered(node: number, withinUs: number): boolean {
    if ((this.#desks.get(node)?.hindrances.size ?? 0) > 0) return true;
    const freedUs = this.#freedUs.get(node);
    return freedUs !== undefined && this.simulation.nowUs - freedUs < withinUs;
  }

  /**
   * The event that was just taken out of the queue is about a node: does it have to wait?
   * @returns false when it is to be handled now
   */
  keep(): boolean {
    const { queue, nowUs } = this.simulation;
    const node = queue.destination;
    if (this.#has[node] === 0) return false;
    const desk = this.#desks.get(node);
    // Who is down does not make anybody wait.
    if (desk === undefined || !this.simulation.isUp(node)) return false;
    const isFirst = desk.line.length === desk.head;
    const isFree = isFirst && !desk.isPaused && desk.lagUs === 0 && nowUs >= desk.freeAtUs;
    if (isFree) {
      if (desk.serviceUs > 0) desk.freeAtUs = nowUs + desk.serviceUs;
      return false;
    }
    if (queue.class === eventClasses.delivery) {
      for (const { touched } of desk.hindrances.values()) touched.affectedMessages++;
      if (this.#isFull(desk)) {
        this.#drop(node);
        return true;
      }
    }
    const { source, counter, slot, kind, body, delayUs, a, b, c, d } = queue;
    const what = { class: queue.class, source, counter, slot, kind, body, delayUs, a, b, c, d };
    desk.line.push({ ...what, arrivedUs: nowUs, dueUs: nowUs + desk.lagUs });
    this.longest = Math.max(this.longest, desk.line.length - desk.head);
    if (isFirst && !desk.isPaused) this.#callForNext(node, desk);
    return true;
  }

  #isFull({ line, head }: Desk): boolean {
    return this.processing !== undefined && line.length - head >= this.processing.queueCapacity;
  }

  /** The message that was just taken out of the queue finds no room. */
  #drop(to: number): void {
    const { simulation } = this;
    const { source: from, slot, kind, a, b, c, d, body } = simulation.queue;
    this.dropped++;
    simulation.listener?.dropped?.(
      simulation.nowUs,
      { slot, kind, from, to, a, b, c, d, body },
      dropReasons.inboxFull,
    );
    if (body !== 0) simulation.bodies.release(body);
  }

  /** The moment has come for which `callAt` was asked. */
  serve(node: number): void {
    const desk = this.#desks.get(node);
    if (desk?.calledForUs !== this.simulation.nowUs) return;
    desk.calledForUs = -1;
    this.#serveDue(node, desk);
  }

  /** The node goes down: what waits is lost with it, and a pause is over, since a new process is not frozen. */
  clear(node: number): void {
    const desk = this.#desks.get(node);
    if (desk === undefined) return;
    for (const [fault, { hindrance }] of [...desk.hindrances])
      if (hindrance.isPaused) desk.hindrances.delete(fault);
    sumUp(desk);
    desk.freeAtUs = 0;
    const { simulation } = this;
    const lost = desk.line.splice(0).slice(desk.head);
    desk.head = 0;
    for (const waiting of lost) {
      if (waiting.class !== eventClasses.delivery) continue;
      const { source: from, slot, kind, a, b, c, d, body } = waiting;
      const envelope = { slot, kind, from, to: node, a, b, c, d, body };
      simulation.listener?.dropped?.(simulation.nowUs, envelope, dropReasons.receiverDown);
      if (body !== 0) simulation.bodies.release(body);
    }
  }

  #catchUp(node: number, desk: Desk): void {
    const isHindered = desk.lagUs > 0 || desk.serviceUs > 0;
    if (!isHindered) {
      const { nowUs } = this.simulation;
      desk.freeAtUs = nowUs;
      desk.line.forEach((waiting, i) => {
        desk.line[i] = { ...waiting, dueUs: Math.min(waiting.dueUs, nowUs) };
      });
    }
    this.#serveDue(node, desk);
  }

  #serveDue(node: number, desk: Desk): void {
    const { simulation } = this;
    const { line } = desk;
    while (!desk.isPaused && desk.head < line.length) {
      const waiting = line[desk.head];
      if (Math.max(waiting.dueUs, desk.freeAtUs) > simulation.nowUs) break;
      desk.head++;
      if (desk.head > headMax) {
        line.splice(0, desk.head);
        desk.head = 0;
      }
      if (desk.serviceUs > 0) desk.freeAtUs = simulation.nowUs + desk.serviceUs;
      if (this.processing !== undefined && waiting.class === eventClasses.delivery)
        this.waitUs.record(simulation.nowUs - waiting.arrivedUs);
      this.#handle(node, waiting);
    }
    if (desk.head < line.length) {
      if (!desk.isPaused) this.#callForNext(node, desk);
    } else if (desk.hindrances.size === 0 && desk.freeAtUs <= simulation.nowUs) {
      this.#desks.delete(node);
      if (this.processing === undefined) this.#has[node] = 0;
    }
  }

  #callForNext(node: number, desk: Desk): void {
    const timeUs = Math.max(desk.line[desk.head].dueUs, desk.freeAtUs);
    if (desk.calledForUs === timeUs) return;
    desk.calledForUs = timeUs;
    this.callAt(timeUs, node);
  }

  #handle(node: number, waiting: Waiting): void {
    const { simulation } = this;
    const { queue } = simulation;
    queue.class = waiting.class;
    queue.destination = node;
    queue.source = waiting.source;
    queue.counter = waiting.counter;
    queue.slot = waiting.slot;
    queue.kind = waiting.kind;
    queue.body = waiting.body;
    queue.delayUs = Math.min(waiting.delayUs + simulation.nowUs - waiting.arrivedUs, 2147483647);
    queue.a = waiting.a;
    queue.b = waiting.b;
    queue.c = waiting.c;
    queue.d = waiting.d;
    simulation.handleLate();
  }
}

function sumUp(desk: Desk): void {
  desk.isPaused = false;
  desk.lagUs = 0;
  desk.serviceUs = 0;
  desk.costFactor = 1;
  for (const { hindrance } of desk.hindrances.values()) {
    const { isPaused, lagUs, serviceUs, costFactor } = hindrance;
    desk.isPaused ||= isPaused;
    desk.lagUs += lagUs;
    desk.serviceUs += serviceUs;
    desk.costFactor *= costFactor;
  }
}
