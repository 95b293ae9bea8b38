/**
 * The spectral test of NIST SP 800-22, section 2.6: bits as +1 and -1, their Fourier transform, and how many of its peaks stay below
 * the height that 95 % should. Finds periods. The transform splits by the smallest prime factor, so that any length will do.
 */
import type { Bits } from './bit-tests.js';
import { erfc } from './probability.js';

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function smallestFactor(n: number): number {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return factor;
  return n;
}

/** The transform of every `stride`-th value from `from` on; `roots` are the powers of the root of unity of all values. */
function transform(values: Float64Array, roots: Complex, from: number, stride: number): Complex {
  const n = values.length / stride;
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  if (n === 1) {
    re[0] = values[from];
    return { re, im };
  }
  const factor = smallestFactor(n);
  const rest = n / factor;
  for (let i = 0; i < factor; i++) {
    const part = transform(values, roots, from + i * stride, stride * factor);
    for (let k = 0, at = 0, turn = 0; k < n; k++) {
      const cos = roots.re[turn];
      const sin = roots.im[turn];
      re[k] += part.re[at] * cos - part.im[at] * sin;
      im[k] += part.re[at] * sin + part.im[at] * cos;
      if (++at === rest) at = 0;
      turn += i * stride;
      if (turn >= values.length) turn -= values.length;
    }
  }
  return { re, im };
}

/** Squares of the heights of all peaks. */
export function powerSpectrum(values: Float64Array): Float64Array {
  const n = values.length;
  const angles = Float64Array.from(values, (_, k) => (-2 * Math.PI * k) / n);
  const { re, im } = transform(values, { re: angles.map(Math.cos), im: angles.map(Math.sin) }, 0, 1);
  return re.map((value, k) => value ** 2 + im[k] ** 2);
}

export function spectral(bits: Bits): number {
  const n = bits.length;
  const power = powerSpectrum(Float64Array.from(bits, (bit) => 2 * bit - 1));
  const limit = Math.log(1 / 0.05) * n;
  let below = 0;
  for (let k = 0; k < Math.floor(n / 2); k++) if (power[k] < limit) below++;
  return erfc(Math.abs(below - (0.95 * n) / 2) / Math.sqrt((n * 0.95 * 0.05) / 4) / Math.SQRT2);
}
