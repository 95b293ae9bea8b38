/**
 * Is chance good enough? A battery of statistical tests over the generator, asked in the orders in which the simulator asks it; the
 * avalanche of every bit of key and counter; published vectors. In its turn the battery is held against the results that NIST printed
 * for the digits of e and pi, and against bad generators that it must find. The long form is scripts/random-battery.ts; docs/randomness.md
 * has its results.
 */
import { describe, expect, it } from 'vitest';
import { KeyedDraws, repetitionSeed, Threefry } from '../../src/core/base/random.js';
import { avalanche, type Mixer } from './battery/avalanche.js';
import { battery } from './battery/battery.js';
import * as bitTests from './battery/bit-tests.js';
import { chiSquareP, erfc, logGamma, uniformP, upperGamma } from './battery/probability.js';
import { sources, type Words } from './battery/sources.js';
import { powerSpectrum } from './battery/spectrum.js';
import { threefry } from './battery/threefry.js';

const bitsOf = (text: string): bitTests.Bits => Uint8Array.from(text, (digit) => Number(digit));

/** The first binary digits of e = 2.718..., as NIST uses them, from the sum of 1/k! in whole numbers. */
function digitsOfE(count: number): bitTests.Bits {
  const sum = (from: bigint, to: bigint): [bigint, bigint] => {
    if (to - from === 1n) return [1n, to];
    const middle = (from + to) / 2n;
    const [p1, q1] = sum(from, middle);
    const [p2, q2] = sum(middle, to);
    return [p1 * q2 + p2, q1 * q2];
  };
  const [p, q] = sum(0n, 80_000n);
  return bitsOf((((p + q) << BigInt(count)) / q).toString(2).slice(0, count));
}

