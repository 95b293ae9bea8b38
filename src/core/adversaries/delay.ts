/** Delay: the member keeps what it sends for a while. Lateness may be the network's, so nobody is accused of it. */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import { ratioKnobs } from '../parts/liar-knobs.js';

export const delay = adversaryKind({
  name: 'delay',
  summary: 'send messages late',
  inRounds: false,
  knobs: knobs({
    by: { kind: 'duration', min: 1, default: 10_000_000, doc: 'How much later than an honest member.' },
    ...ratioKnobs,
  }),
  create(context, { by, ratio }) {
    return {
      onSend(envelope, _kind, number, verdict) {
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        verdict.delayUs += by;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
