/** Columns: typed arrays that grow. */

type AnyColumn = Int32Array | Float64Array | Uint8Array | Uint32Array;

/** A copy of a column with room for `length` entries; the new ones are zero. */
export function grown<Column extends AnyColumn>(column: Column, length: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length);
  larger.set(column);
  return larger;
}

/** The column itself where it has room for `length` entries, else a copy of at least twice its length. */
export function withRoomFor<Column extends AnyColumn>(length: number, column: Column): Column {
  return column.length >= length ? column : grown(column, Math.max(length, 2 * column.length));
}
