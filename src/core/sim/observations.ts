/**
 * The all-seeing eye: everything that is measured about a run, from reports of protocols and from the world itself. Metrics have
 * names, so that assertions, results and docs speak of the same thing.
 *
 * Definitions: docs/semantics.md, "Measures" and "Ground truth".
 */
import { assert } from '../base/assert.js';
import type { Envelope } from '../model/envelope.js';
import type { Assertion, Schedule } from '../model/experiment.js';
import type { MetricName } from '../model/metrics.js';
import {
  firstInstrumentReport,
  flagNames,
  reportKinds,
  type ReportKind,
  type StartReason,
} from '../model/protocol.js';
import type { ResultSections, Spread, Touched } from '../model/result.js';
import { bindCondition, bindQuantity, measuredSide } from '../parts/expression-value.js';
import { networkHealth } from '../parts/network-health.js';
import { AssertionLedger, type BoundAssertion } from './assertions.js';
import { Convergence } from './convergence.js';
import { Deliveries } from './deliveries.js';
import { eventClasses } from './queue.js';
import type { ResolvedDuties } from './duties.js';
import { GroupFigures, latencyFigure } from './group-figures.js';
import type { Instrument } from './instrument.js';
import { instrumentMakers } from './instruments.js';
import { SimulatedWorld } from './measured-world.js';
import { RecoveryWatch } from './recovery.js';
import type { Simulation } from './simulation.js';
import { Traffic } from './traffic.js';
import { GroundTruth } from './truth.js';
import type { WorldChanges } from './world.js';

/** What a measurement is for; stands in the event's destination. A deadline carries the handle of the body as its source. */
const measurements = { deadline: 0, tick: 1 } as const;

/** How far back "recent" looks. */
const recentUs = 5_000_000;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const convergenceMetrics = ['convergenceTime', 'convergenceRounds', 'convergenceCycles'];

/** Who wants to see all metrics at every regular look. */
export interface Onlooker {
  look(nowUs: number, metric: (name: string) => number | null): void;
}

interface WaitingFault {
  readonly index: number;
  readonly schedule: Schedule;
  readonly holds: () => number;
}

