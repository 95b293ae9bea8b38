/**
 * Replay: a member keeps messages that it passes on, and sends them again later, unchanged. Value, step and signature are those of an
 * honest message; what gives it away is only that it was there before, or that it is old.
 */
import { knobs } from '../base/knobs.js';
import type { Body } from '../model/bodies.js';
import { adversaryKind } from '../model/fault.js';
import { ratioKnobs } from '../parts/liar-knobs.js';
import { tellNeighbours } from '../parts/liar-voice.js';

interface Recording {
  readonly node: number;
  readonly dueUs: number;
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly body: Body;
}

/** A liar keeps no more than this at a time. */
const recordingsMax = 10_000;

export const replay = adversaryKind({
  name: 'replay',
  summary: 'send old messages of others again',
  inRounds: false,
  knobs: knobs({
    after: {
      kind: 'duration',
      min: 1,
      default: 5_000_000,
      doc: 'How long it keeps a message before it sends it again.',
    },
    ...ratioKnobs,
  }),
  create(context, { after, ratio }) {
    const { bodies, draws } = context;
    const kept = new Map<number, Recording[]>();
    /** By member: what it has decided about. */
    const known = new Map<number, WeakSet<Body>>();
    const copies = new WeakSet<Body>();
    return {
      onSend(envelope, kind) {
        if (!kind.publication) return;
        const body = bodies.get(envelope.body);
        if (body.origin === envelope.from || copies.has(body)) return;
        const mine = known.get(envelope.from) ?? new WeakSet();
        known.set(envelope.from, mine);
        if (mine.has(body)) return;
        mine.add(body);
        if (draws.ratio(envelope.from, body.digest0) >= ratio) return;
        const list = kept.get(envelope.from) ?? [];
        kept.set(envelope.from, list);
        if (list.length >= recordingsMax) return;
        list.push({
          node: envelope.from,
          dueUs: context.nowUs + after,
          step: envelope.a,
          value: envelope.b,
          sequence: envelope.c,
          body,
        });
        if (list.length === 1) context.wakeLater(envelope.from, after);
      },
      wake(node) {
        const list = kept.get(node);
        if (list === undefined) return;
        while (list.length > 0 && list[0].dueUs <= context.nowUs) {
          const [{ step, value, sequence, body }] = list.splice(0, 1);
          // The same content under another handle, so that ground truth can tell the copy from the true one.
          const copy = { ...body };
          copies.add(copy);
          tellNeighbours(context, node, { step, value, sequence, body: context.lend(copy) }, true);
        }
        if (list.length > 0) context.wakeLater(node, Math.max(1, list[0].dueUs - context.nowUs));
      },
    };
  },
});
