import { describe, expect, it } from 'vitest';
import { atan2, cos, exp, ln, log2, pi, pow, sin, sqrt } from '../../src/core/base/math.js';

// The references: rational series in fixed-point big integers, 400 bits after the point; wrong by far less than 2^-300.
const bits = 400n;
const one = 1n << bits;

/** A finite double as a fixed-point integer; exact when its last bit is worth 2^-400 or more. */
function fixed(x: number): bigint {
  let value = x;
  let shift = 0n;
  while (!Number.isInteger(value)) {
    value *= 2;
    shift++;
  }
  const scaled = BigInt(value) << bits;
  if (scaled & ((1n << shift) - 1n)) throw new Error(`${x} is too fine for the reference`);
  return scaled >> shift;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> bits;
const over = (a: bigint, b: bigint): bigint => (a << bits) / b;

function atanhSeries(s: bigint): bigint {
  const z = times(s, s);
  let term = s;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    sum += term / n;
    term = times(term, z);
  }
  return sum;
}

const ln2Reference = 2n * atanhSeries(one / 3n);

function lnReference(x: bigint): bigint {
  let m = x;
  let k = 0n;
  while (m > 2n * one) {
    m >>= 1n;
    k++;
  }
  while (m < one) {
    m <<= 1n;
    k--;
  }
  return 2n * atanhSeries(over(m - one, m + one)) + k * ln2Reference;
}

function expReference(x: bigint): bigint {
  const k = x / ln2Reference;
  const r = x - k * ln2Reference;
  let term = one;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = times(term, r) / n;
  }
  return k >= 0n ? sum << k : sum >> -k;
}

function sineReference(x: bigint, startAtOne: boolean): bigint {
  let term = startAtOne ? one : x;
  let sum = 0n;
  for (let n = startAtOne ? 1n : 2n; term > 1n || term < -1n; n += 2n) {
    sum += term;
    term = -times(times(term, x), x) / (n * (n + 1n));
  }
  return sum;
}

/** atan of a ratio from 0 to 1, by Euler's series. */
function atanReference(t: bigint): bigint {
  const d = one + times(t, t);
  let term = over(t, d);
  const q = over(times(t, t), d);
  let sum = 0n;
  for (let n = 1n; term > 0n; n++) {
    sum += term;
    term = (times(term, q) * (2n * n)) / (2n * n + 1n);
  }
  return sum;
}
const piReference = 4n * atanReference(one);

/** How many units in the last place of `got` lie between it and the truth. */
function ulps(got: number, truth: bigint): number {
  const size = Math.abs(got);
  let ulp = 2 ** -52;
  while (ulp * 2 ** 53 <= size) ulp *= 2;
  while (ulp * 2 ** 52 > size) ulp /= 2;
  const off = fixed(got) - truth;
  return Number(((off < 0n ? -off : off) * 1_000_000n) / fixed(ulp)) / 1_000_000;
}

/** Evenly strewn points without any generator of ours: multiples of the golden ratio, folded into [0, 1). */
function* strewn(count: number): Generator<number> {
  for (let i = 1; i <= count; i++) yield (i * 0.6180339887498949) % 1;
}

function worst(count: number, measure: (u: number) => number): number {
  let most = 0;
  for (const u of strewn(count)) most = Math.max(most, measure(u));
  return most;
}

describe('within 0.7 units in the last place of the true value', () => {
  it('ln, near one and over many powers of two', () => {
    expect(worst(3000, (u) => ulps(ln(u), lnReference(fixed(u))))).toBeLessThan(0.6);
    expect(worst(3000, (u) => ulps(ln(0.7 + u), lnReference(fixed(0.7 + u))))).toBeLessThan(0.6);
    expect(worst(2000, (u) => ulps(ln(1 + u * 1e-9), lnReference(fixed(1 + u * 1e-9))))).toBeLessThan(0.6);
    expect(
      worst(1000, (u) => {
        const x = (1 + u) * 2 ** Math.floor(u * 600 - 300);
        return ulps(ln(x), lnReference(fixed(x)));
      }),
    ).toBeLessThan(0.6);
  });

  it('exp', () => {
    expect(worst(3000, (u) => ulps(exp(u - 0.5), expReference(fixed(u - 0.5))))).toBeLessThan(0.7);
    expect(worst(3000, (u) => ulps(exp(200 * u - 100), expReference(fixed(200 * u - 100))))).toBeLessThan(
      0.7,
    );
  });

  it('pow, where errors of the logarithm are magnified most', () => {
    expect(
      worst(3000, (u) => {
        const base = 0.01 + 3 * u;
        const power = 80 * ((u * 1000) % 1) - 40;
        return ulps(pow(base, power), expReference(times(fixed(power), lnReference(fixed(base)))));
      }),
    ).toBeLessThan(0.7);
    expect(
      worst(2000, (u) => {
        const base = 1 + u * 1e-3;
        return ulps(pow(base, 100_000), expReference(100_000n * lnReference(fixed(base))));
      }),
    ).toBeLessThan(0.7);
  });

  it('log2', () => {
    expect(
      worst(3000, (u) => ulps(log2(0.2 + 4 * u), over(lnReference(fixed(0.2 + 4 * u)), ln2Reference))),
    ).toBeLessThan(0.6);
  });

  it('sin and cos', () => {
    expect(worst(3000, (u) => ulps(sin(14 * u - 7), sineReference(fixed(14 * u - 7), false)))).toBeLessThan(
      0.7,
    );
    expect(worst(3000, (u) => ulps(cos(14 * u - 7), sineReference(fixed(14 * u - 7), true)))).toBeLessThan(
      0.7,
    );
    // Doubles nearest to multiples of pi/2, where almost every bit cancels.
    for (let k = 1; k <= 100; k++) {
      const x = (k * pi) / 2;
      expect(ulps(sin(x), sineReference(fixed(x), false))).toBeLessThan(0.7);
      expect(ulps(cos(x), sineReference(fixed(x), true))).toBeLessThan(0.7);
    }
  });

  it('atan2 in all eight octants', () => {
    expect(
      worst(2000, (u) => {
        const v = (u * 997) % 1;
        const angle = atanReference(over(fixed(Math.min(u, v)), fixed(Math.max(u, v))));
        const first = u > v ? piReference / 2n - angle : angle;
        return Math.max(
          ulps(atan2(u, v), first),
          ulps(atan2(u, -v), piReference - first),
          ulps(atan2(-u, v), -first),
          ulps(atan2(-u, -v), first - piReference),
        );
      }),
    ).toBeLessThan(0.7);
    expect(
      worst(2000, (u) => {
        const y = u * 2 ** Math.floor(-60 * ((u * 997) % 1));
        return ulps(atan2(y, 1), atanReference(fixed(y)));
      }),
    ).toBeLessThan(0.7);
  });
});

