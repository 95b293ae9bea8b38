/** Logs that were made to hurt: the counts stay exact, nothing crashes, and memory stays in bounds. */
import { describe, expect, it } from 'vitest';
import { line, nonZero, tallyOf } from './helpers.js';

const encoder = new TextEncoder();

describe('a hostile log', () => {
  it('may be empty, or a byte order mark alone', () => {
    expect(tallyOf('').lines).toBe(0);
    expect(tallyOf('\ufeff').lines).toBe(0);
    expect(tallyOf('\ufeff', {}, 1).lines).toBe(0);
  });

  it('may begin with one byte order mark, cut anywhere, and no second', () => {
    for (const piece of [1, 2, 3, 4, 100]) {
      expect(tallyOf(`\ufeff${line('a', 0)}`, {}, piece)).toMatchObject({ lines: 1, valid: 1 });
      expect(tallyOf(`\ufeff\ufeff${line('a', 0)}`, {}, piece).malformedKinds['invalid-json']).toBe(1);
    }
  });

  it('may have any of the 256 bytes as a line, and as the text of a string', () => {
    const lines: number[] = [];
    for (let byte = 0; byte < 256; byte++) lines.push(byte, 10);
    const bare = tallyOf(Uint8Array.from(lines));
    // 0x0a makes two empty lines of one; tab, CR and space are blank; a digit is JSON and no object.
    expect(bare).toMatchObject({ lines: 257, blank: 5, wellFormed: 0, malformed: 252 });
    expect(nonZero(bare.malformedKinds)).toEqual({
      'invalid-utf8': 128,
      'invalid-json': 114,
      'not-object': 10,
    });

    const quoted: number[] = [];
    for (let byte = 0; byte < 256; byte++) {
      if (byte === 10) continue;
      const [head, tail] = line('x', byte).trimEnd().split('"x"');
      quoted.push(...encoder.encode(`${head}"`), byte, ...encoder.encode(`"${tail}`), 10);
    }
    const kinds = tallyOf(Uint8Array.from(quoted));
    // 31 control characters without the line feed, the quote and the backslash break the string.
    expect(nonZero(kinds.malformedKinds)).toEqual({ 'invalid-utf8': 128, 'invalid-json': 33 });
    expect(kinds.senders).toBe(94);
  });

  it('may have lines of 100 MB, which are counted and not kept', () => {
    const piece = new Uint8Array(1_000_000).fill(0x78);
    const options = { lineBytesMax: 1_000_000 };
    const whole = new Uint8Array(100 * piece.length + 200);
    for (let i = 0; i < 100; i++) whole.set(piece, i * piece.length);
    whole.fill(0x20, 100 * piece.length);
    whole.set(encoder.encode(`\n${line('a', 0)}`), 100 * piece.length);
    const tally = tallyOf(whole, options);
    expect(tally).toMatchObject({ lines: 3, valid: 1, blank: 1 });
    expect(tally.malformedKinds['line-too-long']).toBe(1);
  });

  it('takes a line of exactly the longest length and no byte more', () => {
    const text = line('a', 0);
    expect(tallyOf(text, { lineBytesMax: text.length - 1 }).valid).toBe(1);
    expect(tallyOf(text, { lineBytesMax: text.length - 2 }).malformedKinds['line-too-long']).toBe(1);
    const two = text + line('a', 1);
    expect(tallyOf(two, { lineBytesMax: text.length - 2 }).malformedKinds['line-too-long']).toBe(2);
  });

  it('may be nested 100,000 deep, closed or not', () => {
    const depth = 100_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const log =
      line('a', 0).replace('{"t":0}', nested) +
      line('a', 1).replace('{"t":1}', '{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
    expect(tallyOf(log)).toMatchObject({ lines: 2, valid: 2 });
    expect(tallyOf(`${'['.repeat(depth)}\n`).malformedKinds['invalid-json']).toBe(1);
    expect(tallyOf(`${'[{"a":'.repeat(depth)}\n`).malformedKinds['invalid-json']).toBe(1);
  });

  it('may have a line with 200,000 keys, and finds the one that repeats, however it is spelt', () => {
    const keys = Array.from({ length: 200_000 }, (_, i) => `"k${i}":0`).join(',');
    const text = line('a', 0).trimEnd().slice(0, -1);
    expect(tallyOf(`${text},${keys}}\n`)).toMatchObject({ valid: 1 });
    expect(tallyOf(`${text},${keys},"k777":1}\n`).malformedKinds['duplicate-key']).toBe(1);
    expect(tallyOf(`${text},${keys},"\\u006b777":1}\n`).malformedKinds['duplicate-key']).toBe(1);
  });

  it('may have 300,000 senders, each with a mark of its own', () => {
    const lines: string[] = [];
    for (let sender = 0; sender < 300_000; sender++) lines.push(line(`node-${sender}`, sender % 7));
    for (let sender = 0; sender < 300_000; sender += 100) lines.push(line(`node-${sender}`, sender % 7));
    const tally = tallyOf(lines.join(''));
    expect(tally).toMatchObject({ senders: 300_000, valid: 300_000 });
    expect(nonZero(tally.findings)).toEqual({ 'step-repeat': 3000 });
  });

  it('may have more senders than there is memory for; the others are only checked by themselves', () => {
    const log =
      line('a', 5) +
      line('b', 5) +
      line('c', 5) +
      line('c', 5) +
      line('a', 5) +
      line('c', 6, { patternValue: 9 });
    const tally = tallyOf(log, { nameLimits: { namesMax: 2, bytesMax: 100 } });
    expect(tally).toMatchObject({ senders: 2, untrackedLines: 3, wellFormed: 6, valid: 4 });
    expect(nonZero(tally.findings)).toEqual({ 'step-repeat': 1, 'pattern-mismatch': 1 });
  });

  it('names a torn last line', () => {
    const text = line('a', 0) + line('a', 1).slice(0, 40);
    const [sample] = tallyOf(text).samples;
    expect(sample).toMatchObject({ line: 2, kind: 'invalid-json' });
    expect(sample.message).toContain('probably cut while being written');
  });

  it('is the same log in pieces of any size', () => {
    const text = Array.from({ length: 60 }, (_, i) =>
      i % 7 === 3 ? 'broken\r' : line(i % 2 ? 'ä' : 'b', i >> 2),
    ).join('\n');
    const whole = JSON.stringify(tallyOf(text));
    for (let piece = 1; piece < 200; piece += 3) expect(JSON.stringify(tallyOf(text, {}, piece))).toBe(whole);
  });
});
