/**
 * From bytes to a tree, by the strict half of YAML 1.2. What makes files surprising is refused where it stands: anchors and aliases
 * (a billion laughs), tags (unknown ones become text with a mere warning), directives (`%YAML 1.1` turns `on` into true), merge keys,
 * a second document, two keys that look the same (`1` and `"1"`). The text passes the lexer and the parser piece by piece, both of which
 * are loops; the composer, which recurses, sees it only when it is known to be shallow.
 */
import { CST, Composer, Lexer, LineCounter, Parser, isMap, isScalar, isSeq, type Document } from 'yaml';
import { quoteText, showText } from '../base/escape.js';
import { fileKind } from '../base/file-kind.js';
import type { Issues } from './issues.js';
import type { MapEntry, Place, Tree } from './tree.js';

export const scenarioBytesMax = 1_048_576;
export const depthMax = 64;

/** What is refused in any place, by the kind of its lexeme. */
const refusedLexemes: ReadonlyMap<string, readonly [what: string, next: string]> = new Map([
  ['anchor', ['anchors (&name) are not part of the scenario language', 'Write the value out']],
  [
    'alias',
    [
      'aliases (*name) are not part of the scenario language',
      'Write the value out, or put it between quotes',
    ],
  ],
  ['tag', ['tags (!name) are not part of the scenario language', 'Remove the tag']],
  ['directive-line', ['directives (%) are not part of the scenario language', 'Remove the line']],
]);

/**
 * Reads one document.
 * @param startPlace for text that does not come from a file: every place is then this one
 * @returns undefined when it cannot be read; what is wrong is in `issues` then
 */
export function readYaml(input: string | Uint8Array, issues: Issues, startPlace?: Place): Tree | undefined {
  const before = issues.count;
  const text = decode(input, issues, startPlace);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    if (startPlace !== undefined) return startPlace;
    const { line, col } = lines.linePos(offset);
    // An empty last line has no start of its own in the counter.
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = parse(text, lines, placeOf, issues);
  if (tokens === undefined || issues.count > before) return undefined;
  const document = compose(tokens, text.length, placeOf, issues);
  if (document === undefined || issues.count > before) return undefined;
  const tree = new Grower(placeOf, issues, startPlace === undefined ? text : undefined).grow(
    document.contents,
    [],
    0,
  );
  return issues.count > before ? undefined : tree;
}

function decode(
  input: string | Uint8Array,
  issues: Issues,
  startPlace: Place | undefined,
): string | undefined {
  const place = startPlace ?? { line: 1, column: 1 };
  const kind = typeof input === 'string' ? undefined : fileKind(input);
  if (kind !== undefined) {
    const { name, unpack } = kind;
    const next = unpack === undefined ? 'Name a scenario' : `Pass it as text: ${unpack} | mesh simulate -`;
    issues.report(place, [], `the scenario is ${name}`, next);
    return undefined;
  }
  const size = typeof input === 'string' ? new TextEncoder().encode(input).length : input.length;
  if (size > scenarioBytesMax) {
    issues.report(
      place,
      [],
      `the scenario has ${size} bytes, more than 1 MiB`,
      'Put large tables into files of their own',
    );
    return undefined;
  }
  let text: string;
  try {
    text =
      typeof input === 'string'
        ? input
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    issues.report(place, [], 'the scenario is not valid UTF-8', 'Save the file as UTF-8');
    return undefined;
  }
  if (text.startsWith('\ufeff')) text = text.slice(1);
  if (/\p{Surrogate}/u.test(text)) {
    issues.report(place, [], 'the scenario holds half a character (a lone surrogate)', 'Remove it');
    return undefined;
  }
  return text;
}

/** Lexes and parses, and refuses on the way. Depth is watched while it grows. */
function parse(
  text: string,
  lines: LineCounter,
  placeOf: (offset: number) => Place,
  issues: Issues,
): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  let scalarNext = false;
  let errorCount = 0;
  const refusals: (readonly [offset: number, what: string, next: string])[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    const kind: string | null = scalarNext ? 'text' : CST.tokenType(lexeme);
    scalarNext = !scalarNext && lexeme === CST.SCALAR;
    const refused = refusedLexemes.get(kind ?? '');
    if (refused !== undefined && refusals.length < 20) refusals.push([offset, ...refused]);
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errorCount++;
    }
    // Rubbish makes an error a character; nobody reads the millionth.
    if (errorCount > 20) break;
    if (lexeme !== CST.DOCUMENT && lexeme !== CST.FLOW_END && lexeme !== CST.SCALAR) {
      for (let at = lexeme.indexOf('\n'); at >= 0; at = lexeme.indexOf('\n', at + 1)) {
        lines.addNewLine(offset + at + 1);
      }
      // The stack holds the document and the value at hand, too.
      if (parser.stack.length > depthMax && parser.stack.filter(CST.isCollection).length > depthMax) {
        issues.report(placeOf(offset), [], `nested deeper than ${depthMax} levels`, 'Flatten the scenario');
        return undefined;
      }
      offset += lexeme.length;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  for (const [at, what, next] of refusals) issues.report(placeOf(at), [], what, next);
  return tokens;
}

