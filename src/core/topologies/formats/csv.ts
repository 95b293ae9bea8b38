/**
 * CSV with a header (RFC 4180): one row an edge, the two ends in columns called source and target, or from and to. Columns
 * source_tq and target_tq, the transmit quality of batman-adv in each direction (Freifunk maps), become measured loss: 1 - quality, 0 or
 * nothing meaning unknown. A second file may list the nodes (NYC Mesh), with latitude, longitude, name and region where it has them.
 */
import { quoteText } from '../../base/escape.js';
import type { Layout } from '../../model/topology.js';
import type { GraphCollector } from '../../parts/graph-file.js';
import {
  edgesOf,
  type GraphFormat,
  type GraphFileOptions,
  graphFileError,
  lossBetween,
  nameOf,
} from '../../parts/graph-file.js';

const fromColumns = ['source', 'from', 'src', 'node1', 'a'];
const toColumns = ['target', 'to', 'dst', 'node2', 'b'];
const nodeColumns = ['node', 'id', 'name'];

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows of a CSV text; blank lines are left out. Quoted cells may hold commas, quotes and line ends. */
function* rowsOf(text: string, file: string): Generator<Row> {
  let line = 1;
  let rowLine = 1;
  let cells: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const plain = /[^,\r\n]*/uy;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const open = line;
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) throw graphFileError(file, { line: open }, 'a quoted cell has no end', 'a closing "');
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      for (const character of cell) if (character === '\n') line++;
      at = end + 1;
      if (at < text.length && !/[,\r\n]/.test(text[at])) {
        throw graphFileError(
          file,
          { line },
          `cannot read ${quoteText(text[at])} behind a quoted cell`,
          'a comma or the end of the line',
        );
      }
    } else {
      plain.lastIndex = at;
      cell = plain.exec(text)?.[0] ?? '';
      at += cell.length;
    }
    cells.push(cell);
    if (text[at] === ',') {
      at++;
      // A comma at the very end opens one more, empty cell.
      if (at < text.length) continue;
      cells.push('');
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (cells.length > 1 || cells[0] !== '') yield { line: rowLine, cells };
    cells = [];
    rowLine = line;
  }
}

/** The header and the rows below it. */
class Table {
  readonly #rows: Generator<Row>;
  readonly #columns: ReadonlyMap<string, number>;
  readonly headerLine: number;

  constructor(
    text: string,
    readonly file: string,
  ) {
    this.#rows = rowsOf(text, file);
    const header = this.#rows.next();
    if (header.done === true)
      throw graphFileError(file, undefined, 'is empty', 'a line that names the columns');
    this.headerLine = header.value.line;
    this.#columns = new Map(header.value.cells.map((cell, i) => [cell.trim().toLowerCase(), i]));
  }

