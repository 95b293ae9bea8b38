/** `sweep: {dissemination.fanout: [2, 3, 4], network.loss: [0, 0.1]}`: keys as `--set` has them, and the values that each takes in turn. */
import { parsePath } from './overrides.js';
import { complain, wrong, type Plain, type Shape } from './shape.js';

/** Values by path, in the order in which they were written; each value is a scalar. */
export type Sweep = ReadonlyMap<string, readonly (string | number | boolean)[]>;

/** So many variants are more than anybody reads. */
export const cellsMax = 10_000;

/** `null` takes a sweep back: `--set sweep=null`. */
export const sweepShape: Shape<Sweep | undefined> = {
  words: 'a section such as {dissemination.fanout: [2, 3, 4]}',
  read(tree, path, issues) {
    if (tree.kind === 'scalar' && tree.value === null) return undefined;
    if (tree.kind !== 'map' || tree.entries.size === 0) return complain(sweepShape, tree, path, issues);
    const sweep = new Map<string, (string | number | boolean)[]>();
    let cells = 1;
    for (const [key, { value }] of tree.entries) {
      const at = [...path, key];
      const first = parsePath(key)?.[0];
      if (first === undefined || first === 'sweep' || first === 'repetitions' || first === 'seed') {
        issues.report(value.place, at, 'expected the path of another key, such as dissemination.fanout');
        return wrong;
      }
      if (value.kind !== 'list' || value.items.length === 0)
        return complain({ words: 'a list of values' }, value, at, issues);
      const values: (string | number | boolean)[] = [];
      for (const [index, item] of value.items.entries()) {
        if (item.kind !== 'scalar' || item.value === null)
          return complain({ words: 'a number or a word' }, item, [...at, index], issues);
        values.push(item.value);
      }
      sweep.set(key, values);
      cells *= values.length;
    }
    if (cells > cellsMax) {
      issues.report(tree.place, path, `that makes ${cells} variants, expected at most ${cellsMax}`);
      return wrong;
    }
    return sweep;
  },
  plain: (sweep) =>
    Object.fromEntries([...(sweep ?? [])].map(([key, values]): [string, Plain] => [key, [...values]])),
  schema: () => ({ type: ['object', 'null'], additionalProperties: { type: 'array', minItems: 1 } }),
};

/** Every combination, the last key fastest, as overrides for `--set`. */
export function cellsOf(sweep: Sweep | undefined): readonly (readonly string[])[] {
  let cells: string[][] = [[]];
  for (const [key, values] of sweep ?? [])
    cells = cells.flatMap((cell) => values.map((value) => [...cell, `${key}=${JSON.stringify(value)}`]));
  return cells;
}
