/**
 * Tests of bits, after A. Rukhin et al., "A statistical test suite for random and pseudorandom number generators for cryptographic
 * applications", NIST Special Publication 800-22 rev. 1a, 2010, section 2. Names, formulas and constants are those of the paper;
 * the tests of this file hold them against the results that the paper prints for the digits of e and pi.
 */
import { erfc, normalBelow, upperGamma } from './probability.js';

/** One bit a byte. */
export type Bits = Uint8Array;

/** 2.1: as many ones as zeros? */
export function frequency(bits: Bits): number {
  let sum = 0;
  for (const bit of bits) sum += 2 * bit - 1;
  return erfc(Math.abs(sum) / Math.sqrt(2 * bits.length));
}

/** 2.2: in each block of M bits as well? */
export function blockFrequency(bits: Bits, blockLength: number): number {
  const blocks = Math.floor(bits.length / blockLength);
  let statistic = 0;
  for (let block = 0; block < blocks; block++) {
    let ones = 0;
    for (let i = 0; i < blockLength; i++) ones += bits[block * blockLength + i];
    statistic += 4 * blockLength * (ones / blockLength - 0.5) ** 2;
  }
  return upperGamma(blocks / 2, statistic / 2);
}

/** 2.3: as many changes between 0 and 1 as there should be? */
export function runs(bits: Bits): number {
  const n = bits.length;
  let ones = 0;
  for (const bit of bits) ones += bit;
  const share = ones / n;
  let changes = 1;
  for (let i = 1; i < n; i++) changes += bits[i] ^ bits[i - 1];
  const expected = 2 * n * share * (1 - share);
  return erfc(Math.abs(changes - expected) / (2 * Math.sqrt(2 * n) * share * (1 - share)));
}

/** Block length M, shortest class, and the probabilities of the classes (section 3.4). */
const longestRunLaws = [
  { blockLength: 8, first: 1, law: [0.2148, 0.3672, 0.2305, 0.1875] },
  { blockLength: 128, first: 4, law: [0.1174, 0.243, 0.2493, 0.1752, 0.1027, 0.1124] },
  { blockLength: 10_000, first: 10, law: [0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727] },
] as const;

/** 2.4: the longest run of ones in each block. */
export function longestRun(bits: Bits): number {
  const n = bits.length;
  const { blockLength, first, law } = longestRunLaws[n < 6272 ? 0 : n < 750_000 ? 1 : 2];
  const counts = new Array<number>(law.length).fill(0);
  const blocks = Math.floor(n / blockLength);
  for (let block = 0; block < blocks; block++) {
    let run = 0;
    let longest = 0;
    for (let i = block * blockLength; i < (block + 1) * blockLength; i++) {
      run = bits[i] === 1 ? run + 1 : 0;
      if (run > longest) longest = run;
    }
    counts[Math.min(law.length - 1, Math.max(0, longest - first))]++;
  }
  return fit(counts, law, blocks);
}

function fit(counts: readonly number[], law: readonly number[], total: number): number {
  const statistic = law.reduce((sum, p, i) => sum + (counts[i] - p * total) ** 2 / (p * total), 0);
  return upperGamma((law.length - 1) / 2, statistic / 2);
}

/** 2.5: ranks of 32 x 32 matrices over the field of two elements. */
export function matrixRank(bits: Bits): number {
  const side = 32;
  const matrices = Math.floor(bits.length / (side * side));
  const counts = [0, 0, 0];
  const rows = new Int32Array(side);
  for (let matrix = 0; matrix < matrices; matrix++) {
    for (let row = 0; row < side; row++) {
      let packed = 0;
      for (let i = 0; i < side; i++) packed = (packed << 1) | bits[(matrix * side + row) * side + i];
      rows[row] = packed;
    }
    counts[Math.min(2, side - rankOf(rows))]++;
  }
  return fit(counts, [0.28878809, 0.57757619, 0.13363572], matrices);
}

/** Rank over the field of two elements, by elimination; the rows are used up. */
export function rankOf(rows: Int32Array): number {
  let rank = 0;
  for (let column = 31; column >= 0; column--) {
    const mask = 1 << column;
    const pivot = rows.findIndex((row, i) => i >= rank && (row & mask) !== 0);
    if (pivot < 0) continue;
    const held = rows[pivot];
    rows[pivot] = rows[rank];
    rows[rank] = held;
    for (let i = rank + 1; i < rows.length; i++) if ((rows[i] & mask) !== 0) rows[i] ^= held;
    rank++;
  }
  return rank;
}

/** Counts of all patterns of `length` bits, overlapping, the sequence closed to a ring. */
function patterns(bits: Bits, length: number): Int32Array {
  const counts = new Int32Array(1 << length);
  const mask = (1 << length) - 1;
  let window = 0;
  for (let i = 0; i < length - 1; i++) window = (window << 1) | bits[i];
  for (let i = 0; i < bits.length; i++) {
    window = ((window << 1) | bits[(i + length - 1) % bits.length]) & mask;
    counts[window]++;
  }
  return counts;
}

