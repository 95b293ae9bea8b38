/**
 * Silent: the member is up and hears everything, and says nothing, neither of its own nor of others. To its neighbours it looks like a
 * crash; no check of messages can see it, only who waits for a sign of life.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';

export const silent = adversaryKind({
  name: 'silent',
  summary: 'send nothing at all, though up and listening',
  knobs: knobs({}),
  create(context) {
    return {
      onSend(envelope, _kind, _number, verdict) {
        verdict.dropped = true;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
