/**
 * Sub-meshes by region: most peers at random from the own region, the others from elsewhere. It needs no measurement, only to know where
 * everybody is, and is as good as the map.
 */
import { UserError } from '../../base/errors.js';
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { managerKnobs, managerSettings, nearShareKnob } from '../../parts/manager-knobs.js';
import { fromRegion } from '../../parts/peer-choice.js';
import { managerMessages, TopologyManager } from '../../parts/topology-manager.js';
import { bookMemoryBytes } from '../../parts/peer-book.js';

export const geographic = protocol({
  name: 'geographic',
  summary: 'peers of the own region, and a few from elsewhere',
  slot: 'peers',
  knobs: knobs({ ...managerKnobs, ...nearShareKnob }),
  messages: managerMessages,
  memoryBytes: bookMemoryBytes,
  create(host, rows, { nearShare, ...parameters }, wiring) {
    const { regionOf } = wiring;
    if (regionOf === undefined) {
      throw new UserError('bad-scenario', {
        place: 'peers',
        what: 'geographic peers in a network without regions',
        next: 'Give groups a region, or use a topology that has them; hybrid goes by round trips and needs none.',
      });
    }
    const isNear = (address: number): boolean => regionOf(address) === regionOf(host.self);
    return new TopologyManager(
      host,
      rows,
      managerSettings(parameters),
      fromRegion(nearShare, isNear),
      wiring,
    );
  },
});
