/**
 * Paints blocks: what a report says becomes text for a terminal of a certain width, with or without colour. Core decides
 * the words, this file the looks. The libraries for tables and colours are loaded when the first table or colour comes.
 */
import type { Block, Line, Span, Tone } from '../core/base/blocks.js';
import { wrapText } from '../core/base/wrap.js';
import type { ColourLevel } from './colour.js';

export interface Canvas {
  readonly columns: number;
  readonly colour: ColourLevel;
}

/** Colours a stretch of text, or leaves it alone. */
type Brush = (text: string, tone: Tone | 'heading') => string;
type PaintTable = (table: Extract<Block, { kind: 'table' }>, canvas: Canvas, brush: Brush) => string;

/** Paints blocks one below the other, with an empty line between them. Ends in a line feed unless empty. */
export async function paint(blocks: readonly Block[], canvas: Canvas): Promise<string> {
  const brush = await brushFor(canvas.colour);
  const needsTable = blocks.some((block) => block.kind === 'table');
  const paintTable: PaintTable | undefined = needsTable
    ? (await import('./paint-table.js')).paintTable
    : undefined;
  const parts = blocks.map((block) => {
    switch (block.kind) {
      case 'heading':
        return brush(block.text, 'heading');
      case 'text':
        return block.lines.map((line) => paintLine(line, brush)).join('\n');
      case 'facts':
        return paintFacts(block.rows, canvas, brush);
      case 'table':
        return paintTable?.(block, canvas, brush) ?? '';
    }
  });
  let text = '';
  parts.forEach((part, index) => {
    // A heading stands right above what it heads.
    const apart = index > 0 && blocks[index - 1]?.kind !== 'heading';
    text += `${apart ? '\n' : ''}${part}\n`;
  });
  return text;
}

/** One line of spans. */
export function paintLine(line: Line, brush: Brush): string {
  const spans: readonly (string | Span)[] = Array.isArray(line) ? line : [line as string | Span];
  return spans.map((span) => (typeof span === 'string' ? span : brush(span.text, span.tone))).join('');
}

/** Labels on the left, values on the right; a long value of plain text goes on below itself. */
function paintFacts(rows: readonly (readonly [string, Line])[], { columns }: Canvas, brush: Brush): string {
  const indent = Math.max(0, ...rows.map(([label]) => label.length)) + 2;
  return rows
    .map(([label, value]) => {
      const text =
        typeof value === 'string'
          ? wrapText(value, columns, indent, indent).join('\n')
          : paintLine(value, brush);
      return `${brush(label.padEnd(indent - 2), 'dim')}  ${text}`.trimEnd();
    })
    .join('\n');
}

async function brushFor(level: ColourLevel): Promise<Brush> {
  if (level === 0) return (text) => text;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  const brushes: Record<Tone | 'heading', (text: string) => string> = {
    plain: (text) => text,
    heading: chalk.bold,
    strong: chalk.bold,
    dim: chalk.dim,
    good: chalk.green,
    warn: chalk.yellow,
    bad: chalk.red,
  };
  return (text, tone) => brushes[tone](text);
}
