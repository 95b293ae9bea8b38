/**
 * The keyed pattern against another implementation of HMAC (Node's own, which is OpenSSL's) and against published vectors.
 */
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/core/base/errors.js';
import { stepMax } from '../../src/core/model/pattern.js';
import { hmacPattern } from '../../src/core/patterns/hmac.js';

/** First 48 bits of HMAC-SHA-256, by Node. */
function reference(key: Uint8Array, message: Uint8Array): number {
  return createHmac('sha256', key).update(message).digest().readUIntBE(0, 6);
}

function stepBytes(step: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(step);
  return bytes;
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('hmac', () => {
  it('is the first 48 bits of HMAC-SHA-256 over the step in eight bytes, big end first', () => {
    const keys = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const steps = fc.oneof(
      fc.nat(stepMax),
      fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, stepMax),
    );
    fc.assert(
      fc.property(keys, steps, (key, step) => {
        const value = hmacPattern.create({ key }).value(step);
        expect(value).toBe(reference(key, stepBytes(BigInt(step))));
        expect(Number.isSafeInteger(value) && value >= 0 && value < 2 ** 48).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  // RFC 4231 signs texts; the only one of eight bytes is "Hi There" (test case 1), read here as the number 0x4869205468657265. That is
  // above 2^53-1 and so no step, but its MAC pins the reference that all steps are compared with.
  it.each([
    ['test case 1', '0b'.repeat(20), '4869205468657265', 'b0344c61d8db'],
    ['test case 2', '4a656665', '7768617420646f2079612077616e7420666f72206e6f7468696e673f', '5bdcc146bf60'],
    [
      'test case 6',
      'aa'.repeat(131),
      '54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374',
      '60e431591ee0',
    ],
  ])('rests on a reference that agrees with RFC 4231, %s', (_name, key, message, first48Bits) => {
    expect(reference(bytes(key), bytes(message))).toBe(Number.parseInt(first48Bits, 16));
  });

  it('gives the same value whatever was asked before', () => {
    const pattern = hmacPattern.create({ key: bytes('00112233') });
    const forwards = [0, 1, 2, 3].map((step) => pattern.value(step));
    expect([3, 2, 1, 0].map((step) => pattern.value(step))).toEqual(forwards.toReversed());
    expect(new Set(forwards).size).toBe(4);
  });

  it('ignores seed and interval', () => {
    const key = bytes('00112233');
    expect(hmacPattern.create({ key, seed: 2, phaseResetInterval: 3 }).value(42)).toBe(
      hmacPattern.create({ key }).value(42),
    );
  });

  it.each([
    ['missing', undefined],
    ['empty', new Uint8Array(0)],
  ])('refuses a %s key', (_name, key) => {
    let code = '';
    try {
      hmacPattern.create({ key });
    } catch (error) {
      code = (error as UserError).code;
    }
    expect(code).toBe('missing-key');
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('P-20: step %s is invalid-step', (step) => {
    expect(() => hmacPattern.create({ key: bytes('01') }).value(step)).toThrow(
      expect.objectContaining({ code: 'invalid-step' }),
    );
  });
});
