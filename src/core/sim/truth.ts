/**
 * Ground truth: the simulator knows which messages it forged, so it can say what a check caught, what it let pass, and whom it accused
 * for nothing. One act is one forged message, whatever the number of its copies. It is detected when an honest node flags that very
 * message within the deadline that messages of its author have; a forged value that is right by luck is a miss. Acts that reach nobody
 * honest are counted and left out.
 *
 * Messages that a link damaged are neither acts nor honest: what the checks saw of them has a row of its own.
 * What an honest node says and is wrong about, because it lost its state or its clock is off, is neither a forgery nor a false alarm when it
 * is flagged: it has a row of its own. Of messages that a liar told differently to others, to find the true version at odds with the
 * other is to see the same lie.
 *
 * Of an act only a few numbers are kept, never the message. A message is known again by its digest; a replayed one, which has the digest
 * of an honest one, by its handle, for as long as it is under way.
 */
import type { Bodies } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import { flagNames, flags } from '../model/protocol.js';
import type { CheckRow, Detection, DetectionRow, HonestButWrongRow } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import { MessageIdentity } from '../parts/message-identity.js';

interface Act {
  readonly adversary: number;
  readonly atUs: number;
  /** Seen later than this is not seen. */
  readonly deadlineUs: number;
  reached: boolean;
  suppressed: boolean;
  detectedAtUs: number;
  /** One bit for each flag that an honest node raised. */
  seenBy: number;
}

/** Why an honest message can be wrong. */
export const honestMistakes = ['lost-state', 'clock'] as const;
export type HonestMistake = (typeof honestMistakes)[number];

export class GroundTruth {
  readonly #acts = new Map<number, Act>();
  /** The first versions of messages that were told differently to others, by digest. */
  readonly #twins = new Map<number, Act>();
  /** Bodies of honest messages that are wrong, as long as they are under way. */
  readonly #wrong = new Map<number, HonestMistake>();
  readonly #mistakes = new Map<HonestMistake, { messages: number; receipts: number; flagged: number }>();
  readonly #replays = new Map<number, Act>();
  readonly #all: Act[][];
  readonly #firstUs: Float64Array;
  readonly #receipts: Float64Array;
  readonly #flagged: Float64Array;
  readonly #identity = new MessageIdentity();
  readonly #falseBy = new Float64Array(flagNames.length);
  /** Damaged messages stand behind those of the last adversary. */
  readonly #damage: number;
  #honestReceipts = 0;
  #falseAlarms = 0;

  constructor(
    private readonly adversaryIds: readonly string[],
    private readonly bodies: Bodies,
    /** How long a message of this author has to get somewhere; Infinity for one that nobody expects. */
    private readonly patienceUsOf: (origin: number) => number = () => Infinity,
  ) {
    this.#damage = adversaryIds.length;
    const rows = adversaryIds.length + 1;
    this.#all = Array.from({ length: rows }, () => []);
    this.#firstUs = new Float64Array(rows).fill(-1);
    this.#receipts = new Float64Array(rows);
    this.#flagged = new Float64Array(rows);
  }

