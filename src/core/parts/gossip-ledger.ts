/**
 * Who knows what, for gossip in rounds: one bit for each node and message, 32 messages to a word, rows one after another. Asking what a
 * peer lacks is one instruction for 32 messages, and a million nodes with one rumour are four megabytes.
 *
 * A node may know a message without passing it on (a guard found it wrong, it has travelled far enough, its bearer lost interest). As
 * long as that never happens, "passes on" is the same array as "knows".
 */
import { UserError } from '../base/errors.js';
import type { Envelope } from '../model/envelope.js';
import type { Bodies } from '../model/bodies.js';
import { publicationHeadBytes } from './encoded-size.js';

const hopsMax = 65_535;
/** Beyond this the arrays are refused rather than tried. */
const bytesMax = 2 ** 31;

interface Message {
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: number;
  /** Encoded, head and body. */
  readonly sizeBytes: number;
}

export class GossipLedger {
  /** Words of 32 messages in a row. */
  words = 0;
  /** Messages that a row has room for. */
  room = 0;
  known: Int32Array = new Int32Array(0);
  readonly messages: Message[] = [];

  /** What nodes pass on, where that differs from what they know. */
  #spreading: Int32Array | undefined;
  #hops: Uint16Array = new Uint16Array(0);
  /** How tired each node is of each message; present when it can tire. */
  #tired: Uint8Array | undefined;
  readonly #byBody = new Map<number, number[]>();

  /** @param expectedMessages room to begin with */
  constructor(
    private readonly rows: number,
    expectedMessages: number,
    private readonly tires: boolean,
    private readonly bodies: Bodies,
  ) {
    this.#makeRoom(Math.max(1, Math.min(expectedMessages, 1024)));
  }

  get bytes(): number {
    return (
      this.known.byteLength +
      (this.#spreading?.byteLength ?? 0) +
      this.#hops.byteLength +
      (this.#tired?.byteLength ?? 0)
    );
  }

  /** What nodes pass on. Not to be written to; may be another array after `learn`, `stop` and `number`. */
  get spreading(): Int32Array {
    return this.#spreading ?? this.known;
  }

  /** The number of the message with these words and this body, a new one if need be. The body is kept from then on. */
  number(step: number, value: number, sequence: number, body: number): number {
    const twins = this.#byBody.get(body);
    if (twins !== undefined) {
      for (const twin of twins) {
        const message = this.messages[twin];
        if (message.step === step && message.value === value && message.sequence === sequence) return twin;
      }
    }
    const fresh = this.messages.length;
    if (fresh === this.room) this.#makeRoom(this.room * 2);
    this.bodies.retain(body);
    const sizeBytes = publicationHeadBytes + this.bodies.get(body).sizeBytes;
    this.messages.push({ step, value, sequence, body, sizeBytes });
    if (twins === undefined) this.#byBody.set(body, [fresh]);
    else twins.push(fresh);
    return fresh;
  }

  /** Writes a message into an envelope. */
  describe(message: number, hops: number, envelope: Envelope): void {
    const { step, value, sequence, body } = this.messages[message];
    envelope.a = step;
    envelope.b = value;
    envelope.c = sequence;
    envelope.d = hops;
    envelope.body = body;
  }

  knows(row: number, message: number): boolean {
    return (this.known[row * this.words + (message >> 5)] & (1 << (message & 31))) !== 0;
  }

  hops(row: number, message: number): number {
    return this.#hops[row * this.room + message];
  }

  learn(row: number, message: number, hops: number): void {
    const at = row * this.words + (message >> 5);
    const bit = 1 << (message & 31);
    this.known[at] |= bit;
    if (this.#spreading !== undefined) this.#spreading[at] |= bit;
    this.#hops[row * this.room + message] = Math.min(hops, hopsMax);
    if (this.#tired !== undefined) this.#tired[row * this.room + message] = 0;
  }

  /** The node keeps the message and passes it on no more. */
  stop(row: number, message: number): void {
    this.#spreading ??= this.known.slice();
    this.#spreading[row * this.words + (message >> 5)] &= ~(1 << (message & 31));
  }

  /** A contact that needed the message cheers its bearer up. */
  refresh(row: number, message: number): void {
    if (this.#tired !== undefined) this.#tired[row * this.room + message] = 0;
  }

  /** @returns how tired the node is of the message now */
  tire(row: number, message: number): number {
    if (this.#tired === undefined) return 0;
    const at = row * this.room + message;
    if (this.#tired[at] < 255) this.#tired[at]++;
    return this.#tired[at];
  }

  /** A node loses its state. */
  forget(row: number): void {
    const from = row * this.words;
    this.known.fill(0, from, from + this.words);
    this.#spreading?.fill(0, from, from + this.words);
  }

  #makeRoom(room: number): void {
    const { rows } = this;
    const words = Math.ceil(room / 32);
    const bytes = rows * (words * 8 + room * (this.tires ? 3 : 2));
    if (bytes > bytesMax) {
      throw new UserError('too-expensive', {
        what: `${rows} nodes that gossip about ${room} messages in rounds need ${Math.ceil(bytes / 2 ** 20)} MiB`,
        expected: `at most ${bytesMax / 2 ** 20} MiB`,
        next: 'Publish fewer messages, or use timing: events, where nodes hold a bounded number of them',
      });
    }
    this.known = widened(this.known, rows, this.words, new Int32Array(rows * words));
    if (this.#spreading !== undefined) {
      this.#spreading = widened(this.#spreading, rows, this.words, new Int32Array(rows * words));
    }
    this.#hops = widened(this.#hops, rows, this.room, new Uint16Array(rows * room));
    if (this.tires) {
      const none = new Uint8Array(0);
      this.#tired = widened(this.#tired ?? none, rows, this.room, new Uint8Array(rows * room));
    }
    this.words = words;
    this.room = room;
  }
}

/** Copies rows of one width into rows of a larger one. */
function widened<T extends Int32Array | Uint16Array | Uint8Array>(
  narrow: T,
  rows: number,
  width: number,
  wide: T,
): T {
  const wideWidth = wide.length / rows;
  if (wideWidth === width) return narrow;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) wide[row * wideWidth + i] = narrow[row * width + i];
  }
  return wide;
}
