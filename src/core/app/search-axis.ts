/**
 * The line of values that a search goes along: from `low` to `high` in steps of `tolerance`, as numbers or with units, in whole numbers
 * where the key takes no others. What a key takes is found out by asking the language whether a scenario with that value is one.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import {
  bandwidthText,
  durationText,
  formatCount,
  parseBandwidth,
  parseDuration,
  parseRate,
  parseSize,
  rateText,
  sizeText,
} from '../base/units.js';
import type { SearchValue } from '../model/search.js';

export interface AxisRequest {
  readonly path: string;
  readonly low?: string;
  readonly high?: string;
  readonly tolerance?: string;
  /** Undefined when a scenario with this value is one; otherwise what is wrong with it. */
  readonly refusal: (value: SearchValue) => UserError | undefined;
}

export interface Axis {
  /** Points are numbered from 0 to `last`. */
  readonly last: number;
  readonly tolerance: SearchValue;
  valueAt(point: number): SearchValue;
}

/** The usual number of steps. */
const stepsUsual = 1000;
const stepsMax = 1_000_000;

interface Unit {
  readonly read: (text: string) => number | { readonly what: string; readonly expected: string };
  /** The value as a scenario says it. */
  readonly say: (value: number) => SearchValue;
  /** Only whole numbers of the base unit. */
  readonly whole: boolean;
}

const plain: Unit = {
  read: (text) =>
    /^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/i.test(text)
      ? Number(text)
      : { what: `cannot read ${quoteText(text, 40)}`, expected: 'a number, such as 0.1 or 200ms' },
  say: (value) => value,
  whole: false,
};
const units: readonly Unit[] = [
  plain,
  { read: parseDuration, say: durationText, whole: true },
  { read: parseSize, say: sizeText, whole: true },
  { read: parseBandwidth, say: bandwidthText, whole: true },
  { read: parseRate, say: rateText, whole: false },
];

function refuse(place: string, what: string, next?: string): never {
  throw new UserError('bad-flag', { place, what, next });
}

function readWith(unit: Unit, place: string, text: string): number {
  const value = unit.read(text);
  if (typeof value === 'number') return value;
  return refuse(place, `${value.what}, expected ${value.expected}`);
}

/** Digits that doubles make up are left out. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** @throws UserError `bad-flag` when there is no such line, or what the language says about a value */
export function searchAxis({ path, low, high, tolerance, refusal }: AxisRequest): Axis {
  // A key that takes 0 to 1 and no more is a share, and its ends need not be said.
  if (low === undefined || high === undefined) checkShare(path, refusal);
  const [from, to] = [low ?? '0', high ?? '1'];
  const unit = units.find(({ read }) => typeof read(from) === 'number') ?? plain;
  const first = readWith(unit, '--low', from);
  const end = readWith(unit, '--high', to);
  if (first >= end) {
    const next = first > end ? 'Exchange the two.' : 'Choose a larger one for --high.';
    refuse('--low', 'the low end is not below the high end', next);
  }
  for (const [flag, value] of [
    ['--low', first],
    ['--high', end],
  ] as const) {
    const wrong = refusal(unit.say(value));
    if (wrong !== undefined) throw blame(wrong, flag, path, unit.say(value));
  }
  const isWhole = unit.whole || takesWholeOnly(unit, first, end, refusal);
  const usual = isWhole
    ? unit.whole
      ? Math.max(1, Math.round((end - first) / stepsUsual))
      : 1
    : tidy((end - first) / stepsUsual);
  const step = tolerance === undefined ? usual : readWith(unit, '--tolerance', tolerance);
  if (step <= 0)
    refuse(
      '--tolerance',
      'the tolerance is not above 0',
      'Leave it out, or choose a small part of the range.',
    );
  if (step > end - first)
    refuse('--tolerance', 'the tolerance is larger than the whole range', 'Choose a small part of it.');
  if (isWhole && !Number.isInteger(step))
    refuse('--tolerance', `${path} takes whole numbers only`, 'Choose a whole number.');
  const last = Math.ceil(tidy((end - first) / step));
  if (last > stepsMax)
    refuse(
      '--tolerance',
      `that makes ${formatCount(last)} steps, expected at most ${formatCount(stepsMax)}`,
      'Choose a larger one, or a smaller range.',
    );
  return {
    last,
    tolerance: unit.say(step),
    valueAt: (point) => unit.say(point === last ? end : tidy(first + point * step)),
  };
}

/** What the language says about a value, at the flag that it came from. */
export function blame(wrong: UserError, flag: string, path: string, value: SearchValue): UserError {
  const place = `--set ${path}`;
  return new UserError(
    wrong.code,
    wrong.problems.map((problem) => ({
      ...problem,
      place:
        problem.place === place
          ? flag
          : [`${flag}, ${showText(path, 64)} = ${value}`, problem.place].join(': '),
    })),
  );
}

function checkShare(path: string, refusal: AxisRequest['refusal']): void {
  // What is said of a share, a count and a time alike is about the key: there is none of this name.
  const said = ([0.5, 2, '1s'] as const).map((value) => refusal(value));
  if (said[0] !== undefined && said.every((one) => one?.message === said[0]?.message))
    throw blame(said[0], '--search', path, 0.5);
  const takes = (value: number): boolean => refusal(value) === undefined;
  if (takes(0) && takes(1) && takes(0.5) && !takes(1.5)) return;
  refuse(
    '--search',
    `${quoteText(path, 64)} is not a share from 0 to 1, so its range must be said`,
    'Pass --low and --high.',
  );
}

function takesWholeOnly(unit: Unit, first: number, end: number, refusal: AxisRequest['refusal']): boolean {
  if (unit !== plain || !Number.isInteger(first) || !Number.isInteger(end)) return false;
  return refusal(first + 0.5) !== undefined;
}
