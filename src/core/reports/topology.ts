/** What `mesh topology` says of a network: its figures in one table, each with the words that a newcomer needs. */
import { type Block, dim, type Line, warn } from '../base/blocks.js';
import { showText } from '../base/escape.js';
import { formatCount, formatNumber, formatShare } from '../base/units.js';

/** Figures of a graph, as `parts/graph-statistics` counts them. */
export interface TopologyStatistics {
  readonly degree: {
    readonly min: number;
    readonly mean: number;
    readonly max: number;
    readonly counts: readonly number[];
  };
  readonly components: number;
  readonly largestComponent: number;
  readonly distance: {
    readonly exact: boolean;
    readonly sources: number;
    readonly diameter: number;
    readonly radius: number;
    readonly meanPath: number;
  };
  readonly triangles: number;
  readonly clustering: number;
  readonly transitivity: number;
  readonly articulationPoints: number;
  readonly bridges: number;
}

export interface TopologyResult {
  readonly type: string;
  readonly seed: number;
  readonly nodes: number;
  readonly edges: number;
  readonly directed: boolean;
  readonly named: boolean;
  /** Nodes with coordinates. */
  readonly located: number;
  readonly regions: number;
  /** Escaped. */
  readonly remarks: readonly string[];
  /** null when there are too many edges to examine. */
  readonly statistics: TopologyStatistics | null;
}

/** @param title such as a file name; escaped here */
export function topologyBlocks(result: TopologyResult, title: string): Block[] {
  const { statistics } = result;
  const rows: [string, Line][] = [
    ['Nodes', formatCount(result.nodes)],
    [result.directed ? 'Arcs' : 'Edges', formatCount(result.edges)],
    ...(statistics === null ? [] : statisticsRows(result, statistics)),
  ];
  if (result.regions > 0) rows.push(['Regions', formatCount(result.regions)]);
  if (result.located > 0)
    rows.push(['With coordinates', `${formatCount(result.located)} of ${formatCount(result.nodes)}`]);
  const blocks: Block[] = [
    { kind: 'heading', text: showText(title) },
    { kind: 'facts', rows },
  ];
  if (result.remarks.length > 0)
    blocks.push({ kind: 'text', lines: result.remarks.map((remark) => warn(remark)) });
  return blocks;
}

function statisticsRows(result: TopologyResult, statistics: TopologyStatistics): [string, Line][] {
  const { degree, distance, components } = statistics;
  const whole = components === 1;
  const least = distance.exact ? '' : 'at least ';
  const most = distance.exact ? '' : 'at most ';
  const of = whole ? '' : ' in the largest component';
  const parts: Line = whole
    ? '1, all nodes hang together'
    : [
        `${formatCount(components)}, `,
        dim(
          `the largest with ${formatCount(statistics.largestComponent)} nodes (${formatShare(statistics.largestComponent / result.nodes)})`,
        ),
      ];
  const sampled: [string, Line][] = distance.exact
    ? []
    : [['Distances from', dim(`${formatCount(distance.sources)} sampled nodes`)]];
  return [
    [
      result.directed ? 'Out-degree' : 'Degree',
      `${formatNumber(degree.mean)} on average, ${formatCount(degree.min)} to ${formatCount(degree.max)}`,
    ],
    ['Components', parts],
    ['Diameter', `${least}${formatCount(distance.diameter)} hops${of}`],
    ['Radius', `${most}${formatCount(distance.radius)} hops`],
    ['Mean distance', `${formatNumber(distance.meanPath)} hops`],
    ...sampled,
    [
      'Clustering',
      [`${formatNumber(statistics.clustering)} `, dim(`(${formatCount(statistics.triangles)} triangles)`)],
    ],
    [
      'Single points of failure',
      `${formatCount(statistics.articulationPoints)} nodes, ${formatCount(statistics.bridges)} edges`,
    ],
  ];
}
