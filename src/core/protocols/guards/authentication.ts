/**
 * Integrity that deserves the name: each message carries a signature over sender, incarnation, step, sequence, time and data, and every
 * receiver checks it. With one group key (`hmac`) outsiders are kept out, but any member can speak for any other; with a key
 * pair a node (`ed25519`) a good signature also says who it was. A bad signature proves nothing about the name it carries.
 */
import type { Body } from '../../model/bodies.js';
import type { Envelope } from '../../model/envelope.js';
import { flags, protocol, type Host, type Population } from '../../model/protocol.js';
import type { Guard, Wiring } from '../../model/stack.js';
import { signedText } from '../../parts/signed-text.js';

interface Checked {
  readonly step: number;
  readonly sequence: number;
  readonly good: boolean;
}

class Authentication implements Population, Guard {
  /** One computation serves all receivers of one envelope: the answer depends on nothing else. */
  readonly #checked = new WeakMap<Body, Checked>();

  #verified = 0;

  constructor(
    private readonly host: Host,
    private readonly wiring: Wiring,
  ) {}

  judge(envelope: Envelope): number {
    const { signer, bodies, verifyUs } = this.wiring;
    if (signer === undefined) return flags.none;
    // One computation for all, but each receiver would have had to do it.
    this.#verified++;
    if (verifyUs !== undefined && verifyUs > 0) this.host.spend?.(verifyUs);
    const body = bodies.get(envelope.body);
    const known = this.#checked.get(body);
    if (known !== undefined && known.step === envelope.a && known.sequence === envelope.c) {
      return known.good ? flags.none : flags.badSignature;
    }
    const text = signedText(
      this.wiring.nameOf(body.origin),
      body.incarnation,
      envelope.a,
      envelope.c,
      body.timestampMs,
      body.canonical,
    );
    const good = body.signature !== undefined && signer.verify(body.origin, text, body.signature);
    this.#checked.set(body, { step: envelope.a, sequence: envelope.c, good });
    return good ? flags.none : flags.badSignature;
  }

  start(): void {
    // Keys outlive a restart.
  }

  figures(): Readonly<Record<string, number>> {
    return { verified: this.#verified };
  }

  receive(): void {
    // Sends nothing, so nothing arrives.
  }

  timer(): void {
    // Waits for nothing.
  }
}

export const authentication = protocol({
  name: 'authentication',
  summary: 'check the signature of each message over sender, step, sequence, time and data',
  slot: 'guards',
  knobs: {},
  messages: [],
  create(host, _rows, _parameters, wiring) {
    const population = new Authentication(host, wiring);
    wiring.guards.push(population);
    return population;
  },
});