describe('the battery', () => {
  it('has the results of SP 800-22 for 100 digits of pi and for small examples', () => {
    const pi = bitsOf(
      '1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000',
    );
    expect(bitTests.frequency(pi)).toBeCloseTo(0.109599, 6);
    expect(bitTests.blockFrequency(pi, 10)).toBeCloseTo(0.706438, 6);
    expect(bitTests.runs(pi)).toBeCloseTo(0.500798, 6);
    expect(bitTests.cumulativeSums(pi)).toBeCloseTo(0.219194, 6);
    expect(bitTests.cumulativeSums(pi, true)).toBeCloseTo(0.114866, 6);
    expect(bitTests.approximateEntropy(pi, 2)).toBeCloseTo(0.235301, 6);
    const [first, second] = bitTests.serial(bitsOf('0011011101'), 3);
    expect(first).toBeCloseTo(0.808792, 6);
    expect(second).toBeCloseTo(0.67032, 6);
    expect(bitTests.shiftRegisterLength(bitsOf('1101011110001'), 0, 13)).toBe(4);
  });

  it('has the results of SP 800-22, appendix B, for a million digits of e', () => {
    const e = digitsOfE(1_000_000);
    expect(bitTests.frequency(e)).toBeCloseTo(0.953749, 6);
    expect(bitTests.blockFrequency(e, 128)).toBeCloseTo(0.211072, 6);
    expect(bitTests.runs(e)).toBeCloseTo(0.561917, 6);
    expect(bitTests.longestRun(e)).toBeCloseTo(0.718945, 6);
    expect(bitTests.matrixRank(e)).toBeCloseTo(0.306156, 6);
    expect(bitTests.serial(e, 16)[0]).toBeCloseTo(0.766182, 6);
    expect(bitTests.serial(e, 16)[1]).toBeCloseTo(0.462921, 6);
    expect(bitTests.approximateEntropy(e, 10)).toBeCloseTo(0.700073, 6);
    expect(bitTests.cumulativeSums(e)).toBeCloseTo(0.669887, 5);
    expect(bitTests.cumulativeSums(e, true)).toBeCloseTo(0.724266, 5);
    expect(bitTests.universal(e)).toBeCloseTo(0.282568, 6);
    // Printed is 0.826335; the paper takes 0.01047 for the probability of the first class, which is 1/96.
    expect(bitTests.linearComplexity(e, 500)).toBeCloseTo(0.8263, 3);
  });

  it('knows its functions', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 11);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 11);
    // Q(1, x) = exp(-x); chi-square of 10 degrees exceeds 18.307 one time in twenty (every table of it).
    for (const x of [0.1, 2, 30]) expect(upperGamma(1, x) / Math.exp(-x)).toBeCloseTo(1, 10);
    expect(upperGamma(5, 18.307 / 2)).toBeCloseTo(0.05, 5);
    expect(erfc(1.959964 / Math.SQRT2)).toBeCloseTo(0.05, 6);
    expect(chiSquareP([60, 40], [0.5, 0.5], 100)).toBeCloseTo(0.0455, 4);
    // Kolmogorov's law: K = 1.3581 is exceeded one time in twenty; here the largest distance is 0.0435 at 1,000 values.
    const shifted = Array.from({ length: 1000 }, (_, i) => Math.min(0.9999, (i + 0.5) / 1000 + 0.0423));
    expect(uniformP(shifted)).toBeCloseTo(0.05, 2);
    const values = Float64Array.from({ length: 60 }, (_, i) => ((i * i) % 7) - 3);
    const power = powerSpectrum(values);
    for (const k of [0, 7, 20]) {
      let [re, im] = [0, 0];
      values.forEach((value, i) => {
        re += value * Math.cos((2 * Math.PI * i * k) / 60);
        im -= value * Math.sin((2 * Math.PI * i * k) / 60);
      });
      expect(power[k]).toBeCloseTo(re * re + im * im, 8);
    }
  });

  it('finds what is bad, and every test of it finds something', () => {
    const good = (seed: number): Words => sources[2].open(seed);
    const bad: Record<string, (words: Words) => Words> = {
      'a counter': () => {
        let count = 0;
        return () => (count += 2_654_435_769) % 2 ** 32;
      },
      RANDU: () => {
        let state = 1;
        return () => (state = (state * 65_539) % 2 ** 31) * 2;
      },
      xorshift: () => {
        let state = 1;
        return () => {
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          return state >>> 0;
        };
      },
      'a shift register': () => {
        // x^31 + x^3 + 1, bit by bit.
        let state = 1;
        const bit = (): number => {
          const next = ((state >>> 30) ^ (state >>> 2)) & 1;
          state = ((state << 1) | next) & 0x7fffffff;
          return next;
        };
        return () => Array.from({ length: 32 }, bit).reduce((value, next) => value * 2 + next, 0);
      },
      'too many ones': (words) => () => (words() | (words() & words() & words())) >>> 0,
      'four rounds': () => {
        let count = 0;
        return () => threefry(4, [1, 2], [0, count++])[0];
      },
      'a period of 1,000': (words) => {
        const held = Array.from({ length: 1000 }, words);
        let count = 0;
        return () => held[count++ % 1000];
      },
    };
    const found = new Set<string>();
    const all = new Set<string>();
    for (const [name, make] of Object.entries(bad)) {
      let failures = 0;
      for (const { test, p } of battery(make(good(9)), 2 ** 14)) {
        all.add(test);
        if (p > 1e-6) continue;
        found.add(test);
        failures++;
      }
      expect(failures, name).toBeGreaterThan(0);
    }
    expect([...all].filter((test) => !found.has(test))).toEqual([]);
  });
});

