/** From what a scenario says about latency to a function of two addresses. What is missing for it is an issue. */
import { assert } from '../base/assert.js';
import { formatDuration } from '../base/units.js';
import { quoteText } from '../base/escape.js';
import type { LatencyModel } from '../model/experiment.js';
import type { Layout } from '../model/topology.js';
import { compileDistribution } from '../parts/distributions.js';
import { constantLatency, coordinateLatency, drawnLatency, regionLatency } from '../parts/latency.js';
import { parseLatencyMatrix, type LatencyMatrix } from '../parts/latency-matrix.js';
import type { Issues } from './issues.js';
import { distributionSpec, type LatencySpec, type RegionTable } from './latency-shape.js';
import type { NodePlan } from './nodes.js';

const path = ['network', 'latency'];

export function planLatency(
  spec: LatencySpec,
  layout: Layout,
  plan: NodePlan,
  seed: number,
  readFile: (path: string) => Uint8Array,
  issues: Issues,
): LatencyModel | undefined {
  switch (spec.form) {
    case 'constant':
      return constantLatency(spec.delayUs, `${formatDuration(spec.delayUs)} on every link`);
    case 'distribution': {
      const sampler = issues.attempt(path, () =>
        compileDistribution(distributionSpec(spec.name, spec.values)),
      );
      if (sampler === undefined) return undefined;
      return drawnLatency(seed, sampler, plan.nodeCount, `${spec.name}, drawn once for each link`);
    }
    case 'coordinates': {
      const { positions } = layout;
      const lost = lostNodes(
        plan,
        (address) =>
          Number.isFinite(positions?.latitudes[address] ?? NaN) &&
          Number.isFinite(positions?.longitudes[address] ?? NaN),
      );
      if (!allPlaced(lost, plan, spec.fallback, 'coordinates', issues)) return undefined;
      const fallbackUs = spec.fallback ?? 1;
      const description = `2/3 c between coordinates${spec.stretch === 1 ? '' : ` x ${spec.stretch}`}${also(spec.overhead, lost, spec.fallback)}`;
      if (positions === undefined) return constantLatency(fallbackUs, description);
      return coordinateLatency(
        positions,
        { stretch: spec.stretch, overheadUs: spec.overhead, fallbackUs },
        description,
      );
    }
    case 'regions': {
      const matrix = issues.attempt([...path, spec.file === undefined ? 'table' : 'file'], () =>
        readMatrix(spec, readFile),
      );
      if (matrix === undefined) return undefined;
      return planRegions(spec, matrix, layout, plan, issues);
    }
  }
}

type Regions = Extract<LatencySpec, { form: 'regions' }>;

function readMatrix(spec: Regions, readFile: (path: string) => Uint8Array): LatencyMatrix {
  if (spec.file !== undefined) return parseLatencyMatrix(readFile(spec.file), spec.rtt);
  assert(spec.table !== undefined, 'regions have a table or a file');
  return tableMatrix(spec.table, spec.rtt);
}

function tableMatrix(table: RegionTable, rtt: boolean): LatencyMatrix {
  const names = [...new Set([...table].flatMap(([from, row]) => [from, ...row.keys()]))];
  const delaysUs = new Float64Array(names.length * names.length).fill(NaN);
  for (const [from, row] of table) {
    for (const [to, us] of row) {
      delaysUs[names.indexOf(from) * names.length + names.indexOf(to)] = rtt ? us / 2 : us;
    }
  }
  return { names, delaysUs };
}

function planRegions(
  spec: Regions,
  matrix: LatencyMatrix,
  layout: Layout,
  plan: NodePlan,
  issues: Issues,
): LatencyModel | undefined {
  const rowOf = new Map(matrix.names.map((name, row) => [name, row]));
  const regionOf = new Int32Array(plan.nodeCount);
  for (let address = 0; address < plan.nodeCount; address++) {
    const group = plan.groupOf === undefined ? undefined : plan.groups[plan.groupOf[address]];
    const region = group?.region ?? layout.regions?.[address] ?? plan.nameOf(address);
    regionOf[address] = rowOf.get(region) ?? -1;
  }
  const lost = lostNodes(plan, (address) => regionOf[address] >= 0);
  if (!allPlaced(lost, plan, spec.fallback, 'a region of the table', issues)) return undefined;
  const hole = spec.fallback === undefined ? holeBetween(matrix, new Set(regionOf)) : undefined;
  if (hole !== undefined) {
    issues.reportAt(
      path,
      `the table says nothing about ${hole.map((name) => quoteText(name, 64)).join(' and ')}`,
      'Add fallback:, such as fallback: 100ms',
    );
    return undefined;
  }
  const description = `${matrix.names.length} regions${also(0, lost, spec.fallback)}`;
  return regionLatency(matrix, regionOf, spec.within, spec.fallback ?? 1, description);
}

/** Two different regions that are used and have no latency in either direction. */
function holeBetween(
  { names, delaysUs }: LatencyMatrix,
  used: ReadonlySet<number>,
): [string, string] | undefined {
  for (const row of used) {
    for (const column of used) {
      if (row === column || row < 0 || column < 0) continue;
      if (
        Number.isNaN(delaysUs[row * names.length + column]) &&
        Number.isNaN(delaysUs[column * names.length + row])
      ) {
        return [names[row], names[column]];
      }
    }
  }
  return undefined;
}

function lostNodes(plan: NodePlan, isPlaced: (address: number) => boolean): number[] {
  const lost: number[] = [];
  for (let address = 0; address < plan.nodeCount; address++) if (!isPlaced(address)) lost.push(address);
  return lost;
}

function allPlaced(
  lost: readonly number[],
  plan: NodePlan,
  fallbackUs: number | undefined,
  what: string,
  issues: Issues,
): boolean {
  if (lost.length === 0 || fallbackUs !== undefined) return true;
  const some = lost.slice(0, 3).map((address) => quoteText(plan.nameOf(address), 64));
  const rest = lost.length > some.length ? ` and ${lost.length - some.length} more` : '';
  issues.reportAt(
    path,
    `${some.join(', ')}${rest} of ${plan.nodeCount} nodes: no ${what.replace(/^a /, '')}`,
    'Add fallback:, such as fallback: 5ms',
  );
  return false;
}

function also(overheadUs: number, lost: readonly number[], fallbackUs: number | undefined): string {
  const overhead = overheadUs === 0 ? '' : ` + ${formatDuration(overheadUs)}`;
  if (lost.length === 0 || fallbackUs === undefined) return overhead;
  return `${overhead}; ${formatDuration(fallbackUs)} where a node has no place (${lost.length} nodes)`;
}
