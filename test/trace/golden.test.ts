/**
 * The format, byte for byte. If this test fails, traces that people keep can no longer be read: raise the format version and say so in
 * the changelog, or mend the writer. The events are decoded by hand in docs/trace-format.md.
 */
import { describe, expect, it } from 'vitest';
import { joined, record, tinyRun } from './make.js';
import { framesOf } from './reseal.js';

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

describe('the trace of a tiny run', () => {
  const trace = joined(record(tinyRun()).pieces);
  const frames = framesOf(trace);

  it('begins with the preface', () => {
    expect(hex(trace.subarray(0, 12))).toBe('89 4d 45 53 48 0d 0a 1a 01 00 00 00');
  });

  it('has header, names, file, events and footer', () => {
    expect(frames.map(({ type }) => type)).toEqual([1, 2, 3, 4, 5]);
    const text = (index: number): unknown => JSON.parse(new TextDecoder().decode(frames[index].content));
    expect(text(1)).toEqual(['alpha', 'beta', 'gamma', 'delta', 'epsilon']);
    expect(hex(frames[2].content)).toBe(`0b ${hex(new TextEncoder().encode('map.graphml'))} 01 02 03`);
    expect(text(4)).toEqual({
      events: 19,
      fingerprint: '0123456789abcdef',
      endUs: 91_700,
      interrupted: false,
    });
  });

  it('says its events in these bytes', () => {
    expect(hex(frames[3].content)).toMatchInlineSnapshot(
      `"0c 00 00 0c 00 01 0c 00 02 0c 00 03 0c 00 04 13 e8 07 00 01 06 06 00 00 00 2f 00 00 00 80 56 fe bc 78 42 14 7b 22 74 65 6d 70 65 72 61 74 75 72 65 22 3a 32 33 2e 35 7d 5d 01 2f 01 98 01 01 45 5e 02 02 c4 13 f8 02 bc 05 04 64 04 00 e1 d8 04 02 00 bc 05 3d 04 01 3d 02 01 b8 03 40 02 90 bf 05 fa 04 00 04 0a 01 03 a1 fe 0d 01 00 40 01 c4 13 3d 05 30 a2 88 b1 05 02 03 40 02 03"`,
    );
  });
});
