/**
 * Ground truth: the simulator knows which messages it forged, so it can say what a check caught, what it let pass, and whom it accused
 * for nothing. One act is one forged message, whatever the number of its copies. It is detected when an honest node flags that
 * very message; a forged value that is right by luck is a miss. Acts that reach nobody honest are counted and left out.
 */
import type { Bodies } from '../model/bodies.js';
import type { Envelope } from '../model/envelope.js';
import type { Detection, DetectionRow } from '../model/result.js';

interface Act {
  readonly adversary: number;
  readonly step: number;
  readonly value: number;
  readonly sequence: number;
  readonly atUs: number;
  reached: boolean;
  detectedAtUs: number;
}

export class GroundTruth {
  readonly #acts = new Map<number, Act[]>();
  readonly #all: Act[][];
  readonly #receipts: Float64Array;
  readonly #flagged: Float64Array;
  #honestReceipts = 0;
  #falseAlarms = 0;

  constructor(
    private readonly adversaryIds: readonly string[],
    private readonly bodies: Bodies,
  ) {
    this.#all = adversaryIds.map(() => []);
    this.#receipts = new Float64Array(adversaryIds.length);
    this.#flagged = new Float64Array(adversaryIds.length);
  }

  /** Copies of one message are one act. */
  record(adversary: number, envelope: Envelope, nowUs: number): void {
    if (this.#find(envelope) !== undefined) return;
    const act: Act = {
      adversary,
      step: envelope.a,
      value: envelope.b,
      sequence: envelope.c,
      atUs: nowUs,
      reached: false,
      detectedAtUs: -1,
    };
    const list = this.#acts.get(envelope.body);
    if (list === undefined) {
      this.#acts.set(envelope.body, [act]);
      this.bodies.retain(envelope.body);
    } else {
      list.push(act);
    }
    this.#all[adversary].push(act);
  }

  /** Is this message a forged one? */
  isAct(envelope: Envelope): boolean {
    return this.#acts.size > 0 && this.#find(envelope) !== undefined;
  }

  /** An honest node met a distinct message for the first time. */
  receipt(envelope: Envelope, flagged: boolean, nowUs: number): void {
    const act = this.#acts.size === 0 ? undefined : this.#find(envelope);
    if (act === undefined) {
      this.#honestReceipts++;
      if (flagged) this.#falseAlarms++;
      return;
    }
    act.reached = true;
    this.#receipts[act.adversary]++;
    if (flagged) {
      this.#flagged[act.adversary]++;
      if (act.detectedAtUs < 0) act.detectedAtUs = nowUs;
    }
  }

  get falseAlarms(): number {
    return this.#falseAlarms;
  }

  /** Honest first receipts of forged messages that nobody flagged there. */
  get forgeriesAccepted(): number {
    let accepted = 0;
    for (let i = 0; i < this.#receipts.length; i++) accepted += this.#receipts[i] - this.#flagged[i];
    return accepted;
  }

  /** Forged messages that an honest node flagged / those that reached one; null when none did. */
  get detectionRate(): number | null {
    let reached = 0;
    let detected = 0;
    for (const acts of this.#all) {
      for (const act of acts) {
        if (act.reached) reached++;
        if (act.detectedAtUs >= 0) detected++;
      }
    }
    return ratio(detected, reached);
  }

  result(): Detection {
    const adversaries = this.adversaryIds.map((id, i): DetectionRow => {
      const acts = this.#all[i];
      const reached = acts.filter((act) => act.reached).length;
      const caught = acts.filter((act) => act.detectedAtUs >= 0);
      const waitedUs = caught.reduce((sum, act) => sum + act.detectedAtUs - act.atUs, 0);
      return {
        id,
        acts: acts.length,
        reached,
        detected: caught.length,
        missed: reached - caught.length,
        detectionRate: ratio(caught.length, reached),
        receipts: this.#receipts[i],
        receiverRecall: ratio(this.#flagged[i], this.#receipts[i]),
        meanTimeToDetectionMs: caught.length === 0 ? null : waitedUs / caught.length / 1000,
      };
    });
    const right = this.#flagged.reduce((sum, n) => sum + n, 0);
    return {
      adversaries,
      honestReceipts: this.#honestReceipts,
      falseAlarms: this.#falseAlarms,
      falseAlarmRate: ratio(this.#falseAlarms, this.#honestReceipts),
      precision: ratio(right, right + this.#falseAlarms),
    };
  }

  #find(envelope: Envelope): Act | undefined {
    return this.#acts
      .get(envelope.body)
      ?.find((act) => act.step === envelope.a && act.value === envelope.b && act.sequence === envelope.c);
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
