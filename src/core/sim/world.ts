/**
 * Changes of the world: who is up, which faults last, who lies. Each is an event of the first class, so that at equal times the world
 * changes before anything is delivered; among themselves heals come first, then restarts, then new faults.
 */
import { assert } from '../base/assert.js';
import { KeyedDraws } from '../base/random.js';
import { forgedBody } from '../parts/forged-body.js';
import type { Who } from '../base/who.js';
import type { Body } from '../model/bodies.js';
import type { Envelope, MessageKind } from '../model/envelope.js';
import type { Experiment, PlannedFault } from '../model/experiment.js';
import type { Adversary, Fault, FaultContext, Verdict, World } from '../model/fault.js';
import { worldChanges } from '../model/record.js';
import type { Touched } from '../model/result.js';
import type { Connectivity } from './connectivity.js';
import { FaultWorld } from './fault-world.js';
import type { Simulation } from './simulation.js';
import { Desks } from './desks.js';
import { eventClasses } from './queue.js';

/** The order of changes at equal times; stands in the event's destination. */
const ranks = {
  faultEnds: 0,
  mends: 1,
  later: 2,
  faultBegins: 3,
  lateStart: 4,
  liarWakes: 5,
  nodeServes: 6,
} as const;

/** A liar that cannot act now, because it is down or only some of the time at work, looks again after this. */
const idleLiarUs = 100_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface ActiveAdversary {
  readonly adversary: Adversary;
  readonly fromUs: number;
  readonly untilUs: number;
  /** How long it takes until every message is affected. */
  readonly rampUs: number;
  readonly rampDraws: KeyedDraws;
}

