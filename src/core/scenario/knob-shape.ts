/**
 * From knobs to shapes: whatever a registered thing declares as its parameters becomes part of the language, with checks, units, docs
 * and schema, and without a line here.
 */
import type { Knob, Knobs } from '../base/knobs.js';
import { assert } from '../base/assert.js';
import { confine } from './paths.js';
import {
  booleanShape,
  choiceShape,
  listShape,
  numberShape,
  textShape,
  unitShape,
  wrong,
  type Shape,
} from './shape.js';
import { sectionShape, type Field, type Fields } from './section.js';
import { whoShape } from './who-shape.js';

/** A path relative to the scenario's folder. That it stays inside is checked when it is read. */
export const fileShape: Shape<string> = {
  words: 'the path of a file beside the scenario',
  read(tree, path, issues) {
    const text = textShape({ words: fileShape.words }).read(tree, path, issues);
    if (text === wrong) return wrong;
    const confined = issues.attempt(path, () => confine(text, issues.filesAnywhere));
    return confined === undefined ? wrong : text;
  },
  plain: (value) => value,
  schema: () => ({ type: 'string' }),
};

const shapes = new WeakMap<Knob, Shape<unknown>>();
const fieldLists = new WeakMap<Knobs, Fields>();

/** The shape of one knob. */
export function knobShape(knob: Knob): Shape<unknown> {
  let shape = shapes.get(knob);
  if (shape === undefined) shapes.set(knob, (shape = make(knob) as Shape<unknown>));
  return shape;
}

function make(knob: Knob): Shape<unknown> {
  switch (knob.kind) {
    case 'integer':
    case 'number':
    case 'ratio':
      return numberShape(knob.kind, knob.min, knob.max);
    case 'duration':
    case 'size':
    case 'rate':
    case 'bandwidth':
      return unitShape(knob.kind, knob.min, knob.max);
    case 'boolean':
      return booleanShape;
    case 'text':
      return textShape({ pattern: knob.pattern });
    case 'file':
      return fileShape;
    case 'choice':
      return choiceShape(knob.words);
    case 'who':
      return whoShape;
    case 'who-list':
      return listShape(whoShape, {
        min: knob.min,
        words: `a list of${knob.min === undefined ? '' : ` at least ${knob.min}`} sets of nodes`,
      });
    case 'section':
      return sectionShape(knobFields(knob.knobs as Knobs));
  }
}

/** The fields of a list of knobs, by name. */
export function knobFields(knobs: Knobs): Fields {
  let fields = fieldLists.get(knobs);
  if (fields === undefined) {
    fields = Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, knobField(name, knob)]));
    fieldLists.set(knobs, fields);
  }
  return fields;
}

function knobField(name: string, knob: Knobs[string]): Field<unknown> {
  assert(/^[a-z][A-Za-z0-9]*$/.test(name), `knobs are named in camelCase (${name})`);
  const shape = knobShape(knob);
  const { doc } = knob;
  if ('default' in knob) return { shape, doc, presence: 'default', whenAbsent: knob.default };
  if ('optional' in knob) return { shape, doc, presence: 'optional' };
  if (knob.kind !== 'section') return { shape, doc, presence: 'required' };
  // A section whose keys may all be left out may be left out itself.
  const inner = Object.entries(knobFields(knob.knobs as Knobs));
  if (inner.some(([, field]) => field.presence === 'required')) return { shape, doc, presence: 'required' };
  return {
    shape,
    doc,
    presence: 'default',
    whenAbsent: Object.fromEntries(inner.map(([key, field]) => [key, field.whenAbsent])),
  };
}
