/**
 * The grammar of what must hold, for people who would rather not learn one:
 *
 *     deliveryRatio >= 0.99 and disseminationLatency.p99 < 250ms
 *     all(live, step >= stepMax - 2) or not up(node: Houston)
 *     coverage(group: sensor) > coverage(group: gateway) - 0.1
 *
 * From loosest to tightest: `or`, `and`, `not`, one comparison, `+ -`, `* /`, `-`. Read by recursive descent with a bound on depth; what
 * comes out is a tree (model/expression.ts) whose numbers fit together, or the first thing that is wrong with its place.
 */
import { assert } from '../base/assert.js';
import { quoteText } from '../base/escape.js';
import { suggest } from '../base/suggest.js';
import type { Comparison } from '../model/experiment.js';
import {
  nodeFigures,
  type Arithmetic,
  type Condition,
  type NodeFigure,
  type NodeSet,
  type Quantity,
} from '../model/expression.js';
import { nodeAttributes, type Metric, type NodeAttribute } from '../model/metrics.js';
import { checkAlike, measureOf, type Said } from './expression-measure.js';
import { Complaint, found, Scanner, tidy, type ExpressionProblem, type Token } from './expression-scanner.js';

export type { ExpressionProblem } from './expression-scanner.js';

/** Longest text, in characters, and how deep brackets may lie within brackets. */
export const expressionCharactersMax = 1000;
const depthMax = 50;

/** A group or a node that an expression names, and where. */
export interface ExpressionName {
  readonly what: 'group' | 'node';
  readonly name: string;
  readonly at: number;
}

export interface Expression {
  readonly condition: Condition;
  /** With single blanks. */
  readonly text: string;
  readonly names: readonly ExpressionName[];
  /** The metrics that it asks for, each once. */
  readonly metrics: readonly { readonly name: string; readonly group: string | undefined }[];
}

const comparisons: readonly string[] = ['<', '<=', '==', '!=', '>=', '>'];
const sets: readonly string[] = ['nodes', 'live'];
const functions = ['all', 'any', 'count', 'share', 'sum', 'mean', 'min', 'max', 'abs'];
const conditionExample = 'a comparison such as deliveryRatio >= 0.99';

/** A part of an expression, and which of the two it is. */
type Part = { readonly said: Said } | { readonly condition: Condition };

/** Reads an expression. Never throws. */
export function readExpression(
  text: string,
  metrics: readonly Metric[],
): Expression | { readonly problem: ExpressionProblem } {
  try {
    if (text.length > expressionCharactersMax)
      throw new Complaint(0, `the expression has more than ${expressionCharactersMax} characters`);
    return new Grammar(text, metrics).whole();
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    const { at, what, next } = error;
    return { problem: { at, what, next } };
  }
}

class Grammar {
  readonly #scanner: Scanner;
  readonly #names: ExpressionName[] = [];
  readonly #asked = new Map<string, { name: string; group: string | undefined }>();
  #depth = 0;
  /** Inside of `all(live, ...)`: attributes are those of the node in question. */
  #overNodes = false;

  constructor(
    private readonly text: string,
    private readonly metrics: readonly Metric[],
  ) {
    this.#scanner = new Scanner(text);
  }

  whole(): Expression {
    const condition = this.#conditionOf(this.#either());
    const rest = this.#scanner.peek();
    if (rest.kind !== 'end')
      throw new Complaint(rest.at, `expected and, or, or the end, found ${found(rest)}`);
    return {
      condition,
      text: tidy(this.#scanner.taken),
      names: this.#names,
      metrics: [...this.#asked.values()],
    };
  }

  #conditionOf(part: Part): Condition {
    if ('condition' in part) return part.condition;
    const { at, end } = part.said.quantity;
    throw new Complaint(at, `expected ${conditionExample}, found ${quoteText(this.text.slice(at, end), 40)}`);
  }

  #saidOf(part: Part, at: number): Said {
    if ('said' in part) return part.said;
    throw new Complaint(at, 'expected a number here, found something that holds or does not');
  }

