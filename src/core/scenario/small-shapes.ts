/** Shapes of single keys: dates and lists of names. */
import { complain, listShape, nameShape, type Shape } from './shape.js';

const dateForm = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z)?$/;

/** A moment in UTC, as milliseconds since 1970. */
export const epochShape: Shape<number> = {
  words: 'a date in UTC such as 2024-11-20 or 2024-11-20T08:00:00Z',
  read(tree, path, issues) {
    const parts = tree.kind === 'scalar' && typeof tree.value === 'string' ? dateForm.exec(tree.value) : null;
    if (parts === null) return complain(epochShape, tree, path, issues);
    const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
    const ms = Date.UTC(year, month - 1, day, hour, minute, second, Number((parts[7] ?? '0').padEnd(3, '0')));
    // A 31st of February would quietly become a day in March.
    const isReal =
      year >= 1970 &&
      new Date(ms).toISOString().startsWith(`${parts[1]}-${parts[2]}-${parts[3]}`) &&
      hour < 24 &&
      minute < 60 &&
      second < 60;
    return isReal ? ms : complain(epochShape, tree, path, issues);
  },
  plain: (ms) =>
    new Date(ms)
      .toISOString()
      .replace(/T00:00:00\.000Z$/, '')
      .replace(/\.000Z$/, 'Z'),
  schema: () => ({ type: 'string', examples: ['2024-11-20'] }),
};

/** Names of nodes. */
export const namesShape = listShape(nameShape, { min: 1, words: 'a list of names' });
