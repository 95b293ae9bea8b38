/**
 * All tests of the battery in a row, each on words of its own. `size` is about how many words each of them takes: 2^16 finds what is
 * broken, 2^22 what is weak.
 */
import * as bits from './bit-tests.js';
import type { Words } from './sources.js';
import { spectral } from './spectrum.js';
import * as numbers from './word-tests.js';

export interface BatteryResult {
  readonly test: string;
  readonly p: number;
}

/** The next words, highest bits first. */
export function takeBits(words: Words, count: number): bits.Bits {
  const taken = new Uint8Array(count);
  for (let i = 0; i < count; i += 32) {
    const value = words();
    for (let bit = 0; bit < 32 && i + bit < count; bit++) taken[i + bit] = (value >>> (31 - bit)) & 1;
  }
  return taken;
}

export function battery(words: Words, size: number): BatteryResult[] {
  const results: BatteryResult[] = [];
  const add = (test: string, p: number): void => void results.push({ test, p });

  const sequence = takeBits(words, 8 * size);
  add('frequency', bits.frequency(sequence));
  add('block frequency', bits.blockFrequency(sequence, 128));
  add('runs', bits.runs(sequence));
  add('longest run', bits.longestRun(sequence));
  add('matrix rank', bits.matrixRank(takeBits(words, 32 * size)));
  const [first, second] = bits.serial(sequence, 10);
  add('serial 1', first);
  add('serial 2', second);
  add('approximate entropy', bits.approximateEntropy(sequence, 8));
  add('sums forwards', bits.cumulativeSums(sequence));
  add('sums backwards', bits.cumulativeSums(sequence, true));
  add('linear complexity', bits.linearComplexity(sequence.subarray(0, 2 * size), 500));
  add('spectrum', spectral(takeBits(words, 2 ** Math.floor(Math.log2(size)))));
  if (8 * size >= 904_960) add('universal', bits.universal(sequence));

  add('equidistribution', numbers.equidistribution(words, size, 256));
  add('serial pairs', numbers.serialPairs(words, size / 2, 64));
  add('gaps', numbers.gaps(words, size, 1 / 16));
  add('poker', numbers.poker(words, size / 5, 16));
  add('coupons', numbers.coupons(words, size / 20, 8));
  add('permutations', numbers.permutations(words, size / 5));
  add('ascending runs', numbers.ascendingRuns(words, size / 4));
  add('largest of eight', numbers.largestOfEight(words, size / 8));
  add('collisions', numbers.collisions(words, size / 2 ** 14));
  add('birthday spacings', numbers.birthdaySpacings(words, size / 2 ** 12));
  add('weights', numbers.weights(words, size));
  add('weights in turn', numbers.weightsInTurn(words, size / 4));
  for (const lag of [1, 2, 1000]) add(`likeness at ${lag}`, numbers.likeness(words, size, lag));
  return results;
}
