/**
 * The strict avalanche criterion (A. Webster, S. Tavares, "On the design of S-boxes", CRYPTO 85): when one bit of the input is flipped,
 * every bit of the output flips in half of all cases, whichever it was. Inputs are small counting numbers, as the simulator's are.
 */
import { chiSquareP, upperGamma } from './probability.js';

/** A function of some 32-bit words, giving two. The array is reused. */
export type Mixer = (input: readonly number[]) => readonly [number, number];

export interface Avalanche {
  /** The worst of all (input bit, output bit) cells, in standard deviations, and how many cells there are. */
  readonly worst: number;
  readonly cells: number;
  /** Do all cells together scatter as coins do? */
  readonly p: number;
  /** Does the number of flipped output bits follow the binomial law of 64 coins? */
  readonly weightP: number;
}

/** @param bitsOfWord how many bits of each input word are flipped in turn */
export function avalanche(mixer: Mixer, bitsOfWord: readonly number[], samples: number): Avalanche {
  let worst = 0;
  let cells = 0;
  let sum = 0;
  const weightCounts = new Int32Array(65);
  const base: number[] = bitsOfWord.map(() => 0);
  const flips = new Int32Array(64);
  bitsOfWord.forEach((bits, word) => {
    for (let bit = 0; bit < bits; bit++) {
      flips.fill(0);
      for (let sample = 0; sample < samples; sample++) {
        // Small numbers everywhere, others in each word and for each bit.
        for (let i = 0; i < base.length; i++) base[i] = (sample * (i + 1) + bit) & 0xffff;
        const [x, y] = mixer(base);
        base[word] = (base[word] ^ (1 << bit)) >>> 0;
        const [flippedX, flippedY] = mixer(base);
        weightCounts[countFlips(x ^ flippedX, 0, flips) + countFlips(y ^ flippedY, 32, flips)]++;
      }
      for (const flipped of flips) {
        const z = (2 * flipped - samples) / Math.sqrt(samples);
        worst = Math.max(worst, Math.abs(z));
        sum += z * z;
        cells++;
      }
    }
  });
  const law = [2 ** -64];
  for (let k = 1; k <= 64; k++) law.push((law[k - 1] * (65 - k)) / k);
  const total = weightCounts.reduce((all, count) => all + count, 0);
  return { worst, cells, p: upperGamma(cells / 2, sum / 2), weightP: chiSquareP(weightCounts, law, total) };
}

function countFlips(difference: number, from: number, flips: Int32Array): number {
  let weight = 0;
  for (let rest = difference; rest !== 0; rest &= rest - 1) {
    flips[from + 31 - Math.clz32(rest & -rest)]++;
    weight++;
  }
  return weight;
}
