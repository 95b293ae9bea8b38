/**
 * Forge the pattern: a member that does not know the pattern, or knows it and spoils it, publishes messages with a value of its own
 * making. How often it passes depends on what it knows: nothing (one of nine digits), which values occur (one of those), or the
 * traffic (then its value is simply right, and no pattern check will ever tell).
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs } from '../parts/liar-knobs.js';

/** How far from the start the values that an informed forger has seen reach. */
const informedSteps = 200;

export const forgePattern = adversaryKind({
  name: 'forge-pattern',
  summary: "publish messages whose pattern value is the forger's guess",
  knobs: knobs({
    knowledge: {
      kind: 'choice',
      words: ['blind', 'informed', 'observed'],
      default: 'blind',
      doc: '`blind`: a digit 1 to 9 at random, right one time in nine. `informed`: one of the values that occur, at random. `observed`: the value that was overheard for this step, always right.',
    },
    ratio: {
      kind: 'ratio',
      default: 1,
      doc: "The share of the forger's own messages that it forges.",
    },
    ...insiderKnobs,
  }),
  create(context, { knowledge, ratio, keys }) {
    const { pattern, draws, bodies } = context;
    const occurring = [
      ...new Set(Array.from({ length: informedSteps }, (_, step) => pattern.value(step))),
    ].sort((p, q) => p - q);
    return {
      onSend(envelope, kind) {
        if (!kind.publication || bodies.get(envelope.body).origin !== envelope.from) return;
        // One message has one forged value, whatever the number of its copies: the draw is keyed by the message.
        const luck = draws.stream(envelope.from, envelope.c);
        if (luck.ratio() >= ratio) return;
        if (knowledge === 'blind') envelope.b = 1 + luck.below(9);
        else if (knowledge === 'informed') envelope.b = occurring[luck.below(occurring.length)];
        // The value is not signed: only who has no key at all is given away by the signature.
        const body = bodies.get(envelope.body);
        if (keys === 'outsider' && body.signature !== undefined)
          envelope.body = context.lend(context.forge(envelope.from, body, {}, keys));
        context.touchMessage();
        context.touchNode(envelope.from);
        context.recordAct(envelope);
      },
    };
  },
});
