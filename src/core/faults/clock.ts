/**
 * Clock: a node's own clock is wrong, by a fixed offset, or more and more by drifting. Its timestamps, everything that it measures and
 * its timers follow that clock; messages, links, the workload and everybody else do not. When the fault ends the clock is right at once.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

const yearUs = 365 * 86_400 * 1_000_000;

export const clock = faultKind({
  name: 'clock',
  summary: "nodes' own clocks are wrong, or run fast or slow",
  lasts: true,
  changesNodes: false,
  knobs: knobs({
    nodes: { kind: 'who', doc: 'Whose clocks are wrong.' },
    offset: {
      kind: 'duration',
      min: -yearUs,
      max: yearUs,
      default: 0,
      doc: 'The clock is set ahead by this, or back where it is negative (`-300s`). The step itself is felt as well: silences that are being measured seem longer, or shorter.',
    },
    drift: {
      kind: 'number',
      min: -0.9,
      max: 10,
      default: 0,
      doc: 'How much faster the clock runs, as a share: 0.01 gains 10 ms a second, so that timers go off one percent early; a quartz has about 0.00002. Negative: slower.',
    },
  }),
  check: ({ offset, drift }) =>
    offset !== 0 || drift !== 0
      ? []
      : [{ path: [], what: 'expected offset or drift, found neither', next: 'Add one, such as offset: 5s' }],
  create(context, { nodes, offset, drift }) {
    let chosen: Int32Array = new Int32Array(0);
    return {
      begin(world, occurrence) {
        chosen = context.select(nodes, occurrence);
        for (const node of chosen) {
          world.setClock(node, offset, drift);
          context.touchNode(node);
        }
      },
      end(world) {
        for (const node of chosen) world.setClockRight(node);
      },
    };
  },
});
