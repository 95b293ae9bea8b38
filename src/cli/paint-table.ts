/**
 * Tables with ruled lines. A table that is wider than the terminal gives way where it is widest, and its text is wrapped;
 * numbers stand on the right so that they can be compared at a glance.
 */
import Table from 'cli-table3';
import type { Block, Tone } from '../core/base/blocks.js';
import { type Canvas, paintLine } from './paint.js';

/** No column is squeezed below this, whatever the terminal. */
const columnCharactersMin = 6;
/** One rule and two blanks for each column. */
const columnFrameCharacters = 3;

export function paintTable(
  block: Extract<Block, { kind: 'table' }>,
  canvas: Canvas,
  brush: (text: string, tone: Tone | 'heading') => string,
): string {
  const plain = (text: string): string => text;
  const widths = block.head.map((title, column) =>
    Math.max(title.length, ...block.rows.map((row) => paintLine(row[column] ?? '', plain).length)),
  );
  const fitted = fitColumns(widths, canvas.columns - 1 - widths.length * columnFrameCharacters);
  const wraps = fitted.some((width, column) => width < (widths[column] ?? 0));
  const table = new Table({
    head: block.head.map((title) => brush(title, 'heading')),
    colWidths: fitted.map((width) => width + columnFrameCharacters - 1),
    colAligns: block.head.map((_, column) => block.align?.[column] ?? 'left'),
    wordWrap: wraps,
    // Without this the library colours heads and borders, even into a pipe.
    // Lines between rows only where a cell takes several: else they are noise.
    style: { head: [], border: [], compact: !wraps },
  });
  for (const row of block.rows) {
    table.push(block.head.map((_, column) => paintLine(row[column] ?? '', brush)));
  }
  return table.toString();
}

/** Takes from the widest columns until the table fits `charactersMax`, or nothing more can be taken. */
export function fitColumns(widths: readonly number[], charactersMax: number): number[] {
  const fitted = [...widths];
  let excess = fitted.reduce((sum, width) => sum + width, 0) - charactersMax;
  while (excess > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if ((fitted[widest] ?? 0) <= columnCharactersMin) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
    excess--;
  }
  return fitted;
}
