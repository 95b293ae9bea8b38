/** An expression in a scenario: what is wrong with it is reported at the character where it stands. */
import type { Metric } from '../model/metrics.js';
import { readExpression, type Expression } from '../parts/expression.js';
import type { Issues } from './issues.js';
import type { NodePlan } from './nodes.js';
import { complain, meantHint, quoted, wrong, type JsonSchema, type Read, type Shape } from './shape.js';
import { nearestTree, placeInside, type Path, type Tree } from './tree.js';

const example = 'deliveryRatio >= 0.99';

/** So many names are looked through for the one that was meant. */
const namesLookedAt = 2000;

export function readCondition(
  tree: Tree,
  metrics: readonly Metric[],
  path: Path,
  issues: Issues,
): Read<Expression> {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string')
    return complain({ words: `a comparison such as ${example}` }, tree, path, issues);
  const expression = readExpression(tree.value, metrics);
  if (!('problem' in expression)) return expression;
  const { at, what, next } = expression.problem;
  const isCut = !tree.quoted && at === tree.value.length && tree.value.includes('(');
  const hint = isCut ? 'Put the expression between quotes: a comma ends a bare text in YAML' : undefined;
  reportInside(tree, at, path, issues, what, next ?? hint);
  return wrong;
}

export function conditionSchema(description: string): JsonSchema {
  return { type: 'string', description, examples: [example] };
}

/** A key that holds an expression; `doc` for editors. */
export function expressionShape(metrics: readonly Metric[], doc: string): Shape<Expression> {
  return {
    words: 'an expression such as recentDeliveryRatio >= 0.99',
    read: (tree, path, issues) => readCondition(tree, metrics, path, issues),
    plain: ({ text }) => text,
    schema: () => conditionSchema(doc),
  };
}

/** Groups and nodes that an expression names must exist. */
export function checkExpressionNames(
  { names }: Expression,
  plan: NodePlan,
  path: Path,
  issues: Issues,
): void {
  const { root } = issues;
  if (root === undefined) return;
  const tree = nearestTree(root, path);
  const groups = plan.groups.map(({ id }) => id);
  for (const { what, name, at } of names) {
    if (what === 'group' ? groups.includes(name) : plan.addressOf(name) !== undefined) continue;
    if (what === 'group') {
      const expected = groups.length === 0 ? 'there are no groups' : `expected one of ${groups.join(', ')}`;
      const meant = meantHint(name, groups);
      reportInside(tree, at, path, issues, `there is no group ${quoted(name)}, ${expected}`, meant);
      continue;
    }
    const count = Math.min(plan.nodeCount, namesLookedAt);
    const some = Array.from({ length: count }, (_, address) => plan.nameOf(address));
    reportInside(tree, at, path, issues, `there is no node ${quoted(name)}`, meantHint(name, some));
  }
}

function reportInside(tree: Tree, at: number, path: Path, issues: Issues, what: string, next?: string): void {
  const { place, isExact } = placeInside(tree, at);
  issues.report(place, path, isExact || at === 0 ? what : `${what} (at character ${at + 1})`, next);
}
