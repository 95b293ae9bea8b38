/**
 * How much a pattern notices, in exact fractions. A check is only as good as its odds: the chance that a made-up value passes, and the
 * number of messages until a node with wrong settings gives itself away. All of it is counting. Between resets a sequence is a short
 * cycle, so a phase of any length is counted by division; two sequences of different intervals meet in every pair of phases that the
 * Chinese remainder theorem allows, once in each lcm(interval, interval') steps. Nothing is sampled, and "never" means never.
 */
import type { CycleShape, KeyedShape, Pattern, PatternSettings, PatternShape } from '../model/pattern.js';
import type { PatternAnalysis, PatternStrength, Share, Stray, Strays } from '../model/pattern-analysis.js';

interface CycleSettings {
  readonly seed: number;
  readonly phaseResetInterval: number;
}

/**
 * Everything that can be said of a pattern's strength.
 * @param settings as for `pattern.create`
 * @param against settings of a stray node to compare with; what is not given is as ours. Ignored for a keyed pattern
 * @throws UserError as `pattern.create`
 */
export function analyze(
  pattern: Pattern,
  settings: PatternSettings,
  against?: Partial<CycleSettings>,
): PatternAnalysis {
  const { shape } = pattern.create(settings);
  if (shape.kind === 'keyed') return keyedStrength(shape);
  const own: CycleSettings = { seed: shape.resetValue, phaseResetInterval: shape.interval };
  const stray = (other: Partial<CycleSettings>): Stray => {
    const { seed = own.seed, phaseResetInterval = own.phaseResetInterval } = other;
    const theirs = { seed, phaseResetInterval };
    return compare(shape, theirs, pattern.create(theirs).shape);
  };
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((digit) => digit !== own.seed);
  return {
    ...cycleStrength(shape),
    wrongSeed: gather(digits.map((seed) => stray({ seed }))),
    wrongInterval: gather(
      slipsOf(own.phaseResetInterval).map((phaseResetInterval) => stray({ phaseResetInterval })),
    ),
    unseenIntervalMultiple: resetsShow(shape) ? null : shape.cycle.length,
    ...(against === undefined ? {} : { against: stray(against) }),
  };
}

function keyedStrength(shape: KeyedShape): PatternStrength {
  const values = 1n << BigInt(shape.valueBits);
  const guess = shareOf(1n, values);
  return {
    period: null,
    preperiod: null,
    repeatsAfter: null,
    distinctValues: Number(values),
    mostCommonValue: null,
    odds: { blind: guess, informed: guess, observed: guess },
    noticed: { alteredValue: all, alteredStep: shareOf(values - 1n, values), alteredPayload: none },
    warnings:
      shape.keyBytes < 16
        ? [`A key of ${shape.keyBytes * 8} bits can be found by trying; take 32 random bytes.`]
        : [],
  };
}

function cycleStrength(shape: CycleShape): PatternStrength {
  const interval = BigInt(shape.interval);
  const counts = [...countValues(shape, 0n, 1n, interval)].filter(([, count]) => count > 0n);
  const digits = counts.reduce((sum, [value, count]) => (value <= 9 ? sum + count : sum), 0n);
  const [mostCommonValue, mostCommonCount] = counts.reduce((best, next) => (next[1] > best[1] ? next : best));
  const samePairs = counts.reduce((sum, [, count]) => sum + count * count, 0n);
  return {
    period: Math.min(shape.cycle.length, shape.interval),
    preperiod: shape.resetValue === shape.cycle[0] || shape.interval === 1 ? 0 : 1,
    repeatsAfter: resetsShow(shape) ? shape.interval : shape.cycle.length,
    distinctValues: counts.length,
    mostCommonValue,
    odds: {
      blind: shareOf(digits, 9n * interval),
      informed: shareOf(mostCommonCount, interval),
      observed: all,
    },
    noticed: {
      alteredValue: all,
      alteredStep: shareOf(interval * interval - samePairs, interval * interval),
      alteredPayload: none,
    },
    warnings: warningsOf(shape),
  };
}

/** False when the sequence runs on as if there were no resets. Then it is the plain cycle, whatever the interval. */
function resetsShow(shape: CycleShape): boolean {
  return shape.resetValue !== shape.cycle[0] || shape.interval % shape.cycle.length !== 0;
}

