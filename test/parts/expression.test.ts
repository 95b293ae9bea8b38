/**
 * The expression language: what it reads, what it refuses and where, and what it comes to, held against an evaluator that was written for
 * this test, works on trees of its own, and knows no NaN.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasuredWorld } from '../../src/core/model/expression.js';
import { metrics } from '../../src/core/model/metrics.js';
import { readExpression } from '../../src/core/parts/expression.js';
import { bindCondition } from '../../src/core/parts/expression-value.js';

interface TestNode {
  readonly up: boolean;
  readonly honest: boolean;
  readonly group: number;
  readonly step: number | null;
  readonly sent: number;
}

interface TestWorld {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly nodes: readonly TestNode[];
}

const groups = ['eu', 'us-west'];

function measured({ figures, nodes }: TestWorld): MeasuredWorld {
  return {
    nodeCount: nodes.length,
    metric: (name, group) => () => figures[group < 0 ? name : `${name}/${group}`] ?? NaN,
    attribute: (name) => (node) => {
      const { up, honest, step, sent } = nodes[node];
      return name === 'up'
        ? Number(up)
        : name === 'honest'
          ? Number(honest)
          : name === 'step'
            ? (step ?? NaN)
            : sent;
    },
    isMember: (node, who, group) => {
      const one = nodes[node];
      return (group < 0 || one.group === group) && (who === 'nodes' || (one.up && one.honest));
    },
    groupNumber: (id) => groups.indexOf(id),
    addressOf: (name) => Number(name.slice(1)),
  };
}

function valueOf(text: string, world: TestWorld): boolean | null {
  const expression = readExpression(text, metrics);
  if ('problem' in expression) throw new Error(`${text}: ${expression.problem.what}`);
  const value = bindCondition(expression.condition, measured(world))();
  return Number.isNaN(value) ? null : value === 1;
}

function problem(text: string): string {
  const expression = readExpression(text, metrics);
  if (!('problem' in expression)) return `fine: ${expression.text}`;
  const { at, what, next } = expression.problem;
  return `${at + 1}: ${what}${next === undefined ? '' : `. ${next}`}`;
}

const world: TestWorld = {
  figures: {
    deliveryRatio: 0.97,
    'deliveryRatio/1': 0.5,
    reach: null,
    nodesUp: 4,
    averageLatency: 120,
    'disseminationLatency.p99': Infinity,
    stepMax: 9,
    networkHealth: 88,
    'bytesPerNode.mean': 2048,
  },
  nodes: [
    { up: true, honest: true, group: 0, step: 9, sent: 4 },
    { up: true, honest: true, group: 1, step: 7, sent: 2 },
    { up: true, honest: false, group: 1, step: 99, sent: 50 },
    { up: false, honest: true, group: 1, step: null, sent: 1 },
  ],
};

describe('what an expression comes to', () => {
  it.each([
    ['deliveryRatio >= 0.97', true],
    ['deliveryRatio > 0.97', false],
    ['0.9 < deliveryRatio', true],
    ['deliveryRatio(group: us-west) == 0.5', true],
    ['deliveryRatio( group : "us-west" ) < deliveryRatio - 0.4', true],
    ['averageLatency < 0.12s', false],
    ['averageLatency <= 120 ms', true],
    ['averageLatency * 2 - 40ms == 0.2s', true],
    ['averageLatency / 60ms == nodesUp / 2', true],
    ['disseminationLatency.p99 < 10h', false],
    ['disseminationLatency.p99 >= 10h', true],
    ['bytesPerNode.mean == 2KiB/s', true],
    ['networkHealth >= 88%', true],
    ['networkHealth > 12 * 7 + 4', false],
    ['-nodesUp + 4 == 0', true],
    ['2 + 3 * 4 == 14 and (2 + 3) * 4 == 20', true],
    ['8 / 4 / 2 == 1 and 8 - 4 - 2 == 2', true],
    ['not nodesUp < 4 and nodesUp == 4', true],
    ['nodesUp == 4 or nodesUp == 5 and nodesUp == 6', true],
    ['(nodesUp == 4 or nodesUp == 5) and nodesUp == 6', false],
    ['abs(nodesUp - 7) == 3', true],
    ['max(nodesUp, stepMax, 5) - min(nodesUp, 5) == 5', true],
    // Nothing to measure.
    ['reach >= 0.5', null],
    ['not reach >= 0.5', null],
    ['reach >= 0.5 and nodesUp == 5', false],
    ['reach >= 0.5 and nodesUp == 4', null],
    ['nodesUp == 4 or reach >= 0.5', true],
    ['nodesUp / (stepMax - 9) > 1', null],
    ['disseminationLatency.p99 - disseminationLatency.p99 == 0ms', null],
    // Nodes.
    ['all(live, step >= 7)', true],
    ['all(live, step >= stepMax - 1)', false],
    ['any(live(group: us-west), step == 7)', true],
    ['all(nodes, step > 0)', null],
    ['all(nodes, not up or step > 0)', true],
    ['any(nodes, not honest and step == 99)', true],
    ['count(nodes, up) == 3 and count(live, up) == 2', true],
    ['share(nodes, honest) == 0.75', true],
    ['min(live, step) == 7 and max(nodes, step) == 99 and mean(live, step) == 8', true],
    ['sum(nodes(group: us-west), sent) == 53', true],
    ['step(node: n1) == 7 and not up(node: "n3")', true],
    ['step(node: n3) > 1', null],
  ])('%s: %s', (text, expected) => {
    expect(valueOf(text, world)).toBe(expected);
  });

  it('of nobody is unknown, and no share of them', () => {
    const nobody = { ...world, nodes: [] };
    expect(valueOf('all(live, step >= 3)', nobody)).toBe(null);
    expect(valueOf('any(live, up)', nobody)).toBe(null);
    expect(valueOf('share(live, up) > 0', nobody)).toBe(null);
    expect(valueOf('count(live, up) == 0', nobody)).toBe(true);
  });
});

describe('what is refused, and where', () => {
  it.each([
    [
      'deliverRatio >= 0.9',
      '1: unknown metric "deliverRatio", expected deliveryRatio, .* Did you mean deliveryRatio\\?',
    ],
    ['nodesUp > 3 and stpMax < 3', '17: unknown metric "stpMax".*Did you mean stepMax\\?'],
    ['deliveryRatio = 0.9', '15: a comparison is written with ==, not =. Write =='],
    ['deliveryRatio => 0.9', '15: at least is written as >=, not =>. Write >='],
    ['deliveryRatio =< 0.9', '15: at most is written as <=, not =<. Write <='],
    ['deliveryRatio > = 0.9', '15: the two signs of >= stand together. Write >='],
    ['deliveryRatio \u2265 0.9', '15: at least is written as >=. Write >='],
    ['nodesUp <> 3', '9: not equal is written as !=, not <>. Write !='],
    ['nodesUp > 1 && nodesUp < 3', '13: both is written as and, not &&. Write and'],
    ['!up(node: a)', '1: the opposite is written as not, not !. Write not'],
    ['0.5 < reach < 0.9', '13: comparisons cannot be chained'],
    ['nodesUp', '1: expected a comparison such as deliveryRatio >= 0.99, found "nodesUp"'],
    ['nodesUp > 1 and 5', '17: expected a comparison .* found "5"'],
    ['(nodesUp > 1) + 2 > 3', '1: expected a number here'],
    ['averageLatency < 50', '18: "50" has no unit, expected a duration'],
    ['averageLatency + 50 < 1s', '18: "50" has no unit'],
    [
      'averageLatency < nodesUp',
      '18: "averageLatency" is a time and "nodesUp" is a number, they cannot be compared',
    ],
    ['averageLatency < 5kB', '18: "averageLatency" is a time and "5kB" is a size'],
    ['deliveryRatio > 99%', '17: deliveryRatio is a share from 0 to 1, found "99%", write 0.99'],
    ['nodesUp > 99%', '11: nodesUp is no percentage'],
    ['deliveryRatio > 1.5', '17: deliveryRatio is a share from 0 to 1, found 1.5'],
    ['deliveryRatio > -1', '17: deliveryRatio is a share from 0 to 1, found -1'],
    ['deliveryRatio > networkHealth', '17: .* cannot be compared'],
    ['averageLatency * averageLatency > 1', '18: a time cannot be multiplied by a time'],
    ['5 / averageLatency > 1', '5: a number cannot be divided by a time'],
    ['averageLatency < 5 sec', '18: unknown unit in "5 sec", did you mean "s"\\?'],
    [
      'disseminationLatency < 5s',
      '1: disseminationLatency is many numbers, expected one of disseminationLatency.mean',
    ],
    [
      'disseminationLatency.p98 < 5s',
      '22: disseminationLatency has no "p98".*Did you mean disseminationLatency.p',
    ],
    ['nodesUp.p99 > 3', '9: nodesUp is one number and has no "p99"'],
    ['reach(group: eu) > 3', '6: reach is not known by group, only deliveryRatio'],
    ['coverage(eu) > 0.3', '10: expected group: and a name, found "eu"'],
    ['coverage(group: ) > 0.3', '17: expected the name of a group, found "\\)"'],
    ['step > 3', '1: step is of one node, expected step\\(node: and its name\\) or min\\(live, step\\)'],
    ['all(step > 3)', '5: all looks at many nodes, expected nodes or live, found "step"'],
    ['all(live, any(live, up))', '11: one look at all nodes inside of another is too much'],
    ['all(live, step)', '11: expected a comparison'],
    ['mean(live, up) > 3', '12: expected a number here'],
    ['all(live, up', '13: expected \\) to close the bracket, found the end'],
    ['nodesUp > 3)', '12: expected and, or, or the end, found "\\)"'],
    ['nodesUp > ', '11: expected a metric or a number, found the end'],
    ['nodesUp > 3 \u001b[2J', '13: "\\\\u001b" has no place in an expression'],
    ['', '1: expected a metric or a number, found the end'],
    ['process.exit(1) == 0', '1: unknown metric "process"'],
    ['constructor > 1', '1: unknown metric "constructor"'],
    ['1e400 > 1', '1: "1e400" is too large'],
    [`${'('.repeat(60)}1${')'.repeat(60)} > 1`, '52: nested deeper than 50 levels'],
    [`${'nodesUp > 1 and '.repeat(80)}nodesUp > 1`, '1: the expression has more than 1000 characters'],
  ])('%s', (text, expected) => {
    expect(problem(text)).toMatch(new RegExp(`^${expected}`));
  });
});

describe('the text of an expression', () => {
  it.each([
    ['deliveryRatio>=0.99', 'deliveryRatio >= 0.99'],
    [' ( nodesUp>3 )and not(stepMax-1<-2 ) ', '(nodesUp > 3) and not (stepMax - 1 < -2)'],
    ['all( live( group :us-west ),step>=-3*2)', 'all(live(group: us-west), step >= -3 * 2)'],
    ['disseminationLatency . p99<200 ms', 'disseminationLatency.p99 < 200 ms'],
    ['coverage(group:"Los Angeles")>.5', undefined],
    ['coverage(group:"Los Angeles")>0.5', 'coverage(group: "Los Angeles") > 0.5'],
    ["step(node:'a')-step(node:'say \"b\"')>0", `step(node: a) - step(node: 'say "b"') > 0`],
  ])('%s', (text, expected) => {
    const once = readExpression(text, metrics);
    if (expected === undefined) expect(once).toHaveProperty('problem');
    else {
      expect(once).toHaveProperty('text', expected);
      expect(readExpression(expected, metrics)).toHaveProperty('text', expected);
    }
  });
});

// --- a second method ------------------------------------------------------------------------------------------------

type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'read';
      readonly text: string;
      readonly value: (node: TestNode | undefined) => number | null;
    }
  | { readonly kind: 'infix'; readonly sign: string; readonly parts: readonly [Tree, Tree] }
  | { readonly kind: 'not'; readonly of: Tree }
  | { readonly kind: 'over'; readonly word: string; readonly set: string; readonly of: Tree };

/** How tightly a sign binds. */
const tightness: Readonly<Record<string, number>> = {
  or: 1, and: 2, not: 3, '<': 4, '<=': 4, '==': 4, '!=': 4, '>=': 4, '>': 4, '+': 5, '-': 5, '*': 6, '/': 6,
}; // prettier-ignore

