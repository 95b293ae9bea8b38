/**
 * The data of messages, as a scenario writes it: any value, in which a section with one key from the list below stands for something
 * that is made anew for each message. `literal` keeps a section that only looks like one of them.
 */
import { suggest } from '../base/suggest.js';
import type { PayloadTemplate } from '../parts/payload.js';
import type { Issues } from './issues.js';
import { numberShape, orList, quoted, unitShape, wrong, type Plain, type Read, type Shape } from './shape.js';
import { foundText, type Path, type Tree } from './tree.js';

/** What stands for something that changes; the docs print this. */
export const templateDocs: Readonly<Record<string, { readonly form: string; readonly doc: string }>> = {
  normal: {
    form: '[mean, deviation]',
    doc: 'A number from a normal distribution, rounded to two digits of the deviation.',
  },
  uniform: {
    form: '[low, high]',
    doc: 'A number between two, each as likely as the others, rounded to a thousandth of the range.',
  },
  integer: { form: '[low, high]', doc: 'A whole number between two, both included.' },
  choice: { form: '[value, ...]', doc: 'One of the values; each is a template itself.' },
  counter: {
    form: 'start',
    doc: 'A number that begins here and grows by one with each message of the node.',
  },
  step: { form: 'true', doc: 'The global step of the message.' },
  bytes: { form: '512B', doc: 'A text of this length, the same every time: ballast.' },
  literal: { form: 'value', doc: 'The value as it stands, even if it looks like one of these.' },
};

const names = Object.keys(templateDocs);
const anyNumber = numberShape('number');

export const payloadShape: Shape<PayloadTemplate> = {
  words: `any value; ${orList(names)} stand for something that changes`,
  read: (tree, path, issues) => readTemplate(tree, path, issues),
  plain: plainTemplate,
  schema: () => ({}),
};

function readTemplate(tree: Tree, path: Path, issues: Issues): Read<PayloadTemplate> {
  if (tree.kind === 'scalar') return { kind: 'constant', value: tree.value };
  if (tree.kind === 'list') return readList(tree.items, path, issues);
  const [first] = tree.entries;
  if (tree.entries.size === 1 && Object.hasOwn(templateDocs, first[0])) {
    return readMaker(first[0], first[1].value, [...path, first[0]], issues);
  }
  const meant = tree.entries.size === 1 ? nearMaker(first[0], first[1].value) : undefined;
  if (meant !== undefined) {
    issues.report(
      first[1].value.place,
      [...path, first[0]],
      `${quoted(first[0])} looks like ${quoted(meant)} misspelt`,
      `Write ${meant}, or {literal: {...}} if it is meant as data`,
    );
    return wrong;
  }
  const fields: (readonly [string, PayloadTemplate])[] = [];
  let allRight = true;
  for (const [key, { value }] of tree.entries) {
    const field = readTemplate(value, [...path, key], issues);
    if (field === wrong) allRight = false;
    else fields.push([key, field]);
  }
  return allRight ? { kind: 'object', fields } : wrong;
}

/** The maker that this may be a misspelling of: a word like its name, before a value that it would take. */
function nearMaker(name: string, { kind, ...tree }: Tree): string | undefined {
  const near = suggest(name, names);
  if (near === undefined || near === 'literal' || near === 'step') return undefined;
  const size = kind === 'list' && 'items' in tree ? tree.items.length : 0;
  const value = 'value' in tree ? tree.value : undefined;
  const fits =
    near === 'choice'
      ? size > 0
      : near === 'counter'
        ? Number.isSafeInteger(value)
        : near === 'bytes'
          ? typeof value === 'string'
          : size === 2;
  return fits ? near : undefined;
}

function readList(trees: readonly Tree[], path: Path, issues: Issues): Read<PayloadTemplate> {
  const items = readAll(trees, path, issues);
  return items === wrong ? wrong : { kind: 'list', items };
}