  /** The first of these columns that the table has. */
  column(names: readonly string[]): number | undefined {
    for (const name of names) if (this.#columns.has(name)) return this.#columns.get(name);
    return undefined;
  }

  required(names: readonly string[]): number {
    const column = this.column(names);
    if (column === undefined) {
      throw graphFileError(
        this.file,
        { line: this.headerLine },
        `has no column ${names[0]}`,
        `one of ${names.join(', ')}`,
      );
    }
    return column;
  }

  /** Rows, but those that `column=value` leaves out. */
  *rows(leaveOut: string | undefined): Generator<Row> {
    const equals = leaveOut?.indexOf('=') ?? -1;
    const column =
      equals < 0 ? undefined : this.column([(leaveOut ?? '').slice(0, equals).trim().toLowerCase()]);
    const value = (leaveOut ?? '').slice(equals + 1).trim();
    for (const row of this.#rows) {
      if (column === undefined || (row.cells[column] ?? '').trim() !== value) yield row;
    }
  }
}

function numberIn(
  table: Table,
  row: Row,
  column: number | undefined,
  min: number,
  max: number,
): number | undefined {
  const cell = column === undefined ? '' : (row.cells[column] ?? '').trim();
  if (cell === '') return undefined;
  const value = Number(cell);
  if (value >= min && value <= max) return value;
  throw graphFileError(
    table.file,
    { line: row.line },
    `cannot use ${quoteText(cell)}`,
    `a number from ${min} to ${max}`,
  );
}

function readNodes(into: GraphCollector, source: { readonly text: string; readonly file: string }): void {
  const table = new Table(source.text, source.file);
  const id = table.required(nodeColumns);
  const name = table.column(['name', 'label']);
  const latitude = table.column(['latitude', 'lat']);
  const longitude = table.column(['longitude', 'lon', 'lng', 'long']);
  const region = table.column(['region', 'group']);
  const textIn = (row: Row, column: number | undefined): string | undefined => {
    const cell = column === undefined ? '' : (row.cells[column] ?? '').trim();
    return cell === '' ? undefined : cell;
  };
  for (const row of table.rows(undefined)) {
    const key = textIn(row, id);
    if (key === undefined)
      throw graphFileError(source.file, { line: row.line }, 'a node has no name', 'a name in each row');
    into.node(
      key,
      {
        name: textIn(row, name),
        region: textIn(row, region),
        latitude: numberIn(table, row, latitude, -90, 90),
        longitude: numberIn(table, row, longitude, -360, 360),
      },
      { line: row.line },
    );
  }
}

function readEdges(text: string, into: GraphCollector, options: GraphFileOptions): void {
  const table = new Table(text, into.file);
  const from = table.required(fromColumns);
  const to = table.required(toColumns);
  const quality = table.column(['source_tq']);
  const qualityBack = table.column(['target_tq']);
  const loss = table.column(['loss']);
  const lossBack = table.column(['loss_back']);
  const lossIn = (
    row: Row,
    lossColumn: number | undefined,
    qualityColumn: number | undefined,
  ): number | undefined => {
    const measured = numberIn(table, row, lossColumn, 0, 1);
    const good = numberIn(table, row, qualityColumn, 0, 1) ?? 0;
    return measured ?? (good > 0 ? 1 - good : undefined);
  };
  for (const row of table.rows(options.leaveOut)) {
    const place = { line: row.line };
    const a = nameIn(row.cells[from]);
    const b = nameIn(row.cells[to]);
    if (a === '' && b === '') into.fail(place, 'an edge has no ends', 'two names');
    const there = lossIn(row, loss, quality);
    const measuredBack = lossIn(row, lossBack, qualityBack);
    // One column of loss speaks for both directions.
    const back = measuredBack ?? (lossBack === undefined && qualityBack === undefined ? there : undefined);
    // A row with one end is a node without edges.
    if (a === '' || b === '') into.looseNode(a === '' ? b : a, place);
    else if (options.nodes === undefined) into.looseEdge(a, b, place, there, back ?? NaN);
    else into.edge(a, b, place, there, back ?? NaN);
  }
}

/** A name as `cellOf` wrote it. */
function nameIn(cell = ''): string {
  const text = cell.trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

/** A cell that no spreadsheet takes for a formula. */
function cellOf(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  const hasLoss = layout.lossOf !== undefined;
  yield `source,target${hasLoss ? ',loss,loss_back' : ''}\n`;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.neighbourCount(node) === 0) yield `${cellOf(nameOf(layout, node))},${hasLoss ? ',,' : ''}\n`;
  }
  for (const [from, to] of edgesOf(layout)) {
    const there = hasLoss ? `,${lossBetween(layout, from, to) ?? ''}` : '';
    const back = hasLoss ? `,${lossBetween(layout, to, from) ?? ''}` : '';
    yield `${cellOf(nameOf(layout, from))},${cellOf(nameOf(layout, to))}${there}${back}\n`;
  }
}

export const csv: GraphFormat = {
  name: 'csv',
  summary: 'one row an edge, with a header; Freifunk and NYC Mesh maps',
  extensions: ['csv'],
  read(text, into, options) {
    if (options.nodes !== undefined) readNodes(into, options.nodes);
    readEdges(text, into, options);
  },
  write,
};
