/**
 * `--set nodes.count=50`: a value put in place of what the file says. The path is keys joined by dots, with `[0]` or `.0` for places in a
 * list; the value is YAML. What is wrong with it is reported at the flag.
 */
import { quoteText } from '../base/escape.js';
import type { Issues } from './issues.js';
import { bareWordKeys } from './language.js';
import {
  pathText,
  type ListTree,
  type MapTree,
  type Path,
  type Place,
  type ScalarTree,
  type Tree,
} from './tree.js';
import { readYaml } from './yaml.js';

/** Longest path that is accepted, in parts. */
const partsMax = 32;

/** Puts one override into a tree and returns the new one; the old one is left alone. */
export function applyOverride(root: Tree, override: string, issues: Issues): Tree {
  const at = override.indexOf('=');
  const name = at < 0 ? override : override.slice(0, at);
  const path = at < 0 ? undefined : parsePath(name.trim());
  if (path === undefined) {
    issues.add({
      place: '--set',
      what: `cannot read ${quoteText(override)}`,
      expected: 'a path and a value, such as nodes.count=50',
    });
    return root;
  }
  const place: Place = { flag: `--set ${pathText(path)}` };
  const value = readYaml(override.slice(at + 1), issues, place);
  return value === undefined ? root : put(root, path, 0, value, place, issues);
}

/** `faults[0].loss.ratio` or `faults.0.loss.ratio`, or undefined when it is neither. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  for (const part of text.split('.')) {
    const pieces = /^([^[\]]*)((?:\[[0-9]{1,6}\])*)$/.exec(part);
    if (pieces === null || (pieces[1] === '' && path.length === 0)) return undefined;
    if (/^[0-9]{1,6}$/.test(pieces[1])) path.push(Number(pieces[1]));
    else if (pieces[1] !== '') path.push(pieces[1]);
    else if (pieces[2] === '') return undefined;
    for (const [, index] of pieces[2].matchAll(/\[([0-9]+)\]/g)) path.push(Number(index));
  }
  return path.length > partsMax ? undefined : path;
}

function put(
  tree: Tree | undefined,
  path: Path,
  depth: number,
  value: Tree,
  place: Place,
  issues: Issues,
): Tree {
  if (depth === path.length) return value;
  const part = path[depth];
  const empty = tree === undefined || (tree.kind === 'scalar' && tree.value === null);
  const section = depth === 1 && tree?.kind === 'scalar' ? sectionOf(tree, String(path[0])) : undefined;
  if (section !== undefined) return put(section, path, depth, value, place, issues);
  if (tree?.kind === 'list') return putInList(tree, path, depth, value, place, issues);
  if (tree?.kind === 'map' || empty) {
    const map: MapTree = tree?.kind === 'map' ? tree : { kind: 'map', entries: new Map(), place };
    const key = String(part);
    const before = map.entries.get(key);
    const entries = new Map(map.entries);
    entries.set(key, {
      keyPlace: before?.keyPlace ?? place,
      value: put(before?.value, path, depth + 1, value, place, issues),
    });
    return { ...map, entries };
  }
  issues.report(
    place,
    [],
    `${pathText(path.slice(0, depth))} is a single value here and has no ${quoteText(String(part))}`,
    'Set it to a section first',
  );
  return tree ?? value;
}

/** What a bare word stands for: `dissemination: flood` is `{ mode: flood }`, `rateLimit: true` an empty section, `none` the same. */
function sectionOf(tree: ScalarTree, key: string): MapTree | undefined {
  const tag = bareWordKeys.get(key);
  const isOn = tree.value === true;
  if (!isOn && (tag === undefined || typeof tree.value !== 'string')) return undefined;
  const isSaid = tag !== undefined && !isOn && tree.value !== 'none';
  const { place } = tree;
  return { kind: 'map', entries: new Map(isSaid ? [[tag, { keyPlace: place, value: tree }]] : []), place };
}

function putInList(
  tree: ListTree,
  path: Path,
  depth: number,
  value: Tree,
  place: Place,
  issues: Issues,
): Tree {
  const index = path[depth];
  const { length } = tree.items;
  if (typeof index !== 'number' || index > length) {
    const where = pathText(path.slice(0, depth));
    issues.report(place, [], `${where} is a list of ${length}, expected a position from 0 to ${length}`);
    return tree;
  }
  const items = [...tree.items];
  items[index] = put(tree.items[index], path, depth + 1, value, place, issues);
  return { ...tree, items };
}
