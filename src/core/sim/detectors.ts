/**
 * How good are the failure detectors? The all-seeing eye knows who is down and since when; every suspicion and every verdict of an honest
 * node is held against that. A crash is found when the first honest node takes the victim for dead; suspecting a live peer that could
 * have been heard is false. Who came back a moment ago, and who is cut off by a partition, is nobody's mistake.
 */
import { reportKinds, type ReportKind } from '../model/protocol.js';
import type { DetectorFigures, ResultSections } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** An alarm about somebody who came up less than this ago is late, not false. */
const graceUs = 10_000_000;

interface Failure {
  readonly atUs: number;
  suspectedUs: number | undefined;
  confirmedUs: number | undefined;
}

export class Detectors implements Instrument {
  /** Crashes that last, by victim. */
  readonly #open = new Map<number, Failure>();
  /** Honest nodes that left and are away. */
  readonly #left = new Set<number>();
  #leaves = 0;
  #leaversTakenForDead = 0;
  readonly #suspicionUs = new Histogram();
  readonly #detectionUs = new Histogram();
  #failures = 0;
  #suspected = 0;
  #detected = 0;
  #missed = 0;
  #suspicions = 0;
  #falseSuspicions = 0;
  #confirmations = 0;
  #falsePositives = 0;
  #late = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {}

  nodeDown(node: number, left: boolean): void {
    if (this.world.honest[node] === 0) return;
    if (left) {
      this.#leaves++;
      this.#left.add(node);
      return;
    }
    this.#failures++;
    this.#open.set(node, { atUs: this.simulation.nowUs, suspectedUs: undefined, confirmedUs: undefined });
  }

  nodeUp(node: number): void {
    const failure = this.#open.get(node);
    if (failure?.confirmedUs === undefined && failure !== undefined) this.#missed++;
    this.#open.delete(node);
    this.#left.delete(node);
  }

  reported(node: number, kind: ReportKind, _body: number, subject: number): void {
    if (kind !== reportKinds.suspected && kind !== reportKinds.confirmed) return;
    if (this.world.honest[node] === 0) return;
    const { nowUs } = this.simulation;
    const isVerdict = kind === reportKinds.confirmed;
    if (isVerdict) this.#confirmations++;
    else this.#suspicions++;
    const failure = this.#open.get(subject);
    if (failure !== undefined) {
      this.#alarm(failure, isVerdict, nowUs);
      return;
    }
    if (this.#left.has(subject)) {
      if (isVerdict) this.#leaversTakenForDead++;
      return;
    }
    // Liars are down or up as they please: what is thought of them is not judged here.
    if (this.world.honest[subject] === 0) return;
    const upSinceUs = this.world.upSinceUs[subject];
    // Down since before the run began: right, but no crash of this run.
    if (upSinceUs === Infinity) return;
    if (upSinceUs > 0 && nowUs - upSinceUs < graceUs) this.#late++;
    else if (!this.world.canHear(node, subject)) return;
    // Who stands still, or is slow, gives cause; an alarm by such a node about others is false all the same.
    else if (this.simulation.desks?.wasHindered(subject, graceUs) === true) this.#late++;
    else if (isVerdict) this.#falsePositives++;
    else this.#falseSuspicions++;
  }

  #alarm(failure: Failure, isVerdict: boolean, nowUs: number): void {
    if (failure.suspectedUs === undefined) {
      failure.suspectedUs = nowUs;
      this.#suspected++;
      this.#suspicionUs.record(nowUs - failure.atUs);
    }
    if (!isVerdict || failure.confirmedUs !== undefined) return;
    failure.confirmedUs = nowUs;
    this.#detected++;
    this.#detectionUs.record(nowUs - failure.atUs);
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'detectionTime':
        return toMs(this.#detectionUs.mean);
      case 'falseSuspicions':
        return this.#falseSuspicions;
      case 'falsePositives':
        return this.#falsePositives;
      case 'falsePositiveRate':
        return this.#falsePositiveRate;
      default:
        return undefined;
    }
  }

  /** False verdicts of honest nodes an hour that they were up. */
  get #falsePositiveRate(): number | null {
    const hours = this.world.honestUpUs / 3.6e9;
    return hours === 0 ? null : this.#falsePositives / hours;
  }

  sections(): Partial<ResultSections> {
    const { stack } = this.simulation.experiment;
    const type = stack.find(({ protocol }) => protocol.slot === 'detector')?.protocol.name ?? '';
    const detector: DetectorFigures = {
      type,
      failures: this.#failures,
      suspected: this.#suspected,
      detected: this.#detected,
      missed: this.#missed,
      open: [...this.#open.values()].filter(({ confirmedUs }) => confirmedUs === undefined).length,
      suspicionTime: percentilesOf(this.#suspicionUs),
      detectionTime: percentilesOf(this.#detectionUs),
      suspicions: this.#suspicions,
      falseSuspicions: this.#falseSuspicions,
      confirmations: this.#confirmations,
      falsePositives: this.#falsePositives,
      falsePositiveRate: this.#falsePositiveRate,
      ...(this.#leaves === 0 ? {} : { leaves: this.#leaves, leaversTakenForDead: this.#leaversTakenForDead }),
      lateAlarms: this.#late,
      counters: this.simulation.figuresOf('detector') ?? {},
    };
    return { detector };
  }
}

const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);

export function detectorsOf(simulation: Simulation, world: WorldChanges): Detectors | undefined {
  const watched = simulation.experiment.stack.some(({ protocol }) => protocol.slot === 'detector');
  return watched ? new Detectors(simulation, world) : undefined;
}
