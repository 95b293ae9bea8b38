/**
 * The use case of `mesh topology`: makes or reads a network, says what kind it is, and writes it down again as a file or a picture.
 * The graph that `generate` makes with a seed is the graph that a scenario with that seed runs on.
 */
import { UserError } from '../base/errors.js';
import { quoteText, showText } from '../base/escape.js';
import type { Knobs } from '../base/knobs.js';
import { RandomStream } from '../base/random.js';
import { formatCount } from '../base/units.js';
import { readSmallFile } from '../io/input-file.js';
import { openOutput, type OutputFile } from '../io/output-file.js';
import type { Layout } from '../model/topology.js';
import { graphFileBytesMax } from '../parts/graph-file.js';
import { mapPlaces, springPlaces } from '../parts/graph-layout.js';
import { graphStatistics } from '../parts/graph-statistics.js';
import { checkEdgeCount } from '../parts/layouts.js';
import { topologySvg } from '../reports/topology-svg.js';
import type { TopologyResult } from '../reports/topology.js';
import { Issues } from '../scenario/issues.js';
import { knobFields } from '../scenario/knob-shape.js';
import { readFields } from '../scenario/section.js';
import { wrong } from '../scenario/shape.js';
import type { MapEntry, ScalarTree } from '../scenario/tree.js';
import { formatOfFile } from '../topologies/file.js';
import { graphFormats } from '../topologies/formats/registry.js';
import { topologies } from '../topologies/registry.js';

/** Up to this many edges are examined; a complete graph of a million nodes has more than fit anywhere. */
const examinedEdgesMax = 20_000_000;
/** Up to this many nodes and edges are drawn. */
const drawnNodesMax = 20_000;
const drawnEdgesMax = 200_000;

export interface TopologyRequest {
  /** A name in the registry; `file` reads one. */
  readonly type: string;
  readonly nodeCount?: number;
  readonly seed: number;
  /** `name=value`, one for each parameter that is not left to its default. */
  readonly settings: readonly string[];
}

export interface TopologyOutputs {
  /** Where the graph goes; its format follows from the name unless `format` says it. */
  readonly graph?: string;
  readonly format?: string;
  readonly svg?: string;
  readonly title: string;
  readonly force: boolean;
  readonly inputs: readonly string[];
}

/** A network, ready to be examined and written. */
export interface BuiltTopology {
  readonly layout: Layout;
  readonly request: TopologyRequest;
}

/** @throws UserError when the type, a parameter or the file is not usable */
export function buildTopology(request: TopologyRequest): BuiltTopology {
  const kind = topologies.get(request.type);
  const parameters = readSettings(kind.knobs, request.settings);
  const layout = kind.build(
    {
      nodeCount: request.nodeCount,
      nodeCountKey: '--nodes',
      chance: RandomStream.named(request.seed, 'topology'),
      readFile: (path) => readSmallFile(path, graphFileBytesMax),
    },
    parameters as never,
  );
  return { layout, request };
}

/** Whether a parameter of this name exists: of this type, or of any when there is no such type. */
export function isParameter(type: string | undefined, name: string): boolean {
  const kinds = type !== undefined && topologies.has(type) ? [topologies.get(type)] : [...topologies];
  return kinds.some(({ knobs }) => Object.hasOwn(knobs, name));
}

/** Turns `k=8` into what the knobs of a topology want, by the rules of the scenario language. */
function readSettings(knobs: Knobs, settings: readonly string[]): Record<string, unknown> {
  const issues = new Issues('--set', true);
  const entries = new Map<string, MapEntry>();
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at <= 0) {
      throw new UserError('bad-flag', {
        place: '--set',
        what: `cannot read ${quoteText(setting)}`,
        expected: 'a name and a value, such as k=8',
      });
    }
    const name = setting.slice(0, at).trim();
    const place = { flag: `--set ${showText(name, 40)}` };
    if (entries.has(name)) throw new UserError('bad-flag', { place: place.flag, what: 'it is set twice' });
    const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
    const isText = knob?.kind === 'text' || knob?.kind === 'file' || knob?.kind === 'choice';
    entries.set(name, { keyPlace: place, value: scalarOf(setting.slice(at + 1), isText, place) });
  }
  const tree = { kind: 'map', entries, place: { flag: '--set' } } as const;
  const values = readFields(tree, knobFields(knobs), [], issues);
  issues.throwIfAny('bad-flag');
  if (values === wrong) throw new UserError('bad-flag', { place: '--set', what: 'a parameter is wrong' });
  return values;
}

