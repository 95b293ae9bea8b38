/**
 * Logarithms and friends that give the same bits everywhere. The language leaves `Math.log` and its kin to the engine, and
 * engines differ in the last digit; one digit is enough to make two runs part. Here is nothing but + - * / on doubles, which the
 * standard does fix, and reading of their bits.
 *
 * The trick throughout: carry the leading term as an unevaluated sum of two doubles ("high and low"), and add the rest of a plain
 * Taylor series, which is small, in ordinary arithmetic. `sqrt` is correctly rounded. The others are within 0.7 units in the last place
 * of the true value for normal results (the test measures them against rational series in big integers).
 *
 * Sums and products with their exact rounding error: T. J. Dekker, "A floating-point technique for extending the available
 * precision", Numerische Mathematik 18, 1971; and D. E. Knuth, TAOCP volume 2, section 4.2.2.
 */
import { assert } from './assert.js';

const bytes = new ArrayBuffer(8);
const asDouble = new Float64Array(bytes);
const asWords = new Int32Array(bytes);
const highWord = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** The low part that the last extended operation left beside the high part that it returned. */
let low = 0;

/** a + b; `low` is what rounding lost. */
function addExact(a: number, b: number): number {
  const sum = a + b;
  const back = sum - a;
  low = a - (sum - back) + (b - back);
  return sum;
}

/** a * b; `low` is what rounding lost. Sizes must stay clear of overflow and underflow. */
function multiplyExact(a: number, b: number): number {
  const product = a * b;
  const aBig = 134217729 * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = 134217729 * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  low = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return product;
}

/** 2^exponent for -1022 <= exponent <= 1023. */
function powerOfTwo(exponent: number): number {
  asWords[1 - highWord] = 0;
  asWords[highWord] = (exponent + 1023) << 20;
  return asDouble[0];
}

/** value * 2^exponent, rounded once when the result is subnormal. */
function scale(value: number, exponent: number): number {
  if (exponent > 1023) return value * powerOfTwo(1023) * powerOfTwo(Math.min(exponent - 1023, 1023));
  if (exponent >= -1022) return value * powerOfTwo(exponent);
  return exponent < -1200 ? value * 0 : value * powerOfTwo(exponent + 200) * powerOfTwo(-200);
}

let exponentOfLast = 0;

/** The significand of a positive finite number in [1, 2); its exponent is left in `exponentOfLast`. */
function significand(value: number): number {
  let extra = 0;
  if (value < 2.2250738585072014e-308) {
    value *= 18014398509481984;
    extra = -54;
  }
  asDouble[0] = value;
  const word = asWords[highWord];
  exponentOfLast = (word >> 20) - 1023 + extra;
  asWords[highWord] = (word & 0xfffff) | 0x3ff00000;
  return asDouble[0];
}

/** The square root, correctly rounded: Newton's steps, then one exact comparison with the halfway points on both sides. */
export function sqrt(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 || x === Infinity ? x : NaN;
  let m = significand(x);
  const exponent = exponentOfLast;
  if ((exponent & 1) !== 0) m *= 2;
  // m in [1, 4): the chord of the root is off by 6 % at most, and each step squares the error.
  let root = (m + 2) / 3;
  root = (root + m / root) * 0.5;
  root = (root + m / root) * 0.5;
  root = (root + m / root) * 0.5;
  root = (root + m / root) * 0.5;
  // m - root^2 is a multiple of ulp^2 and exact here; beyond root * ulp the neighbour is nearer.
  const square = multiplyExact(root, root);
  const rest = m - square - low;
  const step = root * 2.220446049250313e-16;
  if (rest > step) root += 2.220446049250313e-16;
  else if (rest <= -step) root -= 2.220446049250313e-16;
  return scale(root, exponent >> 1);
}

// ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact.
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const halfRootTwo = 1.4142135623730951;

/** Brings a positive number to [sqrt(1/2), sqrt(2)]; the exponent that was taken out is left in `exponentOfLast`. */
function nearOne(x: number): number {
  const m = significand(x);
  if (m <= halfRootTwo) return m;
  exponentOfLast += 1;
  return m * 0.5;
}

/** (m - 1) / (m + 1), high part returned, low part in `low`. */
function atanhArgument(m: number): number {
  const f = m - 1;
  const d = addExact(m, 1);
  const dLow = low;
  const s = f / d;
  const product = multiplyExact(s, d);
  low = (f - product - low - s * dLow) / d;
  return s;
}

