/**
 * What every way of spreading does with a message before it passes it on: is it new, what do the guards say, and if it is good, let the
 * step clock learn from it. Judged once for each distinct message and node; a forged copy does not hide the true one, because it
 * is another message.
 */
import type { Envelope } from '../model/envelope.js';
import { flags, reportKinds, type Host } from '../model/protocol.js';
import type { Evidence, Wiring } from '../model/stack.js';
import { MessageIdentity } from './message-identity.js';
import { SeenCache } from './seen-cache.js';

export class FirstReceipt {
  readonly #identity = new MessageIdentity();
  readonly #seen: SeenCache;

  constructor(
    private readonly host: Host,
    rows: number,
    seenCapacity: number,
    private readonly wiring: Wiring,
  ) {
    this.#seen = new SeenCache(rows, Math.max(1, Math.min(seenCapacity, wiring.expectedMessages)));
  }

  /** The identity of the message that was received or published last. */
  get identity(): MessageIdentity {
    return this.#identity;
  }

  /** Does the node remember a message with this identity? */
  knows(x: number, y: number): boolean {
    return this.#seen.has(this.host.row, x, y);
  }

  /** Reads the memories of these rows, so that they are at hand. */
  touch(rows: Int32Array, count: number): number {
    return this.#seen.touch(rows, count);
  }

  /** Forgets what the node has seen, with the rest of its state. */
  forget(): void {
    this.#seen.clear(this.host.row);
  }

  /** Remembers a message of the node's own, so that it is not taken for news when it comes back, and reports it. */
  publishOwn(step: number, value: number, sequence: number, body: number): void {
    this.#identity.of(this.wiring.bodies.get(body), step, value, sequence);
    this.#seen.add(this.host.row, this.#identity.x, this.#identity.y);
    this.host.report(reportKinds.published, body, step);
  }

  /** @returns -1 for a duplicate, 0 for a good new message, otherwise the number of the flag that a guard raised */
  receive(envelope: Envelope): number {
    const { host, wiring } = this;
    const body = wiring.bodies.get(envelope.body);
    this.#identity.of(body, envelope.a, envelope.b, envelope.c);
    if (!this.#seen.add(host.row, this.#identity.x, this.#identity.y)) {
      host.report(reportKinds.duplicate, envelope.body, 0);
      return -1;
    }
    return judgeFirst(host, wiring, envelope);
  }
}

/**
 * A distinct message meets the guards, and if they let it pass, the step clock; either way it is reported.
 * @returns 0 for a good message, otherwise the number of the flag that a guard raised
 */
export function judgeFirst(host: Host, wiring: Wiring, envelope: Envelope): number {
  const { guards } = wiring;
  for (let i = 0; i < guards.length; i++) {
    const flag = guards[i].judge?.(envelope) ?? 0;
    if (flag !== 0) {
      host.report(reportKinds.flagged, envelope.body, flag);
      objected(host, wiring, envelope, flag, i + 1);
      return flag;
    }
  }
  for (let i = 0; i < guards.length; i++) guards[i].accepted?.(envelope);
  wiring.standing?.note(envelope.from, 'good-message');
  wiring.clock?.observe(wiring.bodies.get(envelope.body).origin, envelope.a);
  host.report(reportKinds.delivered, envelope.body, envelope.d);
  return 0;
}

/** What a flag says about the link peer that brought the message; undefined where an honest peer might have brought it. */
const evidenceOf: Readonly<Record<number, Evidence | undefined>> = {
  [flags.patternMismatch]: 'pattern-mismatch',
  [flags.badSignature]: 'bad-signature',
  [flags.replay]: 'replay',
};

/** A guard objected: what the guards after it say, and what follows for those who are answerable. */
function objected(host: Host, wiring: Wiring, envelope: Envelope, flag: number, next: number): void {
  const { guards, standing, signer } = wiring;
  for (let i = next; i < guards.length; i++) {
    const further = guards[i].judge?.(envelope) ?? 0;
    if (further !== 0) host.report(reportKinds.alsoFlagged, envelope.body, further);
  }
  if (standing === undefined) return;
  const evidence = evidenceOf[flag];
  if (evidence !== undefined) standing.note(envelope.from, evidence);
  // Two versions under one number, both signed with a key that only the sender has: nobody else can have done it.
  if (flag === flags.equivocation && signer?.scheme === 'ed25519')
    standing.note(wiring.bodies.get(envelope.body).origin, 'equivocation');
}
