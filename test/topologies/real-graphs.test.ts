/** Real networks, against figures that were computed with networkx from the same files, never with mesh. */
import { describe, expect, it } from 'vitest';
import { graphStatistics } from '../../src/core/parts/graph-statistics.js';
import { build, world } from './world.js';

interface Figures {
  readonly nodes: number;
  /** Lines of the file that are edges, parallel ones counted each. */
  readonly records: number;
  readonly edges: number;
  readonly components: number;
  readonly largest: number;
  readonly diameter: number;
  readonly radius: number;
  readonly meanPath: number;
  readonly degree: readonly [min: number, mean: number, max: number];
  readonly clustering: number;
  readonly triangles: number;
  readonly articulationPoints: number;
  readonly bridges: number;
  readonly located: number;
}

/** One row of networkx's figures, in the order above. */
function row(...f: number[]): Figures {
  return {
    nodes: f[0], records: f[1], edges: f[2], components: f[3], largest: f[4], diameter: f[5], radius: f[6], meanPath: f[7],
    degree: [f[8], f[9], f[10]], clustering: f[11], triangles: f[12], articulationPoints: f[13], bridges: f[14], located: f[15],
  }; // prettier-ignore
}

const cases: readonly (readonly [file: string, options: Record<string, unknown>, Figures])[] = [
  ['Abilene.graphml', {}, row(11, 14, 14, 1, 11, 5, 3, 2.418182, 2, 2.545455, 3, 0.151515, 1, 0, 0, 11)],
  ['Geant2012.graphml', {}, row(40, 61, 61, 1, 40, 8, 4, 3.528205, 1, 3.05, 10, 0.154405, 9, 8, 8, 37)],
  ['Sprint.graphml', {}, row(11, 18, 18, 1, 11, 4, 2, 1.890909, 1, 3.272727, 6, 0.363636, 5, 1, 1, 11)],
  ['AttMpls.graphml', {}, row(25, 57, 56, 1, 25, 5, 3, 2.383333, 2, 4.48, 10, 0.556127, 33, 0, 0, 25)],
  ['DialtelecomCz.graphml', {}, row(193, 151, 151, 56, 138, 30, 18, 12.737332, 0, 1.564767, 6, 0.014162, 3, 31, 32, 178)],
  ['Arpanet19728.graphml', {}, row(29, 32, 32, 1, 29, 9, 7, 4.684729, 2, 2.206897, 3, 0, 0, 0, 0, 29)],
  ['bielefeld.csv', {}, row(246, 483, 483, 1, 246, 2, 1, 1.983972, 1, 3.926829, 245, 0.899369, 248, 1, 13, 0)],
  ['leipzig.csv', {}, row(210, 413, 413, 1, 210, 14, 7, 5.980679, 1, 3.933333, 58, 0.399758, 379, 31, 69, 0)],
  [
    'nycmesh/links.csv',
    { nodes: 'nycmesh/nodes.csv', leaveOut: 'status=planned' },
    row(1991, 1314, 1304, 1048, 938, 10, 6, 4.68469, 0, 1.309895, 141, 0.086669, 327, 162, 570, 0),
  ],
]; // prettier-ignore

describe('real networks', () => {
  it.each(cases)('%s has the figures that networkx found', (path, options, truth) => {
    const layout = build('file', world(), { path, ...options });
    const got = graphStatistics(layout.graph);
    const notKept = layout.remarks.map((remark) =>
      Number(/^(\d+) (parallel|edges? from)/.exec(remark)?.[1] ?? 0),
    );
    expect({
      nodes: got.nodes,
      records: got.edges + notKept.reduce((sum, number) => sum + number, 0),
      edges: got.edges,
      components: got.components,
      largest: got.largestComponent,
      diameter: got.distance.diameter,
      radius: got.distance.radius,
      triangles: got.triangles,
      articulationPoints: got.articulationPoints,
      bridges: got.bridges,
      located: layout.positions?.latitudes.filter((latitude) => latitude === latitude).length ?? 0,
    }).toEqual({ ...truth, meanPath: undefined, degree: undefined, clustering: undefined });
    expect(got.distance.meanPath).toBeCloseTo(truth.meanPath, 6);
    expect(got.clustering).toBeCloseTo(truth.clustering, 6);
    expect([got.degree.min, got.degree.max]).toEqual([truth.degree[0], truth.degree[2]]);
    expect(got.degree.mean).toBeCloseTo(truth.degree[1], 6);
  });

  it('come with their names and places', () => {
    const { names, positions } = build('file', world(), { path: 'Abilene.graphml' });
    expect(names?.slice(0, 3)).toEqual(['New York', 'Chicago', 'Washington DC']);
    expect([positions?.latitudes[0], positions?.longitudes[0]]).toEqual([40.71427, -74.00597]);
  });

  it('come with the loss that was measured', () => {
    // Line 2 of the file: 210,199,0.996,1.0,wifi; line 5: 187,53,0.263,0.318,other.
    const { lossOf, names } = build('file', world(), { path: 'bielefeld.csv' });
    expect(names?.[210]).toBe('210');
    expect(lossOf?.(210, 199)).toBeCloseTo(0.004, 12);
    expect(lossOf?.(199, 210)).toBe(0);
    expect(lossOf?.(187, 53)).toBeCloseTo(0.737, 12);
    expect(lossOf?.(53, 187)).toBeCloseTo(0.682, 12);
    expect(lossOf?.(0, 0)).toBeNaN();
  });

  it('say what the reader should know', () => {
    expect(build('file', world(), { path: 'AttMpls.graphml' }).remarks).toEqual([
      '1 parallel edge was folded',
    ]);
    expect(build('file', world(), { path: 'Geant2012.graphml' }).remarks).toContain(
      '3 of 40 nodes have no coordinates',
    );
  });

  it('can be joined, or cut down to the mainland', () => {
    const path = 'DialtelecomCz.graphml';
    const joined = build('file', world(), { path, ensureConnected: true });
    expect(graphStatistics(joined.graph)).toMatchObject({ nodes: 193, edges: 151 + 55, components: 1 });
    expect(joined.remarks).toContain('55 edges were added to join 56 components');
    const mainland = build('file', world(), { path, largestComponent: true });
    expect(graphStatistics(mainland.graph)).toMatchObject({
      nodes: 138,
      components: 1,
      distance: { diameter: 30 },
    });
    expect(mainland.names).toHaveLength(138);
  });
});
