/** Columns: typed arrays that grow. */

/** A copy of a column with room for `length` entries; the new ones are zero. */
export function grown<Column extends Int32Array | Float64Array | Uint8Array | Uint32Array>(
  column: Column,
  length: number,
): Column {
  const larger = new (column.constructor as new (length: number) => Column)(length);
  larger.set(column);
  return larger;
}
