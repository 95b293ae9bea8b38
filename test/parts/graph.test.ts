import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/core/model/topology.js';
import { components, compress, GraphBuilder } from '../../src/core/parts/graph.js';
import { graphStatistics } from '../../src/core/parts/graph-statistics.js';

type Pair = readonly [number, number];

function built(nodeCount: number, edges: readonly Pair[], directed = false): GraphBuilder {
  const builder = new GraphBuilder(nodeCount, directed);
  for (const [from, to] of edges) builder.add(from, to);
  return builder;
}

function rows(graph: Graph): number[][] {
  return Array.from({ length: graph.nodeCount }, (_, node) =>
    Array.from({ length: graph.neighbourCount(node) }, (_, index) => graph.neighbourAt(node, index)),
  );
}

const anyEdges = fc
  .integer({ min: 1, max: 60 })
  .chain((n) =>
    fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 300 })),
  );

describe('GraphBuilder', () => {
  it('gives the same rows as sets of neighbours do', () => {
    fc.assert(
      fc.property(anyEdges, fc.boolean(), ([n, edges], directed) => {
        const sets = Array.from({ length: n }, () => new Set<number>());
        for (const [from, to] of edges) {
          if (from === to) continue;
          sets[from].add(to);
          if (!directed) sets[to].add(from);
        }
        const builder = built(n, edges, directed);
        const graph = builder.build();
        expect(rows(graph)).toEqual(sets.map((set) => [...set].sort((a, b) => a - b)));
        const loops = edges.filter(([from, to]) => from === to).length;
        expect(builder.selfLoops).toBe(loops);
        expect(builder.repeats).toBe(edges.length - loops - graph.edgeCount);
        for (const [from, to] of edges) expect(graph.has(from, to)).toBe(from !== to);
      }),
    );
  });

  it('works over many drawers, and again after more edges', () => {
    const n = 100_000;
    const builder = new GraphBuilder(n);
    // i meets 7i + 1 and 3i + 2 (mod n): scattered targets, every row short.
    for (let i = 0; i < n; i++) builder.add(i, (7 * i + 1) % n);
    const first = builder.build();
    for (let i = 0; i < n; i++) builder.add((3 * i + 2) % n, i);
    const graph = builder.build();
    expect(graph.edgeCount).toBeGreaterThan(first.edgeCount);
    let arcs = 0;
    for (let node = 0; node < n; node++) {
      let previous = -1;
      for (let index = 0; index < graph.neighbourCount(node); index++) {
        const other = graph.neighbourAt(node, index);
        if (other <= previous || other === node || !graph.has(other, node))
          throw new Error(`row ${node} is broken`);
        if (other !== (7 * node + 1) % n && node !== (7 * other + 1) % n && other !== (3 * node + 2) % n && node !== (3 * other + 2) % n)
          throw new Error(`${node}-${other} was never added`); // prettier-ignore
        previous = other;
        arcs++;
      }
    }
    expect(arcs).toBe(2 * graph.edgeCount);
    for (let i = 0; i < n; i++) {
      if ((7 * i + 1) % n !== i && !graph.has(i, (7 * i + 1) % n)) throw new Error(`${i} lost an edge`);
    }
  });

  it('sorts long rows as well', () => {
    const builder = new GraphBuilder(5000);
    for (let i = 4999; i > 0; i--) builder.add(0, i);
    builder.add(17, 0);
    expect(rows(builder.build())[0]).toEqual(Array.from({ length: 4999 }, (_, i) => i + 1));
    expect(builder.repeats).toBe(1);
  });

  it('is empty without edges or nodes', () => {
    expect(new GraphBuilder(0).build().nodeCount).toBe(0);
    expect(rows(new GraphBuilder(3).build())).toEqual([[], [], []]);
  });

  it('turns arcs into edges when asked', () => {
    const directed = built(3, [[0, 1], [1, 0], [1, 2]], true).build(); // prettier-ignore
    expect(directed.edgeCount).toBe(3);
    expect(rows(compress(directed, true))).toEqual([[1], [0, 2], [1]]);
  });
});

