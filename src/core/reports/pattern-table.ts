/**
 * The values of a pattern for eyes: rows of ten steps, each named by its first, with resets marked by a star that does not need colour.
 * Values that are wide make rows shorter, and a long seed is called by its name, so that everything fits 80 columns.
 */
import { type Line, type Span, dim, strong } from '../base/blocks.js';
import type { PatternFunction } from '../model/pattern.js';
import type { Stretch } from './pattern-values.js';

/** Rows are as long as they can be and still be counted at a glance. */
const rowLengths = [10, 5, 4, 2, 1] as const;
/** A seed with more digits than this is shown as the word. */
const seedDigitsMax = 4;
/** log10(2), rounded up. */
const decimalDigitsPerBit = 0.302;
/** Between the step and the first value. */
const gutter = '  ';

/**
 * The lines of the table, heading first, one after the other: a long table is never in memory as a whole.
 * @param columns width of the terminal in characters
 */
export function* patternTable(
  pattern: PatternFunction,
  { from, steps }: Stretch,
  columns: number,
): Generator<Line, void, undefined> {
  if (steps === 0) return;
  const { shape } = pattern;
  const last = from + steps - 1;
  const long = shape.kind === 'cycle' && String(shape.resetValue).length > seedDigitsMax;
  const cellOf = (step: number): string => {
    const isReset = shape.kind === 'cycle' && step % shape.interval === 0;
    const value = isReset && long ? 'seed' : String(pattern.valueUnchecked(step));
    return value + (isReset ? '*' : ' ');
  };
  const valueCharacters =
    shape.kind === 'keyed'
      ? Math.ceil(shape.valueBits * decimalDigitsPerBit)
      : long
        ? seedDigitsMax
        : String(shape.resetValue).length;
  // One for the mark and two between cells.
  const cellCharacters = valueCharacters + 3;
  const labelCharacters = Math.max('step'.length, String(last).length);
  const room = columns - labelCharacters - gutter.length;
  const rowLength = rowLengths.find((length) => length * cellCharacters <= room) ?? 1;

  const offsets = Array.from({ length: rowLength }, (_, i) => `+${i} `.padStart(cellCharacters));
  yield dim(`${'step'.padStart(labelCharacters)}${gutter}${offsets.join('')}`.trimEnd());
  for (let begin = from - (from % rowLength); begin <= last; begin += rowLength) {
    const row: (string | Span)[] = [dim(String(begin).padStart(labelCharacters)), gutter];
    for (let step = begin; step < begin + rowLength && step <= last; step++) {
      const cell = step < from ? ' ' : cellOf(step);
      const indent = ' '.repeat(cellCharacters - cell.length);
      if (cell.endsWith('*')) row.push(indent, strong(cell));
      else row.push(indent + (step === last || step === begin + rowLength - 1 ? cell.trimEnd() : cell));
    }
    yield row;
  }
}

/** What the star means; undefined when there is none in the stretch. */
export function resetLegend(pattern: PatternFunction, { from, steps }: Stretch): string | undefined {
  const { shape } = pattern;
  if (shape.kind === 'keyed') return undefined;
  const next = from % shape.interval === 0 ? 0 : shape.interval - (from % shape.interval);
  return next < steps ? `* reset: the value is the seed itself, ${shape.resetValue}` : undefined;
}
