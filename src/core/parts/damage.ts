/**
 * What damage on the way does to a publication. One byte of step, value, sequence and data is hit, each byte with the same chance: in a
 * number one of its low bits turns over, in the data one letter or digit becomes another. The result can still be read, as after a fault
 * that a checksum let through (Stone and Partridge, "When the CRC and TCP checksum disagree", SIGCOMM 2000): the checks have to find it.
 */
import { canonicalJson } from '../base/canonical-json.js';
import type { Chance } from '../base/random.js';
import type { Body } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import { wordBytes } from './encoded-size.js';
import { bodyDigest } from './message-identity.js';

/** Steps and sequences turn over one of these low bits: more would leave the whole numbers after a few times. */
const counterBits = 32;
const valueBits = 8;

const encoder = new TextEncoder();

/**
 * Damages the words of an envelope in place.
 * @param body its content, left as it is
 * @returns the content as it arrives: always a new body, so that nobody takes it for the true one
 */
export function damagePublication(envelope: Envelope, body: Body, chance: Chance): Body {
  const dataBytes = body.sizeBytes - (body.signature?.length ?? 0);
  let at = chance.below(wordBytes.step + wordBytes.value + wordBytes.sequence + dataBytes);
  if (at < wordBytes.step) {
    envelope.a = turned(envelope.a, chance.below(counterBits));
    return { ...body };
  }
  at -= wordBytes.step;
  if (at < wordBytes.value) {
    envelope.b = turned(envelope.b, chance.below(valueBits));
    return { ...body };
  }
  at -= wordBytes.value;
  if (at < wordBytes.sequence) {
    envelope.c = turned(envelope.c, chance.below(counterBits));
    return { ...body };
  }
  const data = damagedData(body.canonical, chance);
  const canonical = canonicalJson(data);
  const [digest0, digest1] = bodyDigest(body.origin, body.incarnation, body.timestampMs, canonical);
  const sizeBytes = encoder.encode(canonical).length + (body.signature?.length ?? 0);
  return { ...body, data, canonical, sizeBytes, digest0, digest1 };
}

/** The number with one bit turned over. */
function turned(value: number, bit: number): number {
  const weight = (1 << bit) >>> 0;
  return Math.floor(Math.abs(value) / weight) % 2 === 0 ? value + weight : value - weight;
}

/** Other data, one character away where it has letters or digits to change. */
export function damagedData(canonical: string, chance: Chance): unknown {
  const places = changeable(canonical);
  if (places.length > 0) {
    const place = places[chance.below(places.length)];
    const text = canonical.slice(0, place) + another(canonical[place], chance) + canonical.slice(place + 1);
    const data = JSON.parse(text) as unknown;
    // Of a change in the eighteenth digit nothing is left.
    if (canonicalJson(data) !== canonical) return data;
  }
  return canonical === 'false';
}

/**
 * Where a letter or digit can become another, and the text is still JSON: in strings outside of escapes, and in numbers without an
 * exponent, which might become infinite.
 */
function changeable(canonical: string): number[] {
  const places: number[] = [];
  for (const { 0: token, index } of canonical.matchAll(/"(?:[^"\\]|\\.)*"|-?[0-9.]+(?:e[+-]?[0-9]+)?/g)) {
    if (token.startsWith('"')) {
      for (let i = 1; i < token.length - 1; i++) {
        if (token[i] === '\\') i += token[i + 1] === 'u' ? 5 : 1;
        else if (/[A-Za-z0-9]/.test(token[i])) places.push(index + i);
      }
    } else if (!token.includes('e')) {
      for (let i = 0; i < token.length; i++) if (/[0-9]/.test(token[i])) places.push(index + i);
    }
  }
  return places;
}

/** Another character of the same sort. Digits do not become 0, which may not lead a number. */
function another(c: string, chance: Chance): string {
  const all = /[0-9]/.test(c) ? '123456789' : /[a-z]/.test(c) ? lowerCase : lowerCase.toUpperCase();
  const others = all.replace(c, '');
  return others[chance.below(others.length)];
}

const lowerCase = 'abcdefghijklmnopqrstuvwxyz';