function tightnessOf(tree: Tree): number {
  return tree.kind === 'infix' ? tightness[tree.sign] : tree.kind === 'not' ? tightness.not : 9;
}

/** With only the brackets that are needed. */
function print(tree: Tree): string {
  switch (tree.kind) {
    case 'number':
      return String(tree.value);
    case 'read':
      return tree.text;
    case 'not':
      return `not ${bracketed(tree.of, tightness.not)}`;
    case 'over':
      return `${tree.word}(${tree.set}, ${print(tree.of)})`;
    case 'infix': {
      const own = tightness[tree.sign];
      const chains = own !== 4;
      const [left, right] = tree.parts;
      return `${bracketed(left, chains ? own : own + 1)} ${tree.sign} ${bracketed(right, own + 1)}`;
    }
  }
}

function bracketed(tree: Tree, atLeast: number): string {
  return tightnessOf(tree) < atLeast ? `(${print(tree)})` : print(tree);
}

function evaluate(tree: Tree, all: readonly TestNode[], node?: TestNode): number | boolean | null {
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'read':
      return tree.value(node);
    case 'not': {
      const value = evaluate(tree.of, all, node);
      return value === null ? null : !value;
    }
    case 'infix': {
      const [left, right] = tree.parts.map((part) => evaluate(part, all, node));
      if (tree.sign === 'and')
        return left === false || right === false ? false : left === null || right === null ? null : true;
      if (tree.sign === 'or')
        return left === true || right === true ? true : left === null || right === null ? null : false;
      if (left === null || right === null) return null;
      return reckon(Number(left), tree.sign, Number(right));
    }
    case 'over': {
      const members = all.filter(({ up, honest }) => tree.set === 'nodes' || (up && honest));
      const values = members.map((one) => evaluate(tree.of, all, one));
      const known = values.filter((value) => value !== null);
      const numbers = known.map(Number);
      const sum = numbers.reduce((total, value) => total + value, 0);
      switch (tree.word) {
        case 'all':
          return known.includes(false)
            ? false
            : values.length > 0 && known.length === values.length
              ? true
              : null;
        case 'any':
          return known.includes(true)
            ? true
            : values.length > 0 && known.length === values.length
              ? false
              : null;
        case 'count':
          return sum;
        case 'min':
          return numbers.length === 0 ? null : numbers.sort((a, b) => a - b)[0];
        default:
          return numbers.length === 0 ? null : sum;
      }
    }
  }
}