/** A second method, slow and plain: everything from the table of distances between all pairs. */
function reference(n: number, edges: readonly Pair[]) {
  const near = Array.from({ length: n }, () => new Array<boolean>(n).fill(false));
  for (const [a, b] of edges) if (a !== b) near[a][b] = near[b][a] = true;
  const distancesWithout = (node: number, edge?: Pair): number[][] => {
    const d = near.map((row, i) =>
      row.map((is, j) => (i === j ? 0 : is && i !== node && j !== node ? 1 : Infinity)),
    );
    if (edge !== undefined) d[edge[0]][edge[1]] = d[edge[1]][edge[0]] = Infinity;
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) d[i][j] = Math.min(d[i][j], d[i][k] + d[k][j]);
    return d;
  };
  const groupsOf = (d: number[][], without = -1): number[][] => {
    const groups: number[][] = [];
    for (let i = 0; i < n; i++) {
      if (i === without || groups.some((group) => group.includes(i))) continue;
      groups.push(d[i].flatMap((hops, j) => (hops < Infinity && j !== without ? [j] : [])));
    }
    return groups;
  };
  const d = distancesWithout(-1);
  const groups = groupsOf(d);
  const largest = groups.reduce((best, group) => (group.length > best.length ? group : best), groups[0]);
  const inside = largest.flatMap((i) => largest.filter((j) => j !== i).map((j) => d[i][j]));
  const eccentricities = largest.map((i) => Math.max(...largest.map((j) => d[i][j])));
  let triangles = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      for (let k = 0; k < j; k++) if (near[i][j] && near[j][k] && near[i][k]) triangles++;
  const local = near.map((row) => {
    const friends = row.flatMap((is, j) => (is ? [j] : []));
    let linked = 0;
    for (const a of friends) for (const b of friends) if (a < b && near[a][b]) linked++;
    return friends.length < 2 ? 0 : (2 * linked) / (friends.length * (friends.length - 1));
  });
  const simple: Pair[] = near.flatMap((row, i) =>
    row.flatMap((is, j): Pair[] => (is && j > i ? [[i, j]] : [])),
  );
  return {
    edges: simple.length,
    components: groups.length,
    largest: largest.length,
    diameter: Math.max(...eccentricities),
    radius: Math.min(...eccentricities),
    meanPath: inside.length === 0 ? 0 : inside.reduce((a, b) => a + b) / inside.length,
    triangles,
    clustering: local.reduce((a, b) => a + b, 0) / n,
    bridges: simple.filter((edge) => groupsOf(distancesWithout(-1, edge)).length > groups.length).length,
    articulationPoints: near.filter((row, i) => {
      const alone = row.every((is) => !is);
      return groupsOf(distancesWithout(i), i).length > groups.length - (alone ? 1 : 0);
    }).length,
  };
}

describe('graphStatistics', () => {
  it('agrees with a slow second method on random graphs', () => {
    const small = fc
      .integer({ min: 1, max: 9 })
      .chain((n) =>
        fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 18 })),
      );
    fc.assert(
      fc.property(small, ([n, edges]) => {
        const truth = reference(n, edges);
        const got = graphStatistics(built(n, edges).build());
        expect({
          edges: got.edges,
          components: got.components,
          largest: got.largestComponent,
          diameter: got.distance.diameter,
          radius: got.distance.radius,
          triangles: got.triangles,
          bridges: got.bridges,
          articulationPoints: got.articulationPoints,
        }).toEqual({ ...truth, meanPath: undefined, clustering: undefined });
        expect(got.distance.meanPath).toBeCloseTo(truth.meanPath, 12);
        expect(got.clustering).toBeCloseTo(truth.clustering, 12);
      }),
    );
  });

  it('says when distances come from a sample', () => {
    const n = 1000;
    const ring = built(
      n,
      Array.from({ length: n }, (_, i): Pair => [i, (i + 1) % n]),
    ).build();
    const sampled = graphStatistics(ring, 0).distance;
    expect([sampled.exact, sampled.sources, sampled.diameter]).toEqual([false, 16, 500]);
    // On a ring every source sees the same: 2 (1 + ... + 499) + 500 over 999 others.
    expect(sampled.meanPath).toBeCloseTo(250_000 / 999, 9);
    expect(graphStatistics(ring).distance.exact).toBe(true);
  });

  it('counts degrees', () => {
    const star = built(5, [[0, 1], [0, 2], [0, 3], [0, 4]]).build(); // prettier-ignore
    expect(graphStatistics(star).degree).toEqual({ min: 1, mean: 1.6, max: 4, counts: [0, 4, 0, 0, 1] });
  });

  it('labels components by their lowest node', () => {
    const parts = components(built(6, [[5, 1], [0, 3]]).build()); // prettier-ignore
    expect([...parts.labels]).toEqual([0, 1, 2, 0, 3, 1]);
    expect([...parts.sizes]).toEqual([2, 2, 1, 1]);
  });
});
