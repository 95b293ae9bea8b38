/** Drop: the member does not pass on a share of what it hears from others. Its own messages it sends, so that it seems well. */
import { adversaryKind } from '../model/fault.js';
import { ratioKnobs } from '../parts/liar-knobs.js';

export const drop = adversaryKind({
  name: 'drop',
  summary: 'do not pass on messages of others',
  knobs: ratioKnobs,
  create(context, { ratio }) {
    return {
      onSend(envelope, kind, number, verdict) {
        if (!kind.publication || context.bodies.get(envelope.body).origin === envelope.from) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        verdict.dropped = true;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