function reckon(left: number, sign: string, right: number): number | boolean | null {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>=':
      return left >= right;
    default:
      return left > right;
  }
}

/** Of the same kind all of them, so that everything may be compared with everything. */
const counts = ['nodesUp', 'stepMax', 'falseAlarms', 'messagesSent'];

function trees(figures: TestWorld['figures']): { conditions: fc.Arbitrary<Tree> } {
  const leaf = (names: readonly string[], inNode: boolean): fc.Arbitrary<Tree> =>
    fc.oneof(
      fc.integer({ min: 0, max: 9 }).map((value): Tree => ({ kind: 'number', value })),
      fc
        .constantFrom(...names)
        .map((text): Tree => ({ kind: 'read', text, value: () => figures[text] ?? null })),
      ...(inNode
        ? [fc.constant<Tree>({ kind: 'read', text: 'step', value: (node) => node?.step ?? null })]
        : []),
    );
  const infix = (signs: readonly string[], part: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
    fc.record({
      kind: fc.constant('infix' as const),
      sign: fc.constantFrom(...signs),
      parts: fc.tuple(part, part),
    });
  const { numbers, conditions } = fc.letrec<Record<'numbers' | 'conditions' | 'own' | 'ownNumbers', Tree>>(
    (tie) => ({
      numbers: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf(counts, false),
        infix(['+', '-', '*', '/'], tie('numbers')),
        fc.record({
          kind: fc.constant('over' as const),
          word: fc.constant('count'),
          set: fc.constantFrom('nodes', 'live'),
          of: tie('own'),
        }),
        fc.record({
          kind: fc.constant('over' as const),
          word: fc.constantFrom('min', 'sum'),
          set: fc.constantFrom('nodes', 'live'),
          of: tie('ownNumbers'),
        }),
      ),
      ownNumbers: fc.oneof(
        { maxDepth: 3 },
        leaf(counts, true),
        infix(['+', '-', '*', '/'], tie('ownNumbers')),
      ),
      own: fc.oneof(
        { maxDepth: 3 },
        infix(['<', '<=', '==', '!=', '>=', '>'], tie('ownNumbers')),
        infix(['and', 'or'], tie('own')),
        tie('own').map((of): Tree => ({ kind: 'not', of })),
      ),
      conditions: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        infix(['<', '<=', '==', '!=', '>=', '>'], tie('numbers')),
        infix(['and', 'or'], tie('conditions')),
        tie('conditions').map((of): Tree => ({ kind: 'not', of })),
        fc.record({
          kind: fc.constant('over' as const),
          word: fc.constantFrom('all', 'any'),
          set: fc.constantFrom('nodes', 'live'),
          of: tie('own'),
        }),
      ),
    }),
  );
  void numbers;
  return { conditions };
}

