/**
 * DOT, the language of Graphviz: `graph { a -- b -- c; d [label="Delta"] }`. Nodes, edges, chains, subgraphs (a cluster becomes a
 * region) and the attributes label, latitude, longitude, region and loss; all that concerns drawing is passed over. Not
 * understood: HTML labels.
 */
import { quoteText } from '../../base/escape.js';
import type { Layout } from '../../model/topology.js';
import {
  edgesOf,
  type GraphCollector,
  type GraphFormat,
  lossBetween,
  nameOf,
  type NodeFacts,
  positionOf,
} from '../../parts/graph-file.js';
import { type Token, Tokens } from '../../parts/graph-tokens.js';

const grammar =
  /(?<skip>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#[^\n]*)|(?<edge>--|->)|(?<sign>[{}[\];,=:+])|(?<id>[\p{L}_][\p{L}\p{N}_]*|-?(?:\.\d+|\d+(?:\.\d*)?))|"(?<string>(?:[^"\\]|\\[\s\S])*)"/muy;
const depthMax = 64;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly place: Token;
  readonly loss: number | undefined;
}

class DotReader {
  readonly #tokens: Tokens;
  /** Nodes in the order in which they are met, with what is said about them. */
  readonly #nodes = new Map<string, { facts: NodeFacts; readonly place: Token }>();
  readonly #edges: Edge[] = [];
  #arrow = '--';

  constructor(
    text: string,
    private readonly into: GraphCollector,
  ) {
    this.#tokens = new Tokens(text, grammar);
  }

