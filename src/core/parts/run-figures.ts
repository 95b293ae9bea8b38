/**
 * All numbers that many runs have in common, side by side: a column a figure, a row a run. Names are those of the result with dots between,
 * `disseminationLatency.p99` or `detector.falsePositives`; entries of lists that the scenario orders have their place in them,
 * `detection.adversaries[0].detectionRate`. Curves are no figures and are left out.
 */

/** What a run lacks here it did not count, since there was nothing: the number is 0, and no run is left out of the mean. */
const tallies =
  /(^|\.)(falseAlarmsByCheck|checks|honestButWrong)\.[^.]+(\.(detected|only|messages|receipts|flagged))?$|\.leftOut$|^detection\.corruption\.(acts|reached|suppressed|detected|missed|receipts)$/;

/** By name; null where a run had nothing to measure. */
export type RunColumns = ReadonlyMap<string, readonly (number | null)[]>;

/** @param runs what each run found: numbers, and sections and lists of them */
export function runColumns(runs: readonly object[]): RunColumns {
  const columns = new Map<string, (number | null)[]>();
  const put = (name: string, run: number, value: number | null): void => {
    let column = columns.get(name);
    if (column === undefined)
      columns.set(name, (column = new Array<number | null>(runs.length).fill(tallies.test(name) ? 0 : null)));
    column[run] = value;
  };
  runs.forEach((found, run) => {
    for (const [name, value] of figuresOf(found, '')) put(name, run, value);
  });
  return columns;
}

function* figuresOf(value: unknown, name: string): Generator<[name: string, value: number | null]> {
  if (typeof value === 'number' || value === null) yield [name, value];
  else if (Array.isArray(value)) {
    for (const [place, row] of value.entries()) {
      const inner = nameOfRow(row, place);
      if (inner !== undefined) yield* figuresOf(row, `${name}${inner}`);
    }
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      yield* figuresOf(inner, name === '' ? key : `${name}.${key}`);
  }
}

/** Entries that have an id or say what they are stand in the scenario's order; causes come and go. Points of a curve have no name. */
function nameOfRow(row: unknown, place: number): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  if ('cause' in row) return `.${String(row.cause)}`;
  return 'id' in row || 'what' in row ? `[${place}]` : undefined;
}
