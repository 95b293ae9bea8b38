/**
 * Inflate the step: a member claims that time is further on than it is. Under the `max` rule one such message moves every clock. Whoever
 * leaves the pattern value as it was is right by luck (one time in three with seed 7); whoever computes the value of the claimed step,
 * as everybody can, is never seen by the pattern.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs, ratioKnobs } from '../parts/liar-knobs.js';

/** Claims stay where numbers count without gaps. */
const stepLimit = 2 ** 52;

export const stepInflate = adversaryKind({
  name: 'step-inflate',
  summary: 'claim a later step',
  knobs: knobs({
    by: {
      kind: 'integer',
      min: 1,
      max: 1_000_000_000,
      default: 1000,
      doc: 'At the most so many steps ahead, anything from 1 to this at random.',
    },
    messages: {
      kind: 'choice',
      words: ['own', 'others'],
      default: 'own',
      doc: "Whose messages it alters: its own, or those of others that it passes on, which stand in the other's name.",
    },
    knowledge: {
      kind: 'choice',
      words: ['blind', 'informed'],
      default: 'blind',
      doc: '`blind`: the value of the true step stays. `informed`: the value of the claimed step is computed.',
    },
    ...ratioKnobs,
    ...insiderKnobs,
  }),
  create(context, { by, messages, knowledge, ratio, keys }) {
    const { bodies, draws, pattern } = context;
    return {
      onSend(envelope, kind) {
        if (!kind.publication) return;
        const body = bodies.get(envelope.body);
        if ((body.origin === envelope.from) !== (messages === 'own')) return;
        // All copies of one message are altered alike.
        const luck = draws.stream(envelope.from, body.digest0 ^ envelope.c);
        if (luck.ratio() >= ratio || envelope.a > stepLimit) return;
        envelope.a += 1 + luck.below(by);
        if (knowledge === 'informed') envelope.b = pattern.value(envelope.a);
        envelope.body = context.lend(context.forge(envelope.from, body, { step: envelope.a }, keys));
        context.touchMessage();
        context.touchNode(envelope.from);
        context.recordAct(envelope);
      },
    };
  },
});
