/**
 * The same idea with a lock on it: the value of a step is the first 48 bits of HMAC-SHA-256 over the step, so only who holds the key
 * can name it. Forty-eight bits fit a JSON number exactly and leave a guess one chance in 2.8 * 10^14. The value still says nothing
 * about the payload, and whoever has heard it can say it again: integrity needs a signature over the whole message.
 *
 * Sources: RFC 2104 (HMAC), FIPS 180-4 (SHA-256), RFC 2104 section 5 on cutting the result short.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { UserError } from '../base/errors.js';
import { knobs } from '../base/knobs.js';
import {
  type KeyedShape,
  type Pattern,
  type PatternFunction,
  type PatternSettings,
  checkStep,
} from '../model/pattern.js';

const valueBits = 48;
const word = 2 ** 32;
type Mac = ReturnType<typeof hmac.create>;

class KeyedPattern implements PatternFunction {
  readonly shape: KeyedShape;
  /** Has read the key and nothing else yet; copying it saves half of the hashing. */
  readonly #ready: Mac;
  /** Where `ready` is copied to and finished. Kept, because making a new one costs as much as the hashing. */
  readonly #scratch: Mac;
  readonly #mac = new Uint8Array(32);
  readonly #macView = new DataView(this.#mac.buffer);
  readonly #message = new Uint8Array(8);
  readonly #view = new DataView(this.#message.buffer);

  constructor(key: Uint8Array) {
    this.shape = { kind: 'keyed', valueBits, keyBytes: key.length };
    this.#ready = hmac.create(sha256, key);
    this.#scratch = hmac.create(sha256, key);
  }

  value(step: number): number {
    return this.valueUnchecked(checkStep(step));
  }

  valueUnchecked(step: number): number {
    this.#view.setUint32(0, Math.floor(step / word));
    this.#view.setUint32(4, step % word);
    this.#ready._cloneInto(this.#scratch);
    this.#scratch.update(this.#message).digestInto(this.#mac);
    return this.#macView.getUint16(0) * word + this.#macView.getUint32(2);
  }

  stepsSinceReset(step: number): number {
    return step;
  }
}

function keyOf(settings: PatternSettings): Uint8Array {
  if (settings.key !== undefined && settings.key.length > 0) return settings.key;
  throw new UserError('missing-key', {
    what: settings.key === undefined ? 'the pattern hmac has no key' : 'the key of the pattern hmac is empty',
    expected: 'at least one byte, better 32',
    next: 'Name a key file',
  });
}

export const hmacPattern: Pattern = {
  name: 'hmac',
  summary: 'the first 48 bits of HMAC-SHA-256 over the step: only holders of the key can name a value',
  keyed: true,
  knobs: knobs({
    keyFile: {
      kind: 'file',
      doc:
        'The file that holds the key, the same on all nodes: its bytes, without one line end at the end. 32 random bytes are plenty. ' +
        'Whoever holds the key can speak for everybody.',
    },
  }),
  create: (settings) => new KeyedPattern(keyOf(settings)),
};
