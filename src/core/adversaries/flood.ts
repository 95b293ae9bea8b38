/**
 * Flood the network: a member publishes far more than anybody needs. Every message is well formed, numbered and signed, so that no check
 * of content objects; only who counts sees that it is too much.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs } from '../parts/liar-knobs.js';

export const floodAdversary = adversaryKind({
  name: 'flood',
  summary: 'publish far too many messages',
  inRounds: false,
  knobs: knobs({
    rate: {
      kind: 'rate',
      min: 0.001,
      max: 1_000_000,
      default: 100,
      doc: 'How many messages each liar publishes.',
    },
    step: {
      kind: 'integer',
      min: 0,
      max: 1_000_000_000,
      default: 0,
      doc: 'The step that they claim. Under the `max` rule a low one moves nobody.',
    },
    ...insiderKnobs,
  }),
  create(context, { rate, step, keys }) {
    const gapUs = Math.max(1, Math.round(1_000_000 / rate));
    const sent = new Map<number, number>();
    return {
      wake(node) {
        // Numbers far from those that the node itself gives.
        const sequence = 1_000_000_000 + (sent.get(node) ?? 0);
        sent.set(node, sequence - 999_999_999);
        const timestampMs = context.epochMs + Math.floor(context.nowUs / 1000);
        const data = { noise: sequence };
        const body = context.lend(
          context.invent(node, { origin: node, step, sequence, timestampMs, data }, keys),
        );
        const value = context.pattern.value(step);
        context.recordAct({
          slot: 0,
          kind: 0,
          from: node,
          to: node,
          a: step,
          b: value,
          c: sequence,
          d: 1,
          body,
        });
        for (const peer of context.neighboursOf(node)) {
          context.send(node, peer, step, value, sequence, 1, body);
          context.touchMessage();
        }
        context.touchNode(node);
        context.wakeLater(node, gapUs);
      },
    };
  },
});
