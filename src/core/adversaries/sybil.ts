/**
 * Sybil: a member speaks with many voices, each under a name that nobody's node has. Whoever counts names believes in a crowd. Signatures
 * do not help once the names were admitted and given keys, and an hmac group key lets a member use any name anyhow.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { insiderKnobs } from '../parts/liar-knobs.js';
import { publishInvention } from '../parts/liar-voice.js';

/** Microseconds from one voice to the next. */
const gapOf = (identities: number, everyUs: number): number => Math.max(1, Math.floor(everyUs / identities));

export const sybil = adversaryKind({
  name: 'sybil',
  summary: 'publish under many made-up identities',
  inRounds: false,
  knobs: knobs({
    identities: {
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 10,
      doc: 'How many names each liar goes by.',
    },
    every: { kind: 'duration', min: 1, default: 1_000_000, doc: 'How often each of the names publishes.' },
    ...insiderKnobs,
  }),
  publishesPerSecond: ({ identities, every }) => 1e6 / gapOf(identities, every),
  create(context, { identities, every, keys }) {
    const gapUs = gapOf(identities, every);
    const namesOf = new Map<number, number>();
    for (const node of context.members) namesOf.set(node, context.makeUpNames(identities));
    const sent = new Map<number, number>();
    return {
      wake(node) {
        const count = sent.get(node) ?? 0;
        sent.set(node, count + 1);
        const origin = (namesOf.get(node) ?? 0) + (count % identities);
        const sequence = Math.floor(count / identities);
        const data = { voice: origin - context.nodeCount };
        publishInvention(context, node, { origin, step: sequence, sequence, data }, keys);
        context.wakeLater(node, gapUs);
      },
    };
  },
});
