/**
 * Eclipse: members stand between a victim and the rest. What comes from the victim they do not pass on, and to the victim they tell
 * nothing that others said. It is complete when every neighbour of the victim is in it; one honest neighbour lets the light in.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';

export const eclipse = adversaryKind({
  name: 'eclipse',
  summary: 'cut a victim off by standing between it and the others',
  knobs: knobs({
    victims: { kind: 'who', doc: 'Who is cut off. Choose liars among the neighbours of the victims.' },
  }),
  create(context, { victims }) {
    const marked = new Set(context.select(victims, 1));
    return {
      onSend(envelope, kind, _number, verdict) {
        if (!kind.publication) return;
        const { origin } = context.bodies.get(envelope.body);
        if (origin === envelope.from || !(marked.has(origin) || marked.has(envelope.to))) return;
        verdict.dropped = true;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