  read(): void {
    let word = this.#tokens.next();
    if (isWord(word, 'strict')) word = this.#tokens.next();
    if (isWord(word, 'digraph')) this.#arrow = '->';
    else if (!isWord(word, 'graph')) this.#unexpected(word, 'graph or digraph');
    if (isName(this.#tokens.peek())) this.#name();
    this.#sign('{');
    this.#statements(undefined, 0);
    const end = this.#tokens.next();
    if (end.kind !== 'end') this.#unexpected(end, 'nothing behind the graph');
    this.into.directed = this.#arrow === '->';
    for (const [id, { facts, place }] of this.#nodes) this.into.node(id, facts, place);
    for (const { from, to, place, loss } of this.#edges) this.into.edge(from, to, place, loss);
  }

  /** Statements up to the closing brace; returns the nodes that they name. */
  #statements(region: string | undefined, depth: number): string[] {
    if (depth > depthMax) this.into.fail(this.#tokens.peek(), 'is nested too deeply', `${depthMax} levels`);
    const named: string[] = [];
    let label = region;
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === 'end') this.#unexpected(token, '}');
      if (isSign(token, '}')) {
        this.#tokens.next();
        return named;
      }
      if (isSign(token, ';') || isSign(token, ',')) {
        this.#tokens.next();
        continue;
      }
      if (isWord(token, 'node') || isWord(token, 'edge') || isWord(token, 'graph')) {
        this.#tokens.next();
        this.#attributes();
        continue;
      }
      const members = this.#member(label, depth);
      if (members.length === 1 && isSign(this.#tokens.peek(), '=')) {
        // `label=Europe` inside a cluster names its region; other settings are about drawing.
        this.#tokens.next();
        const value = this.#name();
        this.#forget(members[0], token);
        if (depth > 0 && members[0] === 'label') label = value;
        continue;
      }
      const chain = [members];
      while (this.#tokens.peek().kind === 'edge') {
        const arrow = this.#tokens.next();
        if (arrow.text !== this.#arrow) this.#unexpected(arrow, this.#arrow);
        chain.push(this.#member(label, depth));
      }
      const attributes = this.#attributes();
      if (chain.length === 1) for (const id of members) this.#describe(id, attributes, token);
      this.#link(chain, attributes, token);
      for (const group of chain) for (const id of group) named.push(id);
    }
  }

  /** A node, or the nodes of a subgraph. */
  #member(region: string | undefined, depth: number): string[] {
    const token = this.#tokens.peek();
    if (isSign(token, '{') || isWord(token, 'subgraph')) {
      let own = region;
      if (isWord(this.#tokens.peek(), 'subgraph')) {
        this.#tokens.next();
        if (isName(this.#tokens.peek())) {
          const name = this.#name();
          if (name.startsWith('cluster')) own = name.replace(/^cluster_?/, '') || name;
        }
      }
      this.#sign('{');
      return this.#statements(own, depth + 1);
    }
    const id = this.#name();
    // Ports say where a line meets its node.
    while (isSign(this.#tokens.peek(), ':')) {
      this.#tokens.next();
      this.#name();
    }
    if (!this.#nodes.has(id)) this.#nodes.set(id, { facts: { region }, place: token });
    return [id];
  }

  /** A setting such as `rankdir=LR` was taken for a node; unless it is one. */
  #forget(id: string, place: Token): void {
    if (this.#nodes.get(id)?.place === place) this.#nodes.delete(id);
  }

  #link(chain: readonly (readonly string[])[], attributes: ReadonlyMap<string, string>, place: Token): void {
    const loss = attributes.has('loss') ? this.#number(attributes, 'loss', place, 0, 1) : undefined;
    for (let i = 1; i < chain.length; i++) {
      for (const from of chain[i - 1]) for (const to of chain[i]) this.#edges.push({ from, to, place, loss });
    }
    if (this.#edges.length > 50_000_000) this.into.fail(place, 'has too many edges', 'at most 50,000,000');
  }

  #describe(id: string, attributes: ReadonlyMap<string, string>, place: Token): void {
    const node = this.#nodes.get(id);
    if (node === undefined || attributes.size === 0) return;
    const label = attributes.get('label');
    node.facts = {
      name: label === undefined || label === '' || label === '\\N' ? node.facts.name : label,
      region: attributes.get('region') ?? node.facts.region,
      latitude: this.#number(attributes, 'latitude', place, -90, 90) ?? node.facts.latitude,
      longitude: this.#number(attributes, 'longitude', place, -360, 360) ?? node.facts.longitude,
    };
  }

  #number(
    attributes: ReadonlyMap<string, string>,
    key: string,
    place: Token,
    min: number,
    max: number,
  ): number | undefined {
    const text = attributes.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text !== '' && value >= min && value <= max) return value;
    this.into.fail(place, `${key} is ${quoteText(text)}`, `a number from ${min} to ${max}`);
  }

  #attributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    while (isSign(this.#tokens.peek(), '[')) {
      this.#tokens.next();
      while (!isSign(this.#tokens.peek(), ']')) {
        const key = this.#name();
        let value = 'true';
        if (isSign(this.#tokens.peek(), '=')) {
          this.#tokens.next();
          value = this.#name();
        }
        attributes.set(key.toLowerCase(), value);
        if (isSign(this.#tokens.peek(), ',') || isSign(this.#tokens.peek(), ';')) this.#tokens.next();
      }
      this.#tokens.next();
    }
    return attributes;
  }

  /** An identifier: a word, a number, or a string in quotes, joined by + where there are several. */
  #name(): string {
    const token = this.#tokens.next();
    if (token.kind === 'id') return token.text;
    if (token.kind !== 'string') this.#unexpected(token, 'a name');
    let text = unquote(token.text);
    while (isSign(this.#tokens.peek(), '+')) {
      this.#tokens.next();
      const more = this.#tokens.next();
      if (more.kind !== 'string') this.#unexpected(more, 'a string behind +');
      text += unquote(more.text);
    }
    return text;
  }

  #sign(text: string): void {
    const token = this.#tokens.next();
    if (!isSign(token, text)) this.#unexpected(token, text);
  }

  #unexpected(token: Token, expected: string): never {
    const html = token.text === '<' ? ': HTML labels are not understood' : '';
    const what = token.kind === 'end' ? 'ends too early' : `cannot read ${quoteText(token.text)}${html}`;
    this.into.fail(token, what, expected);
  }
}

/** Keywords are not case-sensitive, and are none in quotes. */
const isWord = (token: Token, word: string): boolean =>
  token.kind === 'id' && token.text.toLowerCase() === word;
const isSign = (token: Token, sign: string): boolean => token.kind === 'sign' && token.text === sign;
const isName = (token: Token): boolean => token.kind === 'id' || token.kind === 'string';

function unquote(text: string): string {
  return text.replace(/\\(\r?\n|["\\])/g, (_, escaped: string) => (escaped.endsWith('\n') ? '' : escaped));
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

// Numbers stand in quotes, since the numerals of DOT have no exponents.
function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  yield graph.directed ? 'digraph {\n' : 'graph {\n';
  for (let node = 0; node < graph.nodeCount; node++) {
    const attributes = [`label=${quote(nameOf(layout, node))}`];
    const position = positionOf(layout, node);
    if (position !== undefined) attributes.push(`latitude="${position[0]}"`, `longitude="${position[1]}"`);
    const region = layout.regions?.[node];
    if (region !== undefined && region !== '') attributes.push(`region=${quote(region)}`);
    yield `  ${node} [${attributes.join(', ')}];\n`;
  }
  const arrow = graph.directed ? '->' : '--';
  for (const [from, to] of edgesOf(layout)) {
    const loss = lossBetween(layout, from, to);
    yield `  ${from} ${arrow} ${to}${loss === undefined ? '' : ` [loss="${loss}"]`};\n`;
  }
  yield '}\n';
}

export const dot: GraphFormat = {
  name: 'dot',
  summary: 'the language of Graphviz',
  extensions: ['dot', 'gv'],
  read(text, into) {
    new DotReader(text, into).read();
  },
  write,
};
