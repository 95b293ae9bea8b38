/**
 * GraphML, the XML of graphs (U. Brandes et al., "GraphML progress report", Graph Drawing 2001; graphml.graphdrawing.org), as written
 * by the Internet Topology Zoo, networkx, Gephi and yEd. We read nodes, edges and a few data fields by the names that are common:
 * label or name, Latitude and Longitude, region or group, loss. Nothing outside the file is ever fetched and no entity is expanded.
 */
import { SaxesParser } from 'saxes';
import { quoteText } from '../../base/escape.js';
import {
  edgesOf,
  type GraphCollector,
  type GraphFormat,
  lossBetween,
  nameOf,
  type Place,
  positionOf,
} from '../../parts/graph-file.js';
import type { Layout } from '../../model/topology.js';

const depthMax = 64;

/** What the names of data fields mean, in lower case. */
const meanings = new Map<string, keyof Fields>([
  ['label', 'label'],
  ['name', 'name'],
  ['latitude', 'latitude'],
  ['lat', 'latitude'],
  ['longitude', 'longitude'],
  ['lon', 'longitude'],
  ['lng', 'longitude'],
  ['long', 'longitude'],
  ['region', 'region'],
  ['group', 'region'],
  ['cluster', 'region'],
  ['loss', 'loss'],
  ['lossback', 'lossBack'],
]);

interface Fields {
  label?: string;
  name?: string;
  region?: string;
  latitude?: number;
  longitude?: number;
  loss?: number;
  lossBack?: number;
}

interface OpenEdge {
  readonly from: string;
  readonly to: string;
  readonly directed: boolean;
  readonly place: Place;
  readonly fields: Fields;
}

class GraphmlReader {
  readonly #parser = new SaxesParser({ position: true, xmlns: false });
  /** Names of the elements that are open, without namespace prefix. */
  readonly #path: string[] = [];
  /** Which field each key id stands for. */
  readonly #keys = new Map<string, keyof Fields>();
  /** Where the last tag began. */
  #place: Place = { line: 1, column: 1 };
  #graphs = 0;
  #directed = false;
  #node: { readonly id: string; readonly place: Place; readonly fields: Fields } | undefined;
  #edge: OpenEdge | undefined;
  #field: keyof Fields | undefined;
  #text = '';
  /** Edges may stand before their nodes, so they are joined at the end. */
  readonly #edges: OpenEdge[] = [];

