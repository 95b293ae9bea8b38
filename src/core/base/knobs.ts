/**
 * Knobs: the parameters of a registered thing, as plain data. One list beside the code says of each parameter what it is,
 * its unit, its range, its default and what more of it buys and costs; from that list come the scenario's checks, the JSON
 * Schema for editors, `--help` and the docs. Nothing here validates: `scenario/` turns knobs into a schema.
 */
import type { Who } from './who.js';

interface Story {
  /** What it is, what more of it buys and costs, a sensible value. Whole sentences. */
  readonly doc: string;
}

type NumberKind =
  /** a whole number */
  | 'integer'
  /** any finite number */
  | 'number'
  /** a share or chance, 0 to 1 */
  | 'ratio'
  /** `250ms`, `10s`: arrives as microseconds */
  | 'duration'
  /** `64KiB`: arrives as bytes */
  | 'size'
  /** `1000/s`: arrives as events a second */
  | 'rate'
  /** `1MB/s`: arrives as bytes a second */
  | 'bandwidth';

export interface NumberKnob extends Story {
  readonly kind: NumberKind;
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanKnob extends Story {
  readonly kind: 'boolean';
}
export interface TextKnob extends Story {
  readonly kind: 'text';
  readonly pattern?: RegExp;
}
/** A path, relative to the scenario's folder. Arrives resolved; the bytes are read by `app`. */
export interface FileKnob extends Story {
  readonly kind: 'file';
}
export interface ChoiceKnob<Word extends string = string> extends Story {
  readonly kind: 'choice';
  readonly words: readonly Word[];
}
/** `nodes: {group, ids, role, region, share, count}`. */
export interface WhoKnob extends Story {
  readonly kind: 'who';
}
/** Several sets of nodes, such as the sides of a partition. */
export interface WhoListKnob extends Story {
  readonly kind: 'who-list';
  readonly min?: number;
}
/** A nested section. */
export interface SectionKnob<Inner extends Knobs = Knobs> extends Story {
  readonly kind: 'section';
  readonly knobs: Inner;
}

/** A section that may hold knobs of any kind: the list of knobs refers to itself here, which only `any` can express. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type AnySection = SectionKnob<any>;

export type Knob =
  NumberKnob | BooleanKnob | TextKnob | FileKnob | ChoiceKnob | WhoKnob | WhoListKnob | AnySection;

/** A knob that may be left out arrives as its default. */
export interface WithDefault<Value> {
  readonly default: Value;
}
/** A knob that may be left out and then arrives as undefined. */
export interface Optional {
  readonly optional: true;
}

export type Knobs = Readonly<Record<string, Knob & (WithDefault<unknown> | Optional | object)>>;

type Plain<K> = K extends NumberKnob
  ? number
  : K extends BooleanKnob
    ? boolean
    : K extends ChoiceKnob<infer Word>
      ? Word
      : K extends TextKnob | FileKnob
        ? string
        : K extends WhoKnob
          ? Who
          : K extends WhoListKnob
            ? readonly Who[]
            : K extends SectionKnob<infer Inner>
              ? Values<Inner>
              : never;

/** The values that arrive when a list of knobs has been read: durations as microseconds, sizes as bytes. */
export type Values<K extends Knobs> = {
  readonly [Name in keyof K]: K[Name] extends Optional ? Plain<K[Name]> | undefined : Plain<K[Name]>;
};

/** What is wrong with values that are right one by one and make no sense together; `path` leads to a knob, [] to the whole. */
export interface KnobProblem {
  readonly path: readonly (string | number)[];
  /** What is wrong and what was expected; escaped. */
  readonly what: string;
  readonly next?: string;
}

/** Keeps literal types, so that `Values` can read them. */
export function knobs<const K extends Knobs>(list: K): K {
  return list;
}
