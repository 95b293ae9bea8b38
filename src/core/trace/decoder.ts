/** Reads events back: the writer's rules, mirrored. Every number is checked before it is believed. */
import { reportKinds } from '../model/protocol.js';
import { worldChanges } from '../model/record.js';
import { DamageError } from './damage.js';
import { TraceEvent, type EventType, type TraceBody } from './event.js';
import { eventTypes, marks, wordForms } from './format.js';
import { type TraceHeader, parseJson } from './header.js';
import { WordMemory } from './memory.js';
import { ByteReader, unfold } from './varint.js';

/** Control characters have no place in canonical JSON, and would break the one-line promise of whoever prints it. */
// eslint-disable-next-line no-control-regex -- finding control characters is the purpose of this expression
const controls = /[\u0000-\u001f]/;

/** Changes whose subject is a node. */
const nodeChanges: ReadonlySet<number> = new Set([
  worldChanges.start,
  worldChanges.crash,
  worldChanges.restartKept,
  worldChanges.restartLost,
  worldChanges.leave,
]);

export class EventDecoder {
  readonly event = new TraceEvent();
  /** Whole events so far, and the time of the last one. */
  eventCount = 0;
  lastTimeUs = 0;
  /** Bodies met so far. */
  bodyCount = 0;

  readonly #reader = new ByteReader();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #memory: WordMemory;
  readonly #slotOfKind: number[] = [];
  readonly #numberOfKind: number[] = [];
  readonly #bodies: TraceBody[] = [];
  #node = 0;
  #bodyCode = 0;
  /** The message that arrived last. */
  readonly #hand = new TraceEvent();
  #hasHand = false;

  constructor(private readonly header: TraceHeader) {
    header.slots.forEach(({ messages }, slot) =>
      messages.forEach((_, number) => {
        this.#slotOfKind.push(slot);
        this.#numberOfKind.push(number);
      }),
    );
    this.#memory = new WordMemory(this.#slotOfKind.length);
  }

  open(frame: Uint8Array): void {
    this.#reader.open(frame);
  }

  /**
   * The next event of the frame into `event`; false at its end.
   * @throws DamageError; `event` means nothing then
   */
  next(): boolean {
    const reader = this.#reader;
    while (reader.left > 0) {
      const head = reader.byte();
      const type = head & 7;
      if (type === eventTypes.body) {
        this.#body(head);
        continue;
      }
      if (type > eventTypes.body) throw new DamageError('an event has an unknown type');
      const { event } = this;
      event.index = this.eventCount;
      event.type = type as EventType;
      event.hasMessage = false;
      event.body = undefined;
      if ((head & marks.sameTime) === 0) {
        event.timeUs += reader.varint();
        if (event.timeUs > Number.MAX_SAFE_INTEGER) throw new DamageError('a time is out of range');
      }
      if (type <= eventTypes.dropped) this.#message(head, type);
      else if (type === eventTypes.timer) this.#timer(head);
      else if (type === eventTypes.world) this.#world();
      else this.#report(head);
      this.eventCount++;
      this.lastTimeUs = event.timeUs;
      return true;
    }
    return false;
  }

