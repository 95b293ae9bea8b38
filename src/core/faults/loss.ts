/** Loss: each message on the links concerned is lost with the same chance, each by a draw of its own. */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';

export const loss = faultKind({
  name: 'loss',
  summary: 'messages are lost with a given chance',
  lasts: true,
  changesNodes: false,
  inRounds: () => true,
  knobs: knobs({
    ratio: {
      kind: 'ratio',
      doc: 'The chance that a message is lost, 0 to 1. It adds to the loss of the network: a message must survive both.',
    },
    senders: {
      kind: 'who',
      optional: true,
      doc: 'Only messages that these nodes send. Left out: of everybody.',
    },
    receivers: { kind: 'who', optional: true, doc: 'Only messages to these nodes. Left out: to everybody.' },
  }),
  create(context, { ratio, senders, receivers }) {
    let from: Uint8Array | undefined;
    let to: Uint8Array | undefined;
    const members = (nodes: Int32Array): Uint8Array => {
      const marks = new Uint8Array(context.nodeCount);
      for (const node of nodes) marks[node] = 1;
      return marks;
    };
    return {
      begin(_world, occurrence) {
        from = senders === undefined ? undefined : members(context.select(senders, occurrence * 2));
        to = receivers === undefined ? undefined : members(context.select(receivers, occurrence * 2 + 1));
      },
      end() {
        // The judge is called only while the fault lasts.
      },
      judge(envelope, number, verdict) {
        if (from !== undefined && from[envelope.from] === 0) return;
        if (to !== undefined && to[envelope.to] === 0) return;
        if (context.draws.ratio(envelope.from, number) >= ratio) return;
        context.touchMessage();
        verdict.dropped = true;
      },
    };
  },
});
