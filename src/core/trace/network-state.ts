/**
 * What the network looks like at a moment, folded from events: like standing at the window of a signal box and keeping the board up to
 * date from what the telegraph says. Pure, forward only, a few dozen bytes a node; the live view and `replay --at` both read this board.
 */
import { reportKinds } from '../model/protocol.js';
import { dropReasons, worldChanges } from '../model/record.js';
import type { TraceBody, TraceEvent } from './event.js';
import { eventTypes } from './format.js';
import type { TraceHeader } from './header.js';
import { type Flight, InFlight } from './in-flight.js';

/** The last message that a node got. */
export interface LastMessage {
  readonly timeUs: number;
  readonly from: number;
  readonly slot: number;
  readonly kind: number;
  readonly words: readonly [number, number, number, number];
  readonly body: TraceBody | undefined;
}

/** A fault that lasts. */
export interface ActiveFault {
  readonly fault: number;
  readonly sinceUs: number;
}

/** One node at the moment. */
export interface NodeNow {
  readonly address: number;
  readonly state: 'up' | 'down' | 'not-started';
  /** Since when it is in that state. */
  readonly sinceUs: number;
  /** The step that its next message will carry, as far as its reports tell. */
  readonly step: number;
  readonly published: number;
  /** Distinct messages accepted. */
  readonly delivered: number;
  /** Distinct messages found wrong by it. */
  readonly flagged: number;
  readonly sent: number;
  readonly arrived: number;
  readonly last: LastMessage | undefined;
}

const states = ['not-started', 'up', 'down'] as const;
const downState = 2;
const counters = { published: 0, delivered: 1, flagged: 2, sent: 3, arrived: 4 } as const;
const counterTotal = 5;
/** Numbers kept about a node's last message. */
const lastStride = 7;
/** Slot and kind share one of them. */
const kindScale = 65_536;

export class NetworkState {
  nowUs = 0;
  /** Events taken in. */
  events = 0;
  upCount = 0;
  flaggedCount = 0;
  droppedCount = 0;
  publishedCount = 0;
  deliveredCount = 0;

  readonly #states: Uint8Array;
  readonly #sinceUs: Float64Array;
  readonly #steps: Float64Array;
  readonly #counts: Uint32Array;
  /** The last arrival by node: time, from, slot and kind, words. */
  readonly #last: Float64Array;
  readonly #lastBodies: (TraceBody | undefined)[] = [];
  readonly #faults = new Map<number, number>();
  readonly #inFlight = new InFlight();

  constructor(readonly header: TraceHeader) {
    const { nodeCount } = header;
    this.#states = new Uint8Array(nodeCount);
    this.#sinceUs = new Float64Array(nodeCount);
    this.#steps = new Float64Array(nodeCount);
    this.#counts = new Uint32Array(nodeCount * counterTotal);
    this.#last = new Float64Array(nodeCount * lastStride);
  }

  /** Takes in one event; they come in the order of the trace. */
  take(event: TraceEvent): void {
    this.nowUs = event.timeUs;
    this.events++;
    switch (event.type) {
      case eventTypes.sent:
        this.#counts[event.node * counterTotal + counters.sent]++;
        this.#inFlight.add(event.timeUs, event.timeUs + event.delayUs, event.from, event.to);
        break;
      case eventTypes.arrived:
        this.#counts[event.node * counterTotal + counters.arrived]++;
        this.#inFlight.handled();
        this.#noteLast(event);
        break;
      case eventTypes.dropped:
        this.droppedCount++;
        // A message that finds its receiver down, or no room before it, was under way until then.
        if (
          event.reason === dropReasons.receiverDown ||
          event.reason === dropReasons.downlinkFull ||
          event.reason === dropReasons.inboxFull
        )
          this.#inFlight.handled();
        break;
      case eventTypes.world:
        this.#change(event);
        break;
      case eventTypes.report:
        this.#report(event);
        break;
      default:
    }
  }

