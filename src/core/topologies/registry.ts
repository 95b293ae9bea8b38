/** Every kind of network that a scenario can name: regular ones, random ones, built ones, real ones. */
import { Registry } from '../base/registry.js';
import type { Topology } from '../model/topology.js';
import { barabasiAlbert } from './barabasi-albert.js';
import { complete } from './complete.js';
import { corePeriphery } from './core-periphery.js';
import { erdosRenyi } from './erdos-renyi.js';
import { explicit } from './explicit.js';
import { fileTopology } from './file.js';
import { graphFormats } from './formats/registry.js';
import { grid } from './grid.js';
import { hierarchical } from './hierarchical.js';
import { hypercube } from './hypercube.js';
import { kOut } from './k-out.js';
import { line } from './line.js';
import { randomGeometric } from './random-geometric.js';
import { randomRegular } from './random-regular.js';
import { regions } from './regions.js';
import { ring } from './ring.js';
import { ringLattice } from './ring-lattice.js';
import { star } from './star.js';
import { torus } from './torus.js';
import { tree } from './tree.js';
import { wattsStrogatz } from './watts-strogatz.js';

export const topologies = new Registry<Topology>('topology', [
  complete,
  ring,
  ringLattice,
  line,
  grid,
  torus,
  tree,
  star,
  hypercube,
  kOut,
  randomRegular,
  erdosRenyi,
  wattsStrogatz,
  barabasiAlbert,
  randomGeometric,
  regions,
  hierarchical,
  corePeriphery,
  explicit,
  fileTopology(graphFormats),
]);
