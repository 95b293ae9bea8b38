/**
 * One thing that happened, as a reader sees it. The cursor uses a single object for all events and fills in what the event's type
 * has; copy it to keep it. Which fields mean something is said by `type`, see docs/trace-format.md.
 */
import { eventTypes } from './format.js';

/** The content of a message. `number` counts the bodies of the trace from 1, in the order of their first use. */
export interface TraceBody {
  readonly number: number;
  /** Address that the message names as its sender. */
  readonly origin: number;
  readonly incarnation: number;
  /** Step and number as the origin published it; what a copy claims is in its words. */
  readonly step: number;
  readonly sequence: number;
  /** Milliseconds since 1970 on the origin's clock. */
  readonly timestampMs: number;
  /** Canonical JSON of the data; checked to be JSON. */
  readonly canonical: string;
  readonly signature?: Uint8Array;
}

export type EventType = Exclude<(typeof eventTypes)[keyof typeof eventTypes], 6>;

export class TraceEvent {
  /** Position in the trace, from 0. */
  index = -1;
  timeUs = 0;
  type: EventType = eventTypes.sent;
  /**
   * The node that it happened to: the sender of what is sent or dropped, the receiver of what arrives, the reporter.
   * For changes of the world the node that changed, or -1 when a fault or adversary did.
   */
  node = 0;
  /** True when the fields of a message below mean something. Always for sent, arrived and dropped. */
  hasMessage = false;
  from = 0;
  to = 0;
  /** Also for timers. */
  slot = 0;
  kind = 0;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  /** Content of the message, or of a report without a message. */
  body: TraceBody | undefined = undefined;
  /** sent, arrived: how long the message is under way. */
  delayUs = 0;
  /** dropped: position of a fault, or a negative number from `dropReasons`. */
  reason = 0;
  /** timer */
  argument = 0;
  /** world: one of `worldChanges`, and the node, fault or adversary that it is about. */
  change = 0;
  subject = 0;
  /** report: one of `reportKinds`, and what that kind says about the value. */
  report = 0;
  value = 0;

  /** An independent copy. */
  copy(): TraceEvent {
    return new TraceEvent().become(this);
  }

  /** Takes over everything from another event. Written out, because this happens millions of times. */
  become(other: TraceEvent): this {
    this.index = other.index;
    this.timeUs = other.timeUs;
    this.type = other.type;
    this.node = other.node;
    this.hasMessage = other.hasMessage;
    this.from = other.from;
    this.to = other.to;
    this.slot = other.slot;
    this.kind = other.kind;
    this.a = other.a;
    this.b = other.b;
    this.c = other.c;
    this.d = other.d;
    this.body = other.body;
    this.delayUs = other.delayUs;
    this.reason = other.reason;
    this.argument = other.argument;
    this.change = other.change;
    this.subject = other.subject;
    this.report = other.report;
    this.value = other.value;
    return this;
  }
}
