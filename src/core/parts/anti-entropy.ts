/**
 * Data that all nodes hold in common, kept the same by anti-entropy: again and again each node compares what it holds with a random peer,
 * and both take in what they lack (A. Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987, section 1.3).
 * What the data is, is the business of its kind; what is said, that of the talk (state-talk.ts). Here it is decided whose turn it is, and
 * what becomes of what was heard.
 */
import { UserError } from '../base/errors.js';
import { knobs, type Values } from '../base/knobs.js';
import type { Envelope } from '../model/envelope.js';
import { reportKinds, type Host, type Population, type StartReason } from '../model/protocol.js';
import type { Replicated, Wiring } from '../model/stack.js';
import type { WriteOperand, WriteVerb } from '../model/workload.js';
import { PeerPicker } from './gossip-peers.js';
import { Turns } from './gossip-turns.js';
import { estimateKnobs, OwnEstimate } from './own-estimate.js';
import type { Replica } from './replica.js';
import { StateBody } from './state-body.js';
import {
  exchanges,
  hear,
  opening,
  talkKinds,
  talkMessages,
  type Hearing,
  type Remark,
} from './state-talk.js';

/** A version vector with more lines costs more than what it saves. */
const writersMax = 4096;

export const antiEntropyKnobs = knobs({
  interval: {
    kind: 'duration',
    min: 1,
    default: 1_000_000,
    doc: 'How often each node compares what it holds. Time to agree is this times a few more than log2(nodes); traffic goes the other way. In `timing: rounds` it compares once a round instead.',
  },
  fanout: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 1,
    doc: 'With how many distinct peers it compares at each turn, drawn uniformly from those it knows.',
  },
  exchange: {
    kind: 'choice',
    words: exchanges,
    default: 'delta',
    doc: `How two nodes compare. \`full\`: both send all they have. \`delta\`: version vectors first, a line for each writer, at most ${writersMax} of them; then what the other lacks. \`merkle\`: the root of a Merkle tree first, then the hashes of those parts that differ, then what is in them.`,
  },
  estimate: {
    kind: 'section',
    knobs: estimateKnobs,
    doc: 'When a node believes, from what it sees itself, that all hold the same. The result says how often it was wrong.',
  },
});
export type AntiEntropySettings = Values<typeof antiEntropyKnobs>;

/** How many writers nodes that compare like this can tell apart. */
export function writersMaxOf({ exchange }: AntiEntropySettings): number {
  return exchange === 'delta' ? writersMax : Infinity;
}

/** What a kind of data brings along. */
export interface ReplicaKind<R extends Replica = Replica> {
  /** A replica that holds nothing, for a writer of this name. */
  make(writer: string): R;
  /** @returns by how much the write changes a count; 0 where nothing is counted */
  write(replica: R, verb: WriteVerb, operand: WriteOperand, nowUs: number): number;
  /** The count, or how many things there are. */
  reading(replica: R): number;
}

export class AntiEntropy implements Population, Replicated {
  protected readonly replicas: Replica[];
  protected readonly picker: PeerPicker;
  protected readonly estimate: OwnEstimate;
  readonly #turns: Turns;
  readonly #readings: Float64Array;
  /** Talks begun; entries sent, those that were news, and those that came for a life that is over. */
  protected talks = 0;
  protected entriesSent = 0;
  protected entriesNew = 0;
  protected entriesLate = 0;

  constructor(
    protected readonly host: Host,
    protected readonly rows: number,
    protected readonly settings: AntiEntropySettings,
    protected readonly wiring: Wiring,
    protected readonly kind: ReplicaKind,
  ) {
    this.replicas = [];
    this.picker = new PeerPicker(settings.fanout);
    this.estimate = new OwnEstimate(host, rows, settings.estimate);
    this.#turns = new Turns(host, rows, 0, settings.interval, wiring);
    this.#readings = new Float64Array(rows);
  }

  figures(): Readonly<Record<string, number>> {
    const { talks, entriesSent, entriesNew, entriesLate } = this;
    return { talks, entriesSent, entriesNew, entriesLate };
  }

