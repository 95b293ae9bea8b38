/**
 * Tests of numbers, after D. E. Knuth, "The Art of Computer Programming", volume 2, third edition, section 3.3.2, letters as there; and
 * three that aim at counter-based functions: weights of words, weights of successive words, and likeness at a distance. Each takes
 * words from the source and gives a p-value.
 */
import { bothTails, chiSquareP, upperGamma } from './probability.js';
import type { Words } from './sources.js';

const word = 2 ** 32;

const digitOf = (words: Words, count: number): number => Math.floor((words() / word) * count);

const even = (count: number): number[] => new Array<number>(count).fill(1 / count);

/** A: each of `count` values as often as any other. With a power of two, the leading bits. */
export function equidistribution(words: Words, draws: number, count: number): number {
  const counts = new Int32Array(count);
  for (let i = 0; i < draws; i++) counts[digitOf(words, count)]++;
  return chiSquareP(counts, even(count), draws);
}

/** B: pairs of successive digits, not overlapping. */
export function serialPairs(words: Words, pairs: number, count: number): number {
  const counts = new Int32Array(count * count);
  for (let i = 0; i < pairs; i++) counts[digitOf(words, count) * count + digitOf(words, count)]++;
  return chiSquareP(counts, even(count * count), pairs);
}

/** C: how long until a number falls into [0, share) again. */
export function gaps(words: Words, draws: number, share: number): number {
  const longest = Math.ceil(Math.log(16 / (draws * share)) / Math.log(1 - share));
  const law = Array.from({ length: longest }, (_, length) => share * (1 - share) ** length);
  law.push((1 - share) ** longest);
  const counts = new Int32Array(longest + 1);
  let gap = -1;
  let total = 0;
  for (let i = 0; i < draws; i++) {
    const hits = words() < share * word;
    if (gap < 0) {
      if (hits) gap = 0;
    } else if (hits) {
      counts[Math.min(gap, longest)]++;
      total++;
      gap = 0;
    } else gap++;
  }
  return chiSquareP(counts, law, total);
}

/** How many different ones there are among the first 1, 2, ..., `draws` of `count` values: probabilities by number. */
function distinct(draws: number, count: number): number[] {
  let law = [1];
  for (let draw = 0; draw < draws; draw++) {
    const next = new Array<number>(Math.min(count, law.length) + 1).fill(0);
    law.forEach((p, seen) => {
      next[seen] += (p * seen) / count;
      if (seen < count) next[seen + 1] += (p * (count - seen)) / count;
    });
    law = next;
  }
  return law;
}

/** D: different digits in hands of five. */
export function poker(words: Words, hands: number, count: number): number {
  const counts = new Int32Array(6);
  for (let hand = 0; hand < hands; hand++) {
    const seen = new Set<number>();
    for (let i = 0; i < 5; i++) seen.add(digitOf(words, count));
    counts[seen.size]++;
  }
  return chiSquareP(counts, distinct(5, count), hands);
}

/** E: how many draws it takes to collect all `count` pictures. */
export function coupons(words: Words, albums: number, count: number): number {
  const longest = count * 8;
  const law = Array.from({ length: longest + 1 }, (_, draws) =>
    draws === 0 ? 0 : (distinct(draws - 1, count)[count - 1] ?? 0) / count,
  );
  law.push(1 - law.reduce((sum, p) => sum + p, 0));
  const counts = new Int32Array(longest + 2);
  for (let album = 0; album < albums; album++) {
    let seen = 0;
    let missing = count;
    let draws = 0;
    while (missing > 0) {
      const bit = 1 << digitOf(words, count);
      if ((seen & bit) === 0) missing--;
      seen |= bit;
      draws++;
    }
    counts[Math.min(draws, longest + 1)]++;
  }
  return chiSquareP(counts, law, albums);
}

/** F: the order of five successive numbers, of 120. */
export function permutations(words: Words, groups: number): number {
  const size = 5;
  const counts = new Int32Array(120);
  const group = new Float64Array(size);
  for (let i = 0; i < groups; i++) {
    for (let j = 0; j < size; j++) group[j] = words();
    let code = 0;
    for (let left = size; left > 1; left--) {
      let top = 0;
      for (let j = 1; j < left; j++) if (group[j] > group[top]) top = j;
      code = code * left + top;
      group[top] = group[left - 1];
    }
    counts[code]++;
  }
  return chiSquareP(counts, even(120), groups);
}

