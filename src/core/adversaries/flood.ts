/**
 * Flood the network: a member publishes far more than anybody needs. Every message is well formed, numbered and signed, so that no check
 * of content objects; only who counts sees that it is too much.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs } from '../parts/liar-knobs.js';
import { publishInvention } from '../parts/liar-voice.js';

/** Far from the numbers that the node itself gives. */
const firstSequence = 1_000_000_000;

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
  publishesPerSecond: ({ rate }) => rate,
  create(context, { rate, step, keys }) {
    const gapUs = Math.max(1, Math.round(1_000_000 / rate));
    const sent = new Map<number, number>();
    return {
      wake(node) {
        const count = sent.get(node) ?? 0;
        sent.set(node, count + 1);
        const sequence = firstSequence + count;
        publishInvention(context, node, { origin: node, step, sequence, data: { noise: sequence } }, keys);
        context.wakeLater(node, gapUs);
      },
    };
  },
});
