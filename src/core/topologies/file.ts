/**
 * A network that somebody drew, measured or runs: read from a file, with its names and positions. The formats arrive from their
 * registry, so that this file knows none of them.
 */
import { UserError } from '../base/errors.js';
import { quoteText } from '../base/escape.js';
import { knobs } from '../base/knobs.js';
import type { Registry } from '../base/registry.js';
import { topology } from '../model/topology.js';
import { CompleteGraph } from '../parts/complete-graph.js';
import { decodeGraphFile, GraphCollector, graphFileError, type GraphFormat } from '../parts/graph-file.js';
import { ensureConnectedKnob, joinComponents, largestComponent } from '../parts/layouts.js';

/** The format of a file by its name. @throws UserError `bad-topology-file` when the ending says nothing */
export function formatOfFile(formats: Registry<GraphFormat>, path: string): GraphFormat {
  const ending = /\.([^./\\]*)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  for (const format of formats) if (format.extensions.includes(ending)) return format;
  const known = [...formats].flatMap((format) => format.extensions.map((extension) => `.${extension}`));
  throw new UserError('bad-topology-file', {
    place: quoteText(path),
    what: 'the ending of the name does not say which format this is',
    expected: known.join(', '),
    next: 'Rename it, or name the format',
  });
}

/** The topology `file` over a shelf of formats. */
export function fileTopology(formats: Registry<GraphFormat>) {
  return topology({
    name: 'file',
    summary: 'a graph file: GraphML, GML, edge list, CSV, DOT or JSON',
    knobs: knobs({
      path: {
        kind: 'file',
        doc: 'The graph file. Names, positions, regions and measured loss are taken over where the format has them.',
      },
      format: {
        kind: 'choice',
        words: ['auto', ...formats.names],
        default: 'auto',
        doc: 'How the file is written; auto goes by the ending of its name.',
      },
      nodes: {
        kind: 'file',
        optional: true,
        doc: 'CSV only: a second file that lists the nodes, so that nodes without links are not lost.',
      },
      leaveOut: {
        kind: 'text',
        optional: true,
        pattern: /^[^=]+=.*$/su,
        doc: 'CSV only: leaves out the rows whose column has this value, for example status=planned.',
      },
      largestComponent: {
        kind: 'boolean',
        default: false,
        doc: 'Keeps only the largest component. Maps of real networks are full of islands that nothing can reach.',
      },
      ensureConnected: ensureConnectedKnob,
      reach: {
        kind: 'choice',
        words: ['links', 'everybody'],
        default: 'links',
        doc: '`links`: who is linked in the file can talk. `everybody`: the file is a map and no more, of which names, positions and regions are taken over; everybody can reach everybody, as on the Internet, and `peers` chooses.',
      },
    }),
    build(context, parameters) {
      const { path, format } = parameters;
      // Read before its name is judged: a folder should be told that it is one.
      const bytes = context.readFile(path);
      const reader = format === 'auto' ? formatOfFile(formats, path) : formats.get(format);
      const collector = new GraphCollector(path);
      const nodes = parameters.nodes;
      reader.read(decodeGraphFile(bytes, path), collector, {
        nodes:
          nodes === undefined
            ? undefined
            : { file: nodes, text: decodeGraphFile(context.readFile(nodes), nodes) },
        leaveOut: parameters.leaveOut,
      });
      let layout = collector.layout();
      if (parameters.largestComponent) layout = largestComponent(layout);
      if (parameters.reach === 'everybody') {
        const remark = 'The links of the file are not used: everybody can reach everybody';
        layout = {
          ...layout,
          graph: new CompleteGraph(layout.graph.nodeCount),
          remarks: [...layout.remarks, remark],
        };
      }
      if (parameters.ensureConnected) layout = joinComponents(layout, context.chance);
      const { nodeCount } = layout.graph;
      if (context.nodeCount !== undefined && context.nodeCount !== nodeCount) {
        throw graphFileError(
          path,
          undefined,
          `has ${nodeCount} nodes, but ${context.nodeCount} are asked for`,
          'both numbers to agree',
          'Leave nodes.count away: the file knows its own',
        );
      }
      return layout;
    },
  });
}
