/**
 * GML: keys and values, lists in square brackets (M. Himsolt, "GML: a portable graph file format", 1997), as written by networkx, Gephi
 * and the Internet Topology Zoo. Reads `graph [ directed 0 node [ id 0 label "Berlin" ] edge [ source 0 target 1 ] ]`.
 */
import { quoteText } from '../../base/escape.js';
import type { Layout } from '../../model/topology.js';
import {
  edgesOf,
  type GraphCollector,
  type GraphFormat,
  nameOf,
  positionOf,
} from '../../parts/graph-file.js';
import { type Token, Tokens } from '../../parts/graph-tokens.js';

const grammar =
  /(?<skip>[\s]+|#[^\n]*)|(?<open>\[)|(?<close>\])|(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<key>[A-Za-z_][A-Za-z0-9_.]*)|"(?<string>[^"]*)"/uy;
const depthMax = 64;

/** A list of keys and values; keys may repeat. */
interface GmlList {
  readonly at: Token;
  readonly entries: readonly (readonly [key: string, value: GmlList | Token])[];
}

class GmlReader {
  readonly #tokens: Tokens;

  constructor(
    text: string,
    private readonly into: GraphCollector,
  ) {
    this.#tokens = new Tokens(text, grammar);
  }

  read(): void {
    const top = this.#list(this.#tokens.peek(), 0);
    const graphs = top.entries.filter(([key]) => key.toLowerCase() === 'graph');
    if (graphs.length !== 1) this.into.fail(undefined, `holds ${graphs.length} graphs`, 'one graph [ ... ]');
    const graph = graphs[0][1];
    if (!('entries' in graph)) this.into.fail(graph, 'graph is no list', 'graph [ ... ]');
    this.into.directed = graph.entries.some(
      ([key, value]) => key.toLowerCase() === 'directed' && 'text' in value && Number(value.text) === 1,
    );
    // Edges may stand before their nodes.
    for (const [key, value] of graph.entries) if (key === 'node') this.#node(value);
    for (const [key, value] of graph.entries) if (key === 'edge') this.#edge(value);
  }

  #list(at: Token, depth: number): GmlList {
    if (depth > depthMax) this.into.fail(at, 'is nested too deeply', `${depthMax} levels`);
    const entries: (readonly [string, GmlList | Token])[] = [];
    for (;;) {
      const key = this.#tokens.next();
      if (key.kind === (depth === 0 ? 'end' : 'close')) return { at, entries };
      if (key.kind !== 'key') this.#unexpected(key, depth === 0 ? 'a key' : 'a key or ]');
      const value = this.#tokens.next();
      if (value.kind === 'open') entries.push([key.text, this.#list(value, depth + 1)]);
      else if (value.kind === 'number' || value.kind === 'string') entries.push([key.text, value]);
      else this.#unexpected(value, `a value for ${key.text.slice(0, 40)}`);
    }
  }

  #unexpected(token: Token, expected: string): never {
    this.into.fail(
      token,
      token.kind === 'end' ? 'ends too early' : `cannot read ${quoteText(token.text)}`,
      expected,
    );
  }

  #node(node: GmlList | Token): void {
    const list = this.#asList(node, 'node');
    const id = this.#required(list, 'id', 'node');
    const latitude = this.#number(list, 'latitude') ?? this.#number(list, 'lat');
    const longitude =
      this.#number(list, 'longitude') ?? this.#number(list, 'lon') ?? this.#number(list, 'lng');
    const name = decode(this.#scalar(list, 'label')?.text ?? '');
    const region = decode(this.#scalar(list, 'region')?.text ?? '');
    const facts = {
      name: name === '' ? undefined : name,
      region: region === '' ? undefined : region,
      latitude,
      longitude,
    };
    this.into.node(decode(id.text), facts, list.at);
  }

  #edge(edge: GmlList | Token): void {
    const list = this.#asList(edge, 'edge');
    const from = this.#required(list, 'source', 'edge');
    const to = this.#required(list, 'target', 'edge');
    const loss = this.#number(list, 'loss');
    this.into.edge(decode(from.text), decode(to.text), list.at, loss);
  }

  #asList(value: GmlList | Token, key: string): GmlList {
    return 'entries' in value ? value : this.into.fail(value, `${key} is no list`, `${key} [ ... ]`);
  }

  #scalar(list: GmlList, key: string): Token | undefined {
    for (const [name, value] of list.entries) {
      if (name.toLowerCase() === key && 'text' in value) return value;
    }
    return undefined;
  }

  #required(list: GmlList, key: string, owner: string): Token {
    return this.#scalar(list, key) ?? this.into.fail(list.at, `${owner} has no ${key}`, `${key} and a value`);
  }

  #number(list: GmlList, key: string): number | undefined {
    const token = this.#scalar(list, key);
    if (token === undefined || token.text === '') return undefined;
    const value = Number(token.text);
    return Number.isFinite(value)
      ? value
      : this.into.fail(token, `${key} is ${quoteText(token.text)}`, 'a number');
  }
}

/** GML writes what it has no signs for as HTML entities. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|quot|amp|lt|gt);/g, (entity, code?: string) => {
    if (code !== undefined) return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : entity;
    return { '&quot;': '"', '&amp;': '&', '&lt;': '<', '&gt;': '>' }[entity] ?? entity;
  });
}

function encode(text: string): string {
  let encoded = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    encoded += code < 32 || code > 126 || character === '"' || character === '&' ? `&#${code};` : character;
  }
  return encoded;
}

function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  yield `graph [\n  directed ${graph.directed ? 1 : 0}\n`;
  for (let node = 0; node < graph.nodeCount; node++) {
    const position = positionOf(layout, node);
    const region = layout.regions?.[node];
    yield (
      `  node [ id ${node} label "${encode(nameOf(layout, node))}"` +
      (position === undefined ? '' : ` Latitude ${position[0]} Longitude ${position[1]}`) +
      (region === undefined || region === '' ? '' : ` region "${encode(region)}"`) +
      ' ]\n'
    );
  }
  for (const [from, to] of edgesOf(layout)) yield `  edge [ source ${from} target ${to} ]\n`;
  yield ']\n';
}

export const gml: GraphFormat = {
  name: 'gml',
  summary: 'keys and values in brackets, as in networkx and Gephi',
  extensions: ['gml'],
  read(text, into) {
    new GmlReader(text, into).read();
  },
  write,
};