/** 2.11: every pattern of m bits as often as every other? Two p-values. */
export function serial(bits: Bits, m: number): readonly [number, number] {
  const n = bits.length;
  const psi = (length: number): number => {
    if (length <= 0) return 0;
    let sum = 0;
    for (const count of patterns(bits, length)) sum += count * count;
    return (sum * 2 ** length) / n - n;
  };
  const [a, b, c] = [psi(m), psi(m - 1), psi(m - 2)];
  return [upperGamma(2 ** (m - 2), (a - b) / 2), upperGamma(2 ** (m - 3), (a - 2 * b + c) / 2)];
}

/** 2.12: how much does the next bit surprise one who knows the last m? */
export function approximateEntropy(bits: Bits, m: number): number {
  const n = bits.length;
  const phi = (length: number): number => {
    let sum = 0;
    for (const count of patterns(bits, length)) if (count > 0) sum += (count / n) * Math.log(count / n);
    return sum;
  };
  return upperGamma(2 ** (m - 1), n * (Math.LN2 - (phi(m) - phi(m + 1))));
}

/** 2.13: how far does the sum of +1 and -1 stray, forwards or backwards? */
export function cumulativeSums(bits: Bits, isBackwards = false): number {
  const n = bits.length;
  let sum = 0;
  let z = 0;
  for (let i = 0; i < n; i++) {
    sum += 2 * bits[isBackwards ? n - 1 - i : i] - 1;
    z = Math.max(z, Math.abs(sum));
  }
  const part = (k: number, shift: number): number => normalBelow(((4 * k + shift) * z) / Math.sqrt(n));
  let p = 1;
  const last = Math.floor((n / z - 1) / 4);
  for (let k = Math.ceil((-n / z + 1) / 4); k <= last; k++) p -= part(k, 1) - part(k, -1);
  for (let k = Math.ceil((-n / z - 3) / 4); k <= last; k++) p += part(k, 3) - part(k, 1);
  return p;
}

/** Shifts a long word, lowest bits first, up by one; `bit` enters below. */
function shiftUp(words: Int32Array, bit: number): void {
  let carry = bit;
  for (let i = 0; i < words.length; i++) {
    const out = words[i] >>> 31;
    words[i] = (words[i] << 1) | carry;
    carry = out;
  }
}

/**
 * The length of the shortest linear feedback register that puts out bits[from], ...: the algorithm of E. Berlekamp and J. Massey
 * (IEEE Trans. Inf. Theory 15(1), 1969), on polynomials of bits packed into words.
 */
export function shiftRegisterLength(bits: Bits, from: number, length: number): number {
  const width = (length >> 5) + 1;
  const connection = new Int32Array(width);
  /** The connection before the last change of length, times x for every step since. */
  const former = new Int32Array(width);
  /** The bits so far, the newest lowest. */
  const seen = new Int32Array(width);
  const kept = new Int32Array(width);
  connection[0] = former[0] = 1;
  let size = 0;
  for (let n = 0; n < length; n++) {
    shiftUp(former, 0);
    shiftUp(seen, bits[from + n]);
    let odd = 0;
    for (let i = 0; i < width; i++) odd ^= connection[i] & seen[i];
    for (let half = 16; half > 0; half >>= 1) odd ^= odd >>> half;
    if ((odd & 1) === 0) continue;
    const grows = 2 * size <= n;
    if (grows) kept.set(connection);
    for (let i = 0; i < width; i++) connection[i] ^= former[i];
    if (!grows) continue;
    size = n + 1 - size;
    former.set(kept);
  }
  return size;
}

/** 2.10: are blocks of M bits as hard to make with a shift register as they should be? */
export function linearComplexity(bits: Bits, blockLength: number): number {
  const blocks = Math.floor(bits.length / blockLength);
  const m = blockLength;
  const sign = m % 2 === 0 ? 1 : -1;
  const centre = m / 2 + (9 - sign) / 36 - (m / 3 + 2 / 9) / 2 ** m;
  const counts = new Array<number>(7).fill(0);
  for (let block = 0; block < blocks; block++) {
    const t = sign * (shiftRegisterLength(bits, block * m, m) - centre) + 2 / 9;
    counts[Math.min(6, Math.max(0, Math.ceil(t + 2.5)))]++;
  }
  return fit(counts, [1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48], blocks);
}

/** 2.9: Maurer's universal statistic for L = 7: can the sequence be compressed? Needs about a million bits. */
export function universal(bits: Bits): number {
  const length = 7;
  const blocks = Math.floor(bits.length / length);
  const learned = 10 * 2 ** length;
  const judged = blocks - learned;
  const last = new Int32Array(2 ** length);
  let sum = 0;
  for (let block = 1; block <= blocks; block++) {
    let pattern = 0;
    for (let i = 0; i < length; i++) pattern = (pattern << 1) | bits[(block - 1) * length + i];
    if (block > learned) sum += Math.log2(block - last[pattern]);
    last[pattern] = block;
  }
  const c = 0.7 - 0.8 / length + ((4 + 32 / length) * judged ** (-3 / length)) / 15;
  return erfc(Math.abs(sum / judged - 6.1962507) / (Math.SQRT2 * c * Math.sqrt(3.125 / judged)));
}