  readings(): Float64Array {
    for (let row = 0; row < this.rows; row++) {
      // A node that has not started yet has nothing.
      const replica = this.replicas[row] as Replica | undefined;
      this.#readings[row] = replica === undefined ? 0 : this.kind.reading(replica);
    }
    return this.#readings;
  }

  start(reason: StartReason): void {
    const { host } = this;
    this.estimate.start();
    if (reason !== 'state-kept') {
      // A new life is a new writer: its numbers begin again.
      this.replicas[host.row] = this.kind.make(`${host.self}.${host.incarnation}`);
      if (reason === 'state-lost') host.report(reportKinds.changed, 0, 0);
    }
    this.#turns.start(reason);
    this.awaitTurn();
  }

  protected awaitTurn(): void {
    this.#turns.await();
  }

  write(verb: WriteVerb, operand: WriteOperand): void {
    const { host } = this;
    const replica = this.replicas[host.row];
    const before = replica.digest;
    const change = this.kind.write(replica, verb, operand, host.nowUs);
    if (replica.digest === before) return;
    this.#refuseTooManyWriters(replica);
    host.report(reportKinds.wrote, 0, change < 0 ? 1 - 2 * change : 2 * change);
    this.changed(replica);
  }

  timer(): void {
    const { host, wiring, settings } = this;
    const replica = this.replicas[host.row];
    this.#turns.begun();
    this.estimate.turn();
    const count = this.picker.pick(wiring.peers, host.chance);
    if (count > 0) {
      const remark = opening(settings.exchange, replica);
      this.talks += count;
      for (let i = 0; i < count; i++) this.#say(this.picker.picked[i], remark, 0);
    }
    this.awaitTurn();
  }

  receive({ kind, from, a, b, c, body }: Envelope): void {
    const { host } = this;
    const replica = this.replicas[host.row];
    if (kind !== talkKinds.rest) this.estimate.met(a === replica.digest);
    if (body === 0) return;
    const heard = this.wiring.bodies.get(body);
    // Whatever else arrives here is of no use.
    if (!(heard instanceof StateBody)) return;
    const hearing = hear(replica, { kind, content: heard.content }, a);
    const isDelta = kind === talkKinds.delta || kind === talkKinds.rest;
    const isForThisLife = !isDelta || c === host.incarnation;
    this.takeIn(replica, hearing, isForThisLife);
    if (hearing.reply !== undefined) this.#say(from, hearing.reply, b);
  }

  /** @param isForThisLife a delta for an earlier life is not all that this one lacks */
  protected takeIn(replica: Replica, { entries, version }: Hearing, isForThisLife: boolean): void {
    const news =
      version === undefined || !isForThisLife
        ? replica.absorb(entries)
        : (replica.apply({ since: replica.version, version, entries }) ?? 0);
    this.entriesNew += news;
    if (!isForThisLife) this.entriesLate += entries.length;
    if (news === 0) return;
    this.#refuseTooManyWriters(replica);
    this.changed(replica);
  }

  protected changed(replica: Replica): void {
    this.host.report(reportKinds.changed, 0, replica.digest);
    this.estimate.changed();
  }

  /** @param theirLife what the other called its life, 0 when it has not said anything yet */
  #say(to: number, { kind, content }: Remark, theirLife: number): void {
    const { host, wiring } = this;
    const { digest } = this.replicas[host.row];
    const saysLives = talkMessages[kind].words.length > 1;
    const life = saysLives ? host.incarnation : 0;
    const yourLife = saysLives ? theirLife : 0;
    if (content === undefined) {
      host.send(to, kind, digest, life, yourLife, 0, 0);
      return;
    }
    this.entriesSent += content.entryCount;
    const body = wiring.bodies.add(new StateBody(host.self, host.incarnation, content));
    host.send(to, kind, digest, life, yourLife, 0, body);
    wiring.bodies.release(body);
  }

  #refuseTooManyWriters(replica: Replica): void {
    if (replica.version.writerCount <= writersMaxOf(this.settings)) return;
    throw new UserError('bad-scenario', {
      place: 'state.exchange',
      what: `more than ${writersMax} writers, lives after a loss of state counted apart, make a version vector too long`,
      next: 'Use exchange: merkle, or let fewer nodes write',
    });
  }
}
