/** Laws that every registered topology obeys, whatever it is. A new topology joins by its line in the registry, and must be given cases. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/core/model/topology.js';
import { components } from '../../src/core/parts/graph.js';
import { topologies } from '../../src/core/topologies/registry.js';
import { build, mishap, world } from './world.js';

type Given = Record<string, unknown>;
const cases: Record<string, readonly (readonly [nodeCount: number | undefined, given?: Given])[]> = {
  complete: [[1], [2], [40]],
  ring: [[1], [2], [3], [100]],
  'ring-lattice': [[5, { k: 4 }], [100, { k: 6 }], [3, { k: 2 }]],
  line: [[1], [2], [50]],
  grid: [[1], [7], [100], [12, { rows: 3 }], [12, { columns: 5 }], [undefined, { rows: 4, columns: 6 }]],
  torus: [[1], [4], [100], [undefined, { rows: 3, columns: 5 }], [12, { rows: 1 }], [12, { rows: 2 }]],
  tree: [[1], [2], [100, { children: 3 }], [undefined, { children: 2, depth: 5 }], [10, { children: 1 }]],
  star: [[1], [2], [100]],
  hypercube: [[1], [2], [64], [undefined, { dimensions: 7 }]],
  'k-out': [[2, { k: 1 }], [5, { k: 4 }], [300, { k: 3 }], [300, { k: 3, directed: true }], [300, { k: 1, ensureConnected: true }]],
  'random-regular': [[2, { degree: 1 }], [10, { degree: 3 }], [10, { degree: 8 }], [10, { degree: 9 }], [501, { degree: 4 }], [500, { degree: 5 }]],
  'erdos-renyi': [[1, { p: 0.5 }], [200, { p: 0 }], [30, { p: 1 }], [500, { meanDegree: 3 }], [500, { meanDegree: 0.5, ensureConnected: true }], [50, { p: 1e-300 }]],
  'watts-strogatz': [[5, { k: 4, beta: 1 }], [300, { k: 6, beta: 0.2 }], [300, { k: 4, beta: 1, ensureConnected: true }], [6, { k: 4, beta: 0.5 }]],
  'barabasi-albert': [[2, { m: 1 }], [300, { m: 1 }], [300, { m: 4 }], [5, { m: 4 }]],
  'random-geometric': [[1], [300], [300, { radius: 0.01, ensureConnected: true }], [30, { radius: 1.5 }], [30, { radius: 0 }], [300, { radius: 0.4 }]],
  regions: [[3, {}], [300, {}], [300, { regions: 5, leaders: 3, inside: 4 }], [2, {}], [30, { regions: 30 }]],
  hierarchical: [[500, {}], [200, { coordinators: 3, aggregators: 10, parents: 2 }], [2, { coordinators: 1, aggregators: 1 }]],
  'core-periphery': [[1, { core: 1, coreLinks: 0 }], [300, { core: 60, coreLinks: 5, links: 7 }], [12, { core: 4, coreLinks: 3, links: 4 }]],
  explicit: [[undefined, { edges: '0-1-2-0, 2-3 2-3' }], [7, { edges: '0-1', ensureConnected: true }], [undefined, { edges: '3-1-1', directed: true }]],
  file: [[undefined, { path: 'Abilene.graphml' }], [40, { path: 'Geant2012.graphml', ensureConnected: true }], [undefined, { path: 'DialtelecomCz.graphml', ensureConnected: true }]],
}; // prettier-ignore

function textOf(graph: Graph): string {
  const rows: string[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const row: number[] = [];
    for (let index = 0; index < graph.neighbourCount(node); index++) row.push(graph.neighbourAt(node, index));
    rows.push(row.join(' '));
  }
  return rows.join('\n');
}

const all = Object.entries(cases).flatMap(([name, list]) =>
  list.map(([count, given]) => [name, count, given ?? {}] as const),
);

describe('every topology', () => {
  it('has cases here', () => {
    expect(Object.keys(cases)).toEqual([...topologies.names]);
  });

  it.each(all)('%s, %j nodes, %j: a clean graph', (name, count, given) => {
    const layout = build(name, world(count), given);
    const { graph } = layout;
    if (count !== undefined) expect(graph.nodeCount).toBe(count);
    for (const list of [
      layout.names,
      layout.regions,
      layout.positions?.latitudes,
      layout.positions?.longitudes,
    ]) {
      if (list !== undefined) expect(list).toHaveLength(graph.nodeCount);
    }
    if (layout.names !== undefined) expect(new Set(layout.names).size).toBe(graph.nodeCount);
    const arcs = new Set<number>();
    for (let node = 0; node < graph.nodeCount; node++) {
      let previous = -1;
      for (let index = 0; index < graph.neighbourCount(node); index++) {
        const other = graph.neighbourAt(node, index);
        expect(Number.isInteger(other) && other < graph.nodeCount && other !== node).toBe(true);
        // Rising: sorted, and nobody twice.
        expect(other).toBeGreaterThan(previous);
        previous = other;
        arcs.add(node * graph.nodeCount + other);
      }
    }
    expect(arcs.size).toBe(graph.directed ? graph.edgeCount : 2 * graph.edgeCount);
    if (!graph.directed) {
      for (const arc of arcs) {
        expect(arcs.has((arc % graph.nodeCount) * graph.nodeCount + Math.floor(arc / graph.nodeCount))).toBe(
          true,
        );
      }
    }
    if (given.ensureConnected === true) expect(components(graph).count).toBe(1);
  });

  it.each(all)('%s, %j nodes, %j: the same seed, the same graph', (name, count, given) => {
    expect(textOf(build(name, world(count, 7), given).graph)).toBe(
      textOf(build(name, world(count, 7), given).graph),
    );
  });

  it.each([
    'k-out',
    'random-regular',
    'erdos-renyi',
    'watts-strogatz',
    'barabasi-albert',
    'random-geometric',
    'regions',
  ])('%s: another seed, another graph', (name) => {
    const given = name === 'erdos-renyi' ? { meanDegree: 5 } : name === 'random-regular' ? { degree: 4 } : {};
    expect(textOf(build(name, world(300, 1), given).graph)).not.toBe(
      textOf(build(name, world(300, 2), given).graph),
    );
  });

  it('tells a whole story of each of its knobs', () => {
    for (const { name, summary, knobs } of topologies) {
      expect(summary, name).not.toMatch(/\.$/);
      for (const [knob, story] of Object.entries(knobs as Record<string, { doc: string }>)) {
        expect(story.doc.length, `${name}.${knob}`).toBeGreaterThan(20);
        expect(story.doc, `${name}.${knob}`).toMatch(/\.$/);
      }
    }
  });

  it.each<[string, number | undefined, Given, string]>([
    ['ring', undefined, {}, 'does not say how many nodes'],
    ['ring-lattice', 10, { k: 3 }, 'an even number'],
    ['ring-lattice', 4, { k: 4 }, 'k below the number of nodes'],
    ['grid', 13, { rows: 3, columns: 4 }, 'has 12 nodes, but 13 are asked for'],
    ['grid', 13, { rows: 4 }, 'a multiple of rows'],
    ['torus', 13, {}, 'not prime'],
    ['torus', 12, { rows: 5 }, 'divides the number of nodes'],
    ['tree', undefined, { children: 10, depth: 9 }, 'a smaller depth'],
    ['hypercube', 100, {}, 'a power of two'],
    ['k-out', 4, { k: 4 }, 'k below'],
    ['random-regular', 5, { degree: 3 }, 'every edge has two ends'],
    ['random-regular', 5, { degree: 5 }, 'below the number of nodes'],
    ['erdos-renyi', 10, {}, 'neither p nor meanDegree'],
    ['erdos-renyi', 10, { p: 0.1, meanDegree: 1 }, 'both p and meanDegree'],
    ['erdos-renyi', 10, { meanDegree: 10 }, 'less than the number of nodes'],
    ['erdos-renyi', 1_000_000, { p: 0.5 }, 'too-expensive'],
    ['watts-strogatz', 10, { k: 5 }, 'an even number'],
    ['barabasi-albert', 3, { m: 3 }, 'm below'],
    ['random-geometric', 10, { radius: 0.1, meanDegree: 3 }, 'one of the two'],
    ['random-geometric', 1_000_000, { radius: 1 }, 'too-expensive'],
    ['regions', 3, { regions: 4 }, 'at least one node a region'],
    ['hierarchical', 50, {}, 'fewer of them'],
    ['hierarchical', 500, { coordinators: 2, parents: 3 }, 'no more than there are'],
    ['explicit', undefined, { edges: '0-1-' }, 'cannot read "0-1-" in edges'],
    ['explicit', 3, { edges: '0-3' }, '0 to 2'],
    ['explicit', undefined, { edges: ' ' }, 'Set nodes.count'],
  ])('%s, %j nodes, %j: refused', (name, count, given, expected) => {
    expect(mishap(() => build(name, world(count), given))).toContain(expected);
  }); // prettier-ignore
});
