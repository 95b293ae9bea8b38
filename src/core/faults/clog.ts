/**
 * Clog: the link stalls like a blocked pipe. What is sent into it waits until it is free again, and then goes its usual way; nothing is
 * lost. What was under way before arrives.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const clog = faultKind({
  name: 'clog',
  summary: 'links stall: what is sent waits until the end',
  lasts: true,
  changesNodes: false,
  knobs: knobs({ ...linkKnobs }),
  check: linkProblems,
  create(context, where) {
    const links = new LinkSet(context, where);
    const stalls = (from: number, to: number): boolean => links.has(from, to);
    return {
      begin(_world, occurrence) {
        links.choose(occurrence);
      },
      end() {
        // Whatever waits is let go by those who keep it.
      },
      separates: stalls,
      holds: stalls,
      judge(envelope, _number, verdict) {
        if (verdict.dropped || !stalls(envelope.from, envelope.to)) return;
        context.touchMessage();
        verdict.held = true;
      },
    };
  },
});
