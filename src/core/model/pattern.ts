/**
 * Keeping time like a choir: everybody has the same score, so nobody needs to be told the next note, and whoever sings another one
 * has lost the place. A pattern is the score: a function from the global step to the value that a message of that step carries, which
 * every node computes alone. It shows who is out of step. It keeps nobody out.
 */
import { UserError } from '../base/errors.js';
import { showValue } from '../base/escape.js';
import type { Knobs } from '../base/knobs.js';
import type { Registered } from '../base/registry.js';

/** The largest step, seed and interval: 2^53-1, up to which numbers count without gaps. */
export const stepMax = Number.MAX_SAFE_INTEGER;

/** What nodes share when nobody says otherwise. */
export const patternDefaults = { name: 'digit-collapse', seed: 7, phaseResetInterval: 100 } as const;

/** What all nodes of a network share. A pattern reads what it needs and ignores the rest. */
export interface PatternSettings {
  /** Integer 1..2^53-1; default 7. */
  readonly seed?: number;
  /** Steps from one phase reset to the next, integer 1..2^53-1; default 100. */
  readonly phaseResetInterval?: number;
  /** Secret bytes of a keyed pattern; at least one. */
  readonly key?: Uint8Array;
}

/** The score for one network. Pure: the same step always gives the same value, on every machine. */
export interface PatternFunction {
  /**
   * The value that a message of this step carries, in constant time and exact.
   * @param step integer 0..2^53-1
   * @throws UserError `invalid-step`
   */
  value(step: number): number;
  /** `value` for hot paths. Precondition: `isStep(step)`; for anything else the result means nothing. */
  valueUnchecked(step: number): number;
  /** How many steps a node that starts from the last phase reset has to count. 0 at a reset. Same precondition. */
  stepsSinceReset(step: number): number;
  readonly shape: PatternShape;
}

/** How a sequence is built, which is all that an analysis of its strength needs. */
export type PatternShape = CycleShape | KeyedShape;

/** value(k) = resetValue where k mod interval is 0, else cycle[(k mod interval) mod cycle.length]. */
export interface CycleShape {
  readonly kind: 'cycle';
  readonly interval: number;
  readonly resetValue: number;
  /** One to six single digits, repeated between resets. */
  readonly cycle: readonly number[];
}

/** As good as drawn evenly from 2^valueBits values by whoever does not know the key. Never reset. */
export interface KeyedShape {
  readonly kind: 'keyed';
  readonly valueBits: number;
  readonly keyBytes: number;
}

/** A kind of pattern: one file, one line in the registry. */
export interface Pattern extends Registered {
  /** What a scenario can set. A knob of the kind `file` is the key; its bytes arrive as `key`. */
  readonly knobs: Knobs;
  /** True when `create` needs a `key` and has no use for `seed` and `phaseResetInterval`. */
  readonly keyed: boolean;
  /** @throws UserError `invalid-seed`, `invalid-interval` or `missing-key` */
  create(settings: PatternSettings): PatternFunction;
}

/** Is this an integer 0..2^53-1? */
export function isStep(step: unknown): step is number {
  return Number.isSafeInteger(step) && (step as number) >= 0;
}

/** @throws UserError `invalid-step` unless the step is an integer 0..2^53-1 */
export function checkStep(step: number): number {
  if (isStep(step)) return step;
  throw new UserError('invalid-step', {
    what: `step ${showValue(step)} does not exist`,
    expected: 'an integer from 0 to 2^53-1',
  });
}

/** @throws UserError `invalid-seed` unless the seed is an integer 1..2^53-1 */
export function checkSeed(seed: number): number {
  if (isStep(seed) && seed > 0) return seed;
  throw new UserError('invalid-seed', {
    what: `${showValue(seed)} cannot be a pattern seed`,
    expected: 'an integer from 1 to 2^53-1',
  });
}

/** @throws UserError `invalid-interval` unless the interval is an integer 1..2^53-1 */
export function checkInterval(phaseResetInterval: number): number {
  if (isStep(phaseResetInterval) && phaseResetInterval > 0) return phaseResetInterval;
  throw new UserError('invalid-interval', {
    what: `${showValue(phaseResetInterval)} cannot be a phase reset interval`,
    expected: 'an integer from 1 to 2^53-1',
  });
}