  /** Lets time pass without events. */
  passTo(timeUs: number): void {
    this.nowUs = Math.max(this.nowUs, timeUs);
  }

  node(address: number): NodeNow {
    const count = (which: number): number => this.#counts[address * counterTotal + which];
    return {
      address,
      state: states[this.#states[address]],
      sinceUs: this.#sinceUs[address],
      step: this.#steps[address],
      published: count(counters.published),
      delivered: count(counters.delivered),
      flagged: count(counters.flagged),
      sent: count(counters.sent),
      arrived: count(counters.arrived),
      last: count(counters.arrived) === 0 ? undefined : this.#lastOf(address),
    };
  }

  /** Nodes that were up and are down, those that are down longest first. @param max how many at the most */
  down(max: number): readonly { readonly node: number; readonly sinceUs: number }[] {
    const list: { node: number; sinceUs: number }[] = [];
    for (let node = 0; node < this.#states.length; node++)
      if (this.#states[node] === downState) list.push({ node, sinceUs: this.#sinceUs[node] });
    return list.sort((p, q) => p.sinceUs - q.sinceUs || p.node - q.node).slice(0, max);
  }

  /** Faults that last at the moment, in the order of the scenario. */
  get activeFaults(): readonly ActiveFault[] {
    return [...this.#faults]
      .map(([fault, sinceUs]) => ({ fault, sinceUs }))
      .sort((p, q) => p.fault - q.fault);
  }

  get inFlightCount(): number {
    return this.#inFlight.count;
  }

  /** Messages under way, the next to arrive first. */
  inFlight(max: number): readonly Flight[] {
    return this.#inFlight.first(this.nowUs, max);
  }

  #change(event: TraceEvent): void {
    const { change, subject } = event;
    if (change === worldChanges.faultBegins) {
      if (this.header.faults[subject].lasts) this.#faults.set(subject, event.timeUs);
    } else if (change === worldChanges.faultEnds) this.#faults.delete(subject);
    else if (change === worldChanges.crash || change === worldChanges.leave)
      this.#setState(subject, downState, event.timeUs);
    else if (event.node >= 0) {
      this.#setState(subject, 1, event.timeUs);
      if (change === worldChanges.restartLost) this.#steps[subject] = 0;
    }
  }

  #setState(node: number, state: number, timeUs: number): void {
    if (this.#states[node] !== state) this.#sinceUs[node] = timeUs;
    this.upCount += (state === 1 ? 1 : 0) - (this.#states[node] === 1 ? 1 : 0);
    this.#states[node] = state;
  }

  #report(event: TraceEvent): void {
    const { node, report, value } = event;
    const counts = this.#counts;
    const at = node * counterTotal;
    if (report === reportKinds.published) {
      counts[at + counters.published]++;
      this.publishedCount++;
      this.#steps[node] = value + 1;
    } else if (report === reportKinds.delivered) {
      counts[at + counters.delivered]++;
      this.deliveredCount++;
    } else if (report === reportKinds.flagged) {
      counts[at + counters.flagged]++;
      this.flaggedCount++;
    } else if (report === reportKinds.adopted || report === reportKinds.ticked) this.#steps[node] = value;
  }

  #noteLast(event: TraceEvent): void {
    const at = event.node * lastStride;
    const last = this.#last;
    last[at] = event.timeUs;
    last[at + 1] = event.from;
    last[at + 2] = event.slot * kindScale + event.kind;
    last[at + 3] = event.a;
    last[at + 4] = event.b;
    last[at + 5] = event.c;
    last[at + 6] = event.d;
    this.#lastBodies[event.node] = event.body;
  }

  #lastOf(address: number): LastMessage {
    const [timeUs, from, kind, a, b, c, d] = this.#last.subarray(
      address * lastStride,
      (address + 1) * lastStride,
    );
    return {
      timeUs,
      from,
      slot: Math.floor(kind / kindScale),
      kind: kind % kindScale,
      words: [a, b, c, d],
      body: this.#lastBodies[address],
    };
  }
}
