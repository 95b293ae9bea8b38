/**
 * The message log of a run: what the observers saw, one JSON object a line, as `mesh observe` reads it. A message is written once, at
 * the first receipt by any observer, valid or not.
 */
import type { Body } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { RunListener } from '../model/record.js';
import { messageLine } from '../parts/message-line.js';
import { MessageIdentity } from '../parts/message-identity.js';
import { SeenCache } from '../parts/seen-cache.js';

/** Messages that several observers saw are told apart among the latest this many. */
const remembered = 65_536;

export class MessageLog implements RunListener {
  lines = 0;
  readonly #identity = new MessageIdentity();
  readonly #seen = new SeenCache(1, remembered);

  /**
   * @param bodyOf the body of a handle
   * @param nameOf the name of an address
   * @param write takes one line with its line feed
   */
  constructor(
    private readonly bodyOf: (handle: number) => Body,
    private readonly nameOf: (address: number) => string,
    private readonly write: (line: string) => void,
  ) {}

  reported(
    _timeUs: number,
    _node: number,
    kind: ReportKind,
    handle: number,
    _value: number,
    envelope: Envelope,
  ): void {
    if (kind !== reportKinds.observed) return;
    const body = this.bodyOf(handle);
    this.#identity.of(body, envelope.a, envelope.b, envelope.c);
    if (!this.#seen.add(0, this.#identity.x, this.#identity.y)) return;
    this.lines++;
    this.write(messageLine(this.nameOf(body.origin), body, envelope.a, envelope.b, envelope.c));
  }
}
