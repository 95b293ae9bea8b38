/**
 * The local clock: the quorum rule among neighbours only. Nobody has to be known beyond the next link, so it works on a network of any
 * size, and that is its weakness: f liars must be borne in every neighbourhood and not in the whole, so a handful in one place leads
 * the first node astray, which then speaks with them, and on a sparse graph the error runs on like a fall of dominoes.
 *
 * How far it runs is bootstrap percolation with threshold f + 1: J. Chalupa, P. L. Leath, G. R. Reich, J. Phys. C 12, 1979; the f-local
 * bound on faults is that of C.-Y. Koo, "Broadcast in radio networks tolerating Byzantine adversarial behavior", PODC 2004.
 */
import { cautiousClock, liarsBorneKnob } from '../../parts/cautious-clock.js';
import { faultsTolerated } from '../../parts/step-rules.js';

export const local = cautiousClock({
  name: 'local',
  summary:
    'the quorum rule among neighbours only: works at any size, and a few liars in one place poison a sparse network',
  knobs: liarsBorneKnob(
    'How many liars are to be borne in each neighbourhood. Default: floor((n - 1) / 3) of the node and its neighbours. Each one more needs one more honest neighbour before a clock moves.',
  ),
  hears: 'neighbours',
  caution(host, { f }) {
    const borne = (voices: number): number => f ?? faultsTolerated(voices);
    return { voicesWanted: () => borne(host.peerCount + 1) + 1, faultsBorne: borne };
  },
});
