/**
 * A shape is one definition with four uses: it reads a value out of the tree and says what is wrong with it, writes the value back as
 * a scenario would say it, describes itself to editors as JSON Schema, and describes itself to people in a few words. So the checks,
 * `--print-config`, the schema and the docs cannot disagree.
 */
import { quoteText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import * as units from '../base/units.js';
import type { Issues } from './issues.js';
import { foundText, type Path, type Tree } from './tree.js';

/** What a value looks like in a scenario: what YAML and JSON have in common. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };
export type JsonSchema = { readonly [key: string]: Plain };

/** Stands for a value that could not be read; the reason is among the issues. */
export const wrong = Symbol('wrong');
export type Read<T> = T | typeof wrong;

export interface Shape<T> {
  /** Never throws. */
  read(tree: Tree, path: Path, issues: Issues): Read<T>;
  /** What a scenario says to mean this value. */
  plain(value: T): Plain;
  schema(): JsonSchema;
  /** For messages and tables: `an integer from 1 to 100`. */
  readonly words: string;
}

/** `expected an integer from 1 to 100, found "many"`. */
export function complain(
  shape: { readonly words: string },
  tree: Tree,
  path: Path,
  issues: Issues,
  next?: string,
): typeof wrong {
  issues.report(tree.place, path, `expected ${shape.words}, ${foundText(tree)}`, next);
  return wrong;
}

function rangeWords(
  min: number | undefined,
  max: number | undefined,
  text: (value: number) => string,
): string {
  if (min !== undefined && min === max) return ` that is ${text(min)}`;
  if (min !== undefined && max !== undefined) return ` from ${text(min)} to ${text(max)}`;
  if (min !== undefined) return ` of at least ${text(min)}`;
  return max === undefined ? '' : ` of at most ${text(max)}`;
}

const numberText = (value: number): string => (value === Number.MAX_SAFE_INTEGER ? '2^53-1' : String(value));

/** A plain number. `integer` wants a whole one, `ratio` one from 0 to 1. */
export function numberShape(
  kind: 'integer' | 'number' | 'ratio',
  low?: number,
  high?: number,
): Shape<number> {
  const min = kind === 'ratio' ? (low ?? 0) : low;
  const max = kind === 'ratio' ? (high ?? 1) : kind === 'integer' ? (high ?? Number.MAX_SAFE_INTEGER) : high;
  const noun = kind === 'integer' ? 'an integer' : 'a number';
  const shape: Shape<number> = {
    words:
      noun +
      (kind === 'integer' && high === undefined && low === undefined ? '' : rangeWords(min, max, numberText)),
    read(tree, path, issues) {
      if (tree.kind !== 'scalar' || typeof tree.value !== 'number') {
        const next =
          tree.kind === 'scalar' && tree.quoted && /^-?[0-9.]+$/.test(tree.source)
            ? 'Remove the quotes'
            : percentHint(tree);
        return complain(shape, tree, path, issues, next);
      }
      const { value } = tree;
      const fits =
        (kind !== 'integer' || Number.isInteger(value)) &&
        value >= (min ?? -Infinity) &&
        value <= (max ?? Infinity);
      return fits ? value : complain(shape, tree, path, issues);
    },
    plain: (value) => value,
    schema: () => ({
      type: kind === 'integer' ? 'integer' : 'number',
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    }),
  };
  return shape;
}

/** "95 %" -> what to write instead. */
export function percentHint(tree: Tree): string | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string' || tree.value.length > 20) return undefined;
  const percent = /^([0-9]+(?:\.[0-9]+)?) ?%$/.exec(tree.value);
  return percent === null
    ? undefined
    : `Shares are numbers from 0 to 1, such as ${Number((Number(percent[1]) / 100).toPrecision(12))}`;
}

type UnitKind = 'duration' | 'size' | 'rate' | 'bandwidth';

const unitKinds = {
  duration: {
    noun: 'a duration',
    example: '250ms',
    read: units.parseDuration,
    text: units.durationText,
    base: 'us',
  },
  size: { noun: 'a size', example: '64KiB', read: units.parseSize, text: units.sizeText, base: 'B' },
  rate: { noun: 'a rate', example: '1000/s', read: units.parseRate, text: units.rateText, base: '/s' },
  bandwidth: {
    noun: 'a bandwidth',
    example: '1MB/s',
    read: units.parseBandwidth,
    text: units.bandwidthText,
    base: 'B/s',
  },
} as const;

/** A number with its unit. `min` and `max` are in microseconds, bytes, events or bytes a second. Below 0 only where `min` is. */
export function unitShape(kind: UnitKind, min?: number, max?: number): Shape<number> {
  const { noun, example, read, text } = unitKinds[kind];
  const low = min ?? 0;
  const signed = kind === 'duration' && low < 0;
  const shape: Shape<number> = {
    words:
      noun +
      (min === undefined && max === undefined ? '' : rangeWords(low, max, text)) +
      ` such as ${example}`,
    read(tree, path, issues) {
      if (tree.kind !== 'scalar' || tree.value === null || typeof tree.value === 'boolean') {
        return complain(shape, tree, path, issues);
      }
      if (typeof tree.value === 'number' && tree.value === 0 && low <= 0) return 0;
      const value = read(String(tree.source), { signed });
      if (typeof value !== 'number') {
        issues.report(tree.place, path, `${value.what}, expected ${value.expected}`);
        return wrong;
      }
      return value >= low && value <= (max ?? Infinity) ? value : complain(shape, tree, path, issues);
    },
    plain: (value) => text(value),
    schema: () => ({ type: ['string', 'number'], description: shape.words, examples: [example] }),
  };
  return shape;
}

