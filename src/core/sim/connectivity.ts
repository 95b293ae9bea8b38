/**
 * Would the network fall apart if this node went? Asked of the nodes that are up, whatever links are broken: the neighbours of the node
 * are looked for from one of them, breadth first and without passing through it, and the search is over when all have been found. In
 * a well-connected network that is a few steps.
 */
import type { Graph } from '../model/topology.js';

export class Connectivity {
  /** The number of the last search that saw a node. */
  readonly #seen: Uint32Array;
  #search = 0;
  /** Of directed graphs, neighbours against the direction of the arcs: who is heard of by somebody is connected. */
  readonly #backwards: (readonly number[])[] | undefined;

  constructor(
    private readonly graph: Graph,
    /** 1 for nodes that are up. */
    private readonly up: Uint8Array,
  ) {
    this.#seen = new Uint32Array(graph.nodeCount);
    if (graph.directed) this.#backwards = backwards(graph);
  }

  /** True when some neighbours that are up could no longer reach each other over nodes that are up. */
  wouldSplit(node: number): boolean {
    const wanted = new Set<number>();
    for (const peer of this.#neighbours(node)) if (this.up[peer] === 1) wanted.add(peer);
    const [first] = wanted;
    if (wanted.size < 2 || first === undefined) return false;
    const seen = this.#seen;
    const search = ++this.#search;
    seen[node] = search;
    seen[first] = search;
    wanted.delete(first);
    let front = [first];
    while (front.length > 0) {
      const next: number[] = [];
      for (const at of front) {
        for (const peer of this.#neighbours(at)) {
          if (seen[peer] === search || this.up[peer] === 0) continue;
          seen[peer] = search;
          if (wanted.delete(peer) && wanted.size === 0) return false;
          next.push(peer);
        }
      }
      front = next;
    }
    return true;
  }

  *#neighbours(node: number): Iterable<number> {
    const { graph } = this;
    for (let i = 0; i < graph.neighbourCount(node); i++) yield graph.neighbourAt(node, i);
    if (this.#backwards !== undefined) yield* this.#backwards[node];
  }
}

function backwards(graph: Graph): number[][] {
  const lists = Array.from({ length: graph.nodeCount }, (): number[] => []);
  for (let node = 0; node < graph.nodeCount; node++)
    for (let i = 0; i < graph.neighbourCount(node); i++) lists[graph.neighbourAt(node, i)].push(node);
  return lists;
}
