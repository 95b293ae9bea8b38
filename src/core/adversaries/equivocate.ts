/**
 * Equivocate: a member tells half of its neighbours one thing and the other half another, under one number and both well signed. Each
 * version alone is flawless; only who compares two of them sees it.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs, ratioKnobs } from '../parts/liar-knobs.js';

export const equivocate = adversaryKind({
  name: 'equivocate',
  summary: 'tell neighbours different things under the same number',
  knobs: knobs({ ...ratioKnobs, ...insiderKnobs }),
  create(context, { ratio, keys }) {
    const { bodies, draws } = context;
    return {
      onSend(envelope, kind) {
        if (!kind.publication) return;
        const body = bodies.get(envelope.body);
        if (body.origin !== envelope.from) return;
        if (draws.ratio(envelope.from, envelope.c) >= ratio) return;
        // Which half a neighbour belongs to does not change.
        if (draws.ratio(~envelope.to, 0) < 0.5) return;
        const changes = { data: { otherwise: true, original: body.data } };
        const first = envelope.body;
        envelope.body = context.lend(context.forge(envelope.from, body, changes, keys));
        context.touchMessage();
        context.touchNode(envelope.from);
        context.recordAct(envelope, false, first);
      },
    };
  },
});
