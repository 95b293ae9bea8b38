/**
 * Tables of latencies between regions, as clouds and measurement projects publish them: a head row `From/to,A,B`, then one row a region,
 * in milliseconds. Empty cells, `-` and `NaN` say that nobody measured.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';

export interface LatencyMatrix {
  readonly names: readonly string[];
  /** One-way, row by row, in microseconds; NaN where nothing is known. */
  readonly delaysUs: Float64Array;
}

/** More regions than this are taken for a mistake. */
const regionsMax = 5000;

function refuse(what: string, expected?: string): never {
  throw new UserError('bad-topology-file', { what, expected });
}

/**
 * Reads a matrix from CSV. Rows may come in another order than columns, and rows may be missing.
 * @param rtt the table holds round trips; they are halved
 * @throws UserError `bad-topology-file` with the line
 */
export function parseLatencyMatrix(bytes: Uint8Array, rtt: boolean): LatencyMatrix {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('the latency matrix is not valid UTF-8');
  }
  const rows = text
    .split('\n')
    .map((line, index) => ({ line: index + 1, cells: splitCells(line.replace(/\r$/, ''), index + 1) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length < 2) refuse('the latency matrix is empty', 'a head row and one row a region');
  const names = rows[0].cells.slice(1);
  if (names.length > regionsMax)
    refuse(`the latency matrix has ${names.length} columns`, `at most ${regionsMax}`);
  const columnOf = new Map<string, number>();
  for (const [column, name] of names.entries()) {
    if (name === '') refuse(`line ${rows[0].line}: column ${column + 2} has no name`);
    if (columnOf.has(name)) refuse(`line ${rows[0].line}: two columns are called ${quoteText(name)}`);
    columnOf.set(name, column);
  }
  const delaysUs = new Float64Array(names.length * names.length).fill(NaN);
  const seen = new Set<string>();
  for (const { line, cells } of rows.slice(1)) {
    const [name, ...values] = cells;
    const row = columnOf.get(name);
    if (row === undefined)
      return refuse(
        `line ${line}: the row ${quoteText(name)} has no column`,
        'the same names in rows and columns',
      );
    if (seen.has(name)) refuse(`line ${line}: two rows are called ${quoteText(name)}`);
    seen.add(name);
    if (values.length !== names.length)
      refuse(`line ${line}: ${values.length} values`, `${names.length}, one a column`);
    values.forEach((cell, column) => {
      delaysUs[row * names.length + column] = cellUs(cell, rtt, line);
    });
  }
  return { names, delaysUs };
}

function cellUs(cell: string, rtt: boolean, line: number): number {
  if (cell === '' || cell === '-' || cell.toLowerCase() === 'nan') return NaN;
  const ms = /^[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(cell) ? Number(cell) : NaN;
  if (!(ms < 1e9)) refuse(`line ${line}: cannot read ${quoteText(cell)}`, 'milliseconds, such as 12.5');
  // A known latency is at least a microsecond; 0 is kept, since on the diagonal it means that nobody measured.
  return ms === 0 ? 0 : Math.max(1, Math.round(rtt ? ms * 500 : ms * 1000));
}

/** The cells of one line: RFC 4180, without line ends inside of quotes. */
function splitCells(line: string, number: number): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = '';
      for (at++; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (at >= line.length) refuse(`line ${number}: a quote is not closed`);
        cell += line[at];
        if (line[at] === '"') at++;
      }
      cells.push(cell.trim());
      at++;
      if (at < line.length && line[at] !== ',') refuse(`line ${number}: text after a closing quote`);
    } else {
      const end = line.indexOf(',', at);
      cells.push(line.slice(at, end < 0 ? line.length : end).trim());
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return cells;
    at++;
  }
}
