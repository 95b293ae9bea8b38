/**
 * Sentences about a running network, taken apart: `deliveryRatio >= 0.99 and all(live, step >= 3)` as a tree. There is no code in it, only
 * the few forms below, so whoever walks it knows that it ends, draws no chance and changes nothing. parts/expression.ts reads the text,
 * parts/expression-value.ts finds out what it is worth.
 */
import type { Comparison } from './experiment.js';
import type { Measure } from './metrics.js';

/** Where in the text something stands: characters from `at` to `end`, counted from 0. */
export interface Stretch {
  readonly at: number;
  readonly end: number;
}

/** Nodes: all of them, or those that are honest and up; of one group where it says so. */
export interface NodeSet {
  readonly who: 'nodes' | 'live';
  readonly group: string | undefined;
}

export type Arithmetic = '+' | '-' | '*' | '/';
export const nodeFigures = ['min', 'max', 'sum', 'mean'] as const;
export type NodeFigure = (typeof nodeFigures)[number];

/** What comes to a number. `measure` is what kind of number; milliseconds, bytes and so on. */
export type Quantity = Stretch & { readonly measure: Measure } & (
    | { readonly kind: 'number'; readonly value: number }
    /** `name` holds the figure, too: `disseminationLatency.p99`. */
    | { readonly kind: 'metric'; readonly name: string; readonly group: string | undefined }
    /** Of the node named, or of the node in question. */
    | { readonly kind: 'attribute'; readonly name: string; readonly node: string | undefined }
    | { readonly kind: 'negative'; readonly of: Quantity }
    | {
        readonly kind: 'arithmetic';
        readonly operator: Arithmetic;
        readonly left: Quantity;
        readonly right: Quantity;
      }
    | { readonly kind: 'absolute'; readonly of: Quantity }
    /** The smallest or largest of several. */
    | { readonly kind: 'extreme'; readonly figure: 'min' | 'max'; readonly of: readonly Quantity[] }
    | {
        readonly kind: 'over';
        readonly figure: NodeFigure;
        readonly set: NodeSet;
        readonly of: Quantity;
      }
    /** For how many nodes, or for what share of them, it holds. */
    | {
        readonly kind: 'tally';
        readonly figure: 'count' | 'share';
        readonly set: NodeSet;
        readonly of: Condition;
      }
  );

/** What holds, does not hold, or cannot be said because there is nothing to measure. */
export type Condition = Stretch &
  (
    | {
        readonly kind: 'comparison';
        readonly comparison: Comparison;
        readonly left: Quantity;
        readonly right: Quantity;
      }
    | { readonly kind: 'not'; readonly of: Condition }
    | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
    | { readonly kind: 'all' | 'any'; readonly set: NodeSet; readonly of: Condition }
    /** `up`, `honest`: of the node named, or of the node in question. */
    | { readonly kind: 'trait'; readonly name: string; readonly node: string | undefined }
  );

/** What an expression asks of a run. Numbers that are not there are NaN, infinite latencies Infinity. */
export interface MeasuredWorld {
  readonly nodeCount: number;
  /**
   * @param group its number, or -1 for the whole network
   * @returns reads the metric; asked for before the run begins
   */
  metric(name: string, group: number): () => number;
  /** @returns reads the attribute or trait (1 or 0) of a node */
  attribute(name: string): (node: number) => number;
  isMember(node: number, who: NodeSet['who'], group: number): boolean;
  groupNumber(id: string): number;
  addressOf(name: string): number;
}
