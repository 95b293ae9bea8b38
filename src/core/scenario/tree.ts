/**
 * What a scenario file says, before anybody asks what it means: sections, lists and plain values, each of which knows where it stands.
 * Sections are Maps, so that a key called `__proto__` is a key like any other.
 */
import { quoteText } from '../base/escape.js';

/** Where something stands: in a file, counted from 1, or in a flag such as `--set nodes.count`. */
export type Place = { readonly line: number; readonly column: number } | { readonly flag: string };

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it was written, without quotes. */
  readonly source: string;
  readonly quoted: boolean;
  readonly place: Place;
  /** Where the character of `source` at an offset stands in the file; only texts that may hold an expression know. */
  readonly placeIn?: (offset: number) => Place;
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
}

export interface MapEntry {
  readonly keyPlace: Place;
  readonly value: Tree;
}

export interface MapTree {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly place: Place;
}

export type Tree = ScalarTree | ListTree | MapTree;

/** The way from the root to a value: keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** `faults[0].loss.ratio`. Foreign keys in it are escaped. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += (text === '' ? '' : '.') + (/^[\w-]{1,64}$/.test(part) ? part : quoteText(part, 64));
  }
  return text;
}

/** What was found, for messages: `found "many"`, `found a list of 3`, `found nothing`. */
export function foundText(tree: Tree): string {
  if (tree.kind === 'list')
    return tree.items.length === 0 ? 'found an empty list' : `found a list of ${tree.items.length}`;
  if (tree.kind === 'map') return tree.entries.size === 0 ? 'found an empty section' : 'found a section';
  if (tree.value === null) return 'found nothing';
  if (typeof tree.value === 'string') return `found ${quoteText(tree.value)}`;
  return `found ${quoteText(tree.source).slice(1, -1)}`;
}

/** Where a character of a text stands, or the text itself where that is not known; `isExact` says which. */
export function placeInside(
  tree: Tree,
  offset: number,
): { readonly place: Place; readonly isExact: boolean } {
  const place = tree.kind === 'scalar' ? tree.placeIn?.(offset) : undefined;
  return place === undefined ? { place: tree.place, isExact: false } : { place, isExact: true };
}

/** The value at a path, or the nearest one on the way to it. */
export function nearestTree(root: Tree, path: Path): Tree {
  let tree = root;
  for (const part of path) {
    const next =
      tree.kind === 'map' && typeof part === 'string'
        ? tree.entries.get(part)?.value
        : tree.kind === 'list' && typeof part === 'number'
          ? tree.items[part]
          : undefined;
    if (next === undefined) break;
    tree = next;
  }
  return tree;
}
