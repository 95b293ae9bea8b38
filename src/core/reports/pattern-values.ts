/**
 * Long stretches of a pattern as text, at the speed of the pipe. Between resets the text repeats like the print of a rubber roller, so
 * it is carved once into a tape of some 100 kB, and what leaves is stretch after stretch of that tape: no value is computed twice and no
 * byte is copied. Chunks are made one at a time, so that 10^15 steps need no more memory than ten.
 */
import { type CycleShape, type PatternFunction, isStep } from '../model/pattern.js';
import { assert } from '../base/assert.js';

/** Steps from, from + 1, ..., from + steps - 1, all of them at most 2^53-1. */
export interface Stretch {
  readonly from: number;
  readonly steps: number;
}

/** How a value is written: on a line of its own, or as one more item of a JSON list that has begun. */
export type Form = 'line' | 'item';

/** What leaves at a time. Measured: 128 kB keep a pipe busy, and the tape still fits the cache of one core. */
const windowBytesMax = 131_072;
/** Phases up to this size are carved whole, resets and all. */
const phaseBytesMax = 65_536;
/** Texts that must be computed are gathered to about this many characters. */
const gatherCharacters = 16_384;

const encoder = new TextEncoder();

/**
 * The values of a stretch.
 * @yields ASCII bytes, whole values, to be used before the next chunk is asked for and never changed
 */
export function* valueText(
  pattern: PatternFunction,
  stretch: Stretch,
  form: Form,
): Generator<Uint8Array, void, undefined> {
  const { shape } = pattern;
  if (shape.kind === 'keyed') {
    yield* gather(stretch, (step) => inForm(form, pattern.valueUnchecked(step)));
    return;
  }
  const reset = encoder.encode(inForm(form, shape.resetValue));
  const phaseBytes = reset.length + 2 * (shape.interval - 1);
  yield* phaseBytes <= phaseBytesMax
    ? shortPhases(shape, stretch, form, reset)
    : longPhases(shape, stretch, form, reset);
}

/** The steps of a stretch at which the phase begins anew, each followed by a comma except the last. */
export function* resetText(
  pattern: PatternFunction,
  stretch: Stretch,
): Generator<Uint8Array, void, undefined> {
  const { shape } = pattern;
  if (shape.kind === 'keyed') return;
  const { interval } = shape;
  const first = resetsUpTo(interval, stretch.from - 1);
  const count = resetsIn(interval, stretch);
  const last = first + count - 1;
  yield* gather({ from: first, steps: count }, (index) =>
    index === last ? String(index * interval) : `${index * interval},`,
  );
}

/** Text that has to be made step by step, in chunks. */
function* gather(
  { from, steps }: Stretch,
  textOf: (step: number) => string,
): Generator<Uint8Array, void, undefined> {
  let text = '';
  for (let offset = 0; offset < steps; offset++) {
    text += textOf(from + offset);
    if (text.length >= gatherCharacters) {
      yield encoder.encode(text);
      text = '';
    }
  }
  if (text !== '') yield encoder.encode(text);
}

/** A phase that fits the tape: whole phases at a time, from wherever in its phase the stretch begins. */
function* shortPhases(
  shape: CycleShape,
  { from, steps }: Stretch,
  form: Form,
  reset: Uint8Array,
): Generator<Uint8Array, void, undefined> {
  const { interval } = shape;
  const phase = new Uint8Array(reset.length + 2 * (interval - 1));
  phase.set(reset);
  phase.set(cycleText(shape, form, 1, interval - 1), reset.length);
  const bytesOf = (part: Stretch): number => {
    const resets = resetsIn(interval, part);
    return 2 * (part.steps - resets) + reset.length * resets;
  };
  const phasesAtOnce = Math.floor(windowBytesMax / phase.length);
  const windowSteps = phasesAtOnce * interval;
  const sinceReset = from % interval;
  const begin = sinceReset === 0 ? 0 : reset.length + 2 * (sinceReset - 1);
  const bytes = bytesOf({ from, steps: Math.min(steps, windowSteps) });
  const window = unroll(phase, begin + bytes).subarray(begin);
  let done = 0;
  for (; done + windowSteps <= steps; done += windowSteps) yield window;
  if (done < steps) yield window.subarray(0, bytesOf({ from: from + done, steps: steps - done }));
}

/** A phase that is longer than any tape: the tape is the cycle, and resets stand between windows. */
function* longPhases(
  shape: CycleShape,
  { from, steps }: Stretch,
  form: Form,
  reset: Uint8Array,
): Generator<Uint8Array, void, undefined> {
  const { cycle, interval } = shape;
  const windowSteps = Math.min(windowBytesMax / 2, steps);
  const tape = cycleText(shape, form, 0, cycle.length + windowSteps);
  let done = 0;
  while (done < steps) {
    const sinceReset = (from + done) % interval;
    if (sinceReset === 0) {
      yield reset;
      done++;
      continue;
    }
    const count = Math.min(windowSteps, steps - done, interval - sinceReset);
    const begin = 2 * (sinceReset % cycle.length);
    yield tape.subarray(begin, begin + 2 * count);
    done += count;
  }
}

/** `count` values of the cycle, of which the first stands at place `begin`. */
function cycleText(shape: CycleShape, form: Form, begin: number, count: number): Uint8Array {
  const { cycle } = shape;
  let text = '';
  for (let i = 0; i < cycle.length; i++) {
    const digit = cycle[(begin + i) % cycle.length];
    assert(digit <= 9, 'the values of a cycle are single digits');
    text += inForm(form, digit);
  }
  return unroll(encoder.encode(text), 2 * count);
}

/** Repeats bytes until there are `length` of them. */
function unroll(bytes: Uint8Array, length: number): Uint8Array {
  const tape = new Uint8Array(length);
  tape.set(bytes.subarray(0, length));
  for (let filled = bytes.length; filled < length; filled *= 2) tape.copyWithin(filled, 0, filled);
  return tape;
}

function inForm(form: Form, value: number): string {
  return form === 'line' ? `${value}\n` : `,${value}`;
}

/** How many resets lie in a stretch. */
function resetsIn(interval: number, { from, steps }: Stretch): number {
  return resetsUpTo(interval, from + steps - 1) - resetsUpTo(interval, from - 1);
}

/** How many resets have been when a step is over; exact, because the remainder is taken off before dividing. */
function resetsUpTo(interval: number, step: number): number {
  assert(step === -1 || isStep(step), 'a stretch ends at step 2^53-1 or before');
  return step === -1 ? 0 : (step - (step % interval)) / interval + 1;
}
