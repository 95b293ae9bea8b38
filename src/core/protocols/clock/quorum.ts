/**
 * The quorum clock: follow the (f+1)-th largest of all claims. Among f + 1 voices at least one is honest if f lie at the most, so nobody
 * is ever led beyond a step that an honest node has held. With f + 1 liars that is over, and the run counts it (`unsafeAdoptions`). If at
 * most f nodes advance, nobody follows: they look like liars.
 *
 * T. K. Srikanth and S. Toueg, "Optimal clock synchronization", JACM 34(3), 1987; Tendermint skips rounds by the same rule.
 */
import { cautiousClock, liarsBorneKnob } from '../../parts/cautious-clock.js';
import { faultsTolerated } from '../../parts/step-rules.js';

export const quorum = cautiousClock({
  name: 'quorum',
  summary: 'follow the (f+1)-th largest claim: f liars cannot lead anybody astray',
  knobs: liarsBorneKnob(
    'How many liars are to be borne. Default: floor((n - 1) / 3) of the node and its peers. Each one more needs one more honest voice before a clock moves.',
  ),
  hears: 'everybody',
  caution(_host, { f }, { peers }) {
    const borne = (): number => f ?? faultsTolerated(peers.count() + 1);
    return { supported: (sorted) => sorted[borne()] ?? -1, faultsBorne: borne };
  },
});
