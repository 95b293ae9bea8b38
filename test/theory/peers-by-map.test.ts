/**
 * Peers chosen by the map, against maps: forty cities of Europe and a square. Who is nearest is found a second time, by chords through
 * the Earth and by Pythagoras, with the engine's own functions.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/core/scenario/load.js';
import { resultOf } from '../../src/core/sim/result.js';
import { Simulation } from '../../src/core/sim/simulation.js';

const folder = new URL('../data/topologies/', import.meta.url);

function simulate(text: string): Simulation {
  const { experiment } = loadScenario({
    text: `version: 1\nstopTime: 20s\nmeasureEvery: 10s\n${text}`,
    fileName: 'map.yaml',
    readFile: (path) => readFileSync(new URL(path, folder)),
  });
  const simulation = new Simulation(experiment);
  simulation.begin();
  while (simulation.advance(1 << 16));
  return simulation;
}

const everybody = (simulation: Simulation): number[] =>
  Array.from({ length: simulation.experiment.nodeCount }, (_, node) => node);

type Point = readonly number[];
const apart = (a: Point, b: Point): number => Math.hypot(...a.map((x, i) => x - b[i]));

function positionsOf({ experiment }: Simulation) {
  const { positions } = experiment.layout;
  if (positions === undefined) throw new Error('the layout has positions');
  return positions;
}

/** Points in space on a ball of radius 1: the shorter the chord, the shorter the way on the ball. */
function pointsOnBall(simulation: Simulation): Point[] {
  const { latitudes, longitudes } = positionsOf(simulation);
  return everybody(simulation).map((node) => {
    const phi = (latitudes[node] * Math.PI) / 180;
    const lambda = (longitudes[node] * Math.PI) / 180;
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  });
}

/** Every node with a place talks to the so many nearest, and to others only as drawn. */
function expectNearest(simulation: Simulation, points: readonly Point[], near: number): void {
  let judged = 0;
  for (const node of everybody(simulation)) {
    if (points[node].some(Number.isNaN)) continue;
    const byDistance = everybody(simulation)
      .filter((other) => other !== node && !points[other].some(Number.isNaN))
      .sort((p, q) => apart(points[node], points[p]) - apart(points[node], points[q]));
    // Where the last and the first beyond are less than a metre apart, lots decide.
    const lastWay = apart(points[node], points[byDistance[near - 1]]);
    if (Math.abs(apart(points[node], points[byDistance[near]]) - lastWay) < 1e-6) continue;
    expect(simulation.peersOf(node)).toEqual(expect.arrayContaining(byDistance.slice(0, near)));
    judged++;
  }
  expect(judged).toBeGreaterThan(30);
}

const geant = 'topology: { type: file, path: Geant2012.graphml, reach: everybody }\n';
const quick = 'degree: 5, interval: 500ms, rebalanceEvery: 10';

describe('geographic', () => {
  it('on Earth: the nearest four fifths on the great circle, and others for the rest', () => {
    const simulation = simulate(`${geant}peers: { type: geographic, ${quick} }\n`);
    const points = pointsOnBall(simulation);
    expectNearest(simulation, points, 4);
    const { peers } = resultOf(simulation);
    expect(peers?.nearBy).toBe('coordinates');
    expect(peers?.connectedShare).toBe(1);
    // The mean over all pairs, from the chords.
    const placed = everybody(simulation).filter((node) => !points[node].some(Number.isNaN));
    expect(placed).toHaveLength(37);
    let sumKm = 0;
    for (const p of placed)
      for (const q of placed) sumKm += 2 * 6371.0088 * Math.asin(apart(points[p], points[q]) / 2);
    expect(peers?.anyKm).toBeCloseTo(sumKm / (37 * 36), 2);
    expect(peers?.peerKm ?? Infinity).toBeLessThan(0.75 * (peers?.anyKm ?? 0));
  });

  it('on a plane: the nearest by Pythagoras', () => {
    // A square of 2000 km, on which the Earth would bend: everybody hears everybody.
    const simulation = simulate(
      `nodes: { count: 40 }\ntopology: { type: random-geometric, radius: 1.5, sideKm: 2000 }\npeers: { type: geographic, ${quick} }\n`,
    );
    const { latitudes, longitudes } = positionsOf(simulation);
    expectNearest(
      simulation,
      everybody(simulation).map((node) => [latitudes[node], longitudes[node]]),
      4,
    );
  });

  it('who has no place is chosen by lot alone, and is not left out', () => {
    const simulation = simulate(`${geant}peers: { type: geographic, ${quick}, nearShare: 1 }\n`);
    const points = pointsOnBall(simulation);
    const lost = everybody(simulation).filter((node) => points[node].some(Number.isNaN));
    expect(lost).toHaveLength(3);
    for (const node of lost) expect(simulation.peersOf(node).length).toBeGreaterThanOrEqual(5);
  });

  it('by region where that is wanted, or where there are no coordinates; the result says which', () => {
    const groups =
      'nodes: { groups: [{ id: eu, count: 12, region: eu }, { id: us, count: 12, region: us }, { id: sea, count: 6 }] }\n';
    const nearBy = (text: string): unknown => resultOf(simulate(text)).peers?.nearBy;
    const square = 'topology: { type: random-geometric, radius: 1.5 }\n';
    expect(nearBy(`${groups}peers: { type: geographic, ${quick} }\n`)).toBe('region');
    expect(nearBy(`${groups}${square}peers: { type: geographic, ${quick} }\n`)).toBe('coordinates');
    const simulation = simulate(
      `${groups}${square}peers: { type: geographic, by: region, ${quick}, nearShare: 1 }\n`,
    );
    expect(resultOf(simulation).peers?.nearBy).toBe('region');
    // Of their own region all that they chose; who is in none is nobody's neighbour, and so chooses anybody.
    const isHome = (node: number) => (peer: number) => Math.floor(peer / 12) === Math.floor(node / 12);
    for (const node of everybody(simulation).slice(0, 24))
      expect(simulation.peersOf(node).filter(isHome(node)).length).toBeGreaterThanOrEqual(5);
    const atSea = everybody(simulation).slice(24);
    const ashore = atSea.map((node) => simulation.peersOf(node).filter((peer) => peer < 24).length);
    expect(ashore.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(12);
    expect(nearBy(`${groups}peers: { type: hybrid, ${quick} }\n`)).toBe('round trip');
    expect(nearBy(`${groups}peers: { type: random, ${quick} }\n`)).toBeNull();
  });

  it('is refused without a map', () => {
    const load = (text: string) => () => simulate(`nodes: { count: 4 }\n${text}`);
    expect(load('peers: { type: geographic, by: coordinates }\n')).toThrow(
      /in a network without coordinates/,
    );
    expect(load('peers: geographic\n')).toThrow(/without coordinates or regions.*hybrid/);
    expect(load('peers: { type: geographic, by: place }\n')).toThrow(/auto, coordinates, region/);
  });
});

describe('a file as a map', () => {
  it('has all nodes of the file, and everybody is a neighbour', () => {
    const { experiment } = simulate(`${geant}peers: none\n`);
    expect(experiment.nodeCount).toBe(40);
    for (let node = 0; node < 40; node++) expect(experiment.layout.graph.neighbourCount(node)).toBe(39);
    expect(experiment.layout.names).toContain('NL');
    expect(experiment.layout.remarks.join(' ')).toMatch(/links of the file are not used/);
  });
});
