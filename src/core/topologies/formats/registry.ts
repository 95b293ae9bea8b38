/** The graph files that `mesh` reads and writes. */
import { Registry } from '../../base/registry.js';
import type { GraphFormat } from '../../parts/graph-file.js';
import { graphml } from './graphml.js';

export const graphFormats = new Registry<GraphFormat>('graph format', [graphml]);