/** Not yet, or no more; while it ramps up, some of the time. */
function isAtWork(
  { fromUs, untilUs, rampUs, rampDraws }: ActiveAdversary,
  nowUs: number,
  node: number,
  number: number,
): boolean {
  if (nowUs < fromUs || nowUs >= untilUs) return false;
  const sinceUs = nowUs - fromUs;
  return sinceUs >= rampUs || rampDraws.ratio(node, number) < sinceUs / rampUs;
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
  /** Microseconds that each node was up in its closed lives. */
  readonly upUs: Float64Array;
  upCount = 0;
  /** Made when first asked for. */
  connectivity: Connectivity | undefined;
  /** Changes that are planned and have not happened yet. */
  pendingChanges = 0;
  honestUpCount = 0;

  readonly #faults: Fault[] = [];
  /** By fault: whom it has touched since it began last. */
  readonly #touchedNodes: Set<number>[] = [];
  /** Faults that last now: which time, and whether an end is planned. */
  readonly #lasting = new Map<number, { readonly occurrence: number; readonly endPlanned: boolean }>();
  readonly #adversaries: ActiveAdversary[] = [];
  readonly #adversariesOf = new Map<number, ActiveAdversary[]>();
  /** Bodies that liars made up at `#lentAtUs`. */
  #lent: number[] = [];
  #lentAtUs = -1;
  #laterCount = 0;
  /** 1 for nodes that have been up before. */
  readonly #started: Uint8Array;
  /** Late joiners that have not come yet. */
  readonly #unborn = new Set<number>();
  readonly #windows: World[] = [];
  #honestUpUs = 0;
  #countedToUs = 0;

  constructor(private readonly simulation: Simulation) {
    const { nodeCount } = simulation.experiment;
    this.honest = new Uint8Array(nodeCount).fill(1);
    this.upSinceUs = new Float64Array(nodeCount).fill(Infinity);
    this.up = new Uint8Array(nodeCount);
    this.upUs = new Float64Array(nodeCount);
    this.#started = new Uint8Array(nodeCount);
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

  /** The members of each adversary, by its place in the experiment. */
  readonly members: Int32Array[] = [];

  /** The nodes that a fault has touched since it began last; grows while it lasts, and stays what it is when it begins anew. */
  touchedBy(fault: number): ReadonlySet<number> {
    return this.#touchedNodes[fault];
  }

  isAdversary(node: number): boolean {
    return this.honest[node] === 0;
  }

  /** Makes faults and adversaries, starts the nodes, and schedules what is planned. */
  begin(): void {
    const { simulation } = this;
    const { experiment } = simulation;
    if (experiment.processing !== undefined) {
      const callAt = (timeUs: number, node: number): void => this.#callDesk(timeUs, node);
      simulation.desks = new Desks(simulation, callAt, experiment.processing);
    }
    experiment.adversaries.forEach((planned, index) => this.#enlist(index, planned.id));
    experiment.faults.forEach((planned) => {
      const touched = newTouched(planned.id, planned.kind.name);
      this.faults.push(touched);
      const draws = new KeyedDraws(experiment.seed, `fault:${planned.id}`);
      const place = this.#touchedNodes.push(new Set()) - 1;
      const touch = (node: number): void => {
        this.#touchedNodes[place].add(node);
      };
      this.#faults.push(
        planned.kind.create(this.#contextFor(planned.id, draws, touched, touch), planned.parameters as never),
      );
    });

    for (const { address } of experiment.lateStarts) this.#unborn.add(address);
    const absent = new Set(this.#unborn);
    for (const fault of this.#faults) for (const node of fault.startsDown?.() ?? []) absent.add(node);
    for (let node = 0; node < experiment.nodeCount; node++)
      if (!absent.has(node)) this.#bringUp(node, 'boot');
    experiment.lateStarts.forEach(({ address, atUs }) =>
      this.#schedule(atUs, ranks.lateStart, address, 0, 0),
    );
    experiment.faults.forEach((planned, index) => {
      const { atUs, untilUs } = planned.schedule;
      if (atUs <= untilUs && planned.when === undefined)
        this.#schedule(atUs, beginRank(planned), index, 0, 0);
    });
  }

  /** An event of the world: what it is stands in the fields of the event. */
  happen(rank: number, subject: number, occurrence: number, argument: number): void {
    if (rank === ranks.nodeServes) {
      this.simulation.desks?.serve(subject);
      return;
    }
    this.pendingChanges--;
    switch (rank) {
      case ranks.faultEnds:
        if (this.#lasting.get(subject)?.occurrence === occurrence) this.#endFault(subject, occurrence);
        // Healed before its time: it is not waited for any more.
        else this.pendingChanges++;
        return;
      case ranks.later:
        this.#faults[subject].later?.(this.#worldFor(subject), argument);
        return;
      case ranks.mends:
      case ranks.faultBegins:
        this.#beginFault(subject, occurrence);
        return;
      case ranks.liarWakes:
        this.#wakeLiar(subject, argument, occurrence);
        return;
      default:
        assert(rank === ranks.lateStart, 'a change of the world has a known rank');
        this.#unborn.delete(subject);
        if (!this.isUp(subject)) this.#bringUp(subject, 'boot');
    }
  }

  /** Lets the adversaries of a lying sender have their way with one message, in the order of the scenario, until one keeps it back. */
  corrupt(envelope: Envelope, kind: MessageKind, number: number, verdict: Verdict): void {
    const { nowUs } = this.simulation;
    for (const active of this.#adversariesOf.get(envelope.from) ?? []) {
      if (isAtWork(active, nowUs, envelope.from, number))
        active.adversary.onSend?.(envelope, kind, number, verdict);
      if (verdict.dropped) return;
    }
  }

  #wakeLiar(index: number, node: number, occurrence: number): void {
    const active = this.#adversaries[index];
    const { nowUs } = this.simulation;
    if (nowUs >= active.untilUs) return;
    const canAct = this.isUp(node) && this.simulation.desks?.isPaused(node) !== true;
    if (canAct && isAtWork(active, nowUs, node, -1 - occurrence)) active.adversary.wake?.(node);
    else this.#wakeLater(index, node, idleLiarUs);
  }

  #wakeLater(index: number, node: number, delayUs: number): void {
    const { nowUs, experiment } = this.simulation;
    const dueUs = nowUs + delayUs;
    if (dueUs < this.#adversaries[index].untilUs && dueUs <= experiment.stopTimeUs)
      this.#schedule(dueUs, ranks.liarWakes, index, this.#laterCount++, node);
  }

  /** What liars make up lives as long as the moment lasts in which it is sent; messages under way hold it afterwards. */
  #lend(body: Body): number {
    const { simulation } = this;
    if (simulation.nowUs !== this.#lentAtUs) {
      const old = this.#lent;
      this.#lent = [];
      this.#lentAtUs = simulation.nowUs;
      for (const handle of old) simulation.bodies.release(handle);
    }
    const handle = simulation.bodies.add(body);
    this.#lent.push(handle);
    return handle;
  }

  // --- nodes ---------------------------------------------------------------------------------------------------

  /** @returns false when it is up already, or has yet to come for the first time */
  bringBack(node: number, state: 'keep' | 'lose'): boolean {
    if (this.isUp(node) || this.#unborn.has(node)) return false;
    const back = state === 'keep' ? 'state-kept' : 'state-lost';
    this.#bringUp(node, this.#started[node] === 0 ? 'boot' : back);
    return true;
  }

  /** @returns false when it is down already */
  takeDown(node: number, how: 'crash' | 'leave'): boolean {
    if (!this.isUp(node)) return false;
    const { simulation } = this;
    if (how === 'leave') simulation.sayGoodbye(node);
    this.up[node] = 0;
    this.upCount--;
    this.#countHours();
    this.honestUpCount -= this.honest[node];
    this.upUs[node] += simulation.nowUs - this.upSinceUs[node];
    this.upSinceUs[node] = Infinity;
    simulation.listener?.world?.(simulation.nowUs, worldChanges[how], node);
    simulation.stop(node, worldChanges[how]);
    simulation.observations.nodeDown(node, how === 'leave');
    return true;
  }

  /** Node-hours pass at the pace of how many are up. */
  #countHours(): void {
    const { nowUs } = this.simulation;
    this.#honestUpUs += this.honestUpCount * (nowUs - this.#countedToUs);
    this.#countedToUs = nowUs;
  }

  /** Microseconds that honest nodes have been up, in all. */
  get honestUpUs(): number {
    return this.#honestUpUs + this.honestUpCount * (this.simulation.nowUs - this.#countedToUs);
  }

  /** Microseconds that one node has been up. */
  upUsOf(node: number): number {
    return this.upUs[node] + (this.isUp(node) ? this.simulation.nowUs - this.upSinceUs[node] : 0);
  }

  #bringUp(node: number, reason: 'boot' | 'state-kept' | 'state-lost'): void {
    this.#started[node] = 1;
    this.#countHours();
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

  // --- faults --------------------------------------------------------------------------------------------------

  #beginFault(index: number, occurrence: number): void {
    const { nowUs, listener, links, experiment } = this.simulation;
    const planned = experiment.faults[index];
    const fault = this.#faults[index];
    this.faults[index].fired++;
    listener?.world?.(nowUs, worldChanges.faultBegins, index);
    if (occurrence > 0) this.#touchedNodes[index] = new Set();
    this.simulation.observations.faultBegan(index);
    fault.begin(this.#worldFor(index), occurrence);
    if (planned.kind.lasts) {
      const { loses, judge, alter } = fault;
      if ([loses, judge, alter].some((hand) => hand !== undefined)) links.addJudge(index, fault);
      const endUs = Math.min(nowUs + planned.schedule.durationUs, planned.schedule.untilUs);
      const endPlanned = endUs <= experiment.stopTimeUs;
      this.#lasting.set(index, { occurrence, endPlanned });
      if (endPlanned) this.#schedule(Math.max(endUs, nowUs + 1), ranks.faultEnds, index, occurrence, 0);
    }
    this.#scheduleNext(planned, index, occurrence + 1);
  }

  /** What a fault with a condition has waited for has come. */
  trigger(index: number): void {
    const planned = this.simulation.experiment.faults[index];
    this.#schedule(this.simulation.nowUs + 1, beginRank(planned), index, 0, 0);
  }

  #scheduleNext(planned: PlannedFault, index: number, occurrence: number): void {
    const { atUs, everyUs, untilUs } = planned.schedule;
    if (everyUs === 0) return;
    const nextUs = atUs + everyUs * occurrence;
    if (nextUs < untilUs) this.#schedule(nextUs, beginRank(planned), index, occurrence, 0);
  }

  #endFault(index: number, occurrence: number): void {
    const { nowUs, listener, links } = this.simulation;
    this.#lasting.delete(index);
    this.simulation.observations.faultEnded(index);
    links.removeJudge(index);
    listener?.world?.(nowUs, worldChanges.faultEnds, index);
    this.#faults[index].end?.(this.#worldFor(index), occurrence);
    this.simulation.held.release(links.judges);
  }

  /** Ends what lasts and can be healed. @returns the nodes that it had touched */
  *#heal(id: string | undefined): Iterable<number> {
    const { faults } = this.simulation.experiment;
    for (const [index, { occurrence, endPlanned }] of [...this.#lasting]) {
      const { kind, id: own } = faults[index];
      if (kind.heals !== true || (id !== undefined && own !== id)) continue;
      if (endPlanned) this.pendingChanges--;
      this.#endFault(index, occurrence);
      yield* this.#touchedNodes[index];
    }
  }

  /** The world as one fault may change it. */
  #worldFor(index: number): World {
    return (this.#windows[index] ??= new FaultWorld(this.simulation, this, index, {
      heal: (id) => this.#heal(id),
      callLater: (fault, delayUs, argument) =>
        this.#schedule(this.simulation.nowUs + delayUs, ranks.later, fault, this.#laterCount++, argument),
      callDesk: (timeUs, node) => this.#callDesk(timeUs, node),
      touched: this.faults[index],
    }));
  }

  #schedule(timeUs: number, rank: number, subject: number, counter: number, argument: number): void {
    this.pendingChanges++;
    const { rounds, queue } = this.simulation;
    const dueUs = rounds === undefined ? timeUs : rounds.boundary(timeUs);
    queue.push(dueUs, eventClasses.world, rank, subject, counter, argument, 0, 0, 0, 0, 0);
  }

  /** A line moves on: no change that anybody would have to wait for. */
  #callDesk(timeUs: number, node: number): void {
    const { queue } = this.simulation;
    queue.push(timeUs, eventClasses.world, ranks.nodeServes, node, this.#laterCount++, 0, 0, 0, 0, 0, 0);
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
    this.members.push(members);
    const { bodies, observations } = simulation;
    const publication = publicationOf(experiment);
    const adversary = planned.kind.create(
      {
        ...this.#contextFor(id, draws, touched),
        // A spread copies what a getter says at that moment, so it is said again.
        get nowUs() {
          return simulation.nowUs;
        },
        bodies,
        pattern: experiment.pattern,
        epochMs: experiment.epochMs,
        members,
        publication,
        isUp: (node) => this.isUp(node),
        recordAct: (envelope, isReplay, twin) =>
          observations.truth.record(index, envelope, simulation.nowUs, isReplay, twin),
        lend: (body) => this.#lend(body),
        forge: (liar, body, changes, keys) => forgedBody(liar, body, changes, keys, experiment),
        invent: (liar, content, keys) => forgedBody(liar, { incarnation: 0 }, content, keys, experiment),
        wakeLater: (node, delayUs) => this.#wakeLater(index, node, delayUs),
        send: (from, to, a, b, c, d, body) => {
          if (publication !== undefined) simulation.sendAsLiar(from, publication, to, a, b, c, d, body);
        },
      },
      planned.parameters as never,
    );
    const { fromUs, untilUs, rampUs = 0 } = planned;
    const rampDraws = new KeyedDraws(experiment.seed, `ramp:${id}`);
    const active = { adversary, fromUs, untilUs, rampUs, rampDraws };
    this.#adversaries.push(active);
    for (const node of members) {
      this.honest[node] = 0;
      const others = this.#adversariesOf.get(node);
      if (others === undefined) this.#adversariesOf.set(node, [active]);
      else others.push(active);
      if (adversary.wake !== undefined) this.#wakeLater(index, node, Math.max(1, fromUs));
    }
  }

  #contextFor(
    id: string,
    draws: KeyedDraws,
    touched: Mutable<Touched>,
    alsoTouch?: (node: number) => void,
  ): FaultContext {
    const { simulation } = this;
    const nodes = new Set<number>();
    const { graph, experiment } = simulation;
    return {
      id,
      nodeCount: experiment.nodeCount,
      get nowUs() {
        return simulation.nowUs;
      },
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
        alsoTouch?.(node);
      },
      leaveOut: () => {
        touched.leftOut = (touched.leftOut ?? 0) + 1;
      },
    };
  }
}

/** Who mends comes before what begins. */
function beginRank({ kind }: PlannedFault): number {
  return kind.mends === true ? ranks.mends : ranks.faultBegins;
}

function newTouched(id: string, kind: string): Mutable<Touched> {
  return { id, kind, fired: 0, affectedMessages: 0, affectedNodes: 0 };
}

/** Where publications travel: the first such message in the stack. */
function publicationOf({ stack }: Experiment): { slot: number; kind: number } | undefined {
  for (let slot = 0; slot < stack.length; slot++) {
    const kind = stack[slot].protocol.messages.findIndex(({ publication }) => publication);
    if (kind >= 0) return { slot, kind };
  }
  return undefined;
}
