/**
 * How many copies of one flooded message are under way at a time. All in all there are 2m - n + 1; in a network of hubs or chance nearly
 * all of them at once, on a ring two. So a large network is walked through once, from a node in the middle of the list, wave by wave:
 * a copy is under way for about as long as a hop takes, and where links differ, the waves of three hops mix.
 */
import type { Graph } from '../model/topology.js';

/** A flood of fewer copies is counted whole. */
const worthWalking = 200_000;

/** An upper bound, for estimates. */
export function floodAtOnce(graph: Graph): number {
  const { nodeCount } = graph;
  const arcs = graph.directed ? graph.edgeCount : 2 * graph.edgeCount;
  const all = Math.max(nodeCount, arcs - nodeCount + 1);
  if (all < worthWalking || arcs === nodeCount * (nodeCount - 1)) return all;
  const reached = new Uint8Array(nodeCount);
  let wave = [Math.floor(nodeCount / 2)];
  reached[wave[0]] = 1;
  let count = 1;
  let most = 0;
  let [before, last] = [0, 0];
  while (wave.length > 0) {
    const next: number[] = [];
    let copies = 0;
    for (const node of wave) {
      const neighbours = graph.neighbourCount(node);
      copies += neighbours;
      for (let i = 0; i < neighbours; i++) {
        const neighbour = graph.neighbourAt(node, i);
        if (reached[neighbour] === 1) continue;
        reached[neighbour] = 1;
        next.push(neighbour);
      }
    }
    most = Math.max(most, before + last + copies);
    [before, last] = [last, copies];
    count += next.length;
    wave = next;
  }
  // From a corner that hardly anybody can be reached from, nothing is learned.
  return count * 2 < nodeCount ? all : Math.min(all, most);
}