const maybe = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });
const worlds: fc.Arbitrary<TestWorld> = fc.record({
  figures: fc.record(Object.fromEntries(counts.map((name) => [name, maybe]))),
  nodes: fc.array(
    fc.record({
      up: fc.boolean(),
      honest: fc.boolean(),
      group: fc.constant(0),
      step: maybe,
      sent: fc.nat(9),
    }),
    { maxLength: 4 },
  ),
});

it('agrees with the second evaluator', () => {
  fc.assert(
    fc.property(
      worlds.chain((one) => fc.tuple(fc.constant(one), trees(one.figures).conditions)),
      ([one, tree]) => {
        const text = print(tree);
        fc.pre(text.length <= 1000);
        expect([text, valueOf(text, one)]).toEqual([text, evaluate(tree, one.nodes)]);
      },
    ),
    { numRuns: 2000 },
  );
});

it('never throws, whatever the text, and a text that is read reads the same again', () => {
  const words = [...counts, 'deliveryRatio', 'disseminationLatency', '.p99', 'live', 'nodes', 'all', 'any', 'count', 'min', 'abs', 'up', 'step', 'group', 'node', 'and', 'or', 'not', '(', ')', ',', ':', '.', '+', '-', '*', '/', '<', '>=', '==', '=', '!', '&&', '0', '0.5', '10ms', '5%', '2/s', '1MB/s', '"', "'a'", ' ', '\n', 'é', '\ud800']; // prettier-ignore
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...words)).map((list) => list.join(' ')),
        fc.array(fc.constantFrom(...words)).map((list) => list.join('')),
      ),
      (text) => {
        const read = readExpression(text, metrics);
        if ('problem' in read) {
          expect(read.problem.at).toBeGreaterThanOrEqual(0);
          expect(read.problem.at).toBeLessThanOrEqual(text.length);
          // eslint-disable-next-line no-control-regex -- what must not get through
          expect(read.problem.what).not.toMatch(/[\u0000-\u001f\ud800-\udfff]/u);
        } else expect(readExpression(read.text, metrics)).toMatchObject({ text: read.text });
      },
    ),
    { numRuns: 5000 },
  );
});
