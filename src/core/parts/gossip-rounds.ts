/**
 * Push, pull and push-pull in rounds. In every round each node calls `fanout` others. With *push* the caller hands over what it spreads;
 * with *pull* the callee does. All calls of a round see the state of its beginning; what they brought is written down as a list of
 * transfers and counts from the next round on.
 *
 * What a call costs: a push is made blindly and carries everything that the caller spreads; where both can compare what they have
 * (pull and push-pull without a stop rule), only what is missing is carried. Nodes that tire of a message follow Demers et al. 1987:
 * usefulness is judged on the state at the start of the round, a useful contact resets the counter, and a node that is asked by many
 * in one round tires once, and only if none of them needed the message.
 */
import type { Envelope } from '../model/envelope.js';
import { reportKinds, type Host, type StartReason } from '../model/protocol.js';
import { callBatch, callOutcomes, unheard, type RoundHost, type RoundPopulation } from '../model/rounds.js';
import type { Spread, Wiring } from '../model/stack.js';
import { judgeFirst } from './first-receipt.js';
import type { GossipParameters } from './gossip-knobs.js';
import { GossipLedger } from './gossip-ledger.js';
import { PeerPicker } from './gossip-peers.js';

/** Who hands over in a call. */
export interface GossipMode {
  readonly pushes: boolean;
  readonly pulls: boolean;
}

type RoundParameters = Pick<GossipParameters, 'fanout' | 'ttl' | 'stop'>;

/** What happened to a message at a node that others asked, this round. */
const asked = { needed: 2, unneeded: 1 } as const;

/** Numbers of one transfer: from, to, message, hops. */
const transferInts = 4;

export class RoundGossip implements RoundPopulation, Spread {
  readonly #ledger: GossipLedger;
  readonly #picker: PeerPicker;
  readonly #ttl: number;
  /** Carry everything, whether the other has it or not. */
  readonly #blindly: boolean;
  readonly #envelope: Envelope = { slot: 0, kind: 0, from: 0, to: 0, a: 0, b: 0, c: 0, d: 0, body: 0 };

  /** A batch of calls: who calls, and whom each reached. */
  readonly #callers = new Int32Array(callBatch);
  readonly #reached = new Int32Array(callBatch);
  readonly #differences = new Int32Array(callBatch);

  #transfers = new Int32Array(64 * transferInts);
  #transferCount = 0;
  /** Copies that honest nodes had at the start of the round, by message. */
  readonly #duplicates: number[] = [];
  /** Nodes and messages of which they had enough this round, in pairs. */
  readonly #leaving: number[] = [];
  /** False while a caller hands over whose answer is lost: no feedback comes. */
  #hears = true;
  /** How each (node, message) that was asked for fared; keys count messages first. */
  readonly #asked = new Map<number, number>();

  constructor(
    private readonly host: Host,
    private readonly rows: number,
    private readonly mode: GossipMode,
    private readonly parameters: RoundParameters,
    private readonly wiring: Wiring,
  ) {
    const { fanout, ttl, stop } = parameters;
    this.#ledger = new GossipLedger(rows, wiring.expectedMessages, stop !== undefined, wiring.bodies);
    this.#picker = new PeerPicker(fanout);
    this.#ttl = ttl ?? Infinity;
    this.#blindly = !mode.pulls || stop !== undefined;
  }

  start(reason: StartReason): void {
    if (reason === 'state-lost') this.#ledger.forget(this.host.row);
  }

  publish(step: number, value: number, sequence: number, body: number): void {
    this.#ledger.learn(this.host.row, this.#ledger.number(step, value, sequence, body), 0);
    this.host.report(reportKinds.published, body, step);
  }

  receive(): void {
    // Nothing travels through the queue in rounds.
  }

  timer(): void {
    // A round needs no alarm clock.
  }

  // --- all calls of a round ------------------------------------------------------------------------------------

  exchange(rounds: RoundHost): void {
    const { wiring } = this;
    if (this.parameters.fanout === 1 && wiring.peers === wiring.neighbours) this.#callOnce(rounds);
    else this.#callMany(rounds);
  }

