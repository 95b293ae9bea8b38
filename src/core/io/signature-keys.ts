/**
 * The keys against which `mesh observe --keys` holds signatures. A small JSON file: one secret for the whole group, or the
 * public key of each sender.
 *
 *     {"scheme": "hmac", "key": "<base64>", "senders": ["gateway", "sensor-001"]}     senders may be left out: anybody
 *     {"scheme": "ed25519", "keys": {"gateway": "<base64 of the 32 bytes of the public key>"}}
 */
import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import { causeOf } from './output-file.js';

/** Plain data, so that it can be sent to a thread. */
export type SignatureKeys =
  | { readonly scheme: 'hmac'; readonly key: Uint8Array; readonly senders: ReadonlySet<string> | null }
  | { readonly scheme: 'ed25519'; readonly keys: ReadonlyMap<string, Uint8Array> };

export type SignatureVerdictWord = 'good' | 'bad' | 'unknown sender';

/** A raw Ed25519 public key as SubjectPublicKeyInfo, RFC 8410 section 4. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const publicKeyBytes = 32;
const fileBytesMax = 268_435_456;

function bytesFrom(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 ? new Uint8Array(bytes) : undefined;
}

/** @throws UserError `missing-key` when the file is not of the form above, `input-unreadable` when it cannot be read */
export async function readSignatureKeys(path: string): Promise<SignatureKeys> {
  const place = showText(path);
  const refuse = (what: string, expected: string): never => {
    throw new UserError('missing-key', { place, what, expected });
  };
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > fileBytesMax) refuse('this is too long for a file of keys', 'at most 256 MiB');
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('input-unreadable', { place, what: `the keys cannot be read: ${causeOf(error)}` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null)
    return refuse('this is not a JSON object', 'scheme and keys');
  const { scheme, key, keys, senders } = value as Readonly<Record<string, unknown>>;
  if (scheme === 'hmac') {
    const secret =
      bytesFrom(key) ?? refuse('"key" is missing or not base64', 'the secret of the group in base64');
    const isList = Array.isArray(senders) && senders.every((sender) => typeof sender === 'string');
    if (senders !== undefined && !isList) refuse('"senders" is not a list of names', 'names, or nothing');
    return { scheme, key: secret, senders: isList ? new Set(senders as string[]) : null };
  }
  if (scheme !== 'ed25519') return refuse('"scheme" is not known', 'hmac or ed25519');
  if (typeof keys !== 'object' || keys === null) return refuse('"keys" is missing', 'a key for each sender');
  const found = new Map<string, Uint8Array>();
  for (const [sender, each] of Object.entries(keys)) {
    const bytes = bytesFrom(each);
    if (bytes?.length !== publicKeyBytes) {
      return refuse(`the key of ${quoteText(sender)} is not a public key`, '32 bytes in base64');
    }
    found.set(sender, bytes);
  }
  return { scheme, keys: found };
}

/** A function that judges signatures: with node:crypto, and each key is unpacked once. */
export function signatureVerifier(
  keys: SignatureKeys,
): (sender: string, message: () => Uint8Array, signature: Uint8Array) => SignatureVerdictWord {
  if (keys.scheme === 'hmac') {
    return (sender, message, signature) => {
      if (keys.senders?.has(sender) === false) return 'unknown sender';
      const expected = createHmac('sha256', keys.key).update(message()).digest();
      return signature.length === expected.length && timingSafeEqual(expected, signature) ? 'good' : 'bad';
    };
  }
  const unpacked = new Map<string, KeyObject>();
  return (sender, message, signature) => {
    const raw = keys.keys.get(sender);
    if (raw === undefined) return 'unknown sender';
    let key = unpacked.get(sender);
    if (key === undefined) {
      key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
      unpacked.set(sender, key);
    }
    return signature.length === 64 && verify(null, message(), key, signature) ? 'good' : 'bad';
  };
}