  #message(head: number, type: number): void {
    const reader = this.#reader;
    const { event } = this;
    this.#readNode(head);
    const other = this.#address();
    if ((head & marks.sameBody) === 0) this.#bodyCode = this.#readBodyCode();
    const code = this.#bodyCode;
    const memory = this.#memory;
    let kind: number;
    let place: number;
    if (code === 0) {
      kind = place = this.#readKind();
    } else {
      place = memory.kindTotal + code - 1;
      kind = (head & marks.sameKind) !== 0 ? memory.kinds[place] : this.#readKind();
      if (kind >= memory.kindTotal) throw new DamageError('a message has an unknown kind');
      memory.kinds[place] = kind;
      event.body = this.#bodies[code - 1];
    }
    if ((head & marks.sameWords) === 0) this.#readWords(place);
    this.#setMessage(kind, place);
    const arrived = type === eventTypes.arrived;
    event.from = arrived ? other : event.node;
    event.to = arrived ? event.node : other;
    if (type === eventTypes.dropped) {
      event.reason = unfold(reader.varint());
      if (event.reason >= this.header.faults.length) throw new DamageError('a fault does not exist');
      return;
    }
    event.delayUs = reader.varint();
    if (!arrived) return;
    const hand = this.#hand;
    hand.from = event.from;
    hand.to = event.to;
    hand.slot = event.slot;
    hand.kind = event.kind;
    hand.a = event.a;
    hand.b = event.b;
    hand.c = event.c;
    hand.d = event.d;
    hand.body = event.body;
    this.#hasHand = true;
  }

  #timer(head: number): void {
    const reader = this.#reader;
    const { event } = this;
    this.#readNode(head);
    event.slot = reader.varint();
    if (event.slot >= this.header.slots.length) throw new DamageError('a slot does not exist');
    event.kind = reader.varint();
    event.argument = (head & marks.wideArgument) !== 0 ? reader.double() : unfold(reader.varint());
  }

  #world(): void {
    const { event, header } = this;
    event.change = this.#reader.varint();
    event.subject = this.#reader.varint();
    const ofNode = nodeChanges.has(event.change);
    event.node = ofNode ? event.subject : -1;
    const isFault = event.change === worldChanges.faultBegins || event.change === worldChanges.faultEnds;
    const limit = ofNode ? header.nodeCount : isFault ? header.faults.length : Infinity;
    if (event.subject >= limit) throw new DamageError('a change of the world is about nobody');
  }

  #report(head: number): void {
    const reader = this.#reader;
    const { event } = this;
    this.#readNode(head);
    event.report = reader.byte();
    event.value = reader.varint();
    if ((head & marks.atHand) !== 0) {
      const hand = this.#hand;
      if (!this.#hasHand) throw new DamageError('a report is about a message that never arrived');
      event.hasMessage = true;
      event.from = hand.from;
      event.to = hand.to;
      event.slot = hand.slot;
      event.kind = hand.kind;
      event.a = hand.a;
      event.b = hand.b;
      event.c = hand.c;
      event.d = hand.d;
      event.body = hand.body;
    } else if ((head & marks.ownBody) !== 0) {
      const code = this.#readBodyCode();
      event.body = code === 0 ? undefined : this.#bodies[code - 1];
    }
    if (event.report === reportKinds.flagged && event.value >= this.header.flags.length) {
      throw new DamageError('a flag does not exist');
    }
  }

  #setMessage(kind: number, place: number): void {
    const { event } = this;
    const { words } = this.#memory;
    event.hasMessage = true;
    event.slot = this.#slotOfKind[kind];
    event.kind = this.#numberOfKind[kind];
    event.a = words[place * 4];
    event.b = words[place * 4 + 1];
    event.c = words[place * 4 + 2];
    event.d = words[place * 4 + 3];
  }

  #readNode(head: number): void {
    if ((head & marks.sameNode) === 0) this.#node = this.#address();
    this.event.node = this.#node;
  }

  #address(): number {
    const address = this.#reader.varint();
    if (address >= this.header.nodeCount) throw new DamageError('a node does not exist');
    return address;
  }

  #readKind(): number {
    const kind = this.#reader.varint();
    if (kind >= this.#memory.kindTotal) throw new DamageError('a message has an unknown kind');
    return kind;
  }

  #readBodyCode(): number {
    const code = this.#reader.varint();
    if (code > this.#bodies.length) throw new DamageError('a body is used before it is written');
    return code;
  }

  #readWords(place: number): void {
    const reader = this.#reader;
    const { words } = this.#memory;
    const forms = reader.byte();
    for (let word = 0; word < 4; word++) {
      const form = (forms >>> (2 * word)) & 3;
      if (form === wordForms.same) continue;
      const w = place * 4 + word;
      if (form === wordForms.difference) words[w] += unfold(reader.varint());
      else if (form === wordForms.wide) words[w] = reader.double();
      else throw new DamageError('a word has an unknown form');
    }
  }

  #body(head: number): void {
    const reader = this.#reader;
    const slot = reader.varint();
    // Slots are taken in order, so a list of bodies is never longer than the bytes that were read.
    if (slot > this.#bodies.length) throw new DamageError('a body takes a slot out of order');
    const origin = this.#address();
    const incarnation = reader.varint();
    const step = reader.varint();
    const sequence = reader.varint();
    const timestampMs = reader.double();
    const bytes = reader.take(reader.varint());
    let canonical: string;
    try {
      canonical = this.#decoder.decode(bytes);
    } catch {
      throw new DamageError('a body is not UTF-8');
    }
    if (controls.test(canonical)) throw new DamageError('a body is not canonical JSON');
    parseJson(canonical);
    const signature = (head & marks.signature) !== 0 ? reader.take(reader.varint()).slice() : undefined;
    this.#memory.forget(slot);
    this.#bodies[slot] = {
      number: ++this.bodyCount,
      origin,
      incarnation,
      step,
      sequence,
      timestampMs,
      canonical,
      signature,
    };
  }
}
