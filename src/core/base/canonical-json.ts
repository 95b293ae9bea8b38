/**
 * Canonical JSON, RFC 8785 (JCS): one text for one value, so that it can be signed and compared. Keys are sorted by their UTF-16 code
 * units, numbers are written as ECMAScript writes them, nothing is indented. Written without recursion, because payloads come
 * from strangers and may be nested deeper than any call stack.
 */
import { UserError } from './errors.js';

interface Level {
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
  next: number;
}

function refuse(what: string): never {
  throw new UserError('invalid-value', { what, expected: 'a JSON value' });
}

function scalar(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value)
        ? String(Object.is(value, -0) ? 0 : value)
        : refuse(`${value} is not JSON`);
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : undefined;
    default:
      return refuse(`a value of type ${typeof value} is not JSON`);
  }
}

function open(value: object): Level {
  if (Array.isArray(value)) return { keys: undefined, values: value, next: 0 };
  const record = value as Record<string, unknown>;
  // The default order compares UTF-16 code units, which is the order that the RFC asks for.
  const keys = Object.keys(record).sort();
  return { keys, values: keys.map((key) => record[key]), next: 0 };
}

/**
 * @param value strings, finite numbers, booleans, null, arrays and plain objects of these, at any depth
 * @throws UserError `invalid-value` for anything else, such as undefined, NaN, a bigint or a circle
 */
export function canonicalJson(value: unknown): string {
  const first = scalar(value);
  if (first !== undefined) return first;
  const path = new Set<object>([value as object]);
  const objects: object[] = [value as object];
  const levels: Level[] = [open(value as object)];
  const pieces: string[] = [levels[0].keys === undefined ? '[' : '{'];
  while (levels.length > 0) {
    const level = levels[levels.length - 1];
    if (level.next === level.values.length) {
      pieces.push(level.keys === undefined ? ']' : '}');
      levels.pop();
      path.delete(objects.pop() as object);
      continue;
    }
    if (level.next > 0) pieces.push(',');
    if (level.keys !== undefined) pieces.push(JSON.stringify(level.keys[level.next]), ':');
    const child = level.values[level.next++];
    const text = scalar(child);
    if (text !== undefined) {
      pieces.push(text);
      continue;
    }
    if (path.has(child as object)) refuse('a value that contains itself is not JSON');
    path.add(child as object);
    objects.push(child as object);
    const inner = open(child as object);
    levels.push(inner);
    pieces.push(inner.keys === undefined ? '[' : '{');
  }
  return pieces.join('');
}
