/** Who is meant: the one way in which a scenario names nodes, everywhere. Picked by keyed draws, see `sim`. */

/**
 * A set of nodes. All given conditions hold at once; `share` and `count` then draw that many of the rest, without
 * replacement. Nothing given means every node.
 */
export interface Who {
  readonly group?: string;
  readonly ids?: readonly string[];
  readonly role?: string;
  /** Where the node is: the region of its group, else that which the topology gives it. */
  readonly region?: string;
  /** 0 to 1, of the nodes that the other conditions leave; rounded to the nearest whole node */
  readonly share?: number;
  readonly count?: number;
}
