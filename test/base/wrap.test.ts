/** Wrapped prose keeps its words, and its width. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrapText } from '../../src/core/base/wrap.js';

it('an example', () => {
  expect(wrapText('the quick brown fox jumps', 12, 4, 2)).toEqual([
    'the',
    '  quick',
    '  brown fox',
    '  jumps',
  ]);
});

it('keeps every word, and no line with a choice is longer than the width', () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 12, max: 40 }),
      fc.nat(6),
      (words, width, indent) => {
        const lines = wrapText(words.join(' '), width, 0, indent);
        expect(
          lines
            .join(' ')
            .split(/ +/)
            .filter((text) => text !== ''),
        ).toEqual(words);
        for (const line of lines)
          if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
  );
});
