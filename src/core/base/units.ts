/**
 * Numbers with their units: `250ms`, `64KiB`, `1000/s`, `8Mbit/s`. A scenario never says a bare 250 and leaves the reader to guess.
 * Reading is exact decimal arithmetic: `0.1s` is 100000 microseconds, and what does not come out whole is refused, never rounded.
 * Reading never throws: the answer is a number, or a description of what is wrong that the caller joins with the place.
 * Printing comes in two kinds: `...Text` is exact and can be read again, `format...` is short and for people. Neither asks the locale.
 */
import { quoteText } from './escape.js';

/** What is wrong with a text; `what` and `expected` go into a `Problem` as they are. Escaped. */
export interface UnitProblem {
  readonly what: string;
  readonly expected: string;
}

/** Numbers pass `typeof reading === 'number'`. */
export type Reading = number | UnitProblem;

interface UnitKind {
  readonly expected: string;
  /** Base units (microseconds, bytes, ...) in one of these; with `divisor`, that many share one base unit. */
  readonly factors: ReadonlyMap<string, number>;
  readonly divisor: number;
  /** What the result must be a whole number of; rates may be fractions. */
  readonly whole: string | undefined;
  /** What people write instead. */
  readonly slips: ReadonlyMap<string, string>;
}

const second = 1_000_000;

const durations: UnitKind = {
  expected: 'a duration such as 250ms, 1.5s, 10min (units: us, ms, s, min, h, d)',
  factors: new Map([
    ['us', 1],
    ['ms', 1000],
    ['s', second],
    ['min', 60 * second],
    ['h', 3600 * second],
    ['d', 86_400 * second],
  ]),
  divisor: 1,
  whole: 'microsecond',
  slips: new Map([
    ['m', 'min'],
    ['sec', 's'],
    ['S', 's'],
    ['\u00b5s', 'us'],
    ['\u03bcs', 'us'],
    ['mins', 'min'],
    ['hr', 'h'],
  ]),
};

const sizeFactors: readonly (readonly [string, number])[] = [
  ['B', 1],
  ['kB', 1e3],
  ['KiB', 1024],
  ['MB', 1e6],
  ['MiB', 1024 * 1024],
  ['GB', 1e9],
  ['GiB', 1024 * 1024 * 1024],
];

const sizes: UnitKind = {
  expected: 'a size such as 512B, 64KiB, 1MB (units: B, kB, KiB, MB, MiB, GB, GiB)',
  factors: new Map(sizeFactors),
  divisor: 1,
  whole: 'byte',
  slips: new Map([
    ['KB', 'kB'],
    ['kb', 'kB'],
    ['K', 'KiB'],
    ['k', 'kB'],
    ['kiB', 'KiB'],
    ['M', 'MB'],
    ['mb', 'MB'],
    ['Mb', 'MB'],
    ['G', 'GB'],
    ['gb', 'GB'],
    ['b', 'B'],
    ['bytes', 'B'],
  ]),
};

// Reckoned in events an hour, so that each factor is whole: 1/min is 60 of them.
const rates: UnitKind = {
  expected: 'a rate such as 1000/s, 30/min (units: /s, /min, /h)',
  factors: new Map([
    ['/s', 3600],
    ['/min', 60],
    ['/h', 1],
  ]),
  divisor: 3600,
  whole: undefined,
  slips: new Map([
    ['/m', '/min'],
    ['/sec', '/s'],
    ['Hz', '/s'],
    ['ps', '/s'],
  ]),
};

// Reckoned in bits a second.
const bandwidths: UnitKind = {
  expected:
    'a bandwidth such as 1MB/s, 8Mbit/s (units: B/s, kB/s, KiB/s, MB/s, ..., bit/s, kbit/s, Mbit/s, Gbit/s)',
  factors: new Map([
    ...sizeFactors.map(([unit, factor]) => [`${unit}/s`, factor * 8] as const),
    ['bit/s', 1],
    ['kbit/s', 1e3],
    ['Mbit/s', 1e6],
    ['Gbit/s', 1e9],
  ]),
  divisor: 8,
  whole: 'byte a second',
  slips: new Map([
    ['Mbps', 'Mbit/s'],
    ['Mb/s', 'Mbit/s'],
    ['kbps', 'kbit/s'],
    ['Gbps', 'Gbit/s'],
    ['bps', 'bit/s'],
    ['KB/s', 'kB/s'],
  ]),
};

