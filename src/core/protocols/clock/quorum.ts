/**
 * The quorum clock: follow the (f+1)-th largest of all claims. Among f + 1 voices at least one is honest if f lie at the most, so nobody
 * is ever led beyond a step that an honest node has held. With f + 1 liars that is over, and the run counts it (`unsafeAdoptions`). If at
 * most f nodes advance, nobody follows: they look like liars.
 *
 * In a large network the voices are those of a committee that the seed has drawn, and f is how many liars may sit in it.
 *
 * T. K. Srikanth and S. Toueg, "Optimal clock synchronization", JACM 34(3), 1987; Tendermint skips rounds by the same rule.
 */
import { knobs } from '../../base/knobs.js';
import { protocol } from '../../model/protocol.js';
import { cautiousClock, liarsBorneKnob } from '../../parts/cautious-clock.js';
import { CommitteeClaims } from '../../parts/committee-claims.js';
import { CommitteeClock } from '../../parts/committee-clock.js';
import { committeeSizeOf } from '../../parts/committee.js';
import { counterBytes } from '../../parts/step-counter.js';
import { faultsTolerated } from '../../parts/step-rules.js';

const quorumKnobs = knobs({
  ...liarsBorneKnob(
    'How many liars are to be borne. Default: floor((n - 1) / 3) of the node and its peers, or of the n members of the committee. Each one more needs one more honest voice before a clock moves.',
  ),
  committee: {
    kind: 'integer',
    min: 1,
    max: 65_535,
    optional: true,
    doc: 'Only the claims of so many identities count, drawn from the seed; `role: committee` means them elsewhere in the scenario. Default: 100 above 2,000 nodes, everybody below. More make it less likely that chance gathers more liars than f, and cost each node 10 bytes for every voice that f asks for. They have to publish, or they are voices that say nothing.',
  },
});

const ofEverybody = cautiousClock({
  name: 'quorum',
  summary: 'follow the (f+1)-th largest claim: f liars cannot lead anybody astray',
  knobs: quorumKnobs,
  hears: 'everybody',
  caution(_host, { f }, { peers }) {
    const borne = (): number => f ?? faultsTolerated(peers.count() + 1);
    return { voicesWanted: () => borne() + 1, faultsBorne: borne };
  },
});

export const quorum = protocol({
  ...ofEverybody,
  committeeSize: (nodeCount, { committee }) => committeeSizeOf(nodeCount, committee),
  memoryBytes(load, parameters) {
    const size = committeeSizeOf(load.nodeCount, parameters.committee);
    if (size === undefined) return ofEverybody.memoryBytes?.(load, parameters) ?? 0;
    const voices = (parameters.f ?? faultsTolerated(size)) + 1;
    return counterBytes(load.nodeCount, parameters) + CommitteeClaims.bytes(load.nodeCount, voices);
  },
  create(host, rows, parameters, wiring) {
    const { committee } = wiring;
    if (committee === undefined) return ofEverybody.create(host, rows, parameters, wiring);
    const f = parameters.f ?? faultsTolerated(committee.length);
    return (wiring.clock = new CommitteeClock(host, rows, committee, f, parameters));
  },
});
