/**
 * Multiply by the seed, add the digits until one is left, and start afresh every so often: 7, 4, 1, 7, 4, 1 ...
 *
 *     value(k) = seed                                 where k mod interval = 0
 *              = digitalRoot(value(k-1) * seed)       elsewhere
 *
 * Adding digits keeps the remainder modulo 9, so the chain of products is one power: with j = k mod interval, value(k) is the digital
 * root of seed^(j+1). Powers modulo 9 repeat after at most six, so six digits, worked out once, answer for every step there is.
 */
import { UserError } from '../base/errors.js';
import { showValue } from '../base/escape.js';
import { knobs } from '../base/knobs.js';
import {
  type CycleShape,
  type Pattern,
  type PatternFunction,
  type PatternSettings,
  checkInterval,
  checkSeed,
  checkStep,
  isStep,
  patternDefaults,
  stepMax,
} from '../model/pattern.js';

/** The one digit that is left of a positive integer: its remainder modulo 9, with 9 in the place of 0. */
function rootOf(positive: number): number {
  return 1 + ((positive - 1) % 9);
}

/**
 * Adds the digits of a number until one is left: 157 -> 13 -> 4.
 * @param number integer 0..2^53-1
 * @throws UserError `invalid-value`
 */
export function collapseDigits(number: number): number {
  if (!isStep(number)) {
    throw new UserError('invalid-value', {
      what: `${showValue(number)} has no digital root`,
      expected: 'an integer from 0 to 2^53-1',
    });
  }
  return number === 0 ? 0 : rootOf(number);
}

/**
 * The digits between resets, so that step j of a phase, 0 < j, has cycle[j mod cycle.length].
 * A seed that shares a factor with 9 falls to 9 at once and stays there; every other one returns to where it began.
 */
function cycleOf(seed: number): number[] {
  // Collapsed first, because seed * seed leaves the exact integers from 94,906,267 on.
  const factor = rootOf(seed);
  const first = rootOf(factor * factor);
  const fromStepOne = [first];
  for (let digit = rootOf(first * factor); digit !== first; digit = rootOf(digit * factor)) {
    fromStepOne.push(digit);
  }
  const last = fromStepOne[fromStepOne.length - 1];
  return [last, ...fromStepOne.slice(0, -1)];
}

class DigitCollapse implements PatternFunction {
  readonly shape: CycleShape;
  readonly #seed: number;
  readonly #interval: number;
  readonly #cycle: readonly number[];

  constructor(settings: PatternSettings) {
    const { seed = patternDefaults.seed, phaseResetInterval = patternDefaults.phaseResetInterval } = settings;
    this.#seed = checkSeed(seed);
    this.#interval = checkInterval(phaseResetInterval);
    this.#cycle = cycleOf(this.#seed);
    this.shape = {
      kind: 'cycle',
      interval: this.#interval,
      resetValue: this.#seed,
      cycle: this.#cycle,
    };
  }

  value(step: number): number {
    return this.valueUnchecked(checkStep(step));
  }

  valueUnchecked(step: number): number {
    const sinceReset = step % this.#interval;
    // A reset carries the seed itself, all of its digits, and not its digital root.
    return sinceReset === 0 ? this.#seed : this.#cycle[sinceReset % this.#cycle.length];
  }

  stepsSinceReset(step: number): number {
    return step % this.#interval;
  }
}

export const digitCollapse: Pattern = {
  name: 'digit-collapse',
  summary: 'digital roots of the powers of a seed: public and predictable, a synchronisation check',
  keyed: false,
  knobs: knobs({
    seed: {
      kind: 'integer',
      min: 1,
      max: stepMax,
      default: patternDefaults.seed,
      doc:
        'The number that all nodes share. It is no secret: every reset sends it in the clear. Its remainder modulo 9 decides how ' +
        'much is noticed: 2 and 5 give six values, 4 and 7 three, 8 two, and 0, 1, 3 and 6 one. 2 and 5 are the best choices.',
    },
    phaseResetInterval: {
      kind: 'integer',
      min: 1,
      max: stepMax,
      default: patternDefaults.phaseResetInterval,
      doc:
        'Steps from one reset to the next. A shorter one lets latecomers begin sooner and shows the seed more often. An interval that ' +
        'is no multiple of 6 makes every other interval noticeable, if the seed is 2 or 5 modulo 9.',
    },
  }),
  create: (settings) => new DigitCollapse(settings),
};
