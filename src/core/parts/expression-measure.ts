/**
 * Apples and oranges: which numbers may be compared, added and multiplied. Times go with times, sizes with sizes; a share (0 to 1) is
 * no percentage (0 to 100). Everything else, counts and steps and ratios, is a number among numbers.
 */
import { quoteText, showText } from '../base/escape.js';
import { parseBandwidth, parseDuration, parseSize } from '../base/units.js';
import type { Arithmetic, Quantity } from '../model/expression.js';
import type { Measure } from '../model/metrics.js';
import { Complaint } from './expression-scanner.js';

/** A number with what the grammar knows about how it was written. */
export interface Said {
  readonly quantity: Quantity;
  /** Present for a number that was written out. */
  readonly literal?: { readonly text: string; readonly unit: 'bare' | 'percent' | 'unit' };
}

const withUnits = new Set<Measure>(['milliseconds', 'bytes', 'bytesPerSecond']);
const words: Readonly<Partial<Record<Measure, string>>> = {
  milliseconds: 'a time',
  bytes: 'a size',
  bytesPerSecond: 'a size a second',
  ratio: 'a share from 0 to 1',
  percent: 'from 0 to 100',
};
const readers = { milliseconds: parseDuration, bytes: parseSize, bytesPerSecond: parseBandwidth } as const;

function dimension(measure: Measure): Measure {
  return withUnits.has(measure) ? measure : 'number';
}

/** @throws Complaint when the two cannot be held against each other */
export function checkAlike(text: string, left: Said, right: Said, doing: string): void {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    checkLiteral(text, one.quantity, other, doing === 'compared');
  }
  const [a, b] = [left.quantity, right.quantity];
  const isOffByHundred =
    (a.measure === 'ratio' && b.measure === 'percent') || (a.measure === 'percent' && b.measure === 'ratio');
  if (dimension(a.measure) === dimension(b.measure) && !isOffByHundred) return;
  if (isZero(left) || isZero(right)) return;
  const name = ({ quantity }: Said): string =>
    `${quoteText(text.slice(quantity.at, quantity.end), 40)} is ${words[quantity.measure] ?? 'a number'}`;
  throw new Complaint(b.at, `${name(left)} and ${name(right)}, they cannot be ${doing}`);
}

const isZero = ({ quantity, literal }: Said): boolean =>
  literal?.unit === 'bare' && quantity.kind === 'number' && quantity.value === 0;

/** A number that was written out beside something that says what it must be. */
function checkLiteral(
  text: string,
  beside: Quantity,
  { quantity, literal }: Said,
  isCompared: boolean,
): void {
  if (literal === undefined) return;
  const { at } = quantity;
  const name = showText(text.slice(beside.at, beside.end), 40);
  if (literal.unit === 'percent' && beside.measure !== 'percent') {
    const share = (quantity as { readonly value: number }).value / 100;
    const instead = Number(share.toPrecision(12));
    throw new Complaint(
      at,
      beside.measure === 'ratio'
        ? `${name} is a share from 0 to 1, found ${quoteText(literal.text, 40)}, write ${instead}`
        : `${name} is no percentage, found ${quoteText(literal.text, 40)}`,
    );
  }
  if (literal.unit !== 'bare' || quantity.kind !== 'number') return;
  const { value } = quantity;
  if (withUnits.has(beside.measure) && beside.kind !== 'number' && value !== 0) {
    const reading = readers[beside.measure as keyof typeof readers](literal.text);
    if (typeof reading !== 'number') throw new Complaint(at, `${reading.what}, expected ${reading.expected}`);
  }
  if (isCompared && beside.measure === 'ratio' && (value < 0 || value > 1))
    throw new Complaint(at, `${name} is a share from 0 to 1, found ${showText(literal.text, 40)}`);
}

/** What comes of two numbers, by their kinds. @throws Complaint when nothing sensible does */
export function measureOf(text: string, operator: Arithmetic, left: Said, right: Said): Measure {
  const [a, b] = [left.quantity.measure, right.quantity.measure];
  if (operator === '+' || operator === '-') {
    checkAlike(text, left, right, operator === '+' ? 'added' : 'subtracted');
    if (a === b && a !== 'ratio') return a;
    return withUnits.has(a)
      ? a
      : withUnits.has(b)
        ? b
        : a === 'percent' || b === 'percent'
          ? 'percent'
          : 'number';
  }
  if (!withUnits.has(b))
    return withUnits.has(a) ? a : a === 'percent' || b === 'percent' ? 'percent' : 'number';
  if (operator === '*' && !withUnits.has(a)) return b;
  if (operator === '/' && a === b) return 'number';
  const how = operator === '*' ? 'multiplied' : 'divided';
  throw new Complaint(
    right.quantity.at,
    `${words[a] ?? 'a number'} cannot be ${how} by ${words[b] ?? 'a number'}`,
  );
}
