/**
 * Am I still with the others? Every node asks all members over and over and counts those that answer, itself included. With n registered
 * members of which f may be faulty, it is healthy while it counts n - f; two sides can never both count so many, so at most one goes on.
 * The other is partitioned, and under `readonly` publishes nothing until it is back.
 *
 * Who comes back into sight is asked for what it published meanwhile and answers with just that: everybody hands over what is its own,
 * so that nothing is sent twice. When all have answered, the two sides have merged.
 */
import { UserError } from '../../base/errors.js';
import { knobs } from '../../base/knobs.js';
import type { Envelope } from '../../model/envelope.js';
import { protocol, reportKinds, type Host, type Population, type StartReason } from '../../model/protocol.js';
import type { PeerView, Quorum, Wiring } from '../../model/stack.js';
import { eventsOfTurns } from '../../parts/event-count.js';
import { neighboursOf, positionAmong } from '../../parts/sorted-peers.js';
import { faultsTolerated } from '../../parts/step-rules.js';
import { WrittenLog } from '../../parts/written-log.js';
import { objectBytes } from '../../parts/memory-size.js';

export const partitionStates = { healthy: 0, partitioned: 1, recovering: 2 } as const;
const kinds = { ping: 0, pong: 1, ask: 2, answer: 3 } as const;

interface Settings {
  readonly f: number | undefined;
  readonly probeIntervalUs: number;
  /** Silence after which a member is out of sight. */
  readonly silenceUs: number;
  readonly recoveryTimeoutUs: number;
  readonly isReadonly: boolean;
  readonly isEstimate: boolean;
}

/** One node. */
interface Seat {
  /** By position among the neighbours: when the last round trip was completed. */
  readonly lastUs: Float64Array;
  /** 1 for members out of sight. */
  readonly isGone: Uint8Array;
  /** By position: since when a member that is back owes us what it published meanwhile; -1 for nothing owed. */
  readonly owedSinceUs: Float64Array;
  owing: number;
  /** What members that came back may still ask for: own messages since then, until then. */
  promises: { readonly sinceUs: number; readonly untilUs: number }[];
  inSight: number;
  state: 0 | 1 | 2;
  recoveringSinceUs: number;
}

class QuorumCounter implements Population, Quorum {
  readonly #seats: (Seat | undefined)[];
  readonly #log: WrittenLog;
  readonly #neighbours: PeerView;
  #alarms = 0;
  #refusedWrites = 0;
  #handedOver = 0;

  constructor(
    private readonly host: Host,
    rows: number,
    private readonly settings: Settings,
    backlog: number,
    private readonly wiring: Wiring,
  ) {
    this.#seats = new Array<Seat | undefined>(rows);
    this.#log = new WrittenLog(rows, backlog, wiring.bodies);
    this.#neighbours = neighboursOf(host);
  }