const form = /^([+-]?)(\d+)(?:\.(\d+))? ?([^\d\s.+-].*)?$/su;
const digitsMax = 30;

function read(text: string, kind: UnitKind, signed: boolean): Reading {
  const problem = (what: string, expected = kind.expected): UnitProblem => ({ what, expected });
  const parts = text.length > 100 ? null : form.exec(text);
  if (parts === null) return problem(`cannot read ${quoteText(text)}`);
  const [, sign, whole, fraction = '', unit] = parts;
  if (unit === undefined) return problem(`${quoteText(text)} has no unit`);
  const factor = kind.factors.get(unit);
  if (factor === undefined) {
    const slip = kind.slips.get(unit);
    const hint = slip === undefined ? '' : `, did you mean ${quoteText(slip)}?`;
    return problem(`unknown unit in ${quoteText(text)}${hint}`);
  }
  if (sign !== '' && !signed) return problem(`${quoteText(text)} has a sign`);
  if (whole.length + fraction.length > digitsMax) return problem(`${quoteText(text)} has too many digits`);

  // value = digits * factor / (10^places * divisor), in whole numbers until the last step.
  const top = BigInt(whole + fraction) * BigInt(factor);
  const bottom = BigInt('1' + '0'.repeat(fraction.length)) * BigInt(kind.divisor);
  const quotient = top / bottom;
  if (quotient > BigInt(Number.MAX_SAFE_INTEGER)) return problem(`${quoteText(text)} is too large`);
  if (kind.whole === undefined) return top === 0n ? 0 : nearestRatio(top, bottom);
  if (quotient * bottom !== top) {
    return problem(
      `${quoteText(text)} is not a whole number of ${kind.whole}s`.replace(
        'byte a seconds',
        'bytes a second',
      ),
    );
  }
  return sign === '-' && quotient !== 0n ? -Number(quotient) : Number(quotient);
}

/** top / bottom as the nearest double, up to one rounding more when the fraction cannot be cut below 2^53. */
function nearestRatio(top: bigint, bottom: bigint): number {
  let a = top;
  let b = bottom;
  while (b !== 0n) [a, b] = [b, a % b];
  return Number(top / a) / Number(bottom / a);
}

/** `250ms` -> 250000 microseconds. With `signed`, `-20ms` is allowed (clock offsets). */
export function parseDuration(text: string, options: { readonly signed?: boolean } = {}): Reading {
  return read(text, durations, options.signed ?? false);
}

/** `64KiB` -> 65536 bytes. */
export function parseSize(text: string): Reading {
  return read(text, sizes, false);
}

/** `90/min` -> 1.5 events a second. */
export function parseRate(text: string): Reading {
  return read(text, rates, false);
}

/** `8Mbit/s` -> 1000000 bytes a second. */
export function parseBandwidth(text: string): Reading {
  return read(text, bandwidths, false);
}

/** An exact decimal of `value / factor` (factor a product of 2 and 5, or a divisor), or undefined when it has none. */
function exactDecimal(value: number, factor: number): string | undefined {
  let rest = value % factor;
  const whole = (value - rest) / factor;
  if (rest === 0) return String(whole);
  let digits = '';
  for (let places = 0; rest !== 0 && places < 6; places++) {
    rest *= 10;
    const digit = Math.floor(rest / factor);
    digits += digit;
    rest -= digit * factor;
  }
  return rest === 0 ? `${whole}.${digits}` : undefined;
}

/** The fewest digits win; among equals, the larger unit: `90s`, but `10min`. */
function shortestText(value: number, units: readonly (readonly [string, number])[]): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  let number = String(size);
  let name = units[0][0];
  for (const [unit, factor] of units.slice(1)) {
    if (size < factor) break;
    const decimal = exactDecimal(size, factor);
    if (decimal !== undefined && decimal.length <= number.length) {
      number = decimal;
      name = unit;
    }
  }
  return sign + number + name;
}

/** Exact and readable again: 1500000 -> `1.5s`, 250000 -> `250ms`. Whole microseconds. */
export function durationText(us: number): string {
  return us === 0 ? '0s' : shortestText(us, [...durations.factors]);
}

