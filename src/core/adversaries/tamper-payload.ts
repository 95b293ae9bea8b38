/**
 * Tamper with the payload: a member passes messages of others on, with other data and the value and signature as they were. The pattern
 * does not cover the data, so the pattern check never tells; a signature does.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import type { Body } from '../model/bodies.js';
import { outsiderKnobs } from '../parts/liar-knobs.js';

export const tamperPayload = adversaryKind({
  name: 'tamper-payload',
  summary: 'pass messages of others on with other data',
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      default: 1,
      doc: 'The share of messages that are tampered with, each by a draw of its own.',
    },
    ...outsiderKnobs,
  }),
  create(context, { ratio, keys }) {
    const { bodies, draws } = context;
    /** All copies of one message are altered alike. */
    const liesAbout = new WeakMap<Body, Body>();
    const ours = new WeakSet<Body>();
    return {
      onSend(envelope, kind) {
        if (!kind.publication) return;
        const body = bodies.get(envelope.body);
        if (body.origin === envelope.from || ours.has(body)) return;
        if (draws.stream(envelope.from, body.digest0).ratio() >= ratio) return;
        let lie = liesAbout.get(body);
        if (lie === undefined) {
          const data = { tampered: true, original: body.data };
          lie = context.forge(envelope.from, body, { data }, keys);
          ours.add(lie);
          liesAbout.set(body, lie);
        }
        envelope.body = context.lend(lie);
        context.touchMessage();
        context.touchNode(envelope.from);
        context.recordAct(envelope);
      },
    };
  },
});
