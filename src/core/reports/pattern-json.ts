/**
 * `mesh pattern --json`: one object, written piece by piece, because ten million values make a string that no memory should hold. What
 * is short comes first and the values last; an interrupted list is closed all the same and says `"complete": false`.
 */
import type { PatternFunction } from '../model/pattern.js';
import type { PatternAnalysis, Share, Stray, Strays } from '../model/pattern-analysis.js';
import { patternStatement } from './pattern.js';
import { type Stretch, resetText, valueText } from './pattern-values.js';

/** What the object is about. */
export interface PatternSubject extends Stretch {
  readonly name: string;
  readonly pattern: PatternFunction;
  readonly analysis: PatternAnalysis;
}

/**
 * The object in pieces.
 * @param stop asked between pieces; true closes the object early
 */
export function* patternJson(
  subject: PatternSubject,
  stop: () => boolean,
): Generator<string | Uint8Array, void, undefined> {
  const { name, pattern, from, steps, analysis } = subject;
  const { shape } = pattern;
  const head = {
    pattern: name,
    ...(shape.kind === 'cycle' ? { seed: shape.resetValue, phaseResetInterval: shape.interval } : {}),
    from,
    steps,
    isSecurity: false,
    statement: patternStatement(pattern),
    analysis: analysisObject(analysis),
  };
  let stopped = false;
  yield `${JSON.stringify(head).slice(0, -1)},"resets":[`;
  for (const piece of resetText(pattern, subject)) {
    yield piece;
    if ((stopped = stop())) break;
  }
  yield '],"values":[';
  if (steps > 0 && !stopped) {
    yield String(pattern.value(from));
    for (const piece of valueText(pattern, { from: from + 1, steps: steps - 1 }, 'item')) {
      if ((stopped = stop())) break;
      yield piece;
    }
  }
  yield `],"complete":${!stopped}}\n`;
}

/** The analysis with numbers where a program wants them, and the exact fractions beside them. */
function analysisObject({
  odds,
  noticed,
  wrongSeed,
  wrongInterval,
  against,
  ...rest
}: PatternAnalysis): object {
  return {
    ...rest,
    odds: numbers(odds),
    noticed: numbers(noticed),
    ...(wrongSeed && { wrongSeed: straysObject(wrongSeed) }),
    ...(wrongInterval && { wrongInterval: straysObject(wrongInterval) }),
    ...(against && { against: strayObject(against) }),
  };
}

function numbers(shares: Readonly<Record<string, Share>>): object {
  const entries = Object.entries(shares);
  return {
    ...Object.fromEntries(entries.map(([key, share]) => [key, share.value])),
    exact: Object.fromEntries(entries.map(([key, share]) => [key, share.exact])),
  };
}

function straysObject(strays: Strays): object {
  return { expectedMessages: strays.expectedMessages, each: strays.each.map(strayObject) };
}

function strayObject(stray: Stray): object {
  return { ...stray, differs: stray.differs.value };
}
