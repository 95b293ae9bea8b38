/**
 * Sub-meshes by the map: most peers from near by, the others from anywhere. It needs no measurement, only to know where everybody is, and
 * is as good as the map: by coordinates the nearest, by regions any in the own one.
 */
import { UserError } from '../../base/errors.js';
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import type { Wiring } from '../../model/stack.js';
import { managerEvents, managerKnobs, managerSettings, nearShareKnob } from '../../parts/manager-knobs.js';
import { fromRegion, nearAndFar, type PeerChoice } from '../../parts/peer-choice.js';
import { managerMessages, TopologyManager } from '../../parts/topology-manager.js';
import { bookMemoryBytes } from '../../parts/peer-book.js';

export const geographic = protocol({
  name: 'geographic',
  summary: 'peers that are near on the map, or of the own region, and a few from elsewhere',
  slot: 'peers',
  knobs: knobs({
    ...managerKnobs,
    ...nearShareKnob,
    by: {
      kind: 'choice',
      words: ['auto', 'coordinates', 'region'],
      default: 'auto',
      doc: 'What is near. `coordinates`: the shortest ways on the map, on the great circle or, for random-geometric, on its square; nodes without a place count as far. `region`: whoever has the same one. `auto`: coordinates where the topology has any, else regions; the result says which.',
    },
  }),
  messages: managerMessages,
  memoryBytes: bookMemoryBytes,
  events: managerEvents,
  create(host, rows, { nearShare, by, ...parameters }, wiring) {
    const nearBy = by !== 'auto' ? by : wiring.distanceM === undefined ? 'region' : 'coordinates';
    const choose =
      nearBy === 'coordinates'
        ? byCoordinates(nearShare, wiring.distanceM, () => host.self)
        : byRegion(nearShare, wiring.regionOf, () => host.self);
    return new TopologyManager(host, rows, managerSettings(parameters), choose, wiring, nearBy);
  },
});

function byCoordinates(nearShare: number, distanceM: Wiring['distanceM'], self: () => number): PeerChoice {
  if (distanceM === undefined)
    refuse('without coordinates', 'Use a topology that has them, such as a file of a real network');
  return nearAndFar(nearShare, ({ address }) => distanceM(self(), address));
}

function byRegion(nearShare: number, regionOf: Wiring['regionOf'], self: () => number): PeerChoice {
  if (regionOf === undefined)
    refuse('without coordinates or regions', 'Give groups a region, or use a topology that has places');
  // Who is in no region has no neighbours there.
  return fromRegion(nearShare, (address) => {
    const home = regionOf(self()) ?? '';
    return home !== '' && regionOf(address) === home;
  });
}

function refuse(what: string, next: string): never {
  throw new UserError('bad-scenario', {
    place: 'peers',
    what: `geographic peers in a network ${what}`,
    next: `${next}; hybrid goes by round trips and needs none.`,
  });
}