/** The natural logarithm: ln m = 2 atanh((m - 1) / (m + 1)) as a power series. -Infinity at 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const m = nearOne(x);
  const k = exponentOfLast;
  const s = atanhArgument(m);
  const sLow = low;
  const z = s * s;
  const tail =
    s * z * (2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z *
    (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23))))))))))); // prettier-ignore
  const head = addExact(k * ln2High, 2 * s);
  return head + (low + (2 * sLow + (tail + k * ln2Low)));
}

/** ln m for m near one with about 65 bits: high part returned, low part in `low`. */
function lnNearOne(m: number): number {
  const s = atanhArgument(m);
  const sLow = low;
  const z = multiplyExact(s, s);
  const zLow = low + 2 * s * sLow;
  const rest =
    2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z *
    (2 / 21 + z * (2 / 23)))))))); // prettier-ignore
  // p = 2/5 + z rest, then p = 2/3 + z p, then p = z p, then p = s p: the low parts of the fractions are theirs.
  let p = addExact(2 / 5, z * rest);
  let pLow = low - 2.2204460492503132e-17;
  let t = multiplyExact(z, p);
  pLow = low + z * pLow + zLow * p;
  p = addExact(2 / 3, t);
  pLow += low + 3.700743415417188e-17;
  t = multiplyExact(z, p);
  pLow = low + z * pLow + zLow * p;
  p = t;
  t = multiplyExact(s, p);
  pLow = low + s * pLow + sLow * p;
  const sum = addExact(2 * s, t);
  const lost = low + (pLow + 2 * sLow);
  const high = sum + lost;
  low = sum - high + lost;
  return high;
}

/** The logarithm to base 2; exact for powers of two. */
export function log2(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const m = nearOne(x);
  const k = exponentOfLast;
  const l = lnNearOne(m);
  const lLow = low;
  const product = multiplyExact(l, 1.4426950408889634);
  const productLow = low + (lLow * 1.4426950408889634 + l * 2.0355273740931033e-17);
  const head = addExact(k, product);
  return head + (low + productLow);
}

/** e^(x + xLow): takes out a power of two, then the Taylor series on [-0.35, 0.35]. */
function expExtended(x: number, xLow: number): number {
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = x - k * ln2High;
  const rest = xLow - k * ln2Low;
  const R = r + rest;
  const RLow = r - R + rest;
  const p =
    R * R * (1 / 2 + R * (1 / 6 + R * (1 / 24 + R * (1 / 120 + R * (1 / 720 + R * (1 / 5040 + R * (1 / 40320 + R *
    (1 / 362880 + R * (1 / 3628800 + R * (1 / 39916800 + R * (1 / 479001600 + R * (1 / 6227020800 + R *
    (1 / 87178291200))))))))))))); // prettier-ignore
  const h = R + p;
  const hLow = R - h + p + (RLow + RLow * R);
  const sum = 1 + h;
  return scale(sum + (1 - sum + h + hLow), k);
}

/** e^x. */
export function exp(x: number): number {
  return Number.isNaN(x) ? NaN : expExtended(x, 0);
}

/** x^y for finite y; a negative x needs a whole y, else NaN. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || !Number.isFinite(y)) return NaN;
  if (x < 0) {
    if (!Number.isInteger(y)) return NaN;
    return y % 2 === 0 ? pow(-x, y) : -pow(-x, y);
  }
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === Infinity) return y > 0 ? Infinity : 0;
  const m = nearOne(x);
  const k = exponentOfLast;
  let l = lnNearOne(m);
  let lLow = low;
  const head = addExact(k * ln2High, l);
  lLow = low + (lLow + k * ln2Low);
  l = head + lLow;
  lLow = head - l + lLow;
  const rough = y * l;
  if (rough > 710) return Infinity;
  if (rough < -746) return 0;
  if (rough < 1e-20 && rough > -1e-20) return 1;
  // y beyond 2^500 would overflow inside the exact product; such a y leaves only results that were settled above.
  const product = multiplyExact(y, l);
  return expExtended(product, low + y * lLow);
}

export const pi = 3.141592653589793;
const piLow = 1.2246467991473532e-16;

let reducedLow = 0;

/** x - quarter * pi/2 in [-pi/4, pi/4], with its low part in `reducedLow`; pi/2 in three parts of 43, 43 and 53 bits. */
function reduce(x: number, quarter: number): number {
  const a = x - quarter * 1.5707963267948344;
  const b = addExact(a, -(quarter * 6.223372171896261e-14));
  const bLow = low;
  const c = bLow - quarter * 3.5215598651832e-27;
  const r = b + c;
  reducedLow = b - r + c;
  return r;
}

