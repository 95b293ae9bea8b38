/**
 * Squat: the member takes every place in the meshes of others that it can get, hears everything there, and gives nothing: it passes
 * nothing on, tells nobody what it has and never lets go of a place by itself. One of them is a hole; a crowd of them is a wall.
 *
 * These are the Sybils of D. Vyzovitis et al., arXiv 2007.02754, 2020. Where there are no meshes it is silence.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';

export const squat = adversaryKind({
  name: 'squat',
  summary: 'hold places in the meshes of others and send nothing else',
  knobs: knobs({}),
  create(context) {
    return {
      onSend(envelope, kind, _number, verdict) {
        if (kind.name === 'graft') return;
        verdict.dropped = true;
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
