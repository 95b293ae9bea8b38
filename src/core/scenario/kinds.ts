/**
 * Where a scenario names a registered thing. Two forms: `{type: ring, ...its knobs}`, where a bare `ring` will do when no knob is
 * turned; and `{loss: {...its knobs}, at: 5s}`, where the kind is the key and what is beside it says when.
 */
import { assert } from '../base/assert.js';
import type { Knobs } from '../base/knobs.js';
import type { Registered } from '../base/registry.js';
import type { Issues } from './issues.js';
import { knobFields } from './knob-shape.js';
import {
  fieldsSchema,
  objectSchema,
  plainFields,
  readFields,
  sectionDefault,
  type Fields,
  type FieldValues,
} from './section.js';
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

/** A registered thing that has knobs. */
export interface Kind extends Registered {
  readonly knobs: Knobs;
}

/** A registry, or a stand-in for one. */
export interface Kinds<K extends Kind> extends Iterable<K> {
  readonly kind: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  get(name: string): K;
}

export interface Chosen<K extends Kind> {
  readonly entry: K;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The fields of one kind. `extraFields` are keys that every kind has, such as `nodes` of adversaries. */
function fieldsOf(entry: Kind, extraFields: Fields): Fields {
  return { ...extraFields, ...knobFields(entry.knobs) };
}

/** The choice when nothing is said: the kind with all its defaults. */
export function defaultChoice<K extends Kind>(entry: K): Chosen<K> {
  return { entry, parameters: sectionDefault(knobFields(entry.knobs)) };
}

/** `{<tag>: name, ...knobs}`, or just the name. Shows its kinds to the docs. */
export interface TaggedShape<K extends Kind> extends Shape<Chosen<K>> {
  readonly tag: string;
  readonly kinds: Kinds<K>;
}

/** @param fallback the kind that is meant when the tag is left out; none: the tag must be there */
export function taggedShape<K extends Kind>(tag: string, kinds: Kinds<K>, fallback?: string): TaggedShape<K> {
  const shape: TaggedShape<K> = {
    tag,
    kinds,
    words: `${/^[aeiou]/.test(kinds.kind) ? 'an' : 'a'} ${kinds.kind}, ${kinds.names.length === 1 ? '' : 'one of '}${kinds.names.join(', ')}`,
    read(tree, path, issues) {
      if (tree.kind === 'list' || (tree.kind === 'scalar' && typeof tree.value !== 'string'))
        return complain(shape, tree, path, issues);
      const named = tree.kind === 'scalar' ? tree : tree.entries.get(tag)?.value;
      let name = fallback;
      if (named !== undefined) {
        const namedPath = tree.kind === 'scalar' ? path : [...path, tag];
        if (named.kind !== 'scalar' || !kinds.has(named.source)) {
          const next = named.kind === 'scalar' ? meantHint(named.source, kinds.names) : undefined;
          return complain({ words: `one of ${kinds.names.join(', ')}` }, named, namedPath, issues, next);
        }
        name = named.source;
      }
      if (name === undefined) {
        issues.report(
          tree.place,
          path,
          `${quoted(tag)} is missing, expected one of ${kinds.names.join(', ')}`,
        );
        return wrong;
      }
      const entry = kinds.get(name);
      const empty: MapTree = { kind: 'map', entries: new Map(), place: tree.place };
      const parameters = readFields(tree.kind === 'map' ? tree : empty, fieldsOf(entry, {}), path, issues, [
        tag,
      ]);
      return parameters === wrong ? wrong : { entry, parameters };
    },
    plain: ({ entry, parameters }) => ({
      [tag]: entry.name,
      ...plainFields(parameters, fieldsOf(entry, {})),
    }),
    schema: () => {
      const sections: JsonSchema[] = [];
      const bare: string[] = [];
      for (const entry of kinds) {
        const { properties, required } = fieldsSchema(fieldsOf(entry, {}));
        if (required.length === 0) bare.push(entry.name);
        const tagRequired = entry.name === fallback ? [] : [tag];
        const object = objectSchema(
          { [tag]: { const: entry.name, description: entry.summary }, ...properties },
          [...tagRequired, ...required],
        );
        sections.push({ ...object, description: entry.summary });
      }
      return { anyOf: bare.length === 0 ? sections : [{ enum: bare }, ...sections] };
    },
  };
  return shape;
}

/** One entry of a list such as `faults`. */
export type Occasion<K extends Kind, Common extends Fields> = Chosen<K> & {
  readonly common: FieldValues<Common>;
};

/** `{<kind>: {...knobs}, ...common keys}`. Shows its kinds to the docs. */
export interface KeyedShape<K extends Kind, Common extends Fields> extends Shape<Occasion<K, Common>> {
  readonly kinds: Kinds<K>;
  readonly common: Common;
  readonly inner: Fields;
}

/**
 * @param common keys beside the kind, such as the schedule
 * @param inner keys that every kind has within, such as `nodes`
 */
export function keyedShape<K extends Kind, const Common extends Fields>(
  kinds: Kinds<K>,
  common: Common,
  inner: Fields = {},
): KeyedShape<K, Common> {
  const shape: KeyedShape<K, Common> = {
    kinds,
    common,
    inner,
    words: `${/^[aeiou]/.test(kinds.kind) ? 'an' : 'a'} ${kinds.kind}: ${kinds.names.join(', ')}`,
    read(tree, path, issues) {
      if (tree.kind !== 'map')
        return complain({ words: `a section with ${shape.words}` }, tree, path, issues);
      const entry = readKind(tree, kinds, Object.keys(common), path, issues);
      const values = readFields(
        tree,
        common,
        path,
        issues,
        entry === wrong ? [...tree.entries.keys()] : kinds.names,
      );
      if (entry === wrong) return wrong;
      const section = tree.entries.get(entry.name)?.value;
      assert(section !== undefined, 'a kind that was found in a section is one of its keys');
      const parameters = readParameters(section, fieldsOf(entry, inner), [...path, entry.name], issues);
      if (values === wrong || parameters === wrong) return wrong;
      return { entry, parameters, common: values as FieldValues<Common> };
    },
    plain: ({ entry, parameters, common: values }) => {
      const { id, ...rest } = plainFields(values as Record<string, unknown>, common);
      const first: { [key: string]: Plain } = id === undefined ? {} : { id };
      return { ...first, [entry.name]: plainFields(parameters, fieldsOf(entry, inner)), ...rest };
    },
    schema: () => {
      const beside = fieldsSchema(common);
      const sections: JsonSchema[] = [];
      for (const entry of kinds) {
        const within = fieldsSchema(fieldsOf(entry, inner));
        const section: JsonSchema = {
          ...objectSchema(within.properties, within.required),
          description: entry.summary,
        };
        sections.push(
          objectSchema({ [entry.name]: section, ...beside.properties }, [entry.name, ...beside.required]),
        );
      }
      return sections.length === 0 ? objectSchema(beside.properties, beside.required) : { anyOf: sections };
    },
  };
  return shape;
}

/** The one key that is a kind. */
function readKind<K extends Kind>(
  tree: MapTree,
  kinds: Kinds<K>,
  common: readonly string[],
  path: Path,
  issues: Issues,
): Read<K> {
  const found = [...tree.entries.keys()].filter((key) => kinds.has(key));
  if (found.length === 1) return kinds.get(found[0]);
  if (found.length > 1) {
    issues.report(
      tree.place,
      path,
      `${found.map(quoted).join(' and ')} stand in one entry`,
      'Make an entry of each',
    );
    return wrong;
  }
  const strange = [...tree.entries].find(([key]) => !common.includes(key));
  const expected =
    kinds.names.length === 0 ? `there is no ${kinds.kind} yet` : `expected one of ${kinds.names.join(', ')}`;
  if (strange === undefined) {
    issues.report(tree.place, path, `the ${kinds.kind} is missing, ${expected}`);
  } else {
    const [key, { keyPlace }] = strange;
    const next = meantHint(key, [...kinds.names, ...common]);
    issues.report(keyPlace, path, `unknown ${kinds.kind} ${quoted(key)}, ${expected}`, next);
  }
  return wrong;
}

/** The section behind a kind; an empty one may be left out (`crash:`) where nothing is required. */
function readParameters(
  tree: Tree,
  fields: Fields,
  path: Path,
  issues: Issues,
): Read<Record<string, unknown>> {
  if (tree.kind === 'map') return readFields(tree, fields, path, issues);
  if (tree.kind === 'scalar' && tree.value === null) {
    return readFields({ kind: 'map', entries: new Map(), place: tree.place }, fields, path, issues);
  }
  return complain({ words: `a section of ${Object.keys(fields).join(', ')}` }, tree, path, issues);
}
