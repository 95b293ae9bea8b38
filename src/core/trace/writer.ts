/**
 * Takes the minutes of a run. Each event becomes a few bytes that say only what could not be guessed from what was said before; bytes
 * are gathered into a frame, the frame is sealed and handed to a sink. The writer keeps no events, and of the bodies only what the
 * engine's own table holds, so a long recording needs no more memory than a short one.
 */
import { assert } from '../base/assert.js';
import type { Bodies, Body } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import type { ReportKind } from '../model/protocol.js';
import type { RunListener, WorldChange } from '../model/record.js';
import { eventFrameBytes, eventTypes, frameHeadBytes, frameTypes, marks, wordForms } from './format.js';
import { FrameWriter, type Sink } from './frame-writer.js';
import type { TraceFile, TraceHeader } from './header.js';
import { WordMemory } from './memory.js';
import { foldable, fold, putVarint } from './varint.js';

/** No event is longer: one byte of marks, nine numbers of eight, four words of eight, and some. */
const eventBytesMax = 160;
const namesPerFrame = 16_384;

/** How a run ended, for the footer. */
export interface TraceEnd {
  /** 16 hexadecimal digits. */
  readonly fingerprint: string;
  /** Virtual time at which the run stopped. */
  readonly endUs: number;
  /** True when the run did not get to its own end, as after Ctrl-C. */
  readonly interrupted?: boolean;
}

const encoder = new TextEncoder();

export class TraceWriter implements RunListener {
  /** Events written so far. */
  eventCount = 0;

  readonly #frames: FrameWriter;
  readonly #bodies: Bodies;
  readonly #memory: WordMemory;
  /** Number of the first kind of each slot. */
  readonly #firstKinds: readonly number[];
  #buffer = new Uint8Array(eventFrameBytes + eventBytesMax);
  #at = frameHeadBytes;
  readonly #wide = new Float64Array(1);
  readonly #wideBytes = new Uint8Array(this.#wide.buffer);

  // What the next event is compared with.
  #timeUs = 0;
  #node = 0;
  #bodyCode = 0;
  // The message that is being handled, and when it arrived; -1 when none is.
  readonly #atHand = { slot: 0, kind: 0, from: 0, to: 0, body: 0 };
  #atHandTimeUs = -1;

  /** By the engine's handle: the body that we know under it, and its slot in the trace. */
  readonly #known: (Body | undefined)[] = [];
  #bodySlots = new Int32Array(64);
  #bodySlotTotal = 0;
  #bodyTotal = 0;

  /**
   * Writes header, names and files at once.
   * @param bodies the run's own table, asked for a body when it is met for the first time
   * @param sink is handed pieces of the trace, to keep; must not throw
   */
  constructor(
    header: TraceHeader,
    nameOf: (address: number) => string,
    bodies: Bodies,
    sink: Sink,
    files: readonly TraceFile[] = [],
  ) {
    this.#bodies = bodies;
    const firstKinds: number[] = [];
    let kindTotal = 0;
    for (const slot of header.slots) {
      firstKinds.push(kindTotal);
      kindTotal += slot.messages.length;
    }
    this.#firstKinds = firstKinds;
    this.#memory = new WordMemory(kindTotal);
    this.#frames = new FrameWriter(sink);
    this.#frames.writeText(frameTypes.header, JSON.stringify(header));
    for (let first = 0; first < header.nodeCount; first += namesPerFrame) {
      const count = Math.min(namesPerFrame, header.nodeCount - first);
      const names = Array.from({ length: count }, (_, i) => nameOf(first + i));
      this.#frames.writeText(frameTypes.names, JSON.stringify(names));
    }
    for (const file of files) this.#frames.writeFile(file);
  }

  sent(timeUs: number, envelope: Envelope, delayUs: number): void {
    const at = this.#message(eventTypes.sent, timeUs, envelope, envelope.from, envelope.to);
    this.#at = putVarint(this.#buffer, at, delayUs);
  }

  delivered(timeUs: number, envelope: Envelope, delayUs: number): void {
    const at = this.#message(eventTypes.arrived, timeUs, envelope, envelope.to, envelope.from);
    this.#at = putVarint(this.#buffer, at, delayUs);
    const hand = this.#atHand;
    hand.slot = envelope.slot;
    hand.kind = envelope.kind;
    hand.from = envelope.from;
    hand.to = envelope.to;
    hand.body = envelope.body;
    this.#atHandTimeUs = timeUs;
  }

  dropped(timeUs: number, envelope: Envelope, reason: number): void {
    const at = this.#message(eventTypes.dropped, timeUs, envelope, envelope.from, envelope.to);
    this.#at = putVarint(this.#buffer, at, fold(reason));
  }