  #either(): Part {
    let left = this.#both();
    while (this.#scanner.accept('or')) left = this.#join('or', left, this.#both());
    return left;
  }

  #both(): Part {
    let left = this.#not();
    while (this.#scanner.accept('and')) left = this.#join('and', left, this.#not());
    return left;
  }

  #join(kind: 'and' | 'or', one: Part, other: Part): Part {
    const left = this.#conditionOf(one);
    const right = this.#conditionOf(other);
    return { condition: { kind, left, right, at: left.at, end: right.end } };
  }

  #not(): Part {
    const { at } = this.#scanner.peek();
    if (!this.#scanner.accept('not')) return this.#comparison();
    const of = this.#conditionOf(this.#deeper(() => this.#not()));
    return { condition: { kind: 'not', of, at, end: of.end } };
  }

  #comparison(): Part {
    const { at } = this.#scanner.peek();
    const part = this.#sum();
    if (!this.#atComparison()) return part;
    const comparison = this.#scanner.take().text as Comparison;
    const left = this.#saidOf(part, at);
    const rightAt = this.#scanner.peek().at;
    const right = this.#saidOf(this.#sum(), rightAt);
    const again = this.#scanner.peek();
    if (this.#atComparison())
      throw new Complaint(again.at, 'comparisons cannot be chained', 'Write a < b and b < c');
    checkAlike(this.text, left, right, 'compared');
    const [l, r] = [left.quantity, right.quantity];
    return { condition: { kind: 'comparison', comparison, left: l, right: r, at: l.at, end: r.end } };
  }

  #atComparison(): boolean {
    const token = this.#scanner.peek();
    return token.kind === 'sign' && comparisons.includes(token.text);
  }

  #sum(): Part {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Part {
    return this.#chain(['*', '/'], () => this.#sign());
  }

  #chain(operators: readonly Arithmetic[], read: () => Part): Part {
    const start = this.#scanner.peek().at;
    let part = read();
    for (;;) {
      const operator = operators.find((sign) => this.#scanner.accept(sign));
      if (operator === undefined) return part;
      const left = this.#saidOf(part, start);
      const { at } = this.#scanner.peek();
      const right = this.#saidOf(read(), at);
      const measure = measureOf(this.text, operator, left, right);
      const [l, r] = [left.quantity, right.quantity];
      part = {
        said: {
          quantity: { kind: 'arithmetic', operator, left: l, right: r, measure, at: l.at, end: r.end },
        },
      };
    }
  }

  #sign(): Part {
    const { at } = this.#scanner.peek();
    if (!this.#scanner.accept('-')) return this.#single();
    const inner = this.#scanner.peek().at;
    const { quantity, literal } = this.#saidOf(
      this.#deeper(() => this.#sign()),
      inner,
    );
    const { measure, end } = quantity;
    if (literal === undefined || quantity.kind !== 'number')
      return { said: { quantity: { kind: 'negative', of: quantity, measure, at, end } } };
    return {
      said: {
        quantity: { kind: 'number', value: -quantity.value, measure, at, end },
        literal: { ...literal, text: `-${literal.text}` },
      },
    };
  }

  #single(): Part {
    const token = this.#scanner.peek();
    if (token.kind === 'number') {
      this.#scanner.take();
      const { text, value, measure, unit, at, end } = token;
      return { said: { quantity: { kind: 'number', value, measure, at, end }, literal: { text, unit } } };
    }
    if (this.#scanner.accept('(')) {
      const inner = this.#deeper(() => this.#either());
      this.#scanner.expect(')', 'to close the bracket');
      // In brackets, a number is no longer one that was merely written down.
      return 'said' in inner ? { said: { ...inner.said } } : inner;
    }
    if (token.kind !== 'word')
      throw new Complaint(token.at, `expected a metric or a number, found ${found(token)}`);
    this.#scanner.take();
    if (['and', 'or', 'not'].includes(token.text))
      throw new Complaint(token.at, `expected a metric or a number, found ${found(token)}`);
    return this.#named(token);
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > depthMax)
      throw new Complaint(this.#scanner.peek().at, `nested deeper than ${depthMax} levels`);
    const value = read();
    this.#depth--;
    return value;
  }

  /** What begins with a word: a metric, an attribute of a node, or a function. */
  #named(word: Token): Part {
    const { text } = word;
    const metric = this.metrics.find(({ name }) => name === text);
    if (metric !== undefined) return { said: { quantity: this.#metric(metric, word) } };
    const attribute = nodeAttributes.find(({ name }) => name === text);
    if (attribute !== undefined) return this.#attribute(attribute, word);
    const next = this.#scanner.peek();
    if (functions.includes(text) && next.kind === 'sign' && next.text === '(') return this.#function(word);
    const names = this.metrics.map(({ name }) => name);
    const near = suggest(text, [...names, ...nodeAttributes.map(({ name }) => name), ...functions]);
    const list = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
    throw new Complaint(
      word.at,
      `unknown metric ${quoteText(text, 64)}, expected ${list}`,
      near === undefined ? undefined : `Did you mean ${near}?`,
    );
  }

  #metric(metric: Metric, word: Token): Quantity {
    let name = metric.name;
    const { figures } = metric;
    if (this.#scanner.accept('.')) {
      const figure = this.#scanner.take();
      if (figure.kind !== 'word' || figures?.includes(figure.text) !== true) {
        const known = (figures ?? []).map((each) => `${name}.${each}`);
        const near = suggest(figure.text, figures ?? []);
        throw new Complaint(
          figure.at,
          known.length === 0
            ? `${name} is one number and has no ${found(figure)}`
            : `${name} has no ${found(figure)}, expected one of ${known.join(', ')}`,
          near === undefined ? undefined : `Did you mean ${name}.${near}?`,
        );
      }
      name += `.${figure.text}`;
    } else if (figures !== undefined) {
      const known = figures.map((each) => `${name}.${each}`).join(', ');
      throw new Complaint(word.at, `${name} is many numbers, expected one of ${known}`);
    }
    const group = this.#groupOf(metric);
    this.#asked.set(`${name} ${group ?? ''}`, { name, group });
    return { kind: 'metric', name, group, measure: metric.unit, at: word.at, end: this.#end() };
  }

  #groupOf({ name, byGroup }: Metric): string | undefined {
    const bracket = this.#scanner.peek();
    if (!this.#scanner.accept('(')) return undefined;
    if (byGroup !== true) {
      const known = this.metrics.filter((metric) => metric.byGroup).map((metric) => metric.name);
      throw new Complaint(bracket.at, `${name} is not known by group, only ${known.join(', ')} are`);
    }
    const group = this.#nameAfter('group');
    this.#scanner.expect(')', 'to close the bracket');
    return group;
  }

  /** `group: sensor` or `node: "Los Angeles"`. */
  #nameAfter(what: 'group' | 'node'): string {
    const token = this.#scanner.peek();
    if (!this.#scanner.accept(what))
      throw new Complaint(token.at, `expected ${what}: and a name, found ${found(token)}`);
    this.#scanner.expect(':', `and the name of a ${what}`);
    const { text: name, at } = this.#scanner.takeName(`the name of a ${what}`);
    this.#names.push({ what, name, at });
    return name;
  }

  #attribute(attribute: NodeAttribute, word: Token): Part {
    const { name, unit } = attribute;
    let node: string | undefined;
    if (this.#scanner.accept('(')) {
      node = this.#nameAfter('node');
      this.#scanner.expect(')', 'to close the bracket');
    } else if (!this.#overNodes) {
      const example = unit === 'trait' ? `all(nodes, ${name})` : `min(live, ${name})`;
      throw new Complaint(
        word.at,
        `${name} is of one node, expected ${name}(node: and its name) or ${example}`,
      );
    }
    const stretch = { at: word.at, end: this.#end() };
    return unit === 'trait'
      ? { condition: { kind: 'trait', name, node, ...stretch } }
      : { said: { quantity: { kind: 'attribute', name, node, measure: unit, ...stretch } } };
  }

  #end(): number {
    return this.#scanner.taken.at(-1)?.end ?? 0;
  }

  #function(word: Token): Part {
    const { at, text } = word;
    this.#scanner.expect('(', `after ${text}`);
    const next = this.#scanner.peek();
    const isOverNodes = next.kind === 'word' && sets.includes(next.text);
    const part = isOverNodes ? this.#overSet(text, at) : this.#ofNumbers(text, at, next);
    return part;
  }

  /** `all(live, ...)`: the brackets are open, the set comes next. */
  #overSet(name: string, at: number): Part {
    if (this.#overNodes)
      throw new Complaint(at, 'one look at all nodes inside of another is too much', 'Write two expressions');
    if (name === 'abs') throw new Complaint(at, 'abs is of one number, not of many nodes');
    const set = this.#set();
    this.#scanner.expect(',', 'and what to look at');
    this.#overNodes = true;
    const bodyAt = this.#scanner.peek().at;
    const body = this.#deeper(() => this.#either());
    this.#overNodes = false;
    this.#scanner.expect(')', 'to close the bracket');
    const stretch = { at, end: this.#end() };
    if (name === 'all' || name === 'any')
      return { condition: { kind: name, set, of: this.#conditionOf(body), ...stretch } };
    if (name === 'count' || name === 'share') {
      const measure = name === 'count' ? 'count' : 'ratio';
      const of = this.#conditionOf(body);
      return { said: { quantity: { kind: 'tally', figure: name, set, of, measure, ...stretch } } };
    }
    const figure = nodeFigures.find((known) => known === name) as NodeFigure | undefined;
    assert(figure !== undefined, 'a function that is known is one of these');
    const { quantity: of } = this.#saidOf(body, bodyAt);
    return { said: { quantity: { kind: 'over', figure, set, of, measure: of.measure, ...stretch } } };
  }

  #set(): NodeSet {
    const who = this.#scanner.take().text as NodeSet['who'];
    let group: string | undefined;
    if (this.#scanner.accept('(')) {
      group = this.#nameAfter('group');
      this.#scanner.expect(')', 'to close the bracket');
    }
    return { who, group };
  }

  /** `abs(a - b)`, `min(a, b)`, `max(a, b)`: the brackets are open. */
  #ofNumbers(name: string, at: number, first: Token): Part {
    if (name !== 'min' && name !== 'max' && name !== 'abs')
      throw new Complaint(
        first.at,
        `${name} looks at many nodes, expected nodes or live, found ${found(first)}`,
      );
    const of: Said[] = [];
    do {
      const each = this.#scanner.peek().at;
      of.push(
        this.#saidOf(
          this.#deeper(() => this.#either()),
          each,
        ),
      );
      if (of.length > 1) checkAlike(this.text, of[0], of[of.length - 1], 'compared');
    } while (name !== 'abs' && this.#scanner.accept(','));
    this.#scanner.expect(')', 'to close the bracket');
    const [{ quantity }] = of;
    const measure = of.map((said) => said.quantity.measure).find((each) => each !== 'number') ?? 'number';
    const stretch = { at, end: this.#end() };
    return {
      said: {
        quantity:
          name === 'abs'
            ? { kind: 'absolute', of: quantity, measure, ...stretch }
            : { kind: 'extreme', figure: name, of: of.map((said) => said.quantity), measure, ...stretch },
      },
    };
  }
}
