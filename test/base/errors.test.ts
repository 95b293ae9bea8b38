/** How a mishap reads: place, cause, expectation, next step; a suggestion stands where it is seen. */
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/core/base/errors.js';
import { suggest } from '../../src/core/base/suggest.js';

const many = Array.from({ length: 20 }, (_, i) => `word-${i}`).join(', ');
const next = 'Did you mean word-1?';

describe('a problem in one line', () => {
  it('has what is expected before what to do', () => {
    expect(describeProblem({ place: 'a', what: 'b', expected: 'c', next: 'Do d' })).toBe(
      'a: b (expected c). Do d.',
    );
    expect(describeProblem({ what: 'b', expected: 'one of c', next: 'Did you mean c?' })).toBe(
      'b (expected one of c). Did you mean c?',
    );
  });

  it.each([
    [{ what: 'unknown word "wrd-1"', expected: `one of ${many}`, next }, 'unknown word "wrd-1"'],
    [
      { what: `unknown key "wrd-1, expected x", expected one of ${many}`, next },
      'unknown key "wrd-1, expected x"',
    ],
    [{ what: `a.b: expected one of ${many}, found "wrd-1"`, next }, 'a.b: found "wrd-1"'],
  ])('has a suggestion before a long list: %#', (problem, head) => {
    expect(describeProblem({ place: 'f:1:2', ...problem })).toBe(
      `f:1:2: ${head}. ${next} (expected one of ${many})`,
    );
  });

  it('has other advice behind it all the same', () => {
    expect(describeProblem({ what: 'x', expected: `one of ${many}`, next: 'See docs' })).toBe(
      `x (expected one of ${many}). See docs.`,
    );
  });
});

it('what begins like a known word is meant, where nothing is nearer', () => {
  const known = ['recentDeliveryRatio', 'deliveryRatioMean', 'deliveryRatio', 'deli'];
  expect(suggest('delivery', known)).toBe('deliveryRatio');
  expect(suggest('Delivery', known)).toBe('deliveryRatio');
  expect(suggest('del', known)).toBe('deli');
  expect(suggest('de', ['deliveryRatio'])).toBeUndefined();
  expect(suggest('ratio', ['deliveryRatio'])).toBeUndefined();
});