  start(reason: StartReason): void {
    const { host, settings } = this;
    const count = host.peerCount;
    if (reason === 'boot') this.#check(count);
    if (reason === 'state-lost') this.#log.forget(host.row);
    const { nowUs } = host;
    const isBack = reason !== 'boot' || nowUs > 0;
    const before = reason === 'state-kept' ? this.#seats[host.row] : undefined;
    this.#seats[host.row] = {
      // At the beginning everybody is given time to answer. Who comes later, or back, trusts nothing until it has counted, and asks for
      // all that it may have missed.
      lastUs: before?.lastUs ?? new Float64Array(count).fill(isBack ? 0 : nowUs),
      isGone: new Uint8Array(count).fill(isBack ? 1 : 0),
      owedSinceUs: new Float64Array(count).fill(-1),
      owing: 0,
      promises: [],
      inSight: isBack ? 1 : count + 1,
      state: partitionStates.healthy,
      recoveringSinceUs: nowUs,
    };
    if (isBack) this.#turn(this.#seat, partitionStates.recovering);
    host.setTimer(0, 1 + host.chance.below(settings.probeIntervalUs), 0);
  }

  get #seat(): Seat {
    return this.#seats[this.host.row] as Seat;
  }

  /** Registered members, as this node has to count them. */
  #members(): number {
    const { host, wiring, settings } = this;
    return settings.isEstimate ? host.peerCount + 1 : (wiring.memberCount ?? host.peerCount + 1);
  }

  get #needed(): number {
    const members = this.#members();
    return members - (this.settings.f ?? faultsTolerated(members));
  }

  /** @throws UserError when the node can never count so many */
  #check(peerCount: number): void {
    if (peerCount + 1 >= this.#needed) return;
    throw new UserError('bad-scenario', {
      place: 'partitionDetector',
      what: `${this.wiring.nameOf(this.host.self)} has ${peerCount} neighbours and would have to count ${this.#needed} members, itself included`,
      expected: 'a view of at least n - f members',
      next: 'Use a denser topology, a larger f, or estimate: true, with which each node judges by its neighbourhood alone.',
    });
  }

  timer(): void {
    const { host, settings } = this;
    const seat = this.#seat;
    for (let i = 0; i < seat.lastUs.length; i++) {
      if (seat.isGone[i] === 0 && host.nowUs - seat.lastUs[i] > settings.silenceUs) {
        seat.isGone[i] = 1;
        seat.inSight--;
        if (seat.owedSinceUs[i] >= 0) this.#settled(seat, i);
      }
    }
    this.#judge(seat);
    this.#log.prune(host.row, this.#earliestWanted(seat));
    for (let i = 0; i < seat.lastUs.length; i++) {
      host.send(host.peerAt(i), kinds.ping, 0, 0, 0, 0, 0);
      // An answer may be lost: ask again until it comes.
      if (seat.owedSinceUs[i] >= 0) this.#ask(seat, i);
    }
    host.setTimer(0, settings.probeIntervalUs, 0);
  }

  receive({ from, kind, a }: Envelope): void {
    const { host } = this;
    if (kind === kinds.ping) {
      host.send(from, kinds.pong, 0, 0, 0, 0, 0);
      return;
    }
    const seat = this.#seat;
    const position = positionAmong(this.#neighbours, from);
    if (position < 0) return;
    if (kind === kinds.pong) this.#inSight(seat, position);
    else if (kind === kinds.ask) this.#answer(from, a);
    else if (seat.owedSinceUs[position] >= 0) {
      this.#settled(seat, position);
      this.#judge(seat);
    }
  }

  /** A round trip was completed. */
  #inSight(seat: Seat, position: number): void {
    if (seat.isGone[position] === 1) {
      seat.isGone[position] = 0;
      seat.inSight++;
      seat.owedSinceUs[position] = seat.lastUs[position];
      seat.owing++;
      const untilUs = this.host.nowUs + this.settings.recoveryTimeoutUs;
      seat.promises.push({ sinceUs: seat.lastUs[position], untilUs });
      this.#ask(seat, position);
    }
    seat.lastUs[position] = this.host.nowUs;
    this.#judge(seat);
  }

  /** Asks for what was published while the other could not be heard, and a patience before: it may have been under way. */
  #ask(seat: Seat, position: number): void {
    const { host, settings } = this;
    const silentUs = host.nowUs - seat.owedSinceUs[position] + settings.silenceUs;
    host.send(host.peerAt(position), kinds.ask, silentUs, 0, 0, 0, 0);
  }

  #answer(to: number, silentUs: number): void {
    const { host, wiring } = this;
    let count = 0;
    for (const own of this.#log.since(host.row, host.nowUs - silentUs)) {
      wiring.spread?.resend?.(to, own.step, own.value, own.sequence, own.body);
      count++;
    }
    this.#handedOver += count;
    host.send(to, kinds.answer, count, 0, 0, 0, 0);
  }

  #settled(seat: Seat, position: number): void {
    seat.owedSinceUs[position] = -1;
    seat.owing--;
  }

  #judge(seat: Seat): void {
    const { host, settings } = this;
    const { healthy, partitioned, recovering } = partitionStates;
    if (seat.inSight < this.#needed) {
      // Who has just come up has counted nobody yet: that is no finding.
      const isNew = seat.state === recovering && host.nowUs - seat.recoveringSinceUs <= settings.silenceUs;
      if (seat.state !== partitioned && !isNew) this.#turn(seat, partitioned);
      return;
    }
    if (seat.state === partitioned) this.#turn(seat, recovering);
    if (seat.state !== recovering) return;
    const isLate = host.nowUs - seat.recoveringSinceUs > settings.recoveryTimeoutUs;
    if (seat.owing === 0 || isLate) this.#turn(seat, healthy);
  }

  #turn(seat: Seat, state: 0 | 1 | 2): void {
    seat.state = state;
    if (state === partitionStates.partitioned) this.#alarms++;
    if (state === partitionStates.recovering) seat.recoveringSinceUs = this.host.nowUs;
    this.host.report(reportKinds.partitioned, 0, state);
  }

  /** The earliest moment whose messages somebody may still ask for: who is silent, or came back a moment ago. */
  #earliestWanted(seat: Seat): number {
    const { host, settings } = this;
    let leastUs = host.nowUs;
    for (let i = 0; i < seat.lastUs.length; i++) if (seat.lastUs[i] < leastUs) leastUs = seat.lastUs[i];
    if (seat.promises.length > 0)
      seat.promises = seat.promises.filter(({ untilUs }) => untilUs >= host.nowUs);
    for (const { sinceUs } of seat.promises) if (sinceUs < leastUs) leastUs = sinceUs;
    return leastUs - settings.silenceUs;
  }

  admits(): boolean {
    if (!this.settings.isReadonly || this.#seat.state === partitionStates.healthy) return true;
    this.#refusedWrites++;
    return false;
  }

  wrote(step: number, value: number, sequence: number, body: number): void {
    if (this.wiring.spread?.resend === undefined) return;
    this.#log.add(this.host.row, { atUs: this.host.nowUs, step, value, sequence, body });
  }

  figures(): Readonly<Record<string, number>> {
    return {
      alarms: this.#alarms,
      refusedWrites: this.#refusedWrites,
      handedOver: this.#handedOver,
      forgotten: this.#log.dropped,
    };
  }
}