/** Exact and readable again: 65536 -> `64KiB`. Whole bytes. */
export function sizeText(bytes: number): string {
  return shortestText(bytes, sizeFactors);
}

/** Exact and readable again: 1000 -> `1000/s`, 0.5 -> `30/min`. */
export function rateText(eventsPerSecond: number): string {
  for (const [unit, factor] of [
    ['/s', 1],
    ['/min', 60],
    ['/h', 3600],
  ] as const) {
    const count = eventsPerSecond * factor;
    if (Number.isInteger(count) && count / factor === eventsPerSecond) return `${count}${unit}`;
  }
  return `${plainDecimal(eventsPerSecond)}/s`;
}

/** Exact and readable again: 1000000 -> `1MB/s`. Whole bytes a second. */
export function bandwidthText(bytesPerSecond: number): string {
  return `${sizeText(bytesPerSecond)}/s`;
}

/** A number without exponent, with as many digits as are needed to read it back. */
function plainDecimal(value: number): string {
  const text = String(value);
  const at = text.indexOf('e');
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const digits = text.slice(0, at).replace('.', '');
  return exponent < 0 ? `0.${'0'.repeat(-exponent - 1)}${digits}` : digits.padEnd(exponent + 1, '0');
}

/** Three significant digits without trailing zeros and without exponent: 1.254 -> `1.25`, 34 -> `34`, 1234.5 -> `1235`. */
function significant(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return plainDecimal(Number(value.toPrecision(3)));
}

function formatScaled(value: number, units: readonly (readonly [string, number])[]): string {
  if (!Number.isFinite(value)) return 'never';
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  let index = 0;
  while (index + 1 < units.length && size >= units[index + 1][1]) index++;
  let text = significant(size / units[index][1]);
  // 999.7 ms is shown as 1 s, not as 1000 ms.
  if (index + 1 < units.length && Number(text) * units[index][1] >= units[index + 1][1]) {
    index++;
    text = significant(size / units[index][1]);
  }
  return `${sign}${text} ${units[index][0]}`;
}

const shownDurations = [
  ['us', 1],
  ['ms', 1000],
  ['s', second],
] as const;

/**
 * For people: `34 ms`, `1.25 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`; infinity and NaN are `never`.
 * @param us microseconds, fractions allowed
 */
export function formatDuration(us: number): string {
  const size = Math.abs(us);
  if (!(size >= 99.95 * second && Number.isFinite(size))) return formatScaled(us, shownDurations);
  const sign = us < 0 ? '-' : '';
  const two = (coarse: string, coarseUs: number, fine: string, fineUs: number): string => {
    const fines = Math.round(size / fineUs);
    const perCoarse = coarseUs / fineUs;
    const rest = fines % perCoarse;
    return `${sign}${Math.floor(fines / perCoarse)} ${coarse}${rest === 0 ? '' : ` ${rest} ${fine}`}`;
  };
  if (size < 3599.5 * second) return two('min', 60 * second, 's', second);
  if (size < 86_370 * second) return two('h', 3600 * second, 'min', 60 * second);
  return two('d', 86_400 * second, 'h', 3600 * second);
}

const shownSizes = [
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
] as const;

/** For people, in powers of 1000: `512 B`, `1.21 kB`, `104 MB`. */
export function formatSize(bytes: number): string {
  return formatScaled(bytes, shownSizes);
}

/**
 * For people: a whole number with commas between thousands: `1,000,000`.
 * @param count its decimal digits where it is too large for a number to hold exactly
 */
export function formatCount(count: number | string): string {
  return (typeof count === 'string' ? count : plainDecimal(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** For people: three significant digits, commas from 1,000 on: `0.0123`, `3.14`, `12,346`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  if (!Number.isFinite(value)) return value < 0 ? '-infinite' : 'infinite';
  const text = significant(Math.abs(value));
  return (value < 0 && text !== '0' ? '-' : '') + (text.includes('.') ? text : formatCount(Number(text)));
}

/** For people: a share as percent with up to two decimals: 0.975 -> `97.5 %`. A share below 1 is never shown as 100 %. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return 'unknown';
  let hundredths = Math.round(share * 10_000);
  if (hundredths === 10_000 && share < 1) hundredths = 9999;
  if (hundredths === 0 && share > 0) return '< 0.01 %';
  return `${hundredths / 100} %`;
}
