/**
 * Changes of the world: who is up, which faults last, who lies. Each is an event of the first class, so that at equal times the world
 * changes before anything is delivered; among themselves heals come first, then restarts, then new faults.
 */
import { assert } from '../base/assert.js';
import { KeyedDraws } from '../base/random.js';
import type { Who } from '../base/who.js';
import type { Envelope, MessageKind } from '../model/envelope.js';
import type { PlannedFault } from '../model/experiment.js';
import type { Adversary, Fault, FaultContext, Verdict, World } from '../model/fault.js';
import { worldChanges } from '../model/record.js';
import type { Touched } from '../model/result.js';
import type { Simulation } from './simulation.js';
import { eventClasses } from './queue.js';

/** The order of changes at equal times; stands in the event's destination. */
const ranks = { faultEnds: 0, later: 1, faultBegins: 2, lateStart: 3 } as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface ActiveAdversary {
  readonly adversary: Adversary;
  readonly fromUs: number;
  readonly untilUs: number;
}

export class WorldChanges {
  readonly faults: Mutable<Touched>[] = [];
  readonly adversaries: Mutable<Touched>[] = [];
  /** 1 for nodes that never lie, by address. */
  readonly honest: Uint8Array;
  /** 1 for nodes that are up, by address. */
  readonly up: Uint8Array;
  /** When each node came up last; Infinity while it is down. */
  readonly upSinceUs: Float64Array;
  upCount = 0;
  /** Changes that are planned and have not happened yet. */
  pendingChanges = 0;
  honestUpCount = 0;

  readonly #faults: Fault[] = [];
  readonly #adversariesOf = new Map<number, ActiveAdversary[]>();
  #laterCount = 0;

  constructor(private readonly simulation: Simulation) {
    const { nodeCount } = simulation.experiment;
    this.honest = new Uint8Array(nodeCount).fill(1);
    this.upSinceUs = new Float64Array(nodeCount).fill(Infinity);
    this.up = new Uint8Array(nodeCount);
  }

  /** Can nodes crash, leave or come late in this run? */
  get mayChange(): boolean {
    const { experiment } = this.simulation;
    return experiment.lateStarts.length > 0 || experiment.faults.some((fault) => fault.kind.changesNodes);
  }

  isUp(node: number): boolean {
    return this.up[node] === 1;
  }

  /** False while a fault that lasts cuts one off from the other, in either direction. */
  canHear(node: number, peer: number): boolean {
    return this.simulation.links.judges.every(
      ({ fault }) => fault.separates?.(node, peer) !== true && fault.separates?.(peer, node) !== true,
    );
  }

  isAdversary(node: number): boolean {
    return this.honest[node] === 0;
  }

  /** Makes faults and adversaries, starts the nodes, and schedules what is planned. */
  begin(): void {
    const { experiment } = this.simulation;
    experiment.adversaries.forEach((planned, index) => this.#enlist(index, planned.id));
    experiment.faults.forEach((planned) => {
      const touched = newTouched(planned.id, planned.kind.name);
      this.faults.push(touched);
      const draws = new KeyedDraws(experiment.seed, `fault:${planned.id}`);
      this.#faults.push(
        planned.kind.create(this.#contextFor(planned.id, draws, touched), planned.parameters as never),
      );
    });

    const late = new Set(experiment.lateStarts.map(({ address }) => address));
    for (let node = 0; node < experiment.nodeCount; node++) if (!late.has(node)) this.#bringUp(node, 'boot');
    experiment.lateStarts.forEach(({ address, atUs }) =>
      this.#schedule(atUs, ranks.lateStart, address, 0, 0),
    );
    experiment.faults.forEach((planned, index) => {
      const { atUs, untilUs } = planned.schedule;
      if (atUs <= untilUs) this.#schedule(atUs, ranks.faultBegins, index, 0, 0);
    });
  }

  /** An event of the world: what it is stands in the fields of the event. */
  happen(rank: number, subject: number, occurrence: number, argument: number): void {
    this.pendingChanges--;
    switch (rank) {
      case ranks.faultEnds:
        this.#endFault(subject, occurrence);
        return;
      case ranks.later:
        this.#faults[subject].later?.(this.#worldFor(subject), argument);
        return;
      case ranks.faultBegins:
        this.#beginFault(subject, occurrence);
        return;
      default:
        assert(rank === ranks.lateStart, 'a change of the world has a known rank');
        if (!this.isUp(subject)) this.#bringUp(subject, 'boot');
    }
  }

  /** Lets the adversaries of a lying sender have their way with one message. */
  corrupt(envelope: Envelope, kind: MessageKind, number: number, verdict: Verdict): void {
    const { nowUs } = this.simulation;
    for (const { adversary, fromUs, untilUs } of this.#adversariesOf.get(envelope.from) ?? []) {
      if (nowUs >= fromUs && nowUs < untilUs) adversary.onSend(envelope, kind, number, verdict);
    }
  }

  // --- nodes ---------------------------------------------------------------------------------------------------

  #bringUp(node: number, reason: 'boot' | 'state-kept' | 'state-lost'): void {
    this.up[node] = 1;
    this.upCount++;
    this.honestUpCount += this.honest[node];
    this.upSinceUs[node] = this.simulation.nowUs;
    const change =
      reason === 'boot'
        ? worldChanges.start
        : reason === 'state-kept'
          ? worldChanges.restartKept
          : worldChanges.restartLost;
    this.simulation.listener?.world?.(this.simulation.nowUs, change, node);
    this.simulation.start(node, reason);
    this.simulation.observations.nodeUp(node, reason);
  }

