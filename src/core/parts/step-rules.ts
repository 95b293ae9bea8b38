/**
 * Which step do we believe? Four ways to make one step out of many claims. `max` is Lamport's rule and the original design's: simple,
 * and one liar sets the clock. The others pay for their caution with a need for many honest voices.
 */
import { UserError } from '../base/errors.js';

export const stepRuleNames = ['max', 'quorum', 'median', 'majority'] as const;
export type StepRuleName = (typeof stepRuleNames)[number];

/** Faults that n voices can bear when quorums must overlap in an honest one: floor((n - 1) / 3). */
export function faultsTolerated(voices: number): number {
  return Math.max(0, Math.floor((voices - 1) / 3));
}

/**
 * Reconciles claims about the current step. Claims are one for each identity; the order does not matter.
 *
 * - `max`: the largest claim.
 * - `quorum`: the (f+1)-th largest, so that at least one honest node has claimed as much (Srikanth and Toueg, "Optimal clock
 *   synchronization", JACM 34(3), 1987).
 * - `median`: the middle one; the lower of two.
 * - `majority`: the step that more than half of all claim, else undefined.
 *
 * @param f faults to bear under `quorum`; default floor((n-1)/3)
 * @returns a step, or undefined when the rule gives none (no claims, or no majority)
 * @throws UserError `invalid-step` for a claim that is no step
 */
export function reconcileSteps(
  claims: readonly number[],
  rule: StepRuleName,
  f: number = faultsTolerated(claims.length),
): number | undefined {
  for (const claim of claims) {
    if (!Number.isSafeInteger(claim) || claim < 0) {
      throw new UserError('invalid-step', {
        what: `a claimed step is ${claim}`,
        expected: 'an integer from 0 to 2^53-1',
      });
    }
  }
  if (claims.length === 0) return undefined;
  const sorted = [...claims].sort((p, q) => q - p);
  switch (rule) {
    case 'max':
      return sorted[0];
    case 'quorum':
      return sorted[f];
    case 'median':
      return sorted[Math.floor(sorted.length / 2)];
    case 'majority': {
      const { step, length } = longestRun(sorted);
      return length * 2 > sorted.length ? step : undefined;
    }
  }
}

/** The step that most of a sorted list claim, and how many do; -1 and 0 for an empty list. The first of several in the list's order. */
export function longestRun(sorted: ArrayLike<number>): { readonly step: number; readonly length: number } {
  let step = -1;
  let length = 0;
  for (let from = 0, at = 1; from < sorted.length; at++) {
    if (at < sorted.length && sorted[at] === sorted[from]) continue;
    if (at - from > length) [step, length] = [sorted[from], at - from];
    from = at;
  }
  return { step, length };
}
