/**
 * Slow: nodes that do everything later, or need a while for each thing. `lag` is the first: every message and every timer is handled so
 * much later, however many there are. `serviceTime` is the second: the node handles one thing after the other and is busy for that long
 * after each, so that under load a line forms, which grows without end when things come faster than that. `factor` multiplies what
 * handling costs anyway.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

export const slow = faultKind({
  name: 'slow',
  summary: 'nodes handle messages and timers late, or one by one with a pause after each',
  lasts: true,
  changesNodes: false,
  knobs: knobs({
    nodes: { kind: 'who', doc: 'Who is slow; it stays slow over a crash, as a machine does.' },
    lag: { kind: 'duration', default: 0, doc: 'Everything is handled this much later than it came.' },
    serviceTime: {
      kind: 'duration',
      default: 0,
      doc: 'How long the node is busy after each message or timer that it handles. What comes meanwhile waits in line; the busy share is arrivals a second times this.',
    },
    factor: {
      kind: 'number',
      min: 1,
      max: 1e6,
      default: 1,
      doc: 'What handling costs every node by `processing` costs this one so many times as much: a machine that is ten times slower.',
    },
  }),
  needsProcessing: ({ factor }) => factor > 1,
  check: ({ lag, serviceTime, factor }) =>
    lag > 0 || serviceTime > 0 || factor > 1
      ? []
      : [
          {
            path: [],
            what: 'expected lag, serviceTime or factor, found none',
            next: 'Add one, such as lag: 1s',
          },
        ],
  create(context, { nodes, lag, serviceTime, factor }) {
    let chosen: Int32Array = new Int32Array(0);
    return {
      begin(world, occurrence) {
        chosen = context.select(nodes, occurrence);
        for (const node of chosen) {
          world.hinder(node, { isPaused: false, lagUs: lag, serviceUs: serviceTime, costFactor: factor });
          context.touchNode(node);
        }
      },
      end(world) {
        for (const node of chosen) world.free(node);
      },
    };
  },
});
