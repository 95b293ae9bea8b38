/**
 * Flags that several commands share, and flag kinds that the framework lacks. Numbers are exact: what cannot be kept
 * exactly is refused instead of rounded.
 */
import { Flags } from '@oclif/core';
import { UserError } from '../core/base/errors.js';
import { quoteText } from '../core/base/escape.js';

/** The heading of flags that every command has. */
export const everywhere = 'GLOBAL';

/** `--json`, which every command has. */
export const jsonFlag = Flags.boolean({
  summary: 'Print the result as one line of JSON.',
  helpGroup: everywhere,
});

/** A whole number, exact, in decimal digits. `min` defaults to 0 and `max` to 2^53-1. */
export const wholeNumber = Flags.custom<number, { min?: number; max?: number }>({
  helpValue: '<n>',
  parse: async (text, _context, options) => {
    const min = options.min ?? 0;
    const max = options.max ?? Number.MAX_SAFE_INTEGER;
    const value = /^-?[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new UserError('bad-flag', {
      place: `--${options.name}`,
      what: `${quoteText(text)} is not a whole number in range`,
      expected: `${min} to ${max === Number.MAX_SAFE_INTEGER ? '2^53-1' : max}`,
    });
  },
});
