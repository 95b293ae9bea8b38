/** Networks with a regular shape have closed forms for almost everything. */
import { describe, expect, it } from 'vitest';
import { graphStatistics } from '../../src/core/parts/graph-statistics.js';
import { build, rowsOf, world } from './world.js';

function measure(name: string, nodeCount: number | undefined, given: Record<string, unknown> = {}) {
  return graphStatistics(build(name, world(nodeCount), given).graph);
}

describe('regular shapes', () => {
  it('are what their names say, on small examples drawn by hand', () => {
    expect(rowsOf(build('ring', world(4)).graph)).toEqual([[1, 3], [0, 2], [1, 3], [0, 2]]); // prettier-ignore
    expect(rowsOf(build('line', world(3)).graph)).toEqual([[1], [0, 2], [1]]);
    expect(rowsOf(build('star', world(3)).graph)).toEqual([[1, 2], [0], [0]]);
    expect(rowsOf(build('tree', world(6), { children: 3 }).graph)).toEqual([[1, 2, 3], [0, 4, 5], [0], [0], [1], [1]]); // prettier-ignore
    expect(rowsOf(build('grid', world(5), { columns: 3 }).graph)).toEqual([[1, 3], [0, 2, 4], [1], [0, 4], [1, 3]]); // prettier-ignore
    expect(rowsOf(build('hypercube', world(4)).graph)).toEqual([[1, 2], [0, 3], [0, 3], [1, 2]]); // prettier-ignore
    expect(rowsOf(build('explicit', world(), { edges: '0-1-2-0, 2-3' }).graph)).toEqual([[1, 2], [0, 2], [0, 1, 3], [2]]); // prettier-ignore
    expect(rowsOf(build('complete', world(3)).graph)).toEqual([[1, 2], [0, 2], [0, 1]]); // prettier-ignore
  });

  it.each([7, 10, 101])('ring and line of %i', (n) => {
    expect(measure('ring', n)).toMatchObject({
      edges: n, distance: { diameter: Math.floor(n / 2), radius: Math.floor(n / 2) }, bridges: 0, articulationPoints: 0,
    }); // prettier-ignore
    const line = measure('line', n);
    expect(line).toMatchObject({
      edges: n - 1, distance: { diameter: n - 1, radius: Math.floor(n / 2) }, bridges: n - 1, articulationPoints: n - 2,
    }); // prettier-ignore
    // The mean over pairs of |i - j| is (n + 1) / 3.
    expect(line.distance.meanPath).toBeCloseTo((n + 1) / 3, 9);
  });

  it.each([[4, 100], [6, 100], [10, 101]])('ring lattice, k = %i, %i nodes', (k, n) => {
    const got = measure('ring-lattice', n, { k });
    expect(got.degree).toMatchObject({ min: k, max: k });
    expect(got.clustering).toBeCloseTo((3 * (k - 2)) / (4 * (k - 1)), 12);
    expect(got.distance.diameter).toBe(Math.ceil(Math.floor(n / 2) / (k / 2)));
  }); // prettier-ignore

  it.each([[3, 4], [5, 5], [8, 3]])('grid and torus of %i x %i', (rows, columns) => {
    expect(measure('grid', undefined, { rows, columns })).toMatchObject({
      edges: rows * (columns - 1) + columns * (rows - 1), distance: { diameter: rows + columns - 2 }, components: 1,
    });
    expect(measure('torus', undefined, { rows, columns })).toMatchObject({
      edges: 2 * rows * columns,
      degree: { min: 4, max: 4 },
      distance: { diameter: Math.floor(rows / 2) + Math.floor(columns / 2) },
    });
  }); // prettier-ignore

  it('full trees', () => {
    expect(measure('tree', undefined, { children: 3, depth: 4 })).toMatchObject({
      nodes: 121, edges: 120, distance: { diameter: 8, radius: 4 }, bridges: 120, articulationPoints: 40,
    }); // prettier-ignore
  });

  it.each([1, 3, 6, 9])('hypercube of %i dimensions', (d) => {
    const got = measure('hypercube', 2 ** d);
    expect(got).toMatchObject({
      edges: d * 2 ** (d - 1), degree: { min: d, max: d }, distance: { diameter: d, radius: d }, triangles: 0,
    }); // prettier-ignore
    // Two different corners differ in d/2 digits on average, the equal pair left out.
    expect(got.distance.meanPath).toBeCloseTo((d / 2) * (2 ** d / (2 ** d - 1)), 9);
  });

  it('star and complete', () => {
    expect(measure('star', 50)).toMatchObject({
      edges: 49,
      distance: { diameter: 2, radius: 1 },
      articulationPoints: 1,
    });
    expect(measure('complete', 30)).toMatchObject({
      edges: 435, distance: { diameter: 1 }, clustering: 1, triangles: 4060, transitivity: 1,
    }); // prettier-ignore
    expect(build('complete', world(1_000_000)).graph.edgeCount).toBe(499_999_500_000);
  });

  it('regions hang together by their leaders alone', () => {
    const { graph, regions } = build('regions', world(90), { regions: 3, inside: 4, leaders: 2 });
    const crossing: string[] = [];
    rowsOf(graph).forEach((row, from) => {
      for (const to of row)
        if (from < to && regions?.[from] !== regions?.[to]) crossing.push(`${from}-${to}`);
    });
    expect(crossing).toEqual(
      ['0-30', '0-31', '0-60', '0-61', '1-30', '1-31', '1-60', '1-61', '30-60', '30-61', '31-60', '31-61'],
    ); // prettier-ignore
    expect(graphStatistics(graph).components).toBe(1);
  });

  it('regions follow the groups of the scenario', () => {
    const context = { ...world(10), groupOf: (node: number) => (node < 4 ? 'eu' : 'us') };
    expect(build('regions', context).regions).toEqual([
      'eu',
      'eu',
      'eu',
      'eu',
      'us',
      'us',
      'us',
      'us',
      'us',
      'us',
    ]);
  });

  it('the hierarchy gives each node its place', () => {
    const { graph, regions } = build('hierarchical', world(2 + 4 + 12), { coordinators: 2, aggregators: 4 });
    const rows = rowsOf(graph);
    expect(rows[0]).toEqual([1, 2, 3]);
    expect(rows[1]).toEqual([0, 4, 5]);
    expect(rows[2]).toEqual([0, 6, 7, 8]);
    expect(rows[5]).toEqual([1, 15, 16, 17]);
    expect(rows[17]).toEqual([5]);
    // With two parents, the last one in line falls back on the first of its level.
    const doubled = rowsOf(
      build('hierarchical', world(2 + 4 + 12), { coordinators: 2, aggregators: 4, parents: 2 }).graph,
    );
    expect(doubled[5]).toEqual([0, 1, 12, 13, 14, 15, 16, 17]);
    expect(doubled[17]).toEqual([2, 5]);
    expect(regions?.[8]).toBe('region-1');
    expect(regions?.[17]).toBe('region-2');
  });

  it('random geometric graphs join exactly the near pairs', () => {
    const { graph, positions } = build('random-geometric', world(200), { radius: 0.13, sideKm: 100 });
    const { latitudes, longitudes } = positions ?? { latitudes: [], longitudes: [] };
    const side = ((100 / 6371.0088) * 180) / Math.PI;
    const rows = rowsOf(graph);
    for (let a = 0; a < 200; a++) {
      for (let b = 0; b < a; b++) {
        const distance = Math.hypot(latitudes[a] - latitudes[b], longitudes[a] - longitudes[b]) / side;
        expect(rows[a].includes(b)).toBe(distance <= 0.13);
      }
    }
  });
});
