/** The docs and the schema for editors say what the code does. Mend with: npx tsx scripts/docs-scenario.ts */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillDocs, scenarioDocs } from '../../src/core/scenario/docs.js';
import { scenarioSchema } from '../../src/core/scenario/json-schema.js';
import type { JsonSchema } from '../../src/core/scenario/shape.js';
import { fullVocabulary } from '../../src/core/scenario/vocabulary.js';
import { load } from './helpers.js';

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

describe('docs/scenario.md', () => {
  const docs = scenarioDocs(fullVocabulary);

  it('holds the tables of the language as it is', () => {
    expect(read('scenario.md')).toBe(fillDocs(read('scenario.md'), docs));
  });

  it('has a place for every table, and names every registered thing', () => {
    const text = read('scenario.md');
    for (const name of docs.keys()) expect(text).toContain(`<!-- begin ${name} -->`);
    for (const kinds of [
      fullVocabulary.topologies,
      fullVocabulary.faults,
      fullVocabulary.adversaries,
      fullVocabulary.patterns,
    ]) {
      for (const { name, knobs } of kinds) {
        expect(text).toMatch(new RegExp(`\`(type: )?${name}\``));
        for (const knob of Object.keys(knobs)) expect(text).toContain(`\`${knob}\``);
      }
    }
  });

  it('begins with a scenario that loads', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read('scenario.md'))?.[1] ?? '';
    const { experiment } = load(example);
    expect(experiment.nodeCount).toBe(20);
    expect(experiment.assertions).toHaveLength(1);
  });
});

/** A second reader of JSON Schema, as much of it as the schema uses, written for this test. */
function accepts(schema: JsonSchema, value: unknown, root: JsonSchema): boolean {
  const has = (key: string): boolean => schema[key] !== undefined;
  if (has('$ref')) {
    const name = String(schema.$ref).replace('#/$defs/', '');
    return accepts((root.$defs as Record<string, JsonSchema>)[name], value, root);
  }
  if (has('anyOf') && !(schema.anyOf as JsonSchema[]).some((part) => accepts(part, value, root)))
    return false;
  if (has('const') && schema.const !== value) return false;
  if (has('enum') && !(schema.enum as unknown[]).includes(value)) return false;
  if (has('type')) {
    const kind =
      value === null
        ? 'null'
        : Array.isArray(value)
          ? 'array'
          : typeof value === 'number' && Number.isInteger(value)
            ? 'integer'
            : typeof value;
    const types = [schema.type].flat();
    if (!types.includes(kind) && !(kind === 'integer' && types.includes('number'))) return false;
  }
  if (has('minimum') && typeof value === 'number' && value < Number(schema.minimum)) return false;
  if (has('maximum') && typeof value === 'number' && value > Number(schema.maximum)) return false;
  if (has('pattern') && typeof value === 'string' && !new RegExp(String(schema.pattern), 'u').test(value))
    return false;
  if (Array.isArray(value)) {
    if (has('minItems') && value.length < Number(schema.minItems)) return false;
    return !has('items') || value.every((item) => accepts(schema.items as JsonSchema, item, root));
  }
  if (typeof value === 'object' && value !== null) {
    const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
    for (const name of (schema.required ?? []) as string[]) if (!Object.hasOwn(value, name)) return false;
    for (const [key, part] of Object.entries(value)) {
      if (Object.hasOwn(properties, key)) {
        if (!accepts(properties[key], part, root)) return false;
      } else if (schema.additionalProperties === false) return false;
      else if (
        typeof schema.additionalProperties === 'object' &&
        !accepts(schema.additionalProperties as JsonSchema, part, root)
      )
        return false;
    }
  }
  return true;
}

describe('the schema for editors', () => {
  const schema = scenarioSchema(fullVocabulary);

  it('is the one in docs', () => {
    expect(JSON.parse(read('scenario.schema.json'))).toEqual(schema);
  });

  const rich = `
version: 1
stopTime: 20s
nodes: { count: 9, groups: [{ id: a, share: 0.5, region: eu }, { id: b, region: us }] }
observers: { group: b }
topology: { type: watts-strogatz, k: 4, beta: 0.1 }
network: { latency: { from: regions, table: { eu: { us: 40ms } } }, loss: 0.1 }
failureDetector: none
workload: [{ broadcast: { nodes: { count: 2 }, data: { x: { normal: [1, 2] } } }, every: 1s }]
adversaries: [{ forge-pattern: { nodes: { share: 0.1 } }, from: 2s }]
faults: [{ crash: { nodes: all }, at: 5s }, { loss: { ratio: 0.5 }, from: 1s, until: 2s }]
assertions: [{ eventually: deliveryRatio >= 0.9, within: 5s }]
`;

  it('accepts what the language accepts, resolved or not', () => {
    const { resolved } = load(rich);
    expect(accepts(schema, resolved, schema)).toBe(true);
    expect(
      accepts(
        schema,
        { version: 1, stopTime: '1s', topology: 'ring', sync: 'max', nodes: { count: 3 } },
        schema,
      ),
    ).toBe(true);
  });

  it.each<[string, object]>([
    ['an unknown key', { sed: 1 }],
    ['a wrong type', { seed: 'x' }],
    ['a number out of range', { network: { loss: 2 } }],
    ['an unknown kind', { topology: 'rings' }],
    ['a knob of another kind', { topology: { type: 'ring', beta: 0.1 } }],
    ['an unknown fault', { faults: [{ flood: {} }] }],
    ['a missing knob', { faults: [{ loss: {} }] }],
    ['a wrong word', { assertions: [{ alwys: 'x > 1' }] }],
  ])('refuses %s', (_, more) => {
    expect(accepts(schema, { version: 1, stopTime: '1s', ...more }, schema)).toBe(false);
  });

  it('has a summary or a doc for everything', () => {
    for (const [key, property] of Object.entries(schema.properties as Record<string, JsonSchema>)) {
      expect([key, typeof property.description]).toEqual([key, 'string']);
    }
  });
});
