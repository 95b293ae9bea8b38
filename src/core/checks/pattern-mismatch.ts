/** The pattern value is not the one that everybody can compute for the step. */
import { rowFlags } from '../parts/log-block.js';
import type { LogRule } from '../parts/log-rule.js';

/** Values of recent steps that are remembered, a power of two. */
const valuesKept = 1024;

/**
 * Compares received values with the pattern.
 * @param value the pattern: the value of a step
 * @returns a function that gives NaN for a right value, and for a wrong one what was expected
 */
export function patternCheck(value: (step: number) => number): (step: number, received: number) => number {
  const steps = new Float64Array(valuesKept).fill(-1);
  const values = new Float64Array(valuesKept);
  return (step, received) => {
    const place = step & (valuesKept - 1);
    if (steps[place] !== step) {
      steps[place] = step;
      values[place] = value(step);
    }
    return values[place] === received ? NaN : values[place];
  };
}

export const patternMismatch: LogRule = {
  name: 'pattern-mismatch',
  summary: 'the pattern value is not the value of the step',
  scope: 'line',
  canMean:
    'The node has another seed or interval, computes the pattern wrongly, or its step or value was altered on the way; or somebody forged the message without knowing the pattern.',
  cannotSee:
    'The payload is not covered. With seed 7 one random digit in nine is right, and whoever has read the traffic is always right. A node that is merely behind has right values.',
  isOn: (settings) => settings.needsPattern,
  start: () => ({
    judge: (line) =>
      (line.flags & rowFlags.patternMismatch) === 0
        ? undefined
        : {
            expected: line.expected,
            received: line.received,
            message: `step ${line.step} carries ${line.received ?? 'a wrong value'} instead of ${line.expected ?? 'its value'}`,
          },
  }),
};
