/**
 * Changes of the world: who is up, which faults last, when liars speak up. Each is an event of the first class, so that at equal times the world
 * changes before anything is delivered; among themselves heals come first, then restarts, then new faults.
 */
import { assert } from '../base/assert.js';
import { KeyedDraws } from '../base/random.js';
import type { PlannedFault } from '../model/experiment.js';
import type { Fault, World } from '../model/fault.js';
import { worldChanges } from '../model/record.js';
import type { Connectivity } from './connectivity.js';
import { Desks } from './desks.js';
import { faultContext, newTouchBook, type TouchBook } from './fault-context.js';
import { FaultWorld } from './fault-world.js';
import { Liars } from './liars.js';
import { eventClasses } from './queue.js';
import type { Simulation } from './simulation.js';

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

export class WorldChanges {
  readonly faults: TouchBook[] = [];
  readonly liars: Liars;
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
  #laterCount = 0;
  /** How often each node has come up. */
  readonly #lives: Uint32Array;
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
    this.#lives = new Uint32Array(nodeCount);
    this.liars = new Liars(simulation, {
      isUp: (node) => this.isUp(node),
      wakeAt: (timeUs, adversary, node) =>
        this.#schedule(timeUs, ranks.liarWakes, adversary, this.#laterCount++, node),
    });
  }

  /** Can nodes crash, leave or come late in this run? */
  get mayChange(): boolean {
    const { experiment } = this.simulation;
    return experiment.lateStarts.length > 0 || experiment.faults.some((fault) => fault.kind.changesNodes);
  }

  isUp(node: number): boolean {
    return this.up[node] === 1;
  }

  livesOf(node: number): number {
    return this.#lives[node];
  }

  /** False while a fault that lasts cuts one off from the other, in either direction. */
  canHear(node: number, peer: number): boolean {
    return this.simulation.links.judges.every(
      ({ fault }) => fault.separates?.(node, peer) !== true && fault.separates?.(peer, node) !== true,
    );
  }

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
    this.liars.enlist();
    for (const members of this.liars.members) for (const node of members) this.honest[node] = 0;
    experiment.faults.forEach((planned) => {
      const book = newTouchBook(planned.id, planned.kind.name);
      this.faults.push(book);
      const draws = new KeyedDraws(experiment.seed, `fault:${planned.id}`);
      const place = this.#touchedNodes.push(new Set()) - 1;
      const touch = (node: number): void => {
        this.#touchedNodes[place].add(node);
      };
      this.#faults.push(
        planned.kind.create(faultContext(simulation, book, draws, touch), planned.parameters as never),
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
        this.liars.wake(subject, argument);
        return;
      default:
        assert(rank === ranks.lateStart, 'a change of the world has a known rank');
        this.#unborn.delete(subject);
        if (!this.isUp(subject)) this.#bringUp(subject, 'boot');
    }
  }

  // --- nodes ---------------------------------------------------------------------------------------------------

  /** @returns false when it is up already, or has yet to come for the first time */
  bringBack(node: number, state: 'keep' | 'lose'): boolean {
    if (this.isUp(node) || this.#unborn.has(node)) return false;
    const back = state === 'keep' ? 'state-kept' : 'state-lost';
    this.#bringUp(node, this.#lives[node] === 0 ? 'boot' : back);
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
    this.#lives[node]++;
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
}

/** Who mends comes before what begins. */
function beginRank({ kind }: PlannedFault): number {
  return kind.mends === true ? ranks.mends : ranks.faultBegins;
}