  #takeDown(node: number): void {
    this.up[node] = 0;
    this.upCount--;
    this.honestUpCount -= this.honest[node];
    this.upSinceUs[node] = Infinity;
    this.simulation.listener?.world?.(this.simulation.nowUs, worldChanges.crash, node);
    this.simulation.stop(node);
    this.simulation.observations.nodeDown(node);
  }

  // --- faults --------------------------------------------------------------------------------------------------

  #beginFault(index: number, occurrence: number): void {
    const { nowUs, listener, links, experiment } = this.simulation;
    const planned = experiment.faults[index];
    const fault = this.#faults[index];
    this.faults[index].fired++;
    listener?.world?.(nowUs, worldChanges.faultBegins, index);
    this.simulation.observations.faultBegan(index);
    fault.begin(this.#worldFor(index), occurrence);
    if (planned.kind.lasts) {
      if (fault.judge !== undefined) links.addJudge(index, fault);
      const endUs = Math.min(nowUs + planned.schedule.durationUs, planned.schedule.untilUs);
      if (endUs <= experiment.stopTimeUs) {
        this.#schedule(Math.max(endUs, nowUs + 1), ranks.faultEnds, index, occurrence, 0);
      }
    }
    this.#scheduleNext(planned, index, occurrence + 1);
  }

  #scheduleNext(planned: PlannedFault, index: number, occurrence: number): void {
    const { atUs, everyUs, untilUs } = planned.schedule;
    if (everyUs === 0) return;
    const nextUs = atUs + everyUs * occurrence;
    if (nextUs < untilUs) this.#schedule(nextUs, ranks.faultBegins, index, occurrence, 0);
  }

  #endFault(index: number, occurrence: number): void {
    const { nowUs, listener, links } = this.simulation;
    links.removeJudge(index);
    listener?.world?.(nowUs, worldChanges.faultEnds, index);
    this.simulation.observations.faultEnded(index);
    this.#faults[index].end(this.#worldFor(index), occurrence);
  }

  /** The world as one fault may change it. */
  #worldFor(index: number): World {
    const { simulation } = this;
    // The node whose turn it is stays what it was: a crash is nobody's turn.
    return {
      nowUs: simulation.nowUs,
      upCount: this.upCount,
      isUp: (node) => this.isUp(node),
      crash: (node) => {
        if (!this.isUp(node)) return false;
        this.#takeDown(node);
        return true;
      },
      restart: (node, state) => {
        if (this.isUp(node)) return false;
        this.#bringUp(node, state === 'keep' ? 'state-kept' : 'state-lost');
        return true;
      },
      callLater: (delayUs, argument) => {
        assert(delayUs >= 1, 'every delay is at least one microsecond');
        this.#schedule(simulation.nowUs + delayUs, ranks.later, index, this.#laterCount++, argument);
      },
    };
  }

  #schedule(timeUs: number, rank: number, subject: number, counter: number, argument: number): void {
    this.pendingChanges++;
    const { rounds, queue } = this.simulation;
    const dueUs = rounds === undefined ? timeUs : rounds.boundary(timeUs);
    queue.push(dueUs, eventClasses.world, rank, subject, counter, argument, 0, 0, 0, 0, 0);
  }

  // --- who is who ----------------------------------------------------------------------------------------------

  #enlist(index: number, id: string): void {
    const { simulation } = this;
    const { experiment } = simulation;
    const planned = experiment.adversaries[index];
    const touched = newTouched(id, planned.kind.name);
    touched.fired = 1;
    this.adversaries.push(touched);
    const draws = new KeyedDraws(experiment.seed, `adversary:${id}`);
    const members = simulation.directory.select(planned.who, draws, 0);
    const adversary = planned.kind.create(
      {
        ...this.#contextFor(id, draws, touched),
        bodies: simulation.bodies,
        pattern: experiment.pattern,
        members,
        recordAct: (envelope) => simulation.observations.truth.record(index, envelope, simulation.nowUs),
      },
      planned.parameters as never,
    );
    for (const node of members) {
      this.honest[node] = 0;
      const active = { adversary, fromUs: planned.fromUs, untilUs: planned.untilUs };
      const others = this.#adversariesOf.get(node);
      if (others === undefined) this.#adversariesOf.set(node, [active]);
      else others.push(active);
    }
  }

  #contextFor(id: string, draws: KeyedDraws, touched: Mutable<Touched>): FaultContext {
    const { simulation } = this;
    const { graph, experiment } = simulation;
    const nodes = new Set<number>();
    return {
      id,
      nodeCount: experiment.nodeCount,
      draws,
      select: (who: Who, occurrence: number) => simulation.directory.select(who, draws, occurrence),
      *neighboursOf(node: number) {
        for (let i = 0; i < graph.neighbourCount(node); i++) yield graph.neighbourAt(node, i);
      },
      touchMessage: () => {
        touched.affectedMessages++;
      },
      touchNode: (node: number) => {
        nodes.add(node);
        touched.affectedNodes = nodes.size;
      },
    };
  }
}

function newTouched(id: string, kind: string): Mutable<Touched> {
  return { id, kind, fired: 0, affectedMessages: 0, affectedNodes: 0 };
}
