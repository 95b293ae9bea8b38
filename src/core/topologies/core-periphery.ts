/**
 * A core and a crowd around it: the nodes of the core, which come first, pick contacts among themselves; each of the others picks its
 * contacts in the core, and none among the crowd. So sits a blockchain's network among hangers-on, a service among its clients, or honest
 * nodes among Sybils, which connect to them and not to each other.
 *
 * The word is that of S. P. Borgatti and M. G. Everett, "Models of core/periphery structures", Social Networks 21, 1999.
 */
import { knobs } from '../base/knobs.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, nodeCountOf, plainLayout, refuse } from '../parts/layouts.js';

export const corePeriphery = topology({
  name: 'core-periphery',
  summary: 'a core that is connected at random, and a crowd that connects to the core',
  knobs: knobs({
    core: { kind: 'integer', min: 1, doc: 'How many nodes are the core: the first ones.' },
    coreLinks: {
      kind: 'integer',
      min: 0,
      default: 10,
      doc: 'Contacts that each node of the core picks in the core, below its size. Degrees within the core are about twice that.',
    },
    links: {
      kind: 'integer',
      min: 1,
      default: 10,
      doc: 'Contacts that each of the others picks in the core, at most its size.',
    },
  }),
  build(context, { core, coreLinks, links }) {
    const nodeCount = nodeCountOf(context, 'core-periphery');
    if (core > nodeCount) refuse(`the core has ${core} of ${nodeCount} nodes`, 'no more than there are');
    if (coreLinks >= core) refuse(`coreLinks is ${coreLinks} in a core of ${core}`, 'coreLinks below core');
    if (links > core && nodeCount > core)
      refuse(`links is ${links} and the core ${core}`, 'links up to core');
    checkEdgeCount('core-periphery', core * coreLinks + (nodeCount - core) * links);
    const { chance } = context;
    const builder = new GraphBuilder(nodeCount);
    // Floyd's sampling without replacement, the node itself skipped where it could pick itself.
    const pickedBy = new Int32Array(core).fill(-1);
    for (let node = 0; node < nodeCount; node++) {
      const isCore = node < core;
      const others = isCore ? core - 1 : core;
      for (let top = others - (isCore ? coreLinks : links); top < others; top++) {
        const drawn = chance.below(top + 1);
        const pick = pickedBy[drawn] === node ? top : drawn;
        pickedBy[pick] = node;
        builder.add(node, isCore && pick >= node ? pick + 1 : pick);
      }
    }
    return plainLayout(builder.build());
  },
});
