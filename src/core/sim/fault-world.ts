/** The world as one fault may change it: a window that knows whose hand it is. */
import { assert } from '../base/assert.js';
import type { Hindrance, World } from '../model/fault.js';
import { Connectivity } from './connectivity.js';
import { Desks } from './desks.js';
import type { TouchBook } from './fault-context.js';
import { NodeClocks } from './node-clocks.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** What only the keeper of the world can do. */
export interface Keeper {
  heal(id: string | undefined): Iterable<number>;
  callLater(index: number, delayUs: number, argument: number): void;
  /** Has a line served at a moment. */
  callDesk(timeUs: number, node: number): void;
  readonly touched: TouchBook;
}

export class FaultWorld implements World {
  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    /** The fault's place in the experiment. */
    private readonly index: number,
    private readonly keeper: Keeper,
  ) {}

  get nowUs(): number {
    return this.simulation.nowUs;
  }

  get upCount(): number {
    return this.world.upCount;
  }

  isUp(node: number): boolean {
    return this.world.isUp(node);
  }

  lifeOf(node: number): number {
    return this.world.livesOf(node);
  }

  wouldSplit(node: number): boolean {
    const { simulation, world } = this;
    world.connectivity ??= new Connectivity(simulation.graph, world.up);
    return world.connectivity.wouldSplit(node);
  }

  crash(node: number): boolean {
    return this.world.takeDown(node, 'crash');
  }

  leave(node: number): boolean {
    return this.world.takeDown(node, 'leave');
  }

  restart(node: number, state: 'keep' | 'lose'): boolean {
    return this.world.bringBack(node, state);
  }

  hinder(node: number, hindrance: Hindrance): void {
    const { simulation, keeper } = this;
    simulation.desks ??= new Desks(
      simulation,
      (timeUs, waiting) => keeper.callDesk(timeUs, waiting),
      undefined,
    );
    simulation.desks.hinder(node, this.index, hindrance, keeper.touched);
  }

  free(node: number): void {
    this.simulation.desks?.free(node, this.index);
  }

  setClock(node: number, offsetUs: number, drift: number): void {
    const { simulation } = this;
    simulation.clocks ??= new NodeClocks(simulation.experiment.nodeCount);
    simulation.clocks.set(node, this.index, { offsetUs, drift, sinceUs: simulation.nowUs });
  }

  setClockRight(node: number): void {
    this.simulation.clocks?.setRight(node, this.index);
  }

  heal(id: string | undefined): Iterable<number> {
    return [...this.keeper.heal(id)];
  }

  callLater(delayUs: number, argument: number): void {
    assert(delayUs >= 1, 'every delay is at least one microsecond');
    this.keeper.callLater(this.index, delayUs, argument);
  }
}
