/**
 * False suspicion: a member spreads the rumour that somebody who is well is suspect, or dead, in the news that failure detectors pass on
 * with their probes. A detector that lets the victim speak for itself survives suspicions; the word "dead" of a liar is believed.
 */
import { knobs } from '../base/knobs.js';
import { adversaryKind } from '../model/fault.js';
import type { Envelope } from '../model/envelope.js';
import { ratioKnobs } from '../parts/liar-knobs.js';
import { opinions, packNews } from '../parts/membership-news.js';

const words = ['a', 'b', 'c', 'd'] as const satisfies readonly (keyof Envelope)[];

export const falseSuspicion = adversaryKind({
  name: 'false-suspicion',
  summary: 'spread the rumour that live nodes are suspect or dead',
  inRounds: false,
  knobs: knobs({
    victims: { kind: 'who', doc: 'Whom the rumours are about.' },
    verdict: {
      kind: 'choice',
      words: ['suspect', 'dead'],
      default: 'suspect',
      doc: '`suspect`: the victim can refute it. `dead`: a verdict.',
    },
    ...ratioKnobs,
  }),
  create(context, { victims, verdict, ratio }) {
    const slandered = context.select(victims, 1);
    const opinion = verdict === 'dead' ? opinions.dead : opinions.suspect;
    return {
      onSend(envelope, kind, number) {
        const at = kind.words.indexOf('news');
        if (at < 0 || slandered.length === 0) return;
        const luck = context.draws.stream(envelope.from, number);
        if (luck.ratio() >= ratio) return;
        const victim = slandered[luck.below(slandered.length)];
        if (victim === envelope.to || victim === envelope.from) return;
        envelope[words[at]] = packNews(victim, opinion, 0);
        context.touchMessage();
        context.touchNode(envelope.from);
      },
    };
  },
});
