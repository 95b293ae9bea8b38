/**
 * Sections: keys with a story each. A field says whether it must be there, what it is when it is left out, and what it is for; an
 * unknown key is answered with the nearest known one.
 */
import type { Issues } from './issues.js';
import {
  complain,
  meantHint,
  quoted,
  wrong,
  type JsonSchema,
  type Plain,
  type Read,
  type Shape,
} from './shape.js';
import type { MapTree, Path, Tree } from './tree.js';

export interface Field<T> {
  readonly shape: Shape<T>;
  readonly doc: string;
  readonly presence: 'required' | 'optional' | 'default';
  /** What a field of presence `default` is when it is left out. */
  readonly whenAbsent?: T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type FieldValues<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never;
};

export function required<T>(shape: Shape<T>, doc: string): Field<T> {
  return { shape, doc, presence: 'required' };
}
export function optional<T>(shape: Shape<T>, doc: string): Field<T | undefined> {
  return { shape: shape as Shape<T | undefined>, doc, presence: 'optional' };
}
export function withDefault<T>(shape: Shape<T>, whenAbsent: T, doc: string): Field<T> {
  return { shape, doc, presence: 'default', whenAbsent };
}

/** Reads the keys of a map that `fields` knows; every other key is an issue. `skip` are keys that somebody else reads. */
export function readFields(
  tree: MapTree,
  fields: Fields,
  path: Path,
  issues: Issues,
  skip: readonly string[] = [],
): Read<Record<string, unknown>> {
  let allRight = true;
  for (const [key, { keyPlace }] of tree.entries) {
    if (Object.hasOwn(fields, key) || skip.includes(key)) continue;
    allRight = false;
    if (issues.isFull) {
      issues.add({ what: '' });
      continue;
    }
    const known = [...skip, ...Object.keys(fields)];
    const expected = known.length === 0 ? 'no keys' : `one of ${known.join(', ')}`;
    issues.report(keyPlace, path, `unknown key ${quoted(key)}, expected ${expected}`, meantHint(key, known));
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const entry = tree.entries.get(name);
    if (entry !== undefined) {
      const value = field.shape.read(entry.value, [...path, name], issues);
      if (value === wrong) allRight = false;
      else values[name] = value;
    } else if (field.presence === 'required') {
      allRight = false;
      issues.report(tree.place, path, `${quoted(name)} is missing, expected ${field.shape.words}`);
    } else {
      values[name] = field.whenAbsent;
    }
  }
  return allRight ? values : wrong;
}

export function plainFields(
  values: Readonly<Record<string, unknown>>,
  fields: Fields,
): { [key: string]: Plain } {
  const plain: { [key: string]: Plain } = {};
  for (const [name, field] of Object.entries(fields)) {
    if (values[name] !== undefined) plain[name] = field.shape.plain(values[name]);
  }
  return plain;
}

/** `properties` and `required` of a JSON Schema object. */
export function fieldsSchema(fields: Fields): { properties: Record<string, JsonSchema>; required: string[] } {
  const properties: Record<string, JsonSchema> = {};
  const requiredNames: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const property: Record<string, Plain> = { ...field.shape.schema(), description: field.doc };
    if (field.presence === 'default') property.default = field.shape.plain(field.whenAbsent);
    properties[name] = property;
    if (field.presence === 'required') requiredNames.push(name);
  }
  return { properties, required: requiredNames };
}

export function objectSchema(
  properties: Record<string, JsonSchema>,
  requiredNames: readonly string[],
): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(requiredNames.length > 0 ? { required: requiredNames } : {}),
  };
}

/** A shape that has fields, so that the docs can list them. */
export interface SectionShape<F extends Fields> extends Shape<FieldValues<F>> {
  readonly fields: F;
}

/** A section with these keys and no others. */
export function sectionShape<const F extends Fields>(fields: F, words = 'a section'): SectionShape<F> {
  const shape: SectionShape<F> = {
    fields,
    words,
    read(tree: Tree, path, issues) {
      if (tree.kind !== 'map') return complain(shape, tree, path, issues);
      return readFields(tree, fields, path, issues) as Read<FieldValues<F>>;
    },
    plain: (value) => plainFields(value as Record<string, unknown>, fields),
    schema: () => {
      const { properties, required: names } = fieldsSchema(fields);
      return objectSchema(properties, names);
    },
  };
  return shape;
}

/** The value of a section that was left out, where every key may be. */
export function sectionDefault<const F extends Fields>(fields: F): FieldValues<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.whenAbsent]),
  ) as FieldValues<F>;
}
