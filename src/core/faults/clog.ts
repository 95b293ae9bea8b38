/**
 * Clog: the link stalls like a blocked pipe. What is sent into it waits until it is free again, and then goes its usual way; nothing is
 * lost. What was under way before arrives.
 */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const clog = linkFault({
  name: 'clog',
  summary: 'links stall: what is sent waits until the end',
  heals: true,
  knobs: knobs({}),
  effect: () => ({
    separates: () => true,
    holds: () => true,
    judge(_envelope, _number, verdict) {
      verdict.held = true;
      return true;
    },
  }),
});