describe('Threefry-2x32', () => {
  // Random123's tests/kat_vectors: counter, key, result.
  it.each([
    [13, 0, '9d1c5ec6', '8bd50731'],
    [13, 1, 'fd36d048', '2d17272c'],
    [13, 2, 'ba3e4725', 'f27d669e'],
    [20, 0, '6b200159', '99ba4efe'],
    [20, 1, '1cb996fc', 'bb002be7'],
    [20, 2, 'c4923a9c', '483df7a0'],
    [32, 0, 'cee3d47e', 'a23dfd5c'],
    [32, 1, '6e2fe0d0', 'b1b76f82'],
    [32, 2, 'e2827716', 'c3c05cdf'],
  ])('%i rounds, vector %i', (rounds, vector, x, y) => {
    const [counter, key] = [
      [[0, 0], [0, 0]],
      [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]],
      [[0x243f6a88, 0x85a308d3], [0x13198a2e, 0x03707344]],
    ][vector] as [[number, number], [number, number]]; // prettier-ignore
    expect(threefry(rounds, key, counter).map((half) => half.toString(16).padStart(8, '0'))).toEqual([x, y]);
  });

  it('of mesh is the definition with 20 rounds, for any key and counter', () => {
    let state = 88_172_645;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    for (let i = 0; i < 5000; i++) {
      const [key0, key1, counter0, counter1] = [next(), next(), next(), next()];
      const cipher = new Threefry(key0, key1);
      cipher.block(counter0, counter1);
      expect([cipher.x >>> 0, cipher.y >>> 0]).toEqual(threefry(20, [key0, key1], [counter0, counter1]));
    }
  });
});

describe('the draws of the simulator', () => {
  it('pass every test, in every order', () => {
    const values: number[] = [];
    for (const { name, open } of sources) {
      for (const { test, p } of battery(open(1), 2 ** 15)) {
        expect(p, `${name}: ${test}`).toBeGreaterThan(1e-5);
        values.push(p);
      }
    }
    expect(values.length).toBeGreaterThan(300);
    // And p-values are spread as they should be.
    expect(uniformP(values)).toBeGreaterThan(1e-3);
    expect(values.filter((p) => p < 0.01).length / values.length).toBeLessThan(0.03);
  });

  it('differ in every bit that their key or counter differs in', () => {
    const block: Mixer = ([key0, key1, counter0, counter1]) => {
      const cipher = new Threefry(key0, key1);
      cipher.block(counter0, counter1);
      return [cipher.x, cipher.y];
    };
    expectAvalanche(block, [32, 32, 32, 32], 1024);
    // The whole way from a seed, whose upper word counts as well, to a draw.
    const keyed: Mixer = ([low, high]) => {
      const draws = new KeyedDraws((high & 0x1fffff) * 2 ** 32 + low, 'network');
      draws.pair(0, 0);
      return [draws.first * 2 ** 32, draws.second * 2 ** 32];
    };
    expectAvalanche(keyed, [32, 21], 512);
    const weak: Mixer = ([key0, key1, counter0, counter1]) => threefry(6, [key0, key1], [counter0, counter1]);
    expect(avalanche(weak, [32, 32, 32, 32], 64).worst).toBeGreaterThan(7);
  });

  it('no two of 100,000 seeds, purposes or repetitions share a stream', () => {
    const first = (draws: KeyedDraws): string => {
      draws.pair(0, 0);
      return `${draws.first} ${draws.second}`;
    };
    const total = 100_000;
    const different = (make: (i: number) => unknown): number =>
      new Set(Array.from({ length: total }, (_, i) => make(i))).size;
    expect(different((i) => first(new KeyedDraws(i, 'node')))).toBe(total);
    expect(different((i) => first(new KeyedDraws(1, `fault:${i}`)))).toBe(total);
    expect(different((i) => first(new KeyedDraws(1, `fault:${String(i).padStart(6, 'ab')}-loss`)))).toBe(
      total,
    );
    expect(different((i) => repetitionSeed(1, i))).toBe(total);
  });
});

function expectAvalanche(mixer: Mixer, bits: readonly number[], samples: number): void {
  const { worst, cells, p, weightP } = avalanche(mixer, bits, samples);
  // Of some thousand cells one may be this far away in one experiment of a thousand.
  expect(Math.abs(worst)).toBeLessThan(Math.sqrt(2 * Math.log((2 * cells) / 1e-3)));
  expect(p).toBeGreaterThan(1e-3);
  expect(weightP).toBeGreaterThan(1e-3);
}
