/**
 * JSON: `{"directed": false, "nodes": [{"id": "a", "name": "Berlin", "latitude": 52.5, "longitude": 13.4}], "links": [{"source": "a",
 * "target": "b", "loss": 0.01}]}`, as d3 and networkx (node-link data) write it. `edges` is read for `links`, pairs for objects, and
 * bare names for nodes; without `nodes`, the links name them.
 */
import { quoteText, showValue } from '../../base/escape.js';
import type { Layout } from '../../model/topology.js';
import {
  edgesOf,
  type GraphCollector,
  type GraphFormat,
  lossBetween,
  nameOf,
  type Place,
  positionOf,
} from '../../parts/graph-file.js';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of a parsed object, its own only: `constructor` is no field. */
function field(value: Fields, ...names: readonly string[]): unknown {
  for (const name of names) if (Object.hasOwn(value, name) && value[name] !== null) return value[name];
  return undefined;
}

function read(text: string, into: GraphCollector): void {
  const root = parse(text, into);
  if (!isFields(root)) into.fail(undefined, `holds ${showValue(root)}`, 'an object with nodes and links');
  const links = field(root, 'links', 'edges');
  const nodes = field(root, 'nodes');
  if (!Array.isArray(links)) into.fail(undefined, 'has no list of links', '"links": [...]');
  if (nodes !== undefined && !Array.isArray(nodes))
    into.fail(undefined, 'nodes is no list', '"nodes": [...]');
  into.directed = field(root, 'directed') === true;
  (nodes as unknown[] | undefined)?.forEach((node, i) => {
    readNode(node, i, into);
  });
  links.forEach((link, i) => {
    readLink(link, i, nodes !== undefined, into);
  });
}

function parse(text: string, into: GraphCollector): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as unknown;
  } catch (error) {
    // The engine's words differ between versions and quote the file; the position is all we take from them.
    const at = /at position (\d+)/.exec(String(error))?.[1];
    into.fail(at === undefined ? undefined : placeAt(text, Number(at)), 'is not valid JSON', 'a JSON object');
  }
}

function placeAt(text: string, index: number): Place {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}

function nameIn(value: unknown, what: string, into: GraphCollector): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  into.fail(undefined, `${what} is ${showValue(value)}`, 'a text or a number');
}

function numberIn(value: unknown, what: string, into: GraphCollector): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  into.fail(undefined, `${what} is ${showValue(value)}`, 'a number');
}

function readNode(node: unknown, i: number, into: GraphCollector): void {
  if (!isFields(node)) {
    into.node(nameIn(node, `nodes[${i}]`, into), undefined);
    return;
  }
  const name = field(node, 'name', 'label');
  const region = field(node, 'region', 'group');
  into.node(nameIn(field(node, 'id', 'name'), `nodes[${i}].id`, into), {
    name: name === undefined ? undefined : nameIn(name, `nodes[${i}].name`, into),
    region: region === undefined ? undefined : nameIn(region, `nodes[${i}].region`, into),
    latitude: numberIn(field(node, 'latitude', 'lat'), `nodes[${i}].latitude`, into),
    longitude: numberIn(field(node, 'longitude', 'lon', 'lng'), `nodes[${i}].longitude`, into),
  });
}

function readLink(link: unknown, i: number, listed: boolean, into: GraphCollector): void {
  const pair = Array.isArray(link);
  if (!pair && !isFields(link))
    into.fail(undefined, `links[${i}] is ${showValue(link)}`, 'an object or a pair');
  const end = (index: number, ...names: readonly string[]): string => {
    const value: unknown = pair ? (link as unknown[])[index] : field(link as Fields, ...names);
    const id = nameIn(value, `links[${i}].${names[0]}`, into);
    if (id.length > 1000) into.fail(undefined, `links[${i}] names ${quoteText(id, 40)}`, 'a shorter name');
    return id;
  };
  const from = end(0, 'source', 'from');
  const to = end(1, 'target', 'to');
  const loss = pair ? undefined : numberIn(field(link as Fields, 'loss'), `links[${i}].loss`, into);
  const back = pair ? undefined : numberIn(field(link as Fields, 'lossBack'), `links[${i}].lossBack`, into);
  for (const ratio of [loss, back]) {
    if (ratio !== undefined && !(ratio >= 0 && ratio <= 1))
      into.fail(undefined, `links[${i}].loss is ${ratio}`, '0 to 1');
  }
  if (listed) into.edge(from, to, undefined, loss, back ?? loss);
  else into.looseEdge(from, to, undefined, loss, back ?? loss);
}

function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  yield `{"directed":${graph.directed},"nodes":[`;
  for (let node = 0; node < graph.nodeCount; node++) {
    const position = positionOf(layout, node);
    const region = layout.regions?.[node];
    const fields = {
      id: node,
      name: nameOf(layout, node),
      latitude: position?.[0],
      longitude: position?.[1],
      region: region === '' ? undefined : region,
    };
    yield `${node === 0 ? '\n' : ',\n'}${JSON.stringify(fields)}`;
  }
  yield '\n],"links":[';
  let separator = '\n';
  for (const [source, target] of edgesOf(layout)) {
    const loss = lossBetween(layout, source, target);
    const lossBack = graph.directed ? undefined : lossBetween(layout, target, source);
    yield separator + JSON.stringify({ source, target, loss, lossBack });
    separator = ',\n';
  }
  yield '\n]}\n';
}

export const json: GraphFormat = {
  name: 'json',
  summary: 'nodes and links, as in d3 and networkx',
  extensions: ['json'],
  read(text, into) {
    read(text, into);
  },
  write,
};
