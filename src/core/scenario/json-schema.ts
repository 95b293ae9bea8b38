/** The language for editors: a JSON Schema of whole scenarios, generated from the shapes that read them. */
import { scenarioShape } from './language.js';
import type { JsonSchema, Plain } from './shape.js';
import type { Vocabulary } from './vocabulary.js';

/** Draft 2020-12. What a schema cannot say, such as units or times that fit together, is left to `mesh simulate`. */
export function scenarioSchema(vocabulary: Vocabulary): JsonSchema {
  const shared = new Map<string, { readonly name: string; readonly schema: Plain }>();
  const body = share(scenarioShape(vocabulary).schema(), shared, true) as JsonSchema;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mesh scenario, version 1',
    ...body,
    $defs: Object.fromEntries([...shared.values()].map(({ name, schema }) => [name, schema])),
  };
}

/** Shapes this long that come more than once would make the file several times as large. */
const sharedCharactersMin = 400;

/** Moves large parts, such as the way to name nodes, into definitions that are referred to. */
function share(value: Plain, shared: Map<string, { name: string; schema: Plain }>, isRoot = false): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Plain) => share(item, shared));
  const { description, default: fallback, ...rest } = value as { readonly [key: string]: Plain };
  const inner = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, share(part, shared)]));
  const beside: Record<string, Plain> = {};
  if (description !== undefined) beside.description = description;
  if (fallback !== undefined) beside.default = fallback;
  const text = JSON.stringify(inner);
  // Only whole schemas can be referred to, not lists of properties.
  if (isRoot || text.length < sharedCharactersMin || !('anyOf' in inner || inner.type === 'object'))
    return { ...inner, ...beside };
  let known = shared.get(text);
  if (known === undefined) shared.set(text, (known = { name: `part${shared.size + 1}`, schema: inner }));
  return { $ref: `#/$defs/${known.name}`, ...beside };
}