function sineSeries(r: number, rLow: number): number {
  const z = r * r;
  const tail =
    r * z * (-1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880 + z * (-1 / 39916800 + z *
    (1 / 6227020800 + z * (-1 / 1307674368000 + z * (1 / 355687428096000)))))))); // prettier-ignore
  return r + (tail + rLow * (1 - z * 0.5));
}

function cosineSeries(r: number, rLow: number): number {
  const z = multiplyExact(r, r);
  const zLow = low + 2 * r * rLow;
  const tail =
    z * z * (1 / 24 + z * (-1 / 720 + z * (1 / 40320 + z * (-1 / 3628800 + z * (1 / 479001600 + z *
    (-1 / 87178291200 + z * (1 / 20922789888000))))))); // prettier-ignore
  const head = addExact(1, -0.5 * z);
  return head + (low + (tail - 0.5 * zLow));
}

function turned(x: number, quarters: number): number {
  assert(x >= -1024 && x <= 1024, 'angles are given in radians from -1024 to 1024');
  const quarter = Math.floor(x * 0.6366197723675814 + 0.5);
  const r = reduce(x, quarter);
  const which = (((quarter + quarters) % 4) + 4) % 4;
  const value = which % 2 === 0 ? sineSeries(r, reducedLow) : cosineSeries(r, reducedLow);
  return which < 2 ? value : -value;
}

/** Sine of an angle in radians, -1024 to 1024. */
export function sin(x: number): number {
  return x === 0 ? x : turned(x, 0);
}

/** Cosine of an angle in radians, -1024 to 1024. */
export function cos(x: number): number {
  return turned(x, 1);
}

// atan(k / 16), each as high and low part.
const atanHigh = [
  0, 0.06241880999595735, 0.12435499454676144, 0.18534794999569476, 0.24497866312686414, 0.3028848683749714,
  0.35877067027057225, 0.4124104415973873, 0.4636476090008061, 0.5123894603107377, 0.5585993153435624,
  0.6022873461349642, 0.6435011087932844, 0.6823165548747481, 0.7188299996216245, 0.7531512809621944,
  0.7853981633974483,
];
const atanLow = [
  0, -1.5490756308295046e-18, -3.1253241424539383e-18, 4.180692268843079e-18, 1.0698755618734451e-17,
  -1.1010827903001369e-17, -2.4623815582638635e-17, -1.587652227770689e-17, 2.2698777452961687e-17,
  -2.5462781472855804e-17, -5.4556305485916264e-18, 2.950430737228402e-17, 1.5834785051444286e-17,
  6.943223671560008e-18, -2.1478388444456983e-17, -2.4256934659182068e-17, 3.061616997868383e-17,
];

/** The angle of the point (x, y), -pi to pi. Both finite; (0, 0) gives 0. */
export function atan2(y: number, x: number): number {
  assert(Number.isFinite(x) && Number.isFinite(y), 'atan2 is asked about finite points');
  let a = y < 0 ? -y : y;
  let b = x < 0 ? -x : x;
  if (a === 0 && b === 0) return 0;
  const swapped = a > b;
  if (swapped) [a, b] = [b, a];
  const ratio = a / b;
  let high: number;
  let lowPart = 0;
  if (ratio < 7.450580596923828e-9) {
    // Below 2^-27 the angle is the ratio to within rounding; its own low part matters no more.
    high = ratio;
  } else {
    b = significand(b);
    a = scale(a, -exponentOfLast);
    // atan(a/b) = atan(k/16) + atan((a - b k/16) / (b + a k/16)); the last ratio is at most 1/32.
    const k = Math.floor(ratio * 16 + 0.5);
    const c = k / 16;
    let product = multiplyExact(b, c);
    let productLow = low;
    const top = addExact(a, -product);
    const topLow = low - productLow;
    product = multiplyExact(a, c);
    productLow = low;
    const bottom = addExact(b, product);
    const bottomLow = low + productLow;
    const t = top / bottom;
    product = multiplyExact(t, bottom);
    const tLow = (top - product - low + (topLow - t * bottomLow)) / bottom;
    const z = t * t;
    const tail = t * z * (-1 / 3 + z * (1 / 5 + z * (-1 / 7 + z * (1 / 9 + z * (-1 / 11 + z * (1 / 13))))));
    const sum = addExact(atanHigh[k], t);
    lowPart = low + (tLow + (tail + atanLow[k]));
    high = sum;
  }
  if (swapped) {
    high = addExact(pi / 2, -high);
    lowPart = low + (piLow / 2 - lowPart);
  }
  if (x < 0) {
    high = addExact(pi, -high);
    lowPart = low + (piLow - lowPart);
  }
  const angle = high + lowPart;
  return y < 0 ? -angle : angle;
}
