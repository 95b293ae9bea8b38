/**
 * Random networks against the laws of their inventors. Each figure is the mean over R seeds; it may differ from the law by
 * b + 3.3 sd / sqrt(R), where sd is that of the R results and b the bias that the law, a limit for many nodes, is known to have.
 */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/core/model/topology.js';
import { components } from '../../src/core/parts/graph.js';
import { graphStatistics } from '../../src/core/parts/graph-statistics.js';
import { build, world } from '../topologies/world.js';

/** A figure of many graphs of one kind: its mean, and 3.3 standard errors. */
function figure(
  runs: number,
  name: string,
  nodeCount: number,
  given: Record<string, unknown>,
  measure: (graph: Graph) => number,
): { readonly mean: number; readonly slack: number } {
  const values = Array.from({ length: runs }, (_, run) =>
    measure(build(name, world(nodeCount, 100 + run), given).graph),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
  return { mean, slack: 3.3 * Math.sqrt(variance / runs) };
}

function expectLaw(got: { readonly mean: number; readonly slack: number }, law: number, bias: number): void {
  expect(Math.abs(got.mean - law)).toBeLessThanOrEqual(bias + got.slack);
}

describe('Watts-Strogatz', () => {
  const k = 10;
  const fresh = (3 * (k - 2)) / (4 * (k - 1));
  // A. Barrat, M. Weigt, "On the properties of small-world network models", Eur. Phys. J. B 13, 2000: C(p) = C(0)(1 - p)^3 up to O(1/n),
  // for the ratio of means (links among neighbours over pairs of neighbours). At n = 2000, k/n = 0.005.
  it.each([0, 0.05, 0.1, 0.2, 0.4])('clustering at p = %d', (beta) => {
    const pairsOfNeighbours = (k * (k - 1)) / 2;
    const got = figure(12, 'watts-strogatz', 2000, { k, beta }, (graph) => {
      return (3 * graphStatistics(graph, 0).triangles) / (graph.nodeCount * pairsOfNeighbours);
    });
    expectLaw(got, fresh * (1 - beta) ** 3, beta === 0 ? 1e-9 : 0.005);
  });

  it('keeps its edges, and ways shrink from n/2k to a few hops', () => {
    const { graph } = build('watts-strogatz', world(2000), { k, beta: 0.1 });
    expect(graph.edgeCount).toBe((2000 * k) / 2);
    expect(
      graphStatistics(build('ring-lattice', world(2000), { k }).graph).distance.meanPath,
    ).toBeGreaterThan(100);
    expect(graphStatistics(graph).distance.meanPath).toBeLessThan(6);
  });
});

describe('Barabasi-Albert', () => {
  // R. Albert, A.-L. Barabasi, "Statistical mechanics of complex networks", Rev. Mod. Phys. 74, 2002, eq. 89 (Dorogovtsev et al. 2000).
  const m = 3;
  it.each([3, 4, 5, 6, 8, 12])('share of nodes with degree %i', (degree) => {
    const got = figure(10, 'barabasi-albert', 20_000, { m }, (graph) => {
      return (graphStatistics(graph, 0).degree.counts[degree] ?? 0) / graph.nodeCount;
    });
    expectLaw(got, (2 * m * (m + 1)) / (degree * (degree + 1) * (degree + 2)), 5e-4);
  });

  it('the first nodes become hubs: the largest degree grows as m sqrt(n)', () => {
    const largest = (n: number): number => figure(8, 'barabasi-albert', n, { m }, (graph) => graphStatistics(graph, 0).degree.max).mean;
    const growth = largest(16_000) / largest(1000);
    // sqrt(16) = 4; the law is one of order only.
    expect(growth).toBeGreaterThan(2.5);
    expect(growth).toBeLessThan(6);
  });
}); // prettier-ignore

describe('Erdos-Renyi', () => {
  /** S = 1 - exp(-cS) by iteration from above. */
  function giant(c: number): number {
    let share = 1;
    for (let i = 0; i < 10_000; i++) share = 1 - Math.exp(-c * share);
    return share;
  }
  // P. Erdos, A. Renyi, "On the evolution of random graphs", 1960.
  it.each([1.2, 1.5, 2, 3])('giant part at mean degree %d', (meanDegree) => {
    const got = figure(10, 'erdos-renyi', 20_000, { meanDegree }, (graph) => {
      return Math.max(...components(graph).sizes) / graph.nodeCount;
    });
    expectLaw(got, giant(meanDegree), 1e-3);
  });

  it('is dust below one', () => {
    const got = figure(5, 'erdos-renyi', 20_000, { meanDegree: 0.5 }, (graph) =>
      Math.max(...components(graph).sizes),
    );
    // The largest tree has about ln n / (c - 1 - ln c) = 51 nodes.
    expect(got.mean).toBeLessThan(60);
  });

  it('has binomial degrees and edges', () => {
    const p = 0.01;
    const n = 1001;
    const edges = figure(40, 'erdos-renyi', n, { p }, (graph) => graph.edgeCount);
    expectLaw(edges, (p * n * (n - 1)) / 2, 0);
    const isolated = figure(
      40,
      'erdos-renyi',
      n,
      { meanDegree: 2 },
      (graph) => graphStatistics(graph, 0).degree.counts[0],
    );
    expectLaw(isolated, n * (1 - 2 / (n - 1)) ** (n - 1), 0);
  });

  it('joins each pair as likely as any other', () => {
    // The first, a middle and the last ones of the order in which gaps are drawn.
    for (const [a, b] of [[0, 1], [19, 20], [0, 40], [39, 40]]) {
      const there = figure(600, 'erdos-renyi', 41, { p: 0.2 }, (graph) => {
        for (let i = 0; i < graph.neighbourCount(a); i++) if (graph.neighbourAt(a, i) === b) return 1;
        return 0;
      });
      expectLaw(there, 0.2, 0);
    }
  }); // prettier-ignore
});

describe('random regular graphs', () => {
  it('give everybody the same degree', () => {
    for (const degree of [3, 4, 7, 20]) {
      const { degree: got } = graphStatistics(build('random-regular', world(1000), { degree }).graph, 0);
      expect([got.min, got.max]).toEqual([degree, degree]);
    }
  });

  // B. Bollobas, "Random graphs", section 2.4: the number of triangles tends to a Poisson law of mean (d - 1)^3 / 6.
  it.each([3, 5])('have (d-1)^3/6 triangles, d = %i', (degree) => {
    const got = figure(
      80,
      'random-regular',
      1000,
      { degree },
      (graph) => graphStatistics(graph, 0).triangles,
    );
    expectLaw(got, (degree - 1) ** 3 / 6, 0.05);
  });
});

describe('k-out graphs', () => {
  it('leave exp(-k) of the nodes unpicked', () => {
    const k = 2;
    const n = 2000;
    const got = figure(20, 'k-out', n, { k, directed: true }, (graph) => {
      const picked = new Set<number>();
      for (let node = 0; node < n; node++) {
        expect(graph.neighbourCount(node)).toBe(k);
        for (let i = 0; i < k; i++) picked.add(graph.neighbourAt(node, i));
      }
      return n - picked.size;
    });
    expectLaw(got, n * (1 - k / (n - 1)) ** (n - 1), 0);
  });
});

describe('core-periphery graphs', () => {
  it('give the crowd as many links as it picks, all into the core, and the core what two that pick each other leave', () => {
    const [n, core, coreLinks, links] = [600, 100, 8, 5];
    const got = figure(60, 'core-periphery', n, { core, coreLinks, links }, (graph) => {
      for (let node = core; node < n; node++) {
        expect(graph.neighbourCount(node)).toBe(links);
        expect(graph.neighbourAt(node, links - 1)).toBeLessThan(core);
      }
      return graph.edgeCount - (n - core) * links;
    });
    // A pair is linked unless neither picks the other.
    const linked = 1 - (1 - coreLinks / (core - 1)) ** 2;
    expectLaw(got, (linked * core * (core - 1)) / 2, 0);
  });
});

describe('random geometric graphs', () => {
  // Two points drawn in the unit square are at most r apart with chance pi r^2 - 8 r^3 / 3 + r^4 / 2 (r <= 1).
  it.each([0.05, 0.2, 0.8])('edges at radius %d', (radius) => {
    const n = 400;
    const near = Math.PI * radius ** 2 - (8 * radius ** 3) / 3 + radius ** 4 / 2;
    const got = figure(60, 'random-geometric', n, { radius }, (graph) => graph.edgeCount);
    expectLaw(got, (near * n * (n - 1)) / 2, 0);
  });
});