/** G, exercise 14: lengths of ascending runs; the number that ends one is thrown away, so that runs are independent. */
export function ascendingRuns(words: Words, total: number): number {
  const law = [0];
  for (let length = 1, factorial = 1; length <= 12; length++) {
    law.push(1 / factorial - 1 / (factorial * (length + 1)));
    factorial *= length + 1;
  }
  const counts = new Int32Array(law.length);
  for (let i = 0; i < total; i++) {
    let last = words();
    let length = 1;
    for (let next = words(); next > last; next = words()) {
      last = next;
      length++;
    }
    counts[Math.min(length, 12)]++;
  }
  return chiSquareP(counts, law, total);
}

/** H: the largest of eight, to the eighth power, is uniform again. */
export function largestOfEight(words: Words, groups: number): number {
  const cells = 64;
  const counts = new Int32Array(cells);
  for (let i = 0; i < groups; i++) {
    let largest = 0;
    for (let j = 0; j < 8; j++) largest = Math.max(largest, words());
    counts[Math.min(cells - 1, Math.floor((largest / word) ** 8 * cells))]++;
  }
  return chiSquareP(counts, even(cells), groups);
}

/** I: collisions when 2^14 balls fall into 2^24 urns. */
export function collisions(words: Words, repetitions: number): number {
  const balls = 2 ** 14;
  const urns = 2 ** 24;
  let total = 0;
  for (let i = 0; i < repetitions; i++) {
    const seen = new Set<number>();
    for (let ball = 0; ball < balls; ball++) seen.add(words() >>> 8);
    total += balls - seen.size;
  }
  const expected = repetitions * (balls + urns * Math.expm1(balls * Math.log1p(-1 / urns)));
  return bothTails((total - expected) / Math.sqrt(expected));
}

/** J, birthday spacings: 4,096 birthdays in a year of 2^32 days; equal spacings are a Poisson matter of mean 4. */
export function birthdaySpacings(words: Words, repetitions: number): number {
  const birthdays = 4096;
  const mean = (repetitions * birthdays ** 3) / (4 * word);
  const days = new Float64Array(birthdays);
  let equal = 0;
  for (let i = 0; i < repetitions; i++) {
    for (let j = 0; j < birthdays; j++) days[j] = words();
    days.sort();
    for (let j = birthdays - 1; j > 0; j--) days[j] -= days[j - 1];
    days.sort();
    for (let j = 1; j < birthdays; j++) if (days[j] === days[j - 1]) equal++;
  }
  // P(X <= x) of a Poisson law is Q(x + 1, mean).
  const below = upperGamma(equal + 1, mean);
  const above = equal === 0 ? 1 : 1 - upperGamma(equal, mean);
  return Math.min(1, 2 * Math.min(below, above));
}

function weightOf(value: number): number {
  let rest = value | 0;
  let weight = 0;
  for (; rest !== 0; rest &= rest - 1) weight++;
  return weight;
}

/** P(weight) of a word of 32 bits. */
const weightLaw: readonly number[] = (() => {
  const law = [2 ** -32];
  for (let k = 1; k <= 32; k++) law.push((law[k - 1] * (33 - k)) / k);
  return law;
})();

/** How many ones a word has. */
export function weights(words: Words, draws: number): number {
  const counts = new Int32Array(33);
  for (let i = 0; i < draws; i++) counts[weightOf(words())]++;
  return chiSquareP(counts, weightLaw, draws);
}

/** Few, usual or many ones in a word, and in the next: 3 x 3 x 3 x 3 classes of four successive words. */
export function weightsInTurn(words: Words, draws: number): number {
  const classOf = (value: number): number => {
    const weight = weightOf(value);
    return weight < 15 ? 0 : weight > 17 ? 2 : 1;
  };
  const few = weightLaw.slice(0, 15).reduce((sum, p) => sum + p, 0);
  const shares = [few, 1 - 2 * few, few];
  const law = Array.from({ length: 81 }, (_, code) => {
    let p = 1;
    for (let i = 0, rest = code; i < 4; i++, rest = Math.floor(rest / 3)) p *= shares[rest % 3];
    return p;
  });
  const counts = new Int32Array(81);
  for (let i = 0; i < draws; i++) {
    let code = 0;
    for (let j = 0; j < 4; j++) code = code * 3 + classOf(words());
    counts[code]++;
  }
  return chiSquareP(counts, law, draws);
}

/** Bits in which a word differs from the one `lag` before: half of them. */
export function likeness(words: Words, draws: number, lag: number): number {
  const past = new Float64Array(lag);
  for (let i = 0; i < lag; i++) past[i] = words();
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const next = words();
    sum += weightOf(next ^ past[i % lag]);
    past[i % lag] = next;
  }
  return bothTails((sum - 16 * draws) / Math.sqrt(8 * draws));
}