  timer(timeUs: number, node: number, slot: number, kind: number, argument: number): void {
    const first = this.#begin(timeUs);
    this.#atHandTimeUs = -1;
    let at = this.#at;
    const buffer = this.#buffer;
    let head: number = eventTypes.timer | first;
    if (node === this.#node) head |= marks.sameNode;
    else at = putVarint(buffer, at, (this.#node = node));
    at = putVarint(buffer, at, slot);
    at = putVarint(buffer, at, kind);
    if (Number.isSafeInteger(argument) && argument < foldable && argument >= -foldable) {
      at = putVarint(buffer, at, fold(argument));
    } else {
      head |= marks.wideArgument;
      at = this.#putWide(at, argument);
    }
    buffer[this.#headAt] = head;
    this.#at = at;
  }

  world(timeUs: number, change: WorldChange, subject: number): void {
    const first = this.#begin(timeUs);
    this.#atHandTimeUs = -1;
    const at = putVarint(this.#buffer, this.#at, change);
    this.#at = putVarint(this.#buffer, at, subject);
    this.#buffer[this.#headAt] = eventTypes.world | first;
  }

  reported(
    timeUs: number,
    node: number,
    kind: ReportKind,
    body: number,
    value: number,
    envelope: Envelope,
  ): void {
    const bodyCode = body === 0 ? 0 : this.#codeOf(body);
    const first = this.#begin(timeUs);
    const buffer = this.#buffer;
    const headAt = this.#headAt;
    let head: number = eventTypes.report | first;
    let at = this.#at;
    if (node === this.#node) head |= marks.sameNode;
    else at = putVarint(buffer, at, (this.#node = node));
    buffer[at++] = kind;
    assert(Number.isSafeInteger(value) && value >= 0, 'what a report says is a whole number');
    at = putVarint(buffer, at, value);
    if (this.#isAtHand(timeUs, node, body, envelope)) {
      head |= marks.atHand;
    } else if (bodyCode !== 0) {
      head |= marks.ownBody;
      at = putVarint(buffer, at, bodyCode);
    }
    buffer[headAt] = head;
    this.#at = at;
  }

  /** Writes the rest and the footer. Nothing can be written afterwards. */
  finish(end: TraceEnd): void {
    this.#flush();
    const { fingerprint, endUs, interrupted = false } = end;
    const footer = { events: this.eventCount, fingerprint, endUs, interrupted };
    this.#frames.writeText(frameTypes.footer, JSON.stringify(footer));
  }

  /** Hands everything so far to the sink: what is then cut off loses nothing. */
  flush(): void {
    this.#flush();
  }

  #headAt = 0;

  /** Makes room, reserves the first byte and writes the time; returns the mark for it. */
  #begin(timeUs: number): number {
    if (this.#at > eventFrameBytes) this.#flush();
    this.eventCount++;
    this.#headAt = this.#at++;
    const passed = timeUs - this.#timeUs;
    if (passed === 0) return marks.sameTime;
    assert(passed > 0 && Number.isSafeInteger(timeUs), 'recorded time is whole and never runs backwards');
    this.#timeUs = timeUs;
    this.#at = putVarint(this.#buffer, this.#at, passed);
    return 0;
  }

  /** Everything that sent, arrived and dropped have in common. Returns the place behind it. */
  #message(type: number, timeUs: number, envelope: Envelope, node: number, other: number): number {
    const bodyCode = envelope.body === 0 ? 0 : this.#codeOf(envelope.body);
    let head = type | this.#begin(timeUs);
    const buffer = this.#buffer;
    let at = this.#at;
    if (node === this.#node) head |= marks.sameNode;
    else at = putVarint(buffer, at, (this.#node = node));
    at = putVarint(buffer, at, other);
    if (bodyCode === this.#bodyCode) head |= marks.sameBody;
    else at = putVarint(buffer, at, (this.#bodyCode = bodyCode));

    const kind = this.#kindOf(envelope);
    const memory = this.#memory;
    const place = bodyCode === 0 ? kind : memory.kindTotal + bodyCode - 1;
    // Without a body the kind is the key to the memory, so it has to be said.
    if (bodyCode !== 0 && memory.kinds[place] === kind) {
      head |= marks.sameKind;
    } else {
      memory.kinds[place] = kind;
      at = putVarint(buffer, at, kind);
    }
    const words = memory.words;
    const w = place * 4;
    if (
      words[w] === envelope.a &&
      words[w + 1] === envelope.b &&
      words[w + 2] === envelope.c &&
      words[w + 3] === envelope.d
    ) {
      head |= marks.sameWords;
    } else {
      at = this.#putWords(at, place, envelope);
    }
    buffer[this.#headAt] = head;
    return at;
  }

  /** The number of a kind among the kinds of all slots. */
  #kindOf(envelope: Envelope): number {
    return this.#firstKinds[envelope.slot] + envelope.kind;
  }

  /** A byte of forms, then the words that differ from those remembered. */
  #putWords(at: number, place: number, envelope: Envelope): number {
    const formsAt = at;
    let next = at + 1;
    next = this.#putWord(next, place * 4, envelope.a);
    let forms = this.#form;
    next = this.#putWord(next, place * 4 + 1, envelope.b);
    forms |= this.#form << 2;
    next = this.#putWord(next, place * 4 + 2, envelope.c);
    forms |= this.#form << 4;
    next = this.#putWord(next, place * 4 + 3, envelope.d);
    this.#buffer[formsAt] = forms | (this.#form << 6);
    return next;
  }

  #form: number = wordForms.same;

  #putWord(at: number, w: number, word: number): number {
    const words = this.#memory.words;
    const before = words[w];
    if (before === word) {
      this.#form = wordForms.same;
      return at;
    }
    words[w] = word;
    const difference = word - before;
    if (
      Number.isSafeInteger(word) &&
      Number.isSafeInteger(before) &&
      difference < foldable &&
      difference >= -foldable
    ) {
      this.#form = wordForms.difference;
      return putVarint(this.#buffer, at, fold(difference));
    }
    this.#form = wordForms.wide;
    return this.#putWide(at, word);
  }

  #putWide(at: number, value: number): number {
    // Typed arrays are in the machine's order, which is lowest first on every machine that Node runs on.
    this.#wide[0] = value;
    this.#buffer.set(this.#wideBytes, at);
    return at + 8;
  }

  /** Is this the message that arrived last and is still being handled? Its words need not be looked at. */
  #isAtHand(timeUs: number, node: number, body: number, envelope: Envelope): boolean {
    const hand = this.#atHand;
    return (
      timeUs === this.#atHandTimeUs &&
      node === hand.to &&
      (body === 0 || body === hand.body) &&
      envelope.to === hand.to &&
      envelope.from === hand.from &&
      envelope.body === hand.body &&
      envelope.slot === hand.slot &&
      envelope.kind === hand.kind
    );
  }

  /** The body's slot in the trace plus one. A body that is met for the first time is written before its event. */
  #codeOf(handle: number): number {
    const body = this.#bodies.get(handle);
    if (this.#known[handle] === body) return this.#bodySlots[handle] + 1;
    return this.#introduce(handle, body);
  }

  #introduce(handle: number, body: Body): number {
    while (this.#known.length <= handle) this.#known.push(undefined);
    if (handle >= this.#bodySlots.length) {
      const larger = new Int32Array(Math.max(handle + 1, this.#bodySlots.length * 2));
      larger.set(this.#bodySlots);
      this.#bodySlots = larger;
    }
    // A handle that the engine uses again keeps its slot: readers then forget what the engine forgot.
    if (this.#known[handle] === undefined) this.#bodySlots[handle] = this.#bodySlotTotal++;
    this.#known[handle] = body;
    const slot = this.#bodySlots[handle];
    this.#memory.forget(slot);
    this.#writeBody(slot, body);
    return slot + 1;
  }

  #writeBody(slot: number, body: Body): void {
    this.#bodyTotal++;
    const text = encoder.encode(body.canonical);
    const signature = body.signature;
    this.#makeRoom(eventBytesMax + text.length + (signature?.length ?? 0));
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = signature === undefined ? eventTypes.body : eventTypes.body | marks.signature;
    at = putVarint(buffer, at, slot);
    at = putVarint(buffer, at, body.origin);
    at = putVarint(buffer, at, body.incarnation);
    at = putVarint(buffer, at, body.step);
    at = putVarint(buffer, at, body.sequence);
    at = this.#putWide(at, body.timestampMs);
    at = putVarint(buffer, at, text.length);
    buffer.set(text, at);
    at += text.length;
    if (signature !== undefined) {
      at = putVarint(buffer, at, signature.length);
      buffer.set(signature, at);
      at += signature.length;
    }
    this.#at = at;
  }

  /** Room for so many bytes more, in a buffer that is larger for once if need be. */
  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    this.#flush();
    const size = frameHeadBytes + bytes + eventBytesMax;
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(size);
  }

  #flush(): void {
    if (this.#at === frameHeadBytes) return;
    this.#frames.write(frameTypes.events, this.#buffer.subarray(frameHeadBytes, this.#at));
    this.#at = frameHeadBytes;
    if (this.#buffer.length > 16 * eventFrameBytes) {
      this.#buffer = new Uint8Array(eventFrameBytes + eventBytesMax);
    }
  }
}
