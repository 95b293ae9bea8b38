/**
 * Partition: the network falls into sides that do not hear each other, until it heals. A cable cut, a wrong firewall rule, a
 * mountain. Messages between sides are dropped when they are sent, or wait for the healing as with TCP, or arrive late; what was
 * under way arrives.
 */
import { assert } from '../base/assert.js';
import { knobs, type KnobProblem } from '../base/knobs.js';
import type { Envelope } from '../model/envelope.js';
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

function marked(nodes: Int32Array, nodeCount: number): Uint8Array {
  const marks = new Uint8Array(nodeCount);
  for (const node of nodes) marks[node] = 1;
  return marks;
}

export const partition = faultKind({
  name: 'partition',
  summary: 'the network falls into sides that do not hear each other',
  lasts: true,
  changesNodes: false,
  heals: true,
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
      doc: 'An asymmetric partition: what these senders send to these receivers is concerned, the way back is open.',
      knobs: knobs({
        senders: { kind: 'who', doc: 'Whose messages are concerned.' },
        receivers: { kind: 'who', doc: 'On the way to whom.' },
      }),
    },
    effect: {
      kind: 'choice',
      words: ['drop', 'delay', 'hold'],
      default: 'drop',
      doc: 'What becomes of a message between sides. `drop`: it is lost. `delay`: it takes longer, by `delay`. `hold`: it waits, and is sent on its way when the partition ends.',
    },
    delay: {
      kind: 'duration',
      min: 1,
      optional: true,
      doc: 'With `effect: delay`: how much longer a message between sides takes.',
    },
  }),
  check({ groups, isolate, share, blocked, effect, delay }) {
    const problems: KnobProblem[] = [];
    const given = Object.entries({ groups, isolate, share, blocked }).flatMap(([key, value]) =>
      value === undefined ? [] : [key],
    );
    const expected = 'expected exactly one of groups, isolate, share, blocked';
    if (given.length === 0) problems.push({ path: [], what: `a partition with no sides, ${expected}` });
    else if (given.length > 1)
      problems.push({
        path: [given[1]],
        what: `${given.join(' and ')} cannot both hold, ${expected}`,
        next: 'Keep one of them, or make a partition of each',
      });
    if (effect === 'delay' && delay === undefined)
      problems.push({
        path: [],
        what: 'effect: delay without a delay',
        next: 'Add one, such as delay: 500ms',
      });
    if (effect !== 'delay' && delay !== undefined)
      problems.push({
        path: ['delay'],
        what: `with effect: ${effect} nothing is delayed`,
        next: 'Leave delay out, or set effect to delay',
      });
    return problems;
  },
  create(context, { groups, isolate, share, blocked, effect, delay = 0 }) {
    assert(
      [groups, isolate, share, blocked].filter((value) => value !== undefined).length === 1,
      'a partition has sides of one kind',
    );
    let sides: Int32Array = new Int32Array(0);
    let senders: Uint8Array = new Uint8Array(0);
    let receivers: Uint8Array = new Uint8Array(0);
    const lieApart = (from: number, to: number): boolean =>
      blocked === undefined ? sides[from] !== sides[to] : senders[from] === 1 && receivers[to] === 1;
    const strikes = ({ from, to }: Envelope): boolean => {
      if (!lieApart(from, to)) return false;
      context.touchMessage();
      return true;
    };
    return {
      certain: true,
      separates: effect === 'delay' ? undefined : lieApart,
      holds: effect === 'hold' ? lieApart : undefined,
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
        const from = context.select(blocked.senders, occurrence * 2);
        const to = context.select(blocked.receivers, occurrence * 2 + 1);
        senders = marked(from, context.nodeCount);
        receivers = marked(to, context.nodeCount);
        // Who speaks in vain is cut off as much as who should hear it, where they are two.
        const ends = new Set([...from, ...to]);
        if (from.length > 0 && to.length > 0 && ends.size > 1)
          ends.forEach((node) => context.touchNode(node));
      },
      loses: effect === 'drop' ? strikes : undefined,
      judge(envelope, _number, verdict) {
        if (effect === 'drop' || !strikes(envelope)) return;
        if (effect === 'delay') verdict.delayUs += delay;
        else verdict.held = true;
      },
    };
  },
});
