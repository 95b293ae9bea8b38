/**
 * Keys and signatures for simulated nodes: real cryptography, with keys that follow from the run's seed, because a simulation must
 * repeat. Such keys protect nothing outside a simulation.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import { RandomStream } from '../base/random.js';
import type { Signer } from '../model/signer.js';

/** A raw Ed25519 seed as PKCS #8, RFC 8410 section 7. */
const ed25519Pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyBytes(seed: number, purpose: string, id: number): Buffer {
  const stream = RandomStream.named(seed, purpose, id);
  return Buffer.from(Array.from({ length: 32 }, () => stream.below(256)));
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** One key for the whole group: whoever has it can sign as anybody. */
function groupSigner(seed: number): Signer {
  const key = keyBytes(seed, 'hmac key', 0);
  const signatureOf = (message: Uint8Array): Buffer => createHmac('sha256', key).update(message).digest();
  return {
    scheme: 'hmac',
    signatureBytes: 32,
    sign: (_address, message) => signatureOf(message),
    verify: (_address, message, signature) =>
      signature.length === 32 && timingSafeEqual(signatureOf(message), signature),
  };
}

/** A key pair for each node, made when it is first needed. */
function pairSigner(seed: number): Signer {
  const pairs = new Map<number, KeyPair>();
  const pairOf = (address: number): KeyPair => {
    let pair = pairs.get(address);
    if (pair === undefined) {
      const der = Buffer.concat([ed25519Pkcs8Prefix, keyBytes(seed, 'ed25519 key', address)]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      pair = { privateKey, publicKey: createPublicKey(privateKey) };
      pairs.set(address, pair);
    }
    return pair;
  };
  return {
    scheme: 'ed25519',
    signatureBytes: 64,
    sign: (address, message) => sign(null, message, pairOf(address).privateKey),
    verify: (address, message, signature) => verify(null, message, pairOf(address).publicKey, signature),
  };
}

/** Above so many nodes signatures are modelled: to make the key pairs and signatures of a million nodes would take minutes and show nothing more. */
export const realSignaturesMax = 10_000;

const modelKeyStep = 0x9e3779b1;

/**
 * Signatures that are none: two 32-bit sums over a key and the message, repeated to the right length. Nobody in a simulation tries to
 * forge them but those who hold no key, and they cannot; outside of one they protect nothing.
 */
function modelledSigner(scheme: 'hmac' | 'ed25519', seed: number): Signer {
  const signatureBytes = scheme === 'hmac' ? 32 : 64;
  const group = scheme === 'hmac';
  const sign = (address: number, message: Uint8Array): Uint8Array => {
    const key = Math.imul(group ? 1 : address + 2, modelKeyStep) ^ seed;
    let x = key | 0;
    let y = ~key;
    for (const byte of message) {
      x = Math.imul(x ^ byte, 0x01000193);
      y = Math.imul((y << 5) ^ (y >>> 27) ^ byte, 0x85ebca6b);
    }
    const signature = new Uint8Array(signatureBytes);
    const words = new DataView(signature.buffer);
    for (let at = 0; at < signatureBytes; at += 8) {
      words.setInt32(at, x);
      words.setInt32(at + 4, y);
    }
    return signature;
  };
  return {
    scheme,
    signatureBytes,
    isModelled: true,
    sign,
    verify: (address, message, signature) => {
      const expected = sign(address, message);
      return signature.length === signatureBytes && expected.every((byte, i) => byte === signature[i]);
    },
  };
}

/** The signer of a simulated network. Deterministic: the same seed gives the same keys and signatures. */
export function simulatedSigner(scheme: 'hmac' | 'ed25519', seed: number, nodeCount = 0): Signer {
  if (nodeCount > realSignaturesMax) return modelledSigner(scheme, seed);
  return scheme === 'hmac' ? groupSigner(seed) : pairSigner(seed);
}
