/**
 * Pause: a node stands still and then goes on as if nothing had happened, like a process under SIGSTOP, a long garbage collection, or a
 * virtual machine on the move. Nothing is lost: messages and timers wait in line and are handled when it goes on, in the order in which
 * they came. To everybody else it looks dead.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

export const pause = faultKind({
  name: 'pause',
  summary: 'nodes stand still, and then handle everything that came meanwhile',
  lasts: true,
  changesNodes: false,
  knobs: knobs({
    nodes: {
      kind: 'who',
      doc: 'Who stands still; those that are down at the beginning are left out. A node that crashes meanwhile is not paused when it comes back.',
    },
  }),
  create(context, { nodes }) {
    let paused: readonly number[] = [];
    return {
      begin(world, occurrence) {
        paused = [...context.select(nodes, occurrence)].filter((node) => world.isUp(node));
        for (const node of paused) {
          world.hinder(node, { isPaused: true, lagUs: 0, serviceUs: 0, costFactor: 1 });
          context.touchNode(node);
        }
      },
      end(world) {
        for (const node of paused) world.free(node);
      },
    };
  },
});
