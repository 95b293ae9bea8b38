/**
 * Reputation: each node keeps book about its link peers, from what it saw itself. A peer is answerable for what it passes on and could
 * have checked; the name on a message only where a key pair of its own signed it. Who falls below the limit is not listened to. No
 * hearsay, so nobody can be slandered away, and everybody has to find out alone.
 */
import { knobs } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { protocol, reportKinds, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { Evidence, Guard, Standing } from '../../model/stack.js';
import {
  Reputation,
  usualReputation,
  type Judgement,
  type ReputationSettings,
} from '../../parts/reputation.js';
import { mapBytes, objectBytes } from '../../parts/memory-size.js';

class Reputations implements Population, Guard, Standing {
  readonly #peers: (Map<number, Reputation> | undefined)[];

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: ReputationSettings,
  ) {
    this.#peers = new Array<Map<number, Reputation> | undefined>(rows);
  }

  arrive(envelope: Envelope): boolean {
    return !this.isIgnored(envelope.from);
  }

  isIgnored(peer: number): boolean {
    const reputation = this.#peers[this.host.row]?.get(peer);
    if (reputation?.isIgnored !== true) return false;
    this.#tell(peer, reputation.at(this.host.nowUs));
    return reputation.isIgnored;
  }

  note(peer: number, evidence: Evidence): void {
    const { host } = this;
    const peers = (this.#peers[host.row] ??= new Map<number, Reputation>());
    let reputation = peers.get(peer);
    if (reputation === undefined) {
      // Nothing is known of a peer that only ever did well.
      if (evidence === 'good-message' && this.settings.start >= 1) return;
      peers.set(peer, (reputation = new Reputation(this.settings, host.nowUs)));
    }
    this.#tell(peer, reputation.note(evidence, host.nowUs));
  }

  #tell(peer: number, judgement: Judgement): void {
    if (judgement === 'accused') this.host.report(reportKinds.accused, 0, peer);
    else if (judgement === 'pardoned') this.host.report(reportKinds.pardoned, 0, peer);
  }

  start(reason: StartReason): void {
    if (reason === 'state-lost') this.#peers[this.host.row] = undefined;
  }

  receive(): void {
    // Sends nothing, so nothing arrives.
  }

  timer(): void {
    // Time heals when it is asked.
  }
}

export const reputation = protocol({
  name: 'reputation',
  summary: 'keep book about link peers and ignore those with too bad a record',
  slot: 'guards',
  knobs: knobs({
    start: { kind: 'ratio', default: usualReputation.start, doc: 'What a peer begins with, 0 to 1.' },
    ignoreBelow: {
      kind: 'ratio',
      default: usualReputation.ignoreBelow,
      doc: 'Below this a peer is not listened to.',
    },
    pardonFrom: {
      kind: 'ratio',
      default: usualReputation.pardonFrom,
      doc: 'An ignored peer is listened to again from here on.',
    },
    recovery: {
      kind: 'number',
      min: 0,
      max: 1,
      default: usualReputation.recoveryPerSecond,
      doc: 'How much trust comes back a second, up to `start`. The default heals a fall from 1 to 0.5 in 500 s.',
    },
    blacklistAfter: {
      kind: 'integer',
      min: 0,
      max: 1000,
      default: usualReputation.blacklistAfter,
      doc: 'Who was ignored so often is ignored for good; 0: never.',
    },
  }),
  messages: [],
  memoryBytes: ({ nodeCount, degree }) => nodeCount * (mapBytes(degree) + (degree * objectBytes) / 2),
  create(host, rows, { recovery, ...rest }, wiring) {
    const population = new Reputations(host, rows, { ...rest, recoveryPerSecond: recovery });
    wiring.guards.push(population);
    wiring.standing = population;
    return population;
  },
});
