/** `mesh pattern --csv`: a heading, then one line a step. Numbers only, so nothing needs quoting. */
import type { PatternFunction } from '../model/pattern.js';
import { type Stretch, gather } from './pattern-values.js';

/** @yields ASCII bytes, whole lines */
export function* patternCsv(
  pattern: PatternFunction,
  stretch: Stretch,
): Generator<string | Uint8Array, void, undefined> {
  yield 'step,value\n';
  yield* gather(stretch, (step) => `${step},${pattern.valueUnchecked(step)}\n`);
}
