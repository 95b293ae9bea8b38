/**
 * Everybody can talk to everybody. The graph is a formula, not a list, so a million nodes with half a trillion edges take no memory at all.
 */
import type { Graph } from '../model/topology.js';

export class CompleteGraph implements Graph {
  readonly directed = false;
  readonly edgeCount: number;

  constructor(readonly nodeCount: number) {
    this.edgeCount = (nodeCount * (nodeCount - 1)) / 2;
  }

  neighbourCount(): number {
    return this.nodeCount - 1;
  }

  neighbourAt(node: number, index: number): number {
    // index, and one more from the node itself on; without a branch, because chance would have it mispredicted half of the time.
    return index + ((node - 1 - index) >>> 31);
  }
}
