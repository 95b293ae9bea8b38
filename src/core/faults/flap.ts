/**
 * Flap: links go up and down, again and again, like a plug that does not sit well. While a link is down everything sent into it is lost, in
 * both directions; what was under way arrives.
 */
import { knobs } from '../base/knobs.js';
import { faultKind } from '../model/fault.js';
import { linkKnobs, linkProblems, LinkSet } from '../parts/link-set.js';

export const flap = faultKind({
  name: 'flap',
  summary: 'links go up and down periodically',
  lasts: true,
  changesNodes: false,
  inRounds: () => true,
  knobs: knobs({
    up: { kind: 'duration', min: 1, doc: 'How long a link works each time.' },
    down: { kind: 'duration', min: 1, doc: 'How long it does not.' },
    phase: {
      kind: 'choice',
      words: ['random', 'aligned'],
      default: 'random',
      doc: '`random`: each link begins somewhere in its period, by a draw of its own. `aligned`: all go down together, first when the fault begins.',
    },
    ...linkKnobs,
  }),
  check: linkProblems,
  create(context, { up, down, phase, ...where }) {
    const links = new LinkSet(context, where);
    const periodUs = up + down;
    let beganUs = 0;
    const isDown = (from: number, to: number): boolean => {
      if (!links.has(from, to)) return false;
      // Below zero, so that no draw about a node or a message is the same.
      const phaseUs =
        phase === 'aligned' ? 0 : context.draws.below(periodUs, Math.min(from, to), -1 - Math.max(from, to));
      return (context.nowUs - beganUs + phaseUs) % periodUs < down;
    };
    return {
      certain: true,
      separates: isDown,
      begin(world, occurrence) {
        links.choose(occurrence);
        beganUs = world.nowUs;
      },
      end() {
        // Links are up again: the judge is called only while the fault lasts.
      },
      judge(envelope, _number, verdict) {
        if (verdict.dropped || !isDown(envelope.from, envelope.to)) return;
        context.touchMessage();
        verdict.dropped = true;
      },
    };
  },
});
