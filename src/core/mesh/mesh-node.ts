/**
 * One node of a network in this process. It broadcasts data with its step and pattern value, judges what it hears, follows the step of
 * those who are ahead, and tells its handlers. What it thinks is the simulator's protocol code, as a population of one.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showValue } from '../base/escape.js';
import type { Body } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import { checkStep, type PatternFunction } from '../model/pattern.js';
import { flags, reportKinds, type ReportKind } from '../model/protocol.js';
import type { Receiver } from '../model/stack.js';
import { canonicalJson } from '../base/canonical-json.js';
import { textDigest } from '../base/digest.js';
import { toBase64 } from '../base/base64.js';
import { bodyDigest } from '../parts/message-identity.js';
import { Emitter, type Unsubscribe } from './emitter.js';
import type { MeshError, NodeState, PhaseResetEvent, SyncEvent } from './events.js';
import { copyJson } from './json-copy.js';
import { makeMessage, readMessage, type MeshMessage, type WellFormed } from './message.js';
import type { Outcome, Ticket } from './message-queue.js';
import { buildNodeStack, type NodeStack } from './node-stack.js';
import type { Occupant, Seat } from './seat.js';

export type MessageHandler = (message: MeshMessage) => unknown;
export type ErrorHandler = (error: MeshError) => unknown;

export class MeshNode implements Occupant, Receiver {
  /** A place for whatever the application keeps for this node. */
  readonly store = new Map<string, unknown>();
  /** Malformed messages that were handed in. */
  malformedCount = 0;

  readonly #seat: Seat;
  readonly #pattern: PatternFunction;
  readonly #interval: number;
  readonly #stack: NodeStack;
  #state: NodeState = 'initializing';
  /** What is being handled: its ticket, and the step before. */
  #ticket: Ticket | undefined;
  #envelope: Envelope | undefined;
  #stepSeen = 0;

  readonly #onMessage: Emitter<[MeshMessage]>;
  readonly #onBroadcast: Emitter<[MeshMessage]>;
  readonly #onError: Emitter<[MeshError]>;
  readonly #onSync: Emitter<[SyncEvent]>;
  readonly #onPhaseReset: Emitter<[PhaseResetEvent]>;
  readonly #onState: Emitter<[NodeState]>;

  /** @internal use `MeshNetwork.createNode` */
  constructor(seat: Seat, pattern: PatternFunction, phaseResetInterval: number) {
    this.#seat = seat;
    this.#pattern = pattern;
    this.#interval = phaseResetInterval;
    const emitter = <A extends readonly unknown[]>(name: string): Emitter<A> =>
      new Emitter<A>((cause) => this.#handlerThrew(name, cause));
    this.#onMessage = emitter('onMessage');
    this.#onBroadcast = emitter('onBroadcast');
    this.#onSync = emitter('onSync');
    this.#onPhaseReset = emitter('onPhaseReset');
    this.#onState = emitter('onState');
    // An error handler that throws is written into the log, and not told of it again.
    this.#onError = new Emitter((cause) =>
      seat.fabric.log(seat.fabric.mishap(seat.nodeId, 'onError', cause), 0),
    );
    this.#stack = buildNodeStack(seat, pattern, this);
    seat.occupant = this;
    for (const population of this.#stack.populations) population.start('boot');
    this.#enter('idle');
  }

  get nodeId(): string {
    return this.#seat.nodeId;
  }

  /** The step that the node's next message will carry. */
  get globalStep(): number {
    return this.#stack.clock.now();
  }

  get state(): NodeState {
    return this.#state;
  }

  /** Where the node is in its network; undefined after its removal. */
  get isAttached(): boolean {
    return this.#seat.attached;
  }

  // --- what a program asks for -----------------------------------------------------------------------------------

  /**
   * Publishes data to everybody.
   * @param data any JSON value; copied, so that nobody can change it later
   * @returns the message, frozen
   * @throws UserError `invalid-value` when the data is no JSON value, `unknown-node` after the node was removed
   */
  broadcast(data: unknown): MeshMessage {
    this.#checkAttached();
    const { fabric } = this.#seat;
    let copy: unknown;
    try {
      copy = copyJson(data).value;
    } catch (cause) {
      throw new UserError('invalid-value', {
        what: `the data cannot be broadcast: ${cause instanceof Error ? cause.message : 'it is no JSON value'}`,
        expected: 'a JSON value',
      });
    }
    return fabric.run(() => {
      this.#enter('computing');
      const before = this.globalStep;
      this.#published = undefined;
      this.#stack.publisher.publish(copy);
      const message = this.#published as MeshMessage | undefined;
      if (message === undefined) throw new UserError('invalid-value', { what: 'nothing was published' });
      this.#moved(before, undefined);
      this.#enter('broadcasting');
      fabric.log(
        { class: 'message', type: 'published', nodeId: this.nodeId, message, timestamp: fabric.timestamp },
        64,
      );
      this.#onBroadcast.emit(message);
      this.#enter('idle');
      return message;
    });
  }

  /**
   * Takes a message from outside the network. Never throws for what it is handed.
   * @returns what became of it; `queued` inside a handler and under manual delivery
   */
  receive(message: unknown): Outcome {
    const read = readMessage(message);
    if ('malformed' in read) {
      this.malformedCount++;
      this.#error({
        type: 'malformed',
        kind: read.malformed,
        nodeId: this.nodeId,
        timestamp: this.#seat.fabric.timestamp,
        reason: read.reason,
        message: null,
        expected: 'a message',
        received: null,
      });
      return 'malformed';
    }
    const ticket: Ticket = { outcome: 'queued' };
    this.#seat.fabric.run(() => this.#handIn(read, ticket));
    return ticket.outcome;
  }

  /** Takes several, in order; one result each. */
  receiveBatch(messages: readonly unknown[]): Outcome[] {
    return this.#seat.fabric.run(() => messages.map((message) => this.receive(message)));
  }

  /**
   * Moves forward to a step; a step of the past changes nothing.
   * @returns the node's step afterwards
   * @throws UserError `invalid-step`
   */
  sync(step: number): number {
    return this.#follow(checkStep(step), 'call');
  }

  /** Another node's announcement of its step, as `SyncProtocol.broadcastStep` makes it. */
  announce(step: number): number {
    return this.#follow(checkStep(step), 'announcement');
  }

  /** The node's step, for `SyncProtocol.requestCurrentStep` of others. */
  currentStep(): number {
    return this.globalStep;
  }

  /** Neighbours in the network, in the order in which they joined. */
  neighbours(): string[] {
    const { links } = this.#seat;
    return Array.from({ length: links.countOf(this.#seat) }, (_, i) => links.at(this.#seat, i).nodeId);
  }

  /** A distinct good message of another node, once. */
  onMessage(handler: MessageHandler): Unsubscribe {
    return this.#onMessage.on(handler);
  }
  /** A message of this node, when it was published. */
  onBroadcast(handler: MessageHandler): Unsubscribe {
    return this.#onBroadcast.on(handler);
  }
  /** A message that was refused, or something that went wrong here. */
  onError(handler: ErrorHandler): Unsubscribe {
    return this.#onError.on(handler);
  }
  /** The node's step moved because of somebody else. */
  onSync(handler: (event: SyncEvent) => unknown): Unsubscribe {
    return this.#onSync.on(handler);
  }
  /** The node's step came to a phase reset, or leapt over one. */
  onPhaseReset(handler: (event: PhaseResetEvent) => unknown): Unsubscribe {
    return this.#onPhaseReset.on(handler);
  }
  onState(handler: (state: NodeState) => unknown): Unsubscribe {
    return this.#onState.on(handler);
  }

  // --- what the network does to it ---------------------------------------------------------------------------------

  /** @internal */
  handle(envelope: Envelope, ticket: Ticket | undefined): void {
    this.#enter('validating');
    this.#ticket = ticket;
    this.#envelope = envelope;
    this.#stepSeen = this.globalStep;
    if (ticket !== undefined) ticket.outcome = 'accepted';
    this.#stack.populations[envelope.slot].receive(envelope);
    this.#ticket = undefined;
    this.#envelope = undefined;
    this.#enter('idle');
  }

  /** @internal */
  wake(slot: number, kind: number, argument: number): void {
    this.#stack.populations[slot]?.timer(kind, argument);
  }

  /** @internal */
  queueFull(dropped: number): void {
    const { fabric } = this.#seat;
    this.#error({
      type: 'queue-full',
      nodeId: this.nodeId,
      timestamp: fabric.timestamp,
      reason: `messages are being dropped, ${dropped} so far: the queue is full`,
      message: null,
      expected: fabric.settings.queueCapacity,
      received: dropped,
    });
  }

  /** @internal a protocol's report */
  reported(kind: ReportKind, handle: number, value: number): void {
    const { fabric, address, links } = this.#seat;
    const { figures } = fabric;
    switch (kind) {
      case reportKinds.published: {
        const body = fabric.bodies.get(handle);
        fabric.names.retain(address);
        figures.published(handle, address, fabric.nowUs, links.countOf(this.#seat));
        this.#published = this.#messageOf(body, body.step, this.#pattern.value(body.step), body.sequence);
        return;
      }
      case reportKinds.delivered:
        figures.firstReceipts++;
        figures.delivered(handle, address, fabric.nowUs);
        return;
      case reportKinds.flagged:
        figures.firstReceipts++;
        figures.flagged++;
        if (this.#ticket !== undefined) this.#ticket.outcome = 'flagged';
        this.#flagged(handle, value);
        return;
      case reportKinds.duplicate:
        // In a flood the neighbours' copies are no news; a message that is handed in twice is.
        if (this.#ticket === undefined) return;
        this.#ticket.outcome = 'duplicate';
        this.#error({
          ...this.#told('this message was handed in before'),
          type: 'duplicate',
          message: this.#current(handle),
          expected: 'each message once',
          received: this.#envelope?.a ?? 0,
        });
        return;
      default:
        return;
    }
  }

  /** @internal a distinct message, from the spread slot */
  deliver(envelope: Envelope, flag: number): void {
    if (this.globalStep !== this.#stepSeen) {
      this.#enter('synchronizing');
      this.#moved(this.#stepSeen, 'message');
    } else if (flag === flags.none && envelope.a > this.globalStep) {
      this.#jumped(envelope.a, this.#current(envelope.body));
    }
    if (flag !== flags.none) return;
    this.#enter('reacting');
    const { fabric } = this.#seat;
    const message = this.#messageOf(fabric.bodies.get(envelope.body), envelope.a, envelope.b, envelope.c);
    fabric.log(
      { class: 'message', type: 'delivered', nodeId: this.nodeId, message, timestamp: fabric.timestamp },
      64,
    );
    this.#onMessage.emit(message);
  }

  /** @internal after the node was taken out of its network */
  detach(): void {
    this.#enter('detached');
  }

  // --- inside ------------------------------------------------------------------------------------------------------

  #published: MeshMessage | undefined;

  #handIn({ message }: WellFormed, ticket: Ticket): void {
    const { fabric } = this.#seat;
    const origin = fabric.names.addressOf(message.senderId);
    fabric.names.retain(origin);
    const canonical = canonicalJson(message.data);
    const timestampMs = message.timestamp ?? 0;
    const incarnation = message.incarnation ?? 0;
    // A stranger's address lasts only as long as its messages are under way, so its name stands in: duplicates are known by it.
    const identity = origin >= 0 ? origin : textDigest(message.senderId)[0] | 0x80000000;
    const [digest0, digest1] = bodyDigest(identity, incarnation, timestampMs, canonical);
    // Without a number of its own, a message is told from others of its sender by its step.
    const sequence = message.sequence ?? message.globalStep;
    const handle = fabric.bodies.add({
      origin,
      incarnation,
      step: message.globalStep,
      sequence,
      timestampMs,
      data: message.data,
      canonical,
      sizeBytes: canonical.length,
      digest0,
      digest1,
      signature: signatureBytes(message.signature),
    });
    fabric.handIn(
      this.#seat,
      this.#stack.spreadSlot,
      message.globalStep,
      message.patternValue,
      sequence,
      handle,
      ticket,
    );
    fabric.bodies.release(handle);
  }

  #follow(step: number, cause: 'call' | 'announcement'): number {
    this.#checkAttached();
    return this.#seat.fabric.run(() => {
      const before = this.globalStep;
      if (step - before > this.#seat.fabric.settings.maxJump) {
        this.#jumped(step, null);
        return before;
      }
      this.#stack.clock.advanceTo(step);
      this.#moved(before, cause);
      return this.globalStep;
    });
  }

  /** Tells of a move of the clock; `cause` is undefined for the node's own progress. */
  #moved(from: number, cause: SyncEvent['cause'] | undefined): void {
    const to = this.globalStep;
    if (to === from) return;
    const { timestamp } = this.#seat.fabric;
    if (cause !== undefined) this.#onSync.emit({ nodeId: this.nodeId, from, to, cause, timestamp });
    const resets = Math.floor(to / this.#interval) - Math.floor(from / this.#interval);
    if (resets > 0) {
      const resetStep = to - (to % this.#interval);
      this.#onPhaseReset.emit({ nodeId: this.nodeId, resetStep, resets, timestamp });
    }
  }

  #jumped(step: number, message: MeshMessage | null): void {
    this.#error({
      ...this.#told(`step ${step} is too far ahead to be followed`),
      type: 'step-jump',
      message,
      expected: Math.min(Number.MAX_SAFE_INTEGER, this.globalStep + this.#seat.fabric.settings.maxJump),
      received: step,
    });
  }

  #flagged(handle: number, flag: number): void {
    const envelope = this.#envelope;
    if (envelope === undefined) return;
    const message = this.#current(handle);
    if (flag === flags.patternMismatch) {
      this.#seat.fabric.figures.patternMismatches++;
      const expected = this.#pattern.value(envelope.a);
      this.#error({
        ...this.#told(
          `step ${envelope.a} of ${quoteText(message.senderId)} carries ${showValue(envelope.b)} instead of ${expected}`,
        ),
        type: 'pattern-mismatch',
        message,
        expected,
        received: envelope.b,
      });
      return;
    }
    this.#error({
      ...this.#told(`the signature of ${quoteText(message.senderId)} does not hold`),
      type: flag === flags.unknownSender ? 'unknown-sender' : 'bad-signature',
      message,
      expected: 'a valid signature',
      received: message.signature ?? 'none',
    });
  }

  #told(reason: string): { nodeId: string; timestamp: number; reason: string } {
    return { nodeId: this.nodeId, timestamp: this.#seat.fabric.timestamp, reason };
  }

  #error(error: MeshError): void {
    const { fabric } = this.#seat;
    const { timestamp } = error;
    if (error.type === 'queue-full' || error.type === 'handler-error') {
      fabric.log({ class: 'error', type: error.type, nodeId: this.nodeId, error, timestamp }, 64);
    } else {
      fabric.log({ class: 'security', type: error.type, nodeId: this.nodeId, error, timestamp }, 64);
    }
    this.#onError.emit(error);
  }

  #handlerThrew(handler: string, cause: unknown): void {
    this.#error({
      ...this.#told(`a handler of ${handler} threw`),
      type: 'handler-error',
      message: null,
      handler,
      cause,
    });
  }

  #current(handle: number): MeshMessage {
    const envelope = this.#envelope;
    const body = this.#seat.fabric.bodies.get(handle);
    return this.#messageOf(body, envelope?.a ?? body.step, envelope?.b ?? 0, envelope?.c ?? body.sequence);
  }

  #messageOf(body: Body, step: number, value: number, sequence: number): MeshMessage {
    return makeMessage(
      this.#seat.fabric.names.nameOf(body.origin),
      step,
      value,
      body.data,
      body.timestampMs,
      sequence,
      body.incarnation,
      body.signature === undefined ? undefined : toBase64(body.signature),
    );
  }

  #enter(state: NodeState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (this.#onState.size > 0) this.#onState.emit(state);
  }

  #checkAttached(): void {
    if (this.#seat.attached) return;
    throw new UserError('unknown-node', {
      what: `node ${quoteText(this.nodeId)} was removed from its network`,
    });
  }
}

/** Bytes of a base64 text; undefined when it is none. */
function signatureBytes(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