  /** One call each, many turns at a time: what the rumours of the books do. */
  #callOnce(rounds: RoundHost): void {
    const { rows } = this;
    const { pushes, pulls } = this.mode;
    const { stop } = this.parameters;
    const answered = pulls || stop?.when === 'feedback';
    const ledger = this.#ledger;
    const callers = this.#callers;
    const reached = this.#reached;
    const { words } = ledger;
    for (let row = 0; row < rows;) {
      const { spreading, known } = ledger;
      // With one word, and nobody ever silent about what it knows, two nodes that know the same have nothing to say.
      const sameIsSilence = words === 1 && spreading === known && !this.#blindly;
      let count = 0;
      for (; row < rows && count < callBatch; row++) {
        if (pulls || hasNews(spreading, row, words)) callers[count++] = row;
      }
      rounds.callEach(callers, count, reached, answered);
      if (sameIsSilence) count = this.#withNews(known, count);
      for (let i = 0; i < count; i++) {
        const caller = callers[i];
        const to = reached[i];
        if (to >= 0) {
          if (pushes) this.#hand(caller, to, rounds, false);
          if (pulls) this.#hand(to, caller, rounds, true);
        } else if (to < -1) this.#handUnheard(caller, unheard(to), rounds);
        if (stop?.when === 'blind' && rounds.turn(caller)) this.#tireOfAll(caller);
      }
    }
  }

  /** Keeps those calls of the batch whose ends know different things. Memory is read in one go first, without waiting for branches. */
  #withNews(known: Int32Array, count: number): number {
    const callers = this.#callers;
    const reached = this.#reached;
    const differences = this.#differences;
    for (let i = 0; i < count; i++) {
      const peer = reached[i];
      differences[i] = known[callers[i]] ^ known[peer < -1 ? unheard(peer) : Math.max(peer, 0)];
    }
    let kept = 0;
    for (let i = 0; i < count; i++) {
      callers[kept] = callers[i];
      reached[kept] = reached[i];
      kept += differences[i] === 0 || reached[i] === -1 ? 0 : 1;
    }
    return kept;
  }

  #callMany(rounds: RoundHost): void {
    const { rows, wiring, host } = this;
    const { pushes, pulls } = this.mode;
    const { stop } = this.parameters;
    const { picked } = this.#picker;
    const answered = pulls || stop?.when === 'feedback';
    // Everybody who spreads something talks about it; with a stop rule the talk itself changes things.
    const tires = stop !== undefined;
    const ledger = this.#ledger;
    const spreading = ledger.spreading;
    const words = ledger.words;
    for (let row = 0; row < rows; row++) {
      const talks = hasNews(spreading, row, words);
      if (!talks && !pulls) continue;
      if (!rounds.turn(row)) continue;
      const calls = this.#picker.pick(wiring.peers, host.chance);
      for (let i = 0; i < calls; i++) {
        const to = picked[i];
        const outcome = rounds.call(to, answered);
        if (outcome === callOutcomes.lost) continue;
        if (outcome === callOutcomes.unheard) {
          if (talks) this.#handUnheard(row, to, rounds);
          continue;
        }
        if (pushes && talks) this.#hand(row, to, rounds, false);
        if (pulls) this.#hand(to, row, rounds, true);
      }
      if (tires && talks && stop.when === 'blind') this.#tireOfAll(row);
    }
  }

  /** The call got there and its answer did not come back: what the caller brought arrives, and it hears nothing of that. */
  #handUnheard(caller: number, to: number, rounds: RoundHost): void {
    if (!this.mode.pushes) return;
    this.#hears = false;
    this.#hand(caller, to, rounds, false);
    this.#hears = true;
  }

  /** One node hands over to another what it spreads. */
  #hand(from: number, to: number, rounds: RoundHost, isAnswer: boolean): void {
    const ledger = this.#ledger;
    const { words, known, spreading } = ledger;
    if (words === 1) {
      const news = spreading[from];
      if (news === 0) return;
      const fresh = news & ~known[to];
      if (this.#blindly) this.#carry(from, to, 0, news, fresh, rounds, isAnswer);
      else if (fresh !== 0) this.#carry(from, to, 0, fresh, fresh, rounds, isAnswer);
      return;
    }
    for (let word = 0; word < words; word++) {
      const news = spreading[from * words + word];
      if (news === 0) continue;
      const fresh = news & ~known[to * words + word];
      const carried = this.#blindly ? news : fresh;
      if (carried !== 0) this.#carry(from, to, word, carried, fresh, rounds, isAnswer);
    }
  }

  #carry(
    from: number,
    to: number,
    word: number,
    carried: number,
    fresh: number,
    rounds: RoundHost,
    isAnswer: boolean,
  ): void {
    const ledger = this.#ledger;
    const feedback = this.parameters.stop?.when === 'feedback' && this.#hears;
    const honestFrom = rounds.isHonest(from);
    let bytes = 0;
    let count = 0;
    for (let rest = carried; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const message = word * 32 + 31 - Math.clz32(bit);
      const needed = (fresh & bit) !== 0;
      if (feedback) {
        // Whose turn it is decides whose chance is asked when a bearer tires.
        if (!isAnswer) rounds.settle(from);
        if (isAnswer) this.#wasAsked(from, message, needed);
        else if (needed) ledger.refresh(from, message);
        else this.#tire(from, message);
      }
      count++;
      bytes += ledger.messages[message].sizeBytes;
      if (!honestFrom) {
        if (!this.#handTwisted(from, to, message, rounds)) {
          count--;
          bytes -= ledger.messages[message].sizeBytes;
        }
      } else if (needed) {
        this.#note(from, to, message, ledger.hops(from, message) + 1);
      } else if (rounds.isHonest(to)) {
        this.#duplicates[message] = (this.#duplicates[message] ?? 0) + 1;
      }
    }
    rounds.carried(from, count, bytes);
  }

  /** What a liar hands over may be another message, or nothing. */
  #handTwisted(from: number, to: number, message: number, rounds: RoundHost): boolean {
    const ledger = this.#ledger;
    const envelope = this.#envelope;
    const hops = ledger.hops(from, message) + 1;
    envelope.from = from;
    envelope.to = to;
    ledger.describe(message, hops, envelope);
    if (!rounds.twist(envelope)) return false;
    const { a, b, c, body } = envelope;
    this.#note(from, to, ledger.number(a, b, c, body), envelope.d);
    return true;
  }

  #note(from: number, to: number, message: number, hops: number): void {
    let at = this.#transferCount++ * transferInts;
    if (at === this.#transfers.length) {
      const larger = new Int32Array(this.#transfers.length * 2);
      larger.set(this.#transfers);
      this.#transfers = larger;
    }
    this.#transfers[at++] = from;
    this.#transfers[at++] = to;
    this.#transfers[at++] = message;
    this.#transfers[at] = hops;
  }

  // --- losing interest -----------------------------------------------------------------------------------------

  #tireOfAll(row: number): void {
    const { words, spreading } = this.#ledger;
    for (let word = 0; word < words; word++) {
      for (let rest = spreading[row * words + word]; rest !== 0; rest &= rest - 1) {
        this.#tire(row, word * 32 + 31 - Math.clz32(rest & -rest));
      }
    }
  }

  /** An occasion to lose interest; what was lost is gone from the next round on. */
  #tire(row: number, message: number): void {
    const { stop } = this.parameters;
    if (stop === undefined) return;
    const enough =
      stop.how === 'counter'
        ? this.#ledger.tire(row, message) >= stop.k
        : stop.k === 1 || this.host.chance.below(stop.k) === 0;
    if (enough) this.#leaving.push(row, message);
  }

  #wasAsked(row: number, message: number, needed: boolean): void {
    const key = message * this.rows + row;
    if (needed) this.#asked.set(key, asked.needed);
    else if (!this.#asked.has(key)) this.#asked.set(key, asked.unneeded);
  }

  // --- the end of a round --------------------------------------------------------------------------------------

  merge(rounds: RoundHost): void {
    const ledger = this.#ledger;
    for (const [key, fared] of this.#asked) {
      const row = key % this.rows;
      const message = (key - row) / this.rows;
      rounds.settle(row);
      if (fared === asked.needed) ledger.refresh(row, message);
      else this.#tire(row, message);
    }
    this.#asked.clear();
    for (let i = 0; i < this.#leaving.length; i += 2) ledger.stop(this.#leaving[i], this.#leaving[i + 1]);
    this.#leaving.length = 0;

    this.#receiveAll(rounds);

    this.#duplicates.forEach((copies, message) => {
      if (copies > 0) rounds.duplicates(ledger.messages[message].body, copies);
      this.#duplicates[message] = 0;
    });
  }

  #receiveAll(rounds: RoundHost): void {
    const ledger = this.#ledger;
    const envelope = this.#envelope;
    const transfers = this.#transfers;
    const end = this.#transferCount * transferInts;
    this.#transferCount = 0;
    for (let at = 0; at < end; at += transferInts) {
      const to = transfers[at + 1];
      const message = transfers[at + 2];
      if (ledger.knows(to, message)) {
        if (rounds.isHonest(to)) this.#duplicates[message] = (this.#duplicates[message] ?? 0) + 1;
        continue;
      }
      const hops = transfers[at + 3];
      envelope.from = transfers[at];
      envelope.to = to;
      ledger.describe(message, hops, envelope);
      rounds.settle(to);
      rounds.arrived(envelope);
      ledger.learn(to, message, hops);
      const flag = judgeFirst(this.host, this.wiring, envelope);
      if (flag !== 0 || hops >= this.#ttl) ledger.stop(to, message);
      this.wiring.app?.deliver(envelope, flag);
    }
  }
}

function hasNews(spreading: Int32Array, row: number, words: number): boolean {
  if (words === 1) return spreading[row] !== 0;
  for (let i = row * words; i < (row + 1) * words; i++) if (spreading[i] !== 0) return true;
  return false;
}