function warningsOf(shape: CycleShape): string[] {
  const { cycle, interval, resetValue } = shape;
  const warnings: string[] = [];
  if (interval === 1) {
    warnings.push('With interval 1 every step is a reset and every value is the seed.');
  } else if (cycle.length === 1) {
    warnings.push(`Weak seed (${resetValue % 9} modulo 9): every value between resets is ${cycle[0]}.`);
  } else if (cycle.length === 2) {
    warnings.push(
      `Weak seed (${resetValue % 9} modulo 9): ${cycle[0]} and ${cycle[1]} alternate, so a step that is off by an even number is hardly ever noticed.`,
    );
  }
  if (resetValue > 9) {
    warnings.push(`The seed has several digits, and every reset sends it in the clear: ${resetValue}.`);
  }
  if (!resetsShow(shape)) {
    warnings.push(
      cycle.length === 1
        ? 'All values are the same, so no wrong step and no wrong interval is ever noticed.'
        : `The interval is a multiple of the period ${cycle.length}, so resets leave no trace and another multiple is never noticed.`,
    );
  }
  return warnings;
}

/**
 * How often each value occurs at the steps first, first + stride, ... (count of them) of one phase.
 * @param first less than stride, so that only the first of the steps can be the reset
 */
function countValues(shape: CycleShape, first: bigint, stride: bigint, count: bigint): Map<number, bigint> {
  const { cycle, resetValue } = shape;
  const length = BigInt(cycle.length);
  const counts = new Map<number, bigint>();
  const add = (value: number, times: bigint): void => {
    counts.set(value, (counts.get(value) ?? 0n) + times);
  };
  // Steps that are `length` strides apart stand at the same place of the cycle.
  for (let turn = 0n; turn < length; turn++) {
    add(cycle[Number((first + turn * stride) % length)], (count - turn + length - 1n) / length);
  }
  if (first === 0n) {
    add(cycle[0], -1n);
    add(resetValue, 1n);
  }
  return counts;
}

/** Compares all steps of two sequences, of which there are lcm(interval, interval') different ones. */
function compare(ours: CycleShape, settings: CycleSettings, other: PatternShape): Stray {
  const theirs = other as CycleShape;
  const ourInterval = BigInt(ours.interval);
  const theirInterval = BigInt(theirs.interval);
  const common = gcd(ourInterval, theirInterval);
  /** Pairs of steps (j of our phase, j' of theirs) that fall together and carry the same value, where both are `rest` mod common. */
  const agreements = (rest: bigint): bigint => {
    const ourCounts = countValues(ours, rest, common, ourInterval / common);
    const theirCounts = countValues(theirs, rest, common, theirInterval / common);
    let pairs = 0n;
    for (const [value, count] of ourCounts) pairs += count * (theirCounts.get(value) ?? 0n);
    return pairs;
  };
  // Every j and j' that agree modulo `common` fall together exactly once in lcm steps. Remainders that stand at the same places of both
  // cycles give the same number, so a handful of them answers for all; only remainder 0 is apart, because it has the resets.
  const turns = BigInt(ours.cycle.length * theirs.cycle.length);
  let same = agreements(0n);
  for (let rest = 1n; rest <= turns && rest < common; rest++) {
    same += agreements(rest) * ((common - 1n - rest) / turns + 1n);
  }
  const steps = (ourInterval / common) * theirInterval;
  const different = steps - same;
  return {
    ...settings,
    differs: shareOf(different, steps),
    noticed: different === 0n ? 'never' : same === 0n ? 'always' : 'sometimes',
    expectedMessages: different === 0n ? null : ratio(steps, different),
  };
}

function gather(each: readonly Stray[]): Strays {
  const waits = each.map((stray) => stray.expectedMessages);
  const known = waits.filter((wait) => wait !== null);
  const mean = known.reduce((sum, wait) => sum + wait, 0) / known.length;
  return { expectedMessages: known.length === waits.length && known.length > 0 ? mean : null, each };
}

/** Wrong intervals as people make them: one less, one more, half, double. */
function slipsOf(interval: number): number[] {
  const slips = [interval - 1, interval + 1, Math.floor(interval / 2), interval * 2];
  return [...new Set(slips)].filter(
    (slip) => slip >= 1 && slip !== interval && slip <= Number.MAX_SAFE_INTEGER,
  );
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** The nearest double, or one of its neighbours where the terms are beyond 2^53. */
function ratio(numerator: bigint, denominator: bigint): number {
  return Number(numerator) / Number(denominator);
}

function shareOf(part: bigint, whole: bigint): Share {
  const divisor = gcd(whole, part);
  const [numerator, denominator] = [part / divisor, whole / divisor];
  return {
    value: ratio(numerator, denominator),
    exact: denominator === 1n ? String(numerator) : `${numerator}/${denominator}`,
  };
}

const none = shareOf(0n, 1n);
const all = shareOf(1n, 1n);
