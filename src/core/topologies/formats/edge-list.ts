/**
 * The plainest graph file: two names a line, white space or a comma between them; what follows is ignored. A line with one name is a node
 * without edges; lines that begin with # or % are comments. Snapshots of the SNAP and KONECT collections look like this.
 */
import { quoteText } from '../../base/escape.js';
import type { Layout } from '../../model/topology.js';
import { edgesOf, type GraphFormat, nameOf } from '../../parts/graph-file.js';

function* write(layout: Layout): Generator<string> {
  const { graph } = layout;
  yield `# ${graph.nodeCount} nodes, ${graph.edgeCount} ${graph.directed ? 'arcs' : 'edges'}\n`;
  const names = Array.from({ length: graph.nodeCount }, (_, node) => nameOf(layout, node));
  // Names with white space would fall apart; then numbers stand for them.
  const plain = names.every((name) => /^[^\s,;#%][^\s,;]*$/u.test(name));
  const name = (node: number): string => (plain ? names[node] : String(node));
  for (let node = 0; node < graph.nodeCount; node++)
    if (graph.neighbourCount(node) === 0) yield `${name(node)}\n`;
  for (const [from, to] of edgesOf(layout)) yield `${name(from)} ${name(to)}\n`;
}

export const edgeList: GraphFormat = {
  name: 'edge-list',
  summary: 'two names a line',
  extensions: ['txt', 'edges', 'edgelist', 'el', 'tsv'],
  read(text, into) {
    let line = 0;
    for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length;) {
      line++;
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      const words = text
        .slice(start, end)
        .trim()
        .split(/[\s,;]+/u);
      start = end + 1;
      if (words[0] === '' || /^[#%]/.test(words[0])) continue;
      if (words[0].length > 1000) into.fail({ line }, `cannot read ${quoteText(words[0], 40)}`, 'two names');
      if (words.length === 1) into.looseNode(words[0], { line });
      else into.looseEdge(words[0], words[1], { line });
    }
  },
  write,
};
