/** The graph files that `mesh` reads and writes. */
import { Registry } from '../../base/registry.js';
import type { GraphFormat } from '../../parts/graph-file.js';
import { csv } from './csv.js';
import { dot } from './dot.js';
import { edgeList } from './edge-list.js';
import { gml } from './gml.js';
import { graphml } from './graphml.js';
import { json } from './json.js';

export const graphFormats = new Registry<GraphFormat>('graph format', [
  graphml,
  gml,
  edgeList,
  csv,
  dot,
  json,
]);
