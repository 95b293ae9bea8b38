/**
 * Flap: links go up and down, again and again, like a plug that does not sit well. While a link is down everything sent into it is lost, in
 * both directions; what was under way arrives.
 */
import { knobs } from '../base/knobs.js';
import { linkFault } from '../parts/link-fault.js';

export const flap = linkFault({
  name: 'flap',
  summary: 'links go up and down periodically',
  inRounds: () => true,
  heals: true,
  knobs: knobs({
    up: { kind: 'duration', min: 1, doc: 'How long a link works each time.' },
    down: { kind: 'duration', min: 1, doc: 'How long it does not.' },
    phase: {
      kind: 'choice',
      words: ['random', 'aligned'],
      default: 'random',
      doc: '`random`: each link begins somewhere in its period, by a draw of its own. `aligned`: all go down together, first when the fault begins.',
    },
  }),
  effect(context, { up, down, phase }) {
    const periodUs = up + down;
    let beganUs = 0;
    const isDown = (from: number, to: number): boolean => {
      // Below zero, so that no draw about a node or a message is the same.
      const phaseUs =
        phase === 'aligned' ? 0 : context.draws.below(periodUs, Math.min(from, to), -1 - Math.max(from, to));
      return (context.nowUs - beganUs + phaseUs) % periodUs < down;
    };
    return {
      certain: true,
      begin(world) {
        beganUs = world.nowUs;
      },
      separates: isDown,
      loses: ({ from, to }) => isDown(from, to),
    };
  },
});