export const quorum = protocol({
  name: 'quorum',
  summary: 'count the members that answer; below n - f, itself included, a node is partitioned',
  slot: 'partition',
  // Three columns of members a node, and a share of the questions and answers on their way.
  // Everybody asks everybody it knows, and is answered.
  events: (load, { probeInterval }) => eventsOfTurns(load, probeInterval, 2 * load.degree),
  memoryBytes: ({ nodeCount, degree }) => nodeCount * (5 * objectBytes + degree * (17 + 30)),
  knobs: knobs({
    policy: {
      kind: 'choice',
      words: ['readonly', 'available'],
      default: 'readonly',
      doc: 'What a node does that is not healthy. `readonly`: it publishes nothing, so that two sides never both do. `available`: it goes on, and what both sides published is merged when they meet again.',
    },
    f: {
      kind: 'integer',
      min: 0,
      max: 1_000_000,
      optional: true,
      doc: 'How many members may be down, lying or cut off before the others stop. Default: floor((n - 1) / 3) of n registered members, as many as there are nodes. With less than half of n, at most one side can be healthy.',
    },
    probeInterval: {
      kind: 'duration',
      min: 1000,
      default: 200_000,
      doc: 'Time between two questions to each member. Costs n - 1 questions and answers a node each time.',
    },
    patience: {
      kind: 'integer',
      min: 1,
      max: 1000,
      default: 4,
      doc: 'Intervals without an answer after which a member is out of sight. A partition is noticed between so many intervals and one more; less is quicker, and cries wolf when messages are lost. It has to exceed a round trip.',
    },
    recoveryTimeout: {
      kind: 'duration',
      min: 1000,
      default: 5_000_000,
      doc: 'After this long a recovering node is healthy again even if not everybody who came back has handed over what it published.',
    },
    backlog: {
      kind: 'integer',
      min: 0,
      max: 1_000_000,
      default: 4096,
      doc: 'How many of its own messages a node keeps for those who cannot hear it now. The oldest go first.',
    },
    estimate: {
      kind: 'boolean',
      default: false,
      doc: 'Each node takes its neighbourhood for the whole: n is its neighbours and itself. Only an estimate: on a sparse network a cut elsewhere goes unnoticed, and both sides may think they are healthy.',
    },
  }),
  messages: [
    { name: 'ping', words: [], headBytes: 8, publication: false },
    { name: 'pong', words: [], headBytes: 8, publication: false },
    { name: 'ask', words: ['silent'], headBytes: 16, publication: false },
    { name: 'answer', words: ['count'], headBytes: 12, publication: false },
  ],
  create(host, rows, { policy, f, probeInterval, patience, recoveryTimeout, backlog, estimate }, wiring) {
    const population = new QuorumCounter(
      host,
      rows,
      {
        f,
        probeIntervalUs: probeInterval,
        silenceUs: patience * probeInterval,
        recoveryTimeoutUs: recoveryTimeout,
        isReadonly: policy === 'readonly',
        isEstimate: estimate,
      },
      backlog,
      wiring,
    );
    wiring.quorum = population;
    return population;
  },
});