function scalarOf(source: string, isText: boolean, place: ScalarTree['place']): ScalarTree {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(source);
  const value = isText
    ? source
    : number
      ? Number(source)
      : source === 'true'
        ? true
        : source === 'false'
          ? false
          : source;
  return { kind: 'scalar', value, source, quoted: false, place };
}

/** What kind of network it is. */
export function examineTopology({ layout, request }: BuiltTopology): TopologyResult {
  const { graph, positions } = layout;
  let located = 0;
  for (const latitude of positions?.latitudes ?? []) if (latitude === latitude) located++;
  const isExaminable = graph.edgeCount <= examinedEdgesMax;
  return {
    type: request.type,
    seed: request.seed,
    nodes: graph.nodeCount,
    edges: graph.edgeCount,
    directed: graph.directed,
    named: layout.names !== undefined,
    located,
    regions:
      layout.regions === undefined ? 0 : new Set(layout.regions.filter((region) => region !== '')).size,
    remarks: isExaminable
      ? layout.remarks
      : [...layout.remarks, `${formatCount(graph.edgeCount)} edges are too many to examine one by one`],
    statistics: isExaminable ? graphStatistics(graph) : null,
  };
}

/**
 * Writes the graph, the picture, or both; neither appears unless both can be opened.
 * @throws UserError before anything is written when an output cannot be had, or the graph is too large for it
 */
export async function writeTopology(
  { layout, request }: BuiltTopology,
  outputs: TopologyOutputs,
): Promise<void> {
  const format =
    outputs.graph === undefined
      ? undefined
      : outputs.format === undefined
        ? formatOfFile(graphFormats, outputs.graph)
        : graphFormats.get(outputs.format);
  if (format !== undefined) checkEdgeCount(request.type, layout.graph.edgeCount);
  if (outputs.svg !== undefined) checkDrawable(layout);
  const { force } = outputs;
  const opened: OutputFile[] = [];
  try {
    const open = async (path: string): Promise<OutputFile> => {
      const file = await openOutput(path, { force, inputs: outputs.inputs });
      opened.push(file);
      return file;
    };
    const graphFile = outputs.graph === undefined ? undefined : await open(outputs.graph);
    const svgFile = outputs.svg === undefined ? undefined : await open(outputs.svg);
    if (graphFile !== undefined && format !== undefined) {
      for (const piece of format.write(layout)) await graphFile.write(piece);
    }
    if (svgFile !== undefined) for (const piece of drawing(layout, outputs.title)) await svgFile.write(piece);
    for (const file of opened) await file.commit();
  } finally {
    for (const file of opened) await file.discard();
  }
}

/** The graph as text in a format, for standard output. */
export function topologyText({ layout, request }: BuiltTopology, format: string): Iterable<string> {
  const writer = graphFormats.get(format);
  checkEdgeCount(request.type, layout.graph.edgeCount);
  return writer.write(layout);
}

function checkDrawable({ graph }: Layout): void {
  if (graph.nodeCount <= drawnNodesMax && graph.edgeCount <= drawnEdgesMax) return;
  throw new UserError('too-expensive', {
    place: '--svg',
    what: `${formatCount(graph.nodeCount)} nodes and ${formatCount(graph.edgeCount)} edges would be a black page`,
    expected: `at most ${formatCount(drawnNodesMax)} nodes and ${formatCount(drawnEdgesMax)} edges`,
    next: 'Draw a smaller network of the same kind',
  });
}

function drawing(layout: Layout, title: string): Iterable<string> {
  const { graph, positions } = layout;
  const places =
    positions === undefined
      ? springPlaces(graph, RandomStream.named(1, 'picture'))
      : mapPlaces(graph, positions);
  return topologySvg(layout, { ...places, geographic: positions !== undefined }, title);
}
