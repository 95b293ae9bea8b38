/** The short form of the differential fuzzer; `fuzz-script.ts` runs millions. */
import { describe, expect, it } from 'vitest';
import { differenceOf, makeCase } from './fuzz.js';
import { oracleByTheBook } from './oracle-book.js';

const cases = 4000;

describe('the validator and two oracles', () => {
  it(`agree on ${cases} hostile logs`, () => {
    for (let number = 0; number < cases; number++) {
      const difference = differenceOf(number);
      if (difference !== undefined) expect.fail(`case ${number}: ${JSON.stringify(difference, null, 1)}`);
    }
  });

  it('see every kind of malformed line and finding in these logs', () => {
    const seen = new Set<string>();
    for (let number = 0; number < cases; number++) {
      const { log, options } = makeCase(number);
      for (const { kind } of oracleByTheBook(log, options).entries) seen.add(kind);
    }
    expect([...seen].sort()).toEqual([
      'bad-number',
      'bad-step',
      'duplicate-key',
      'equivocation',
      'invalid-json',
      'invalid-utf8',
      'line-too-long',
      'missing-field',
      'not-object',
      'pattern-mismatch',
      'step-backwards',
      'step-jump',
      'step-repeat',
      'wrong-type',
    ]);
  });
});
