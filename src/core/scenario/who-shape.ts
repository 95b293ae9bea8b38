/** Who is meant: `all`, or `{group, ids, role, region, share, count}`. The same everywhere in a scenario. */
import type { Who } from '../base/who.js';
import { complain, listShape, nameShape, numberShape, textShape, wrong, type Shape } from './shape.js';
import { fieldsSchema, objectSchema, optional, plainFields, readFields } from './section.js';

export const whoFields = {
  group: optional(textShape(), 'Nodes of this group, as named in `nodes.groups`.'),
  ids: optional(listShape(nameShape, { min: 1, words: 'a list of node names' }), 'Nodes with these names.'),
  role: optional(
    textShape(),
    'Nodes whose group has this role; `observer` means the nodes of `observers`. `hub`: with `count` or `share`, those with the most links in the topology, otherwise the first hundredth. `leader`: those whom a topology with levels puts at the head of a group. `committee`: the members of the committee that `sync` has drawn.',
  ),
  region: optional(
    textShape(),
    'Nodes in this region: that of their group in `nodes.groups`, else that which the topology gives them.',
  ),
  share: optional(
    numberShape('ratio'),
    'This share of the nodes that the other conditions leave, rounded to whole nodes, drawn from the seed.',
  ),
  count: optional(
    numberShape('integer', 0),
    'This many of them, or all if there are fewer, drawn from the seed.',
  ),
};

export const whoShape: Shape<Who> = {
  words: 'all, or a section of group, ids, role, region, share, count',
  read(tree, path, issues) {
    if (tree.kind === 'scalar' && tree.source === 'all') return {};
    if (tree.kind !== 'map') return complain(whoShape, tree, path, issues);
    const values = readFields(tree, whoFields, path, issues);
    if (values === wrong) return wrong;
    if (values.share !== undefined && values.count !== undefined) {
      issues.report(tree.place, path, 'share and count cannot both hold', 'Keep one of the two');
      return wrong;
    }
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Who;
  },
  plain: (who) => {
    const plain = plainFields(who as Record<string, unknown>, whoFields);
    return Object.keys(plain).length === 0 ? 'all' : plain;
  },
  schema: () => {
    const { properties, required } = fieldsSchema(whoFields);
    return { anyOf: [{ const: 'all' }, objectSchema(properties, required)] };
  },
};