export class Observations {
  readonly truth: GroundTruth;
  readonly traffic: Traffic;
  readonly #measured: SimulatedWorld;
  #groups: GroupFigures | undefined;
  #recovery: RecoveryWatch | undefined;
  /** Faults that begin when a condition holds, and have not yet. */
  #waiting: readonly WaitingFault[] = [];
  #assertions: AssertionLedger | undefined;
  /** Told at every regular look, and at the end; added before the run begins. */
  readonly onlookers: Onlooker[] = [];
  /** Honest nodes' flags, by flag number. */
  readonly flagCounts = new Float64Array(flagNames.length);
  firstReceipts = 0;
  /** Honest nodes that were led beyond every step that an honest node had held before; docs/semantics.md, "Steps". */
  unsafeAdoptions = 0;
  #honestStepMax = 0;
  /** How far apart the steps of live honest nodes were at the latest regular look. */
  divergence: number | null = null;
  /** The highest step that anybody has reached without having been led astray. */
  #cleanStepMax = 0;
  published = 0;
  #instruments: readonly Instrument[] = [];
  #onAdoption: readonly Instrument[] = [];
  #deliveries: Deliveries | undefined;
  #convergence: Convergence | undefined;
  /** Somebody wants to know when all nodes hold the same. */
  #tracking = false;
  /** The highest step that each node has published, where nodes may lose what they knew. */
  #publishedSteps: Float64Array | undefined;
  #deadlineUsOf: (node: number) => number = () => 0;
  #syncDivergenceMax = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {
    const { experiment } = simulation;
    this.truth = new GroundTruth(
      experiment.adversaries.map(({ id }) => id),
      simulation.bodies,
      (origin) => this.#deadlineUsOf(origin) || Infinity,
    );
    this.traffic = new Traffic(experiment.nodeCount, simulation.rows);
    this.#measured = new SimulatedWorld(simulation, world, (name, group) =>
      group < 0 ? this.#figure(name) : (this.#groups?.metric(name, group) ?? null),
    );
  }

  get deliveries(): Deliveries {
    assert(this.#deliveries !== undefined, 'a run is measured after it began');
    return this.#deliveries;
  }

  get convergence(): Convergence {
    assert(this.#convergence !== undefined, 'a run is measured after it began');
    return this.#convergence;
  }

  get assertions(): AssertionLedger {
    assert(this.#assertions !== undefined, 'a run is measured after it began');
    return this.#assertions;
  }

  get touchedFaults(): readonly Touched[] {
    return this.world.faults;
  }

  get touchedAdversaries(): readonly Touched[] {
    return this.world.liars.books;
  }

  /** Hours that honest nodes were up, in all. */
  get honestNodeHours(): number {
    return this.world.honestUpUs / 3.6e9;
  }

  /** No node that was never led astray, by a liar or by one who was, holds a later step than this. */
  get cleanStepMax(): number {
    return this.#cleanStepMax;
  }

  /** The highest step that an honest node has held until now. */
  get honestStepMax(): number {
    return this.#honestStepMax;
  }

  /** Seconds that each node was up, by address; one number for all where they are up all the time. */
  get upSeconds(): number | Float64Array {
    const { world, simulation } = this;
    if (!world.mayChange) return simulation.nowUs / 1e6;
    return Float64Array.from(
      { length: simulation.experiment.nodeCount },
      (_, node) => world.upUsOf(node) / 1e6,
    );
  }

  get nodesUp(): number {
    return this.world.upCount;
  }

  prepare(duties: ResolvedDuties): void {
    const { experiment } = this.simulation;
    this.#deadlineUsOf = (node) => duties.deadlineUsOf(node);
    this.#convergence = new Convergence(
      experiment.nodeCount,
      this.world,
      this.world.mayChange,
      Math.max(duties.lastPublicationUs, experiment.recovery?.afterUs ?? 0),
      experiment.stopWhen === 'converged',
      duties.expectedMessages,
      () => this.#instruments.every((instrument) => instrument.isSettled?.() !== false),
    );
    this.#deliveries = new Deliveries(
      experiment.nodeCount,
      experiment.warmupUs,
      experiment.stopTimeUs,
      this.world.mayChange,
      this.world.honest,
      this.world.upSinceUs,
    );
    const rows: BoundAssertion[] = experiment.assertions.map((assertion) => this.#bind(assertion));
    const { recovery } = experiment;
    if (recovery !== undefined) {
      const { condition } = recovery;
      const aim = condition === undefined ? undefined : bindCondition(condition, this.#measured);
      this.#recovery = new RecoveryWatch(recovery, this.simulation, this.world, this.#convergence, aim);
      rows.push(this.#recovery);
    }
    this.#waiting = experiment.faults.flatMap(({ when, schedule }, index) =>
      when === undefined ? [] : [{ index, schedule, holds: bindCondition(when, this.#measured) }],
    );
    this.#assertions = new AssertionLedger(rows);
    if (this.#measured.asksForGroups) {
      this.#groups = new GroupFigures(this.simulation, this.world);
      this.#deliveries.byGroup = this.#groups;
    }
    this.#instruments = instrumentMakers.flatMap((make) => make(this.simulation, this.world) ?? []);
    this.#onAdoption = this.#instruments.filter(({ adopted }) => adopted !== undefined);
  }

  #bind(assertion: Assertion): BoundAssertion {
    const side = measuredSide(assertion.condition);
    const asked = (assertion.asks ?? []).map(({ name, group }): [string, () => number] => [
      group === undefined ? name : `${name}(group: ${group})`,
      this.#measured.metric(name, group === undefined ? -1 : this.#measured.groupNumber(group)),
    ]);
    return {
      assertion,
      holds: bindCondition(assertion.condition, this.#measured),
      value: side === undefined ? () => NaN : bindQuantity(side, this.#measured),
      seen: () => Object.fromEntries(asked.map(([name, read]) => [name, finite(read())])),
    };
  }

  /** The sections of the instruments. */
  get sections(): Partial<ResultSections> {
    return Object.assign(
      {},
      ...this.#instruments.map((instrument) => instrument.sections()),
    ) as Partial<ResultSections>;
  }

  /** @param hasCycles does the spread slot take turns? Then it matters how many it takes. */
  begin(hasCycles: boolean): void {
    const { timing, stopWhen } = this.simulation.experiment;
    const { recovery } = this.simulation.experiment;
    const asked =
      (recovery !== undefined && recovery.condition === undefined) ||
      convergenceMetrics.some((name) => this.#measured.asked.has(name));
    this.#tracking = asked || hasCycles || timing?.mode === 'rounds' || stopWhen !== undefined;
    if (this.simulation.experiment.measureEveryUs > 0) this.#scheduleTick(1);
  }

  #scheduleTick(number: number): void {
    const { experiment, queue, rounds } = this.simulation;
    let timeUs = number * experiment.measureEveryUs;
    if (rounds !== undefined) {
      // Nothing changes between the boundaries: one look at each is enough.
      timeUs = rounds.boundary(timeUs);
      number = Math.floor(timeUs / experiment.measureEveryUs);
    }
    if (timeUs > experiment.stopTimeUs) return;
    queue.push(timeUs, eventClasses.measurement, measurements.tick, 0, number, 0, 0, 0, 0, 0, 0);
  }

  /** Faults that wait for something begin when it has come. */
  #lookAtConditions(): void {
    const { nowUs } = this.simulation;
    this.#waiting = this.#waiting.filter(({ index, schedule: { atUs, untilUs }, holds }) => {
      if (nowUs < atUs || nowUs >= untilUs || holds() !== 1) return nowUs < untilUs;
      this.world.trigger(index);
      return false;
    });
  }

  /** A measurement is due: a deadline of the message with this body, or the regular look at everything. */
  measure(what: number, body: number): void {
    if (what === measurements.deadline) {
      this.deliveries.close(body, this.simulation.nowUs);
      this.simulation.bodies.release(body);
      return;
    }
    this.divergence = this.#steps().divergence;
    this.#syncDivergenceMax = Math.max(this.#syncDivergenceMax, this.divergence ?? 0);
    for (const instrument of this.#instruments) instrument.tick?.();
    this.#measured.refresh();
    this.assertions.look(this.simulation.nowUs);
    if (this.#waiting.length > 0) this.#lookAtConditions();
    this.#look();
    this.#scheduleTick(this.simulation.queue.counter + 1);
  }

  end(): void {
    this.#syncDivergenceMax = Math.max(this.#syncDivergenceMax, this.#steps().divergence ?? 0);
    this.#measured.refresh();
    this.assertions.end(this.simulation.nowUs);
    this.#look();
  }

  #look(): void {
    for (const onlooker of this.onlookers)
      onlooker.look(this.simulation.nowUs, (metric) => this.#figure(metric));
  }

  get syncDivergenceMax(): number {
    return this.#syncDivergenceMax;
  }

  sent(from: number, bytes: number, isPublication: boolean): void {
    this.traffic.count(from, bytes);
    if (isPublication) this.traffic.payloads++;
  }

  nodeUp(node: number, reason: StartReason): void {
    for (const instrument of this.#instruments) instrument.nodeUp?.(node, reason);
    if (this.#tracking) this.convergence.nodeUp(node, this.simulation.nowUs, reason === 'state-lost');
  }

  /** @param left true when it went in good order */
  nodeDown(node: number, left: boolean): void {
    for (const instrument of this.#instruments) instrument.nodeDown?.(node, left);
    if (this.#tracking) this.convergence.nodeDown(node, this.simulation.nowUs);
  }

  faultBegan(index: number): void {
    for (const instrument of this.#instruments) instrument.faultBegan?.(index);
    this.#worldChanged();
  }

  faultEnded(index: number): void {
    for (const instrument of this.#instruments) instrument.faultEnded?.(index);
    this.#worldChanged();
  }

  #worldChanged(): void {
    if (this.#tracking) this.convergence.worldChanged(this.simulation.nowUs);
  }

  /** Copies, counted together, that reached honest nodes which had the message. */
  duplicates(body: number, copies: number): void {
    this.deliveries.duplicate(body, copies);
  }

  bodyForgotten(handle: number): void {
    this.truth.forgotten(handle);
    this.#convergence?.forgotten(handle);
    this.#deliveries?.forget(handle);
  }

  /** What a protocol reported; `envelope` is the message at hand. */
  reported(node: number, kind: ReportKind, body: number, value: number, envelope: Envelope): void {
    const { simulation, world } = this;
    const { nowUs } = simulation;
    if (kind >= firstInstrumentReport) {
      if (kind === reportKinds.alsoFlagged && world.honest[node] === 1)
        this.truth.alsoFlagged(envelope, value, nowUs);
      if (kind === reportKinds.ticked) this.#ticked(node, value);
      for (const instrument of this.#instruments) instrument.reported?.(node, kind, body, value, envelope);
      return;
    }
    if (kind === reportKinds.published) {
      // What a liar would have said, had it not lied, counts as progress.
      if (value <= this.#cleanStepMax) this.#cleanStepMax = Math.max(this.#cleanStepMax, value + 1);
      if (world.honest[node] === 0) return;
      // Having published step `value`, the node holds the next one.
      this.#honestStepMax = Math.max(this.#honestStepMax, value + 1);
      this.published++;
      this.#lookForMistakes(node, body, value);
      if (this.#tracking) this.convergence.published(body, node, nowUs);
      const patienceUs = this.#deadlineUsOf(node);
      const deadlineUs = patienceUs === Infinity ? simulation.experiment.stopTimeUs : nowUs + patienceUs;
      if (this.deliveries.published(body, node, nowUs, deadlineUs, world.honestUpCount)) {
        simulation.bodies.retain(body);
        simulation.queue.push(
          Math.max(deadlineUs, nowUs),
          eventClasses.measurement,
          measurements.deadline,
          body,
          this.published,
          0,
          0,
          0,
          0,
          0,
          0,
        );
      }
      return;
    }
    if (world.honest[node] === 0) return;
    switch (kind) {
      case reportKinds.delivered:
        this.firstReceipts++;
        this.truth.receipt(envelope, 0, nowUs);
        // A message is there when the node has checked it.
        this.deliveries.delivered(body, node, nowUs + simulation.spentUs, value);
        if (this.#tracking) this.convergence.delivered(body, node, nowUs);
        break;
      case reportKinds.flagged:
        this.firstReceipts++;
        this.flagCounts[value]++;
        this.truth.receipt(envelope, value, nowUs);
        break;
      case reportKinds.duplicate:
        this.deliveries.duplicate(body, 1);
        this.truth.duplicate(envelope);
        break;
      case reportKinds.adopted:
        for (const instrument of this.#onAdoption) instrument.adopted?.(node, value);
        if (value <= this.#honestStepMax) break;
        this.unsafeAdoptions++;
        this.#honestStepMax = value;
        break;
      default:
        // Observed: for message logs; nothing is measured.
        break;
    }
  }

  /** A node's own progress, which is nobody's claim: whoever was not led astray before is not led astray by it. */
  #ticked(node: number, step: number): void {
    if (step - 1 <= this.#cleanStepMax) this.#cleanStepMax = Math.max(this.#cleanStepMax, step);
    if (this.world.honest[node] === 1) this.#honestStepMax = Math.max(this.#honestStepMax, step);
  }

  /** Is what an honest node has just published wrong, through no fault of its own? */
  #lookForMistakes(node: number, body: number, step: number): void {
    const { simulation, world, truth } = this;
    const { epochMs, nodeCount } = simulation.experiment;
    const trueMs = epochMs + Math.floor(simulation.nowUs / 1000);
    if (Math.abs(simulation.bodies.get(body).timestampMs - trueMs) > 1) truth.mistaken(body, 'clock');
    if (!world.mayChange) return;
    const steps = (this.#publishedSteps ??= new Float64Array(nodeCount).fill(-1));
    if (step <= steps[node]) truth.mistaken(body, 'lost-state');
    else steps[node] = step;
  }

  /** Steps of honest nodes that are up. */
  #steps(): { min: number | null; max: number | null; divergence: number | null } {
    const bounds = this.simulation.stepBounds();
    if (bounds === undefined) return { min: null, max: null, divergence: null };
    return { ...bounds, divergence: bounds.max - bounds.min };
  }

  /** Honest first receipts that no guard found fault with / all of them. */
  get validShare(): number | null {
    if (this.firstReceipts === 0) return null;
    const flagged = this.flagCounts.reduce((sum, n) => sum + n, 0);
    return 1 - flagged / this.firstReceipts;
  }

  /** See parts/network-health.ts; null until a deadline has passed. */
  get networkHealth(): number | null {
    const upShare = this.world.upCount / this.simulation.experiment.nodeCount;
    return networkHealth(this.deliveries.deliveryRatio, upShare, this.validShare);
  }

  /** The time to converge as a count of stretches, the last one begun included. */
  #convergenceIn(stretchUs: number): number | null {
    const { timeUs } = this.convergence;
    return timeUs === null ? null : Math.ceil(timeUs / stretchUs);
  }

  /** Like `metric`, and the figures of those that are many numbers; a latency that never came is infinite. */
  #figure(name: string): number | null {
    const { deliveries, traffic } = this;
    const [word, figure] = name.split('.');
    switch (word as MetricName) {
      case 'disseminationLatency':
        return latencyFigure(deliveries.latencyUs, figure, deliveries.missingPairs);
      case 'hops':
        return (figure === 'max' ? deliveries.hops.max : deliveries.hops.mean) ?? null;
      case 'messagesPerNode':
        return traffic.messageRate(this.upSeconds)[figure as keyof Spread];
      case 'bytesPerNode':
        return traffic.byteRate(this.upSeconds)[figure as keyof Spread];
      default:
        return this.metric(name);
    }
  }

  metric(name: string): number | null {
    const { simulation, deliveries } = this;
    const { nowUs } = simulation;
    switch (name as MetricName) {
      case 'deliveryRatio':
        return deliveries.deliveryRatio;
      case 'recentDeliveryRatio':
        return deliveries.recentDeliveryRatio(nowUs, recentUs);
      case 'coverage':
        return deliveries.coverage;
      case 'reach':
        return deliveries.figures().reach;
      case 'averageLatency': {
        const meanUs = deliveries.latencyUs.mean;
        return meanUs === undefined ? null : meanUs / 1000;
      }
      case 'patternMismatches':
        return this.flagCounts[flagNames.indexOf('pattern-mismatch')];
      case 'badSignatures':
        return this.flagCounts[flagNames.indexOf('bad-signature')];
      case 'falseAlarms':
        return this.truth.falseAlarms;
      case 'forgeriesAccepted':
        return this.truth.forgeriesAccepted;
      case 'detectionRate':
        return this.truth.detectionRate;
      case 'nodesUp':
        return this.world.upCount;
      case 'stepMin':
        return this.#steps().min;
      case 'stepMax':
        return this.#steps().max;
      case 'unsafeAdoptions':
        return this.unsafeAdoptions;
      case 'syncDivergence':
        return this.#steps().divergence;
      case 'messagesSent':
        return this.traffic.messages;
      case 'messagesPerSecond':
        return nowUs === 0 ? null : this.traffic.messages / (nowUs / 1e6);
      case 'duplicates':
        return deliveries.redundancy();
      case 'residue':
        return deliveries.residue;
      case 'convergenceTime': {
        const { timeUs } = this.convergence;
        return timeUs === null ? null : timeUs / 1000;
      }
      case 'convergenceRounds':
        return simulation.rounds === undefined ? null : this.#convergenceIn(simulation.rounds.roundUs);
      case 'convergenceCycles':
        return simulation.cycleUs === undefined ? null : this.#convergenceIn(simulation.cycleUs);
      case 'networkHealth':
        return this.networkHealth;
      case 'timeToRecover':
        return this.#recovery?.timeMs ?? null;
      default:
        for (const instrument of this.#instruments) {
          const value = instrument.metric?.(name);
          if (value !== undefined) return value;
        }
        // Of an instrument that this run goes without.
        return null;
    }
  }
}
