/**
 * Selective forwarding: the member passes on what everybody sends but its victims, whose messages it swallows, always and without a
 * trace. Everything else about it is honest, and a mesh with other ways round hardly notices.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';

export const selectiveForward = adversaryKind({
  name: 'selective-forward',
  summary: 'swallow the messages of chosen senders and pass on all others',
  knobs: knobs({
    victims: { kind: 'who', doc: 'Whose messages are swallowed.' },
  }),
  create(context, { victims }) {
    const marked = new Set(context.select(victims, 1));
    return {
      onSend(envelope, kind, _number, verdict) {
        if (!kind.publication) return;
        const { origin } = context.bodies.get(envelope.body);
        if (origin === envelope.from || !marked.has(origin)) return;
        verdict.dropped = true;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