function readAll(trees: readonly Tree[], path: Path, issues: Issues): Read<readonly PayloadTemplate[]> {
  const items = trees.map((item, index) => readTemplate(item, [...path, index], issues));
  return items.includes(wrong) ? wrong : (items as PayloadTemplate[]);
}

function readMaker(name: string, tree: Tree, path: Path, issues: Issues): Read<PayloadTemplate> {
  const literally = (what: string): typeof wrong => {
    issues.report(
      tree.place,
      path,
      `expected ${what}, ${foundText(tree)}`,
      `If ${quoted(name)} is meant as data, write {literal: {...}}`,
    );
    return wrong;
  };
  switch (name) {
    case 'normal': {
      const pair = readPair(tree, path, issues);
      if (pair === wrong || pair[1] < 0)
        return literally('[mean, deviation], two numbers, the second at least 0');
      return { kind: 'normal', mean: pair[0], deviation: pair[1] };
    }
    case 'uniform':
    case 'integer': {
      const pair = readPair(tree, path, issues);
      const whole = pair !== wrong && (name === 'uniform' || pair.every(Number.isSafeInteger));
      if (
        pair === wrong ||
        !whole ||
        pair[0] > pair[1] ||
        pair[1] - pair[0] >= (name === 'integer' ? 2 ** 32 : Infinity)
      ) {
        return literally(
          `[low, high], two ${name === 'integer' ? 'integers' : 'numbers'}, the first not above the second`,
        );
      }
      return { kind: name, low: pair[0], high: pair[1] };
    }
    case 'choice': {
      if (tree.kind !== 'list' || tree.items.length === 0) return literally('a list of at least one value');
      const items = readAll(tree.items, path, issues);
      return items === wrong ? wrong : { kind: 'choice', items };
    }
    case 'counter':
      if (tree.kind !== 'scalar' || !Number.isSafeInteger(tree.value))
        return literally('an integer to begin with');
      return { kind: 'counter', start: tree.value as number };
    case 'step':
      return tree.kind === 'scalar' && tree.value === true ? { kind: 'step' } : literally('true');
    case 'bytes': {
      const size = unitShape('size', 0, 1_048_576).read(tree, path, issues);
      return size === wrong ? wrong : { kind: 'bytes', sizeBytes: size };
    }
    default:
      return { kind: 'constant', value: literalValue(tree) };
  }
}

function readPair(tree: Tree, path: Path, issues: Issues): Read<readonly [number, number]> {
  if (tree.kind !== 'list' || tree.items.length !== 2) return wrong;
  if (!tree.items.every((item) => item.kind === 'scalar' && typeof item.value === 'number')) return wrong;
  const [a, b] = tree.items.map((item, index) => anyNumber.read(item, [...path, index], issues));
  return a === wrong || b === wrong ? wrong : [a, b];
}

/** A tree as the JSON value that it spells. */
export function literalValue(tree: Tree): Plain {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(literalValue);
  return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, literalValue(value)]));
}

function plainTemplate(template: PayloadTemplate): Plain {
  switch (template.kind) {
    case 'constant':
      return looksLikeTemplate(template.value as Plain)
        ? { literal: template.value as Plain }
        : (template.value as Plain);
    case 'object':
      return Object.fromEntries(template.fields.map(([key, field]) => [key, plainTemplate(field)]));
    case 'list':
      return template.items.map(plainTemplate);
    case 'normal':
      return { normal: [template.mean, template.deviation] };
    case 'uniform':
    case 'integer':
      return { [template.kind]: [template.low, template.high] };
    case 'choice':
      return { choice: template.items.map(plainTemplate) };
    case 'counter':
      return { counter: template.start };
    case 'step':
      return { step: true };
    case 'bytes':
      return { bytes: unitShape('size').plain(template.sizeBytes) };
  }
}

function looksLikeTemplate(value: Plain): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return true;
}