  constructor(private readonly into: GraphCollector) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      // The parser's own words quote raw bytes of the file, after "line:column: ".
      const words = error.message.replace(/^(.*?:)?\d+:\d+: /, '');
      into.fail(this.#here(), `is not well-formed XML: ${quoteText(words)}`, 'GraphML');
    });
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
        into.fail(this.#here(), `is written in ${quoteText(encoding)}`, 'UTF-8', 'Convert it to UTF-8');
      }
    });
    parser.on('opentagstart', (tag) => {
      // The parser has read the name and one character more. After a line's end the column of "<" is unknown.
      const column = parser.column - tag.name.length - 1;
      this.#place = column > 0 ? { line: parser.line, column } : { line: parser.line - 1 };
    });
    parser.on('opentag', (tag) => {
      this.#open(tag.name.replace(/^.*:/s, ''), tag.attributes);
    });
    parser.on('closetag', () => {
      this.#close();
    });
    const text = (words: string): void => {
      if (this.#field !== undefined) this.#text += words;
    };
    parser.on('text', text);
    parser.on('cdata', text);
  }

  read(text: string): void {
    this.#parser.write(text).close();
    if (this.#graphs === 0) this.into.fail(undefined, 'holds no <graph>', 'GraphML');
    this.into.directed = this.#directed || this.#edges.some((edge) => edge.directed);
    for (const { from, to, directed, place, fields } of this.#edges) {
      const back = fields.lossBack ?? fields.loss;
      this.into.edge(from, to, place, fields.loss, back);
      // In a graph of arcs, an edge is two of them.
      if (this.into.directed && !directed) this.into.edge(to, from, place, back);
    }
  }

  #here(): Place {
    return { line: this.#parser.line, column: this.#parser.column + 1 };
  }

  #open(element: string, attributes: Record<string, string>): void {
    const parent = this.#path.at(-1);
    this.#path.push(element);
    if (this.#path.length > depthMax)
      this.into.fail(this.#place, 'is nested too deeply', `${depthMax} levels`);
    if (parent === undefined && element !== 'graphml') {
      this.into.fail(this.#place, `begins with <${quoteText(element).slice(1, -1)}>`, '<graphml>');
    }
    if (element === 'key' && parent === 'graphml') this.#readKey(attributes);
    else if (element === 'graph') this.#openGraph(parent, attributes);
    else if (element === 'node' && parent === 'graph') this.#openNode(attributes);
    else if (element === 'edge' && parent === 'graph') this.#openEdge(attributes);
    else if (element === 'hyperedge') {
      this.into.fail(this.#place, 'has an edge between more than two nodes', 'edges between two nodes');
    } else if (element === 'data' && (parent === 'node' || parent === 'edge')) {
      this.#field = this.#keys.get(this.#attribute(attributes, 'key'));
      this.#text = '';
    }
  }

  #attribute(attributes: Record<string, string>, name: string): string {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (value === undefined)
      this.into.fail(this.#place, `<${this.#path.at(-1) ?? ''}> has no ${name}`, `the attribute ${name}`);
    return value;
  }

  #readKey(attributes: Record<string, string>): void {
    const name = Object.hasOwn(attributes, 'attr.name') ? attributes['attr.name'] : '';
    const meaning = meanings.get(name.toLowerCase());
    if (meaning !== undefined) this.#keys.set(this.#attribute(attributes, 'id'), meaning);
  }

  #openGraph(parent: string | undefined, attributes: Record<string, string>): void {
    if (parent !== 'graphml') this.into.fail(this.#place, 'has a graph inside another', 'one flat graph');
    if (++this.#graphs > 1) this.into.fail(this.#place, 'holds more than one graph', 'one graph a file');
    this.#directed = Object.hasOwn(attributes, 'edgedefault') && attributes.edgedefault === 'directed';
  }

  #openNode(attributes: Record<string, string>): void {
    this.#node = { id: this.#attribute(attributes, 'id'), place: this.#place, fields: {} };
  }

  #openEdge(attributes: Record<string, string>): void {
    const own = Object.hasOwn(attributes, 'directed') ? attributes.directed : undefined;
    this.#edge = {
      from: this.#attribute(attributes, 'source'),
      to: this.#attribute(attributes, 'target'),
      directed: own === undefined ? this.#directed : own === 'true',
      place: this.#place,
      fields: {},
    };
  }

  #close(): void {
    const element = this.#path.pop();
    if (element === 'data' && this.#field !== undefined) {
      this.#setField(this.#field, this.#text.trim());
      this.#field = undefined;
    } else if (element === 'node' && this.#node !== undefined) {
      const { id, place, fields } = this.#node;
      this.into.node(id, { ...fields, name: fields.label ?? fields.name }, place);
      this.#node = undefined;
    } else if (element === 'edge' && this.#edge !== undefined) {
      this.#edges.push(this.#edge);
      this.#edge = undefined;
    }
  }

  #setField(field: keyof Fields, text: string): void {
    const fields = (this.#node ?? this.#edge)?.fields;
    if (fields === undefined || text === '') return;
    if (field === 'label' || field === 'name' || field === 'region') {
      fields[field] = text;
      return;
    }
    const value = Number(text);
    if (!Number.isFinite(value)) {
      this.into.fail(this.#place, `${field} is ${quoteText(text)}`, 'a number');
    }
    if ((field === 'loss' || field === 'lossBack') && !(value >= 0 && value <= 1)) {
      this.into.fail(this.#place, `a loss is ${quoteText(text)}`, '0 to 1');
    }
    fields[field] = value;
  }
}

function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
      // XML 1.0 has no way to write the other control characters and lone surrogates.
      // eslint-disable-next-line no-control-regex -- finding control characters is the purpose of this expression
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu, '\ufffd')
  );
}

function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
  const keys: string[][] = [['label', 'string', 'node']];
  if (layout.positions !== undefined)
    keys.push(['Latitude', 'double', 'node'], ['Longitude', 'double', 'node']);
  if (layout.regions !== undefined) keys.push(['region', 'string', 'node']);
  if (layout.lossOf !== undefined) keys.push(['loss', 'double', 'edge'], ['lossBack', 'double', 'edge']);
  for (const [name, type, side] of keys) {
    yield `  <key id="${name}" for="${side}" attr.name="${name}" attr.type="${type}"/>\n`;
  }
  yield `  <graph edgedefault="${graph.directed ? 'directed' : 'undirected'}">\n`;
  for (let node = 0; node < graph.nodeCount; node++) {
    const data = [`<data key="label">${escapeXml(nameOf(layout, node))}</data>`];
    const position = positionOf(layout, node);
    if (position !== undefined) {
      data.push(`<data key="Latitude">${position[0]}</data><data key="Longitude">${position[1]}</data>`);
    }
    const region = layout.regions?.[node];
    if (region !== undefined && region !== '') data.push(`<data key="region">${escapeXml(region)}</data>`);
    yield `    <node id="${node}">${data.join('')}</node>\n`;
  }
  for (const [from, to] of edgesOf(layout)) {
    const loss = lossBetween(layout, from, to);
    const back = graph.directed ? undefined : lossBetween(layout, to, from);
    const data =
      (loss === undefined ? '' : `<data key="loss">${loss}</data>`) +
      (back === undefined ? '' : `<data key="lossBack">${back}</data>`);
    yield `    <edge source="${from}" target="${to}"${data === '' ? '/>' : `>${data}</edge>`}\n`;
  }
  yield '  </graph>\n</graphml>\n';
}

export const graphml: GraphFormat = {
  name: 'graphml',
  summary: 'XML with positions and names, as in the Internet Topology Zoo',
  extensions: ['graphml', 'xml'],
  read(text, into) {
    new GraphmlReader(into).read(text);
  },
  write,
};