function compose(
  tokens: readonly CST.Token[],
  length: number,
  placeOf: (offset: number) => Place,
  issues: Issues,
): Document.Parsed | undefined {
  // The library compares every key with every other; we have a Map for that.
  const composer = new Composer({
    uniqueKeys: false,
    version: '1.2',
    merge: false,
    prettyErrors: false,
    stringKeys: false,
  });
  const documents = [...composer.compose(tokens, true, length)];
  for (const document of documents) {
    for (const problem of [...document.errors, ...document.warnings]) {
      issues.report(placeOf(problem.pos[0]), [], `not valid YAML: ${showText(firstLine(problem.message))}`);
    }
  }
  if (documents.length > 1) {
    const place = placeOf(documents[1].range[0]);
    issues.report(place, [], 'a second document starts here', 'Put each scenario into a file of its own');
  }
  return documents[0];
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** Makes our trees out of the library's nodes. */
class Grower {
  constructor(
    private readonly placeOf: (offset: number) => Place,
    private readonly issues: Issues,
    /** What the places are in; undefined where all places are one. */
    private readonly text: string | undefined,
  ) {}

  grow(node: unknown, path: readonly (string | number)[], offset: number): Tree {
    const place = this.placeOf(offsetOf(node) ?? offset);
    if (isMap(node)) {
      const entries = new Map<string, MapEntry>();
      for (const pair of node.items) {
        const at = offsetOf(pair.key) ?? offset;
        const key = this.#key(pair.key, path, at);
        if (key === undefined) continue;
        const keyPlace = this.placeOf(at);
        if (entries.has(key)) {
          this.issues.report(keyPlace, [...path, key], 'this key is here twice', 'Keep one of the two');
          continue;
        }
        entries.set(key, { keyPlace, value: this.grow(pair.value, [...path, key], at) });
      }
      return { kind: 'map', entries, place };
    }
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.grow(item, [...path, index], offsetOf(node) ?? offset),
      );
      return { kind: 'list', items, place };
    }
    if (isScalar(node)) return this.#scalar(node, path, place);
    return { kind: 'scalar', value: null, source: '', quoted: false, place };
  }

  #key(node: unknown, path: readonly (string | number)[], offset: number): string | undefined {
    const place = this.placeOf(offset);
    if (!isScalar(node) || (node.type === 'PLAIN' && (node.source ?? '') === '')) {
      this.issues.report(place, path, 'a key must be a word');
      return undefined;
    }
    if (node.type === 'PLAIN' && node.source === '<<') {
      this.issues.report(
        place,
        path,
        'merge keys (<<) are not part of the scenario language',
        'Write the values out',
      );
      return undefined;
    }
    return node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  }

  #scalar(
    node: { value: unknown; source?: string; type?: string },
    path: readonly (string | number)[],
    place: Place,
  ): Tree {
    const { value } = node;
    const quoted = node.type !== 'PLAIN';
    const source = quoted ? String(value) : (node.source ?? '');
    if (typeof value === 'number') {
      if (/^[-+]?0[0-9]/.test(source)) {
        const without = source.replace(/^([-+]?)0+(?=[0-9])/, '$1');
        this.issues.report(
          place,
          path,
          `${source} could be meant as octal`,
          `Write ${without}, or put it between quotes`,
        );
      } else if (!Number.isFinite(value)) {
        this.issues.report(place, path, `${quoteText(source).slice(1, -1)} is not a finite number`);
      } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        this.issues.report(
          place,
          path,
          `${showText(source, 40)} is too large to be exact`,
          'Stay within 2^53-1',
        );
      }
      return { kind: 'scalar', value: value === 0 ? 0 : value, source, quoted, place };
    }
    if (typeof value === 'string' && /[<>=!(]/.test(value)) {
      return { kind: 'scalar', value, source, quoted, place, placeIn: this.#placesIn(node, value) };
    }
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
      return { kind: 'scalar', value, source, quoted, place };
    }
    this.issues.report(place, path, 'a value of this kind is not part of the scenario language');
    return { kind: 'scalar', value: null, source, quoted, place };
  }

  /**
   * Characters of a value and of the file correspond but for blanks, which YAML folds, and the signs around the text. Where something was
   * escaped they do not, and no place inside is known.
   */
  #placesIn(node: object, value: string): ((offset: number) => Place) | undefined {
    const { text } = this;
    const range: unknown = 'range' in node ? node.range : undefined;
    if (text === undefined || !Array.isArray(range)) return undefined;
    let at = range[0] as number;
    const end = range[1] as number;
    const sign = text[at];
    if (sign === '"' || sign === "'") at++;
    // The first line of a block holds its sign.
    else if (sign === '|' || sign === '>') at = text.indexOf('\n', at) + 1;
    const offsets: number[] = [];
    for (const character of value) {
      if (/\s/.test(character)) {
        offsets.push(at);
        continue;
      }
      while (at < end && /\s/.test(text[at])) at++;
      if (!text.startsWith(character, at)) return undefined;
      for (let i = 0; i < character.length; i++) offsets.push(at++);
    }
    offsets.push(at);
    return (offset) => this.placeOf(offsets[Math.min(offset, offsets.length - 1)]);
  }
}

function offsetOf(node: unknown): number | undefined {
  const range: unknown =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
