/** Every kind of network that a scenario can name; the simplest first. */
import { Registry } from '../base/registry.js';
import type { Topology } from '../model/topology.js';
import { complete } from './complete.js';
import { fileTopology } from './file.js';
import { graphFormats } from './formats/registry.js';
import { ring } from './ring.js';

export const topologies = new Registry<Topology<any>>('topology', [
  complete,
  ring,
  fileTopology(graphFormats),
]);
