/**
 * What an expression is worth in a running network. The tree is turned into small functions once, before the run; groups and nodes have
 * become numbers then. Whatever is not there is NaN, and NaN spreads as S. C. Kleene's third value does ("Introduction to
 * Metamathematics", 1952, section 64): `false and unknown` is false, `true and unknown` is unknown, and nobody can say more.
 */
import type { Comparison } from '../model/experiment.js';
import type { Condition, MeasuredWorld, NodeSet, Quantity } from '../model/expression.js';

/** The value for the node in question; 1, 0 or NaN for what holds, does not, or cannot be said. */
type Value = (node: number) => number;

const noNode = -1;

/** @returns 1, 0 or NaN now */
export function bindCondition(condition: Condition, world: MeasuredWorld): () => number {
  const value = conditionValue(condition, world);
  return () => value(noNode);
}

/** @returns the number now; NaN when there is none */
export function bindQuantity(quantity: Quantity, world: MeasuredWorld): () => number {
  const value = quantityValue(quantity, world);
  return () => value(noNode);
}

/** The side of a lone comparison that was measured: what a reader wants to see beside the verdict. */
export function measuredSide(condition: Condition): Quantity | undefined {
  if (condition.kind === 'not') return measuredSide(condition.of);
  if (condition.kind !== 'comparison') return undefined;
  return condition.left.kind === 'number' ? condition.right : condition.left;
}

function compare(left: number, comparison: Comparison, right: number): number {
  // Each of the two is not equal to itself when it is not there.
  if (left !== left || right !== right) return NaN;
  switch (comparison) {
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
  }
}

function conditionValue(condition: Condition, world: MeasuredWorld): Value {
  switch (condition.kind) {
    case 'comparison': {
      const { comparison } = condition;
      const left = quantityValue(condition.left, world);
      const right = quantityValue(condition.right, world);
      return (node) => compare(left(node), comparison, right(node));
    }
    case 'not': {
      const of = conditionValue(condition.of, world);
      return (node) => 1 - of(node);
    }
    case 'and':
    case 'or': {
      const left = conditionValue(condition.left, world);
      const right = conditionValue(condition.right, world);
      // The value that settles the matter whatever the other is.
      const decides = condition.kind === 'and' ? 0 : 1;
      return (node) => {
        const one = left(node);
        if (one === decides) return decides;
        const other = right(node);
        return other === decides ? decides : one + other === 2 * (1 - decides) ? 1 - decides : NaN;
      };
    }
    case 'all':
    case 'any': {
      const of = conditionValue(condition.of, world);
      const members = membersOf(condition.set, world);
      const decides = condition.kind === 'all' ? 0 : 1;
      return () => {
        // Nobody to look at proves nothing, in either way.
        let value = NaN;
        let isUnknown = false;
        for (let node = members.next(noNode); node >= 0; node = members.next(node)) {
          const one = of(node);
          if (one === decides) return decides;
          if (one !== one) isUnknown = true;
          else value = one;
        }
        return isUnknown ? NaN : value;
      };
    }
    case 'trait':
      return attributeValue(condition.name, condition.node, world);
  }
}

function attributeValue(name: string, node: string | undefined, world: MeasuredWorld): Value {
  const read = world.attribute(name);
  if (node === undefined) return read;
  const address = world.addressOf(node);
  return () => read(address);
}

interface Members {
  /** The first member after a node; -1 after the last. */
  next(node: number): number;
}

function membersOf({ who, group }: NodeSet, world: MeasuredWorld): Members {
  const number = group === undefined ? -1 : world.groupNumber(group);
  return {
    next(node) {
      for (let next = node + 1; next < world.nodeCount; next++)
        if (world.isMember(next, who, number)) return next;
      return -1;
    },
  };
}

function quantityValue(quantity: Quantity, world: MeasuredWorld): Value {
  switch (quantity.kind) {
    case 'number': {
      const { value } = quantity;
      return () => value;
    }
    case 'metric': {
      const { name, group } = quantity;
      const number = group === undefined ? -1 : world.groupNumber(group);
      return world.metric(name, number);
    }
    case 'attribute':
      return attributeValue(quantity.name, quantity.node, world);
    case 'negative': {
      const of = quantityValue(quantity.of, world);
      return (node) => -of(node);
    }
    case 'absolute': {
      const of = quantityValue(quantity.of, world);
      return (node) => Math.abs(of(node));
    }
    case 'arithmetic': {
      const left = quantityValue(quantity.left, world);
      const right = quantityValue(quantity.right, world);
      switch (quantity.operator) {
        case '+':
          return (node) => left(node) + right(node);
        case '-':
          return (node) => left(node) - right(node);
        case '*':
          return (node) => left(node) * right(node);
        case '/':
          return (node) => {
            const divisor = right(node);
            // A share of nothing is not there, rather than infinite.
            return divisor === 0 ? NaN : left(node) / divisor;
          };
      }
    }
    case 'extreme': {
      const of = quantity.of.map((each) => quantityValue(each, world));
      const best = quantity.figure === 'min' ? Math.min : Math.max;
      return (node) =>
        of.reduce((value, each) => best(value, each(node)), quantity.figure === 'min' ? Infinity : -Infinity);
    }
    case 'over':
      return overNodes(quantity, world);
    case 'tally': {
      const of = conditionValue(quantity.of, world);
      const members = membersOf(quantity.set, world);
      const isShare = quantity.figure === 'share';
      return () => {
        let all = 0;
        let holding = 0;
        for (let node = members.next(noNode); node >= 0; node = members.next(node)) {
          all++;
          if (of(node) === 1) holding++;
        }
        return isShare ? (all === 0 ? NaN : holding / all) : holding;
      };
    }
  }
}

/** Over the members that have a value; NaN when none has. */
function overNodes({ figure, set, of }: Quantity & { readonly kind: 'over' }, world: MeasuredWorld): Value {
  const value = quantityValue(of, world);
  const members = membersOf(set, world);
  return () => {
    let count = 0;
    let sum = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let node = members.next(noNode); node >= 0; node = members.next(node)) {
      const one = value(node);
      if (one !== one) continue;
      count++;
      sum += one;
      if (one < min) min = one;
      if (one > max) max = one;
    }
    if (count === 0) return NaN;
    return figure === 'min' ? min : figure === 'max' ? max : figure === 'sum' ? sum : sum / count;
  };
}