  /** The link damaged a message: from now on, what has these words and this body is the link's work. */
  recordDamage(envelope: Envelope, nowUs: number): void {
    this.record(this.#damage, envelope, nowUs);
  }

  /**
   * Copies of one message are one act.
   * @param twin the body that others are told under the same number, where there is one
   */
  record(adversary: number, envelope: Envelope, nowUs: number, isReplay = false, twin = 0): void {
    const key = isReplay ? envelope.body : this.#keyOf(envelope);
    const known = isReplay ? this.#replays : this.#acts;
    if (known.has(key)) return;
    const act: Act = {
      adversary,
      atUs: nowUs,
      deadlineUs: nowUs + this.patienceUsOf(this.bodies.get(envelope.body).origin),
      reached: false,
      suppressed: false,
      detectedAtUs: -1,
      seenBy: 0,
    };
    known.set(key, act);
    this.#all[adversary].push(act);
    if (twin === 0) return;
    const altered = envelope.body;
    envelope.body = twin;
    this.#twins.set(this.#keyOf(envelope), act);
    envelope.body = altered;
  }

  /** An honest node has published something that is wrong. */
  mistaken(body: number, mistake: HonestMistake): void {
    if (this.#wrong.has(body)) return;
    this.#wrong.set(body, mistake);
    this.#mistakesOf(mistake).messages++;
  }

  #mistakesOf(mistake: HonestMistake): { messages: number; receipts: number; flagged: number } {
    let row = this.#mistakes.get(mistake);
    if (row === undefined) this.#mistakes.set(mistake, (row = { messages: 0, receipts: 0, flagged: 0 }));
    return row;
  }

  /** Is this message a forged one? */
  isAct(envelope: Envelope): boolean {
    return this.#find(envelope) !== undefined;
  }

  /** Nothing with this handle is under way any more. */
  forgotten(handle: number): void {
    if (this.#replays.size > 0) this.#replays.delete(handle);
    if (this.#wrong.size > 0) this.#wrong.delete(handle);
  }

  /** An honest node met a distinct message for the first time; `flag` is the first that a guard raised, or none. */
  receipt(envelope: Envelope, flag: number, nowUs: number): void {
    const act = this.#find(envelope);
    if (act === undefined) {
      this.#honestReceipt(envelope, flag, nowUs);
      return;
    }
    const { adversary } = act;
    act.reached = true;
    if (this.#firstUs[adversary] < 0) this.#firstUs[adversary] = act.atUs;
    this.#receipts[adversary]++;
    if (flag !== flags.none) {
      this.#flagged[adversary]++;
      see(act, flag, nowUs);
    }
  }

  #honestReceipt(envelope: Envelope, flag: number, nowUs: number): void {
    const mistake = this.#wrong.size === 0 ? undefined : this.#wrong.get(envelope.body);
    if (mistake !== undefined) {
      const row = this.#mistakesOf(mistake);
      row.receipts++;
      if (flag !== flags.none) row.flagged++;
      return;
    }
    const twin = this.#twinOf(envelope, flag);
    if (twin !== undefined) {
      // Who flags the first version has met the second: it was counted there, and is seen through here.
      this.#flagged[twin.adversary]++;
      see(twin, flag, nowUs);
      return;
    }
    this.#honestReceipts++;
    if (flag === flags.none) return;
    this.#falseAlarms++;
    this.#falseBy[flag]++;
  }

  /** The lie that a flag on its true version sees through: only to compare the two is to see it. */
  #twinOf(envelope: Envelope, flag: number): Act | undefined {
    const isCompared = flag === flags.equivocation && this.#twins.size > 0;
    return isCompared ? this.#twins.get(this.#keyOf(envelope)) : undefined;
  }

  /** A further flag about a message that `receipt` told of. */
  alsoFlagged(envelope: Envelope, flag: number, nowUs: number): void {
    const act = this.#find(envelope) ?? this.#twinOf(envelope, flag);
    if (act !== undefined) see(act, flag, nowUs);
    else if (!this.#wrong.has(envelope.body)) this.#falseBy[flag]++;
  }

  /** An honest node had the message, or took it for one that it had. */
  duplicate(envelope: Envelope): void {
    if (this.#replays.size === 0) return;
    const act = this.#find(envelope);
    if (act !== undefined) act.suppressed = true;
  }

  /** When the first act of an adversary that reached anybody honest began; undefined for none. */
  firstEffectUs(adversary: number): number | undefined {
    const us = this.#firstUs[adversary];
    return us < 0 ? undefined : us;
  }

  get falseAlarms(): number {
    return this.#falseAlarms;
  }

  /** Honest first receipts of forged messages that nobody flagged there. */
  get forgeriesAccepted(): number {
    let accepted = 0;
    for (let i = 0; i < this.#damage; i++) accepted += this.#receipts[i] - this.#flagged[i];
    return accepted;
  }

  /** Forged messages that an honest node flagged / those that reached one; null when none did. */
  get detectionRate(): number | null {
    let reached = 0;
    let detected = 0;
    for (let i = 0; i < this.#damage; i++) {
      for (const act of this.#all[i]) {
        if (act.reached) reached++;
        if (act.detectedAtUs >= 0) detected++;
      }
    }
    return ratio(detected, reached);
  }

  /** @param nodeHours hours that honest nodes were up, in all */
  result(nodeHours: number): Detection {
    const adversaries = this.adversaryIds.map((id, i) => this.#row(id, i));
    const right = this.#flagged.subarray(0, this.#damage).reduce((sum, n) => sum + n, 0);
    const forgedReceipts = this.#receipts.subarray(0, this.#damage).reduce((sum, n) => sum + n, 0);
    const isDamaged = this.#all[this.#damage].length > 0;
    return {
      adversaries,
      ...(isDamaged ? { corruption: this.#row('corruption', this.#damage) } : {}),
      honestReceipts: this.#honestReceipts,
      falseAlarms: this.#falseAlarms,
      falseAlarmRate: ratio(this.#falseAlarms, this.#honestReceipts),
      falseAlarmsPerNodeHour: ratio(this.#falseAlarms, nodeHours),
      falseAlarmsByCheck: Object.fromEntries(
        flagNames.flatMap((name, flag) => (this.#falseBy[flag] > 0 ? [[name, this.#falseBy[flag]]] : [])),
      ),
      honestButWrong: honestMistakes.flatMap((mistake): HonestButWrongRow[] => {
        const row = this.#mistakes.get(mistake);
        return row === undefined ? [] : [{ cause: mistake, ...row }];
      }),
      baseRate: ratio(forgedReceipts, forgedReceipts + this.#honestReceipts),
      precision: ratio(right, right + this.#falseAlarms),
    };
  }

  #row(id: string, i: number): DetectionRow {
    const acts = this.#all[i];
    const reached = acts.filter((act) => act.reached).length;
    const caught = acts.filter((act) => act.detectedAtUs >= 0);
    const waits = new Histogram();
    for (const act of caught) waits.record(Math.max(0, act.detectedAtUs - act.atUs));
    const first = this.#firstUs[i];
    const firstFlagUs = caught.reduce((least, act) => Math.min(least, act.detectedAtUs), Infinity);
    const missed = reached - caught.length;
    const at = (share: number): number | null => {
      const us = waits.percentile(share, missed);
      return us === undefined ? null : us / 1000;
    };
    const checks: Record<string, CheckRow> = {};
    flagNames.forEach((name, flag) => {
      const seen = caught.filter(({ seenBy }) => (seenBy & (1 << flag)) !== 0);
      if (seen.length === 0) return;
      const only = seen.filter(({ seenBy }) => seenBy === 1 << flag).length;
      checks[name] = { detected: seen.length, only };
    });
    return {
      id,
      acts: acts.length,
      reached,
      suppressed: acts.filter((act) => act.suppressed && !act.reached).length,
      detected: caught.length,
      missed,
      detectionRate: ratio(caught.length, reached),
      receipts: this.#receipts[i],
      receiverRecall: ratio(this.#flagged[i], this.#receipts[i]),
      meanTimeToDetectionMs: waits.mean === undefined ? null : waits.mean / 1000,
      timeToDetection: { p50: at(0.5), p95: at(0.95) },
      firstDetectionMs: first < 0 || caught.length === 0 ? null : (firstFlagUs - first) / 1000,
      checks,
    };
  }

  #keyOf(envelope: Envelope): number {
    const identity = this.#identity;
    identity.of(this.bodies.get(envelope.body), envelope.a, envelope.b, envelope.c);
    return (identity.x >>> 0) * 2097152 + (identity.y >>> 11);
  }

  #find(envelope: Envelope): Act | undefined {
    if (this.#replays.size > 0) {
      const replayed = this.#replays.get(envelope.body);
      if (replayed !== undefined) return replayed;
    }
    return this.#acts.size === 0 ? undefined : this.#acts.get(this.#keyOf(envelope));
  }
}

/** An honest node flagged a message of this act; too late, it does not help any more. */
function see(act: Act, flag: number, nowUs: number): void {
  if (nowUs > act.deadlineUs) return;
  act.seenBy |= 1 << flag;
  if (act.detectedAtUs < 0) act.detectedAtUs = nowUs;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
