/**
 * Radios strewn over a square: who is near enough hears you. Neighbours of a node are mostly neighbours of each other, and ways are as
 * long as the map is wide: the opposite of a small world. Nodes have positions, so latency can follow distance.
 *
 * E. Gilbert, "Random plane networks", 1961. Each node looks only into its own cell of a grid and the eight around it.
 */
import { earthRadiusKm } from '../base/geo.js';
import { knobs } from '../base/knobs.js';
import { pi, sqrt } from '../base/math.js';
import { topology } from '../model/topology.js';
import { GraphBuilder } from '../parts/graph.js';
import { checkEdgeCount, ensureConnectedKnob, finishGraph, nodeCountOf, refuse } from '../parts/layouts.js';

const defaultMeanDegree = 8;

export const randomGeometric = topology({
  name: 'random-geometric',
  summary: 'strewn over a square, near ones are neighbours',
  knobs: knobs({
    radius: {
      kind: 'number',
      min: 0,
      max: 1.5,
      optional: true,
      doc: 'How far a node is heard, in sides of the square. Give this or meanDegree, or neither for a mean degree of 8.',
    },
    meanDegree: {
      kind: 'number',
      min: 0,
      optional: true,
      doc: 'Neighbours on average away from the border: radius = sqrt(meanDegree / (pi n)). Connected it is from about ln n on.',
    },
    sideKm: {
      kind: 'number',
      min: 0.001,
      max: 2000,
      default: 100,
      doc: 'The side of the square, in km; only the coordinates depend on it. The square lies around 0 degrees north and east.',
    },
    ensureConnected: ensureConnectedKnob,
  }),
  build(context, { radius, meanDegree, sideKm, ensureConnected }) {
    const nodeCount = nodeCountOf(context, 'random-geometric');
    if (radius !== undefined && meanDegree !== undefined) {
      refuse('topology random-geometric has both radius and meanDegree', 'one of the two');
    }
    const reach = radius ?? sqrt((meanDegree ?? defaultMeanDegree) / (pi * nodeCount));
    checkEdgeCount('random-geometric', Math.min(1, pi * reach * reach) * nodeCount * (nodeCount - 1) * 0.5);
    const { chance } = context;
    const xs = new Float64Array(nodeCount);
    const ys = new Float64Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      xs[node] = chance.ratio();
      ys[node] = chance.ratio();
    }
    const builder = new GraphBuilder(nodeCount);
    joinNear(builder, xs, ys, reach);
    const { graph, remarks } = finishGraph(builder, ensureConnected, chance);
    const degreesPerSide = ((sideKm / earthRadiusKm) * 180) / pi;
    return {
      graph,
      positions: {
        latitudes: ys.map((y) => (y - 0.5) * degreesPerSide),
        longitudes: xs.map((x) => (x - 0.5) * degreesPerSide),
        isPlane: true,
      },
      remarks,
    };
  },
});

/** Joins all points of the unit square that are at most `reach` apart. */
function joinNear(builder: GraphBuilder, xs: Float64Array, ys: Float64Array, reach: number): void {
  const nodeCount = xs.length;
  // Cells at least as wide as the reach, and not many more of them than nodes.
  const side = Math.max(1, Math.min(Math.floor(1 / Math.max(reach, 1e-6)), Math.ceil(sqrt(nodeCount))));
  const cellOf = (node: number): number => Math.floor(ys[node] * side) * side + Math.floor(xs[node] * side);
  const starts = new Int32Array(side * side + 2);
  for (let node = 0; node < nodeCount; node++) starts[cellOf(node) + 2]++;
  for (let i = 2; i < starts.length; i++) starts[i] += starts[i - 1];
  // Nodes cell by cell, with their coordinates beside them: what is near on the square is near in memory.
  const members = new Int32Array(nodeCount);
  const memberXs = new Float64Array(nodeCount);
  const memberYs = new Float64Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const place = starts[cellOf(node) + 1]++;
    members[place] = node;
    memberXs[place] = xs[node];
    memberYs[place] = ys[node];
  }
  const squared = reach * reach;
  for (let place = 0; place < nodeCount; place++) {
    const x = memberXs[place];
    const y = memberYs[place];
    const column = Math.floor(x * side);
    const row = Math.floor(y * side);
    for (let r = Math.max(0, row - 1); r <= row; r++) {
      const from = starts[r * side + Math.max(0, column - 1)];
      const to = Math.min(place, starts[r * side + Math.min(side - 1, column + 1) + 1]);
      for (let other = from; other < to; other++) {
        const dx = x - memberXs[other];
        const dy = y - memberYs[other];
        if (dx * dx + dy * dy <= squared) builder.add(members[place], members[other]);
      }
    }
  }
}