export const booleanShape: Shape<boolean> = {
  words: 'true or false',
  read(tree, path, issues) {
    if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
    const word = tree.kind === 'scalar' ? tree.source.toLowerCase() : '';
    const meant = ['yes', 'on', 'true', '1'].includes(word)
      ? 'true'
      : ['no', 'off', 'false', '0'].includes(word)
        ? 'false'
        : undefined;
    return complain(
      booleanShape,
      tree,
      path,
      issues,
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    );
  },
  plain: (value) => value,
  schema: () => ({ type: 'boolean' }),
};

/** Longest text that is accepted anywhere, in UTF-16 code units. */
const textMax = 4096;

/** Any text that is not empty, or one that fits a pattern. */
export function textShape(
  options: { readonly pattern?: RegExp; readonly words?: string; readonly empty?: boolean } = {},
): Shape<string> {
  const shape: Shape<string> = {
    words:
      options.words ??
      (options.pattern === undefined ? 'a text' : `a text that fits ${options.pattern.source}`),
    read(tree, path, issues) {
      if (tree.kind !== 'scalar' || typeof tree.value !== 'string') {
        const next = tree.kind === 'scalar' && tree.value !== null ? 'Put it between quotes' : undefined;
        return complain(shape, tree, path, issues, next);
      }
      const fits =
        tree.value.length <= textMax &&
        (tree.value !== '' || options.empty === true) &&
        (options.pattern?.test(tree.value) ?? true);
      return fits ? tree.value : complain(shape, tree, path, issues);
    },
    plain: (value) => value,
    schema: () => ({
      type: 'string',
      ...(options.pattern === undefined ? {} : { pattern: options.pattern.source }),
    }),
  };
  return shape;
}

/** A name that other places refer to; whole numbers are names too, as in edge lists. */
export const nameShape: Shape<string> = {
  words: 'a name',
  read(tree, path, issues) {
    if (tree.kind === 'scalar' && !tree.quoted && Number.isInteger(tree.value)) return tree.source;
    return textShape({ words: 'a name' }).read(tree, path, issues);
  },
  plain: (value) => value,
  schema: () => ({ type: ['string', 'integer'] }),
};

/** "Did you mean ...?", when something is near. */
export function meantHint(typed: string, known: Iterable<string>): string | undefined {
  const near = suggest(typed, known);
  return near === undefined ? undefined : `Did you mean ${near}?`;
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

/** One of a few words. */
export function choiceShape<const Word extends string>(choices: readonly Word[]): Shape<Word> {
  const shape: Shape<Word> = {
    words: choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}`,
    read(tree, path, issues) {
      if (tree.kind !== 'scalar') return complain(shape, tree, path, issues);
      const found = choices.find((word) => word === tree.source);
      if (found !== undefined) return found;
      return complain(shape, tree, path, issues, meantHint(tree.source, choices));
    },
    plain: (value) => value,
    schema: () => ({ enum: choices }),
  };
  return shape;
}

/** Any number of values of one shape. */
export function listShape<T>(
  item: Shape<T>,
  options: { readonly min?: number; readonly words?: string } = {},
): Shape<readonly T[]> {
  const min = options.min ?? 0;
  const shape: Shape<readonly T[]> = {
    words: options.words ?? `a list${min > 0 ? ` of at least ${min}` : ''}, each ${item.words}`,
    read(tree, path, issues) {
      if (tree.kind !== 'list' || tree.items.length < min) {
        const next = tree.kind === 'map' ? 'Begin each entry with a dash' : undefined;
        return complain(
          { words: options.words ?? `a list${min > 0 ? ` of at least ${min}` : ''}` },
          tree,
          path,
          issues,
          next,
        );
      }
      const values: T[] = [];
      let allRight = true;
      tree.items.forEach((entry, index) => {
        const value = item.read(entry, [...path, index], issues);
        if (value === wrong) allRight = false;
        else values.push(value);
      });
      return allRight ? values : wrong;
    },
    plain: (values) => values.map((value) => item.plain(value)),
    schema: () => ({ type: 'array', items: item.schema(), ...(min > 0 ? { minItems: min } : {}) }),
  };
  return shape;
}

/** A word where a value of another shape would stand, such as `none`. */
export function orWord<T, const Word extends string>(word: Word, shape: Shape<T>): Shape<T | Word> {
  return {
    words: `${word}, or ${shape.words}`,
    read(tree, path, issues) {
      if (tree.kind === 'scalar' && tree.source === word) return word;
      return shape.read(tree, path, issues);
    },
    plain: (value) => (value === word ? word : shape.plain(value as T)),
    schema: () => ({ anyOf: [{ const: word }, shape.schema()] }),
  };
}

/** `"name"` for messages. */
export const quoted = (text: string): string => quoteText(text, 64);
