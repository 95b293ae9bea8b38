import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/core/trace/checksum.js';
import { slowCrc32c } from './reseal.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('crc32c', () => {
  // The check value of the catalogue of CRC algorithms, and the vectors of RFC 3720, B.4.
  it.each([
    ['the digits 1 to 9', ascii('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
    ['32 bytes of 00', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ff', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['00 to 1f', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['1f to 00', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('of %s', (_, bytes, expected) => expect(crc32c(bytes)).toBe(expected));

  it('agrees with the definition, bit by bit, in one piece and in two', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        const cut = Math.min(at, bytes.length);
        expect(crc32c(bytes)).toBe(slowCrc32c(bytes));
        expect(crc32c(bytes, crc32c(bytes, 0, 0, cut), cut)).toBe(slowCrc32c(bytes));
      }),
    );
  });
});