describe('sqrt', () => {
  /** Correct rounding, decided in whole numbers: the truth lies within half a unit of the answer. */
  function isNearest(x: number, root: number): boolean {
    let ulp = 2 ** -52;
    while (ulp * 2 ** 53 <= root) ulp *= 2;
    while (ulp * 2 ** 52 > root) ulp /= 2;
    const square = (value: bigint): bigint => value * value;
    const truth = fixed(x) << bits;
    const half = fixed(ulp) / 2n;
    return square(fixed(root) - half) < truth && truth < square(fixed(root) + half);
  }

  it('is correctly rounded', () => {
    for (const u of strewn(5000)) {
      expect(isNearest(u, sqrt(u))).toBe(true);
      const x = (1 + u) * 2 ** Math.floor(u * 200 - 100);
      expect(isNearest(x, sqrt(x))).toBe(true);
    }
    // Next to squares, where a careless last step goes wrong.
    for (let i = 1; i < 2000; i++) {
      expect(sqrt(i * i)).toBe(i);
      const above = i * i * (1 + 2 ** -52);
      expect(isNearest(above, sqrt(above))).toBe(true);
      const below = i * i * (1 - 2 ** -53);
      expect(isNearest(below, sqrt(below))).toBe(true);
    }
  });

  it('reaches both ends of the doubles', () => {
    expect(sqrt(5e-324)).toBe(2 ** -537);
    expect(sqrt(2 ** -1022)).toBe(2 ** -511);
    expect(sqrt(Number.MAX_VALUE)).toBe(1.3407807929942596e154);
    expect([sqrt(0), sqrt(-1), sqrt(Infinity), sqrt(NaN)]).toEqual([0, NaN, Infinity, NaN]);
  });
});

describe('edges', () => {
  it('are those of the mathematics', () => {
    expect([ln(0), ln(-1), ln(Infinity), ln(1), ln(NaN)]).toEqual([-Infinity, NaN, Infinity, 0, NaN]);
    expect([exp(-Infinity), exp(0), exp(1000), exp(-1000), exp(NaN)]).toEqual([0, 1, Infinity, 0, NaN]);
    expect([exp(1), ln(2), pi]).toEqual([Math.E, Math.LN2, Math.PI]);
    // e^-740 is subnormal; 4.2e-322 is its nearest double.
    expect(exp(-740)).toBe(4.2e-322);
    expect([pow(2, 10), pow(10, 15), pow(3, 33), pow(-2, 3), pow(-2, 0.5), pow(0, 2), pow(0, -1)]).toEqual([
      1024, 1e15, 5559060566555523, -8, NaN, 0, Infinity,
    ]); // prettier-ignore
    expect([pow(2, -1074), pow(2, 1023), pow(2, 1e308), pow(0.5, 1e308), pow(1.5, 1e-300), pow(9, 0.5)]).toEqual([
      5e-324, 2 ** 1023, Infinity, 0, 1, 3,
    ]); // prettier-ignore
    for (let k = -1074; k <= 1023; k++) expect(log2(2 ** k)).toBe(k);
    expect([atan2(0, 1), atan2(1, 0), atan2(-1, 0), atan2(0, -1), atan2(1, 1), atan2(0, 0)]).toEqual([
      0, Math.PI / 2, -Math.PI / 2, Math.PI, Math.PI / 4, 0,
    ]); // prettier-ignore
    expect([atan2(1e300, 1e-300), atan2(1e-300, 1e300), atan2(1e300, 1e300)]).toEqual([
      Math.PI / 2,
      0,
      Math.PI / 4,
    ]);
    expect(() => sin(1e6)).toThrow('radians');
  });

  it('ask the engine for none of its own functions', async () => {
    const { readFile } = await import('node:fs/promises');
    const source = await readFile(new URL('../../src/core/base/math.ts', import.meta.url), 'utf8');
    const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect([...new Set(code.match(/Math\.\w+/g))].sort()).toEqual(['Math.floor', 'Math.min']);
    expect(code).not.toContain('**');
  });
});
