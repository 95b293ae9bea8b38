/**
 * Partition: the network falls into sides that do not hear each other, until it heals. A cable cut, a wrong firewall rule, a
 * mountain. Messages between sides are dropped when they are sent; what was under way arrives.
 */
import { UserError } from '../base/errors.js';
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import type { FaultContext } from '../model/fault.js';
import type { Who } from '../base/who.js';

interface Sides {
  readonly groups?: readonly Who[];
  readonly isolate?: Who;
  readonly share?: number;
}

/** The side of each node; nodes that no group names are a side of their own together. */
function sidesOf(context: FaultContext, { groups, isolate, share }: Sides, occurrence: number): Int32Array {
  const sides = new Int32Array(context.nodeCount);
  const parts = groups ?? [isolate ?? { share }];
  parts.forEach((who, index) => {
    for (const node of context.select(who, occurrence * parts.length + index)) {
      if (sides[node] === 0) sides[node] = index + 1;
    }
  });
  return sides;
}

export const partition = faultKind({
  name: 'partition',
  summary: 'the network falls into sides that do not hear each other',
  lasts: true,
  changesNodes: false,
  inRounds: ({ effect }) => effect === 'drop',
  knobs: knobs({
    groups: {
      kind: 'who-list',
      min: 1,
      optional: true,
      doc: 'The sides. Nodes that no side names form one more side together; a node that several name belongs to the first.',
    },
    isolate: { kind: 'who', optional: true, doc: 'These nodes against all others.' },
    share: { kind: 'ratio', optional: true, doc: 'A random share of the nodes against all others.' },
    blocked: {
      kind: 'section',
      optional: true,
      doc: 'An asymmetric partition: what these senders send to these receivers is lost, the way back is open.',
      knobs: knobs({
        senders: { kind: 'who', doc: 'Whose messages are lost.' },
        receivers: { kind: 'who', doc: 'On the way to whom.' },
      }),
    },
    effect: {
      kind: 'choice',
      words: ['drop'],
      default: 'drop',
      doc: 'What becomes of a message between sides: it is dropped.',
    },
  }),
  create(context, { groups, isolate, share, blocked }) {
    const given = [groups, isolate, share, blocked].filter((value) => value !== undefined).length;
    if (given !== 1) {
      throw new UserError('bad-scenario', {
        place: `fault ${context.id}`,
        what: `a partition with ${given === 0 ? 'no sides' : 'several kinds of sides'}`,
        expected: 'exactly one of groups, isolate, share, blocked',
      });
    }
    let sides: Int32Array = new Int32Array(0);
    let senders: Uint8Array = new Uint8Array(0);
    let receivers: Uint8Array = new Uint8Array(0);
    const separates = (from: number, to: number): boolean =>
      blocked === undefined ? sides[from] !== sides[to] : senders[from] === 1 && receivers[to] === 1;
    return {
      certain: true,
      separates,
      begin(_world, occurrence) {
        if (blocked === undefined) {
          sides = sidesOf(context, { groups, isolate, share }, occurrence);
          const first = sides[0];
          if (sides.some((side) => side !== first)) {
            sides.forEach((side, node) => {
              if (side !== 0) context.touchNode(node);
            });
          }
          return;
        }
        senders = new Uint8Array(context.nodeCount);
        receivers = new Uint8Array(context.nodeCount);
        for (const node of context.select(blocked.senders, occurrence * 2)) senders[node] = 1;
        for (const node of context.select(blocked.receivers, occurrence * 2 + 1)) {
          receivers[node] = 1;
          context.touchNode(node);
        }
      },
      end() {
        // The judge is called only while the fault lasts.
      },
      judge(envelope, _number, verdict) {
        if (!separates(envelope.from, envelope.to)) return;
        context.touchMessage();
        verdict.dropped = true;
      },
    };
  },
});
