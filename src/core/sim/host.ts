/**
 * The host that the simulator hands to each slot: the protocol's window on a world that does not exist. It holds no state of its own
 * but the slot's number; whose turn it is, and when, is the simulation's.
 */
import type { Chance } from '../base/random.js';
import type { Host, ReportKind } from '../model/protocol.js';
import type { Simulation } from './simulation.js';

export class SimulatedHost implements Host {
  /**
   * @param firstAddress address of row 0: 0 for a population of all nodes, the node's own for a population of one
   */
  constructor(
    protected readonly simulation: Simulation,
    protected readonly slot: number,
    private readonly firstAddress: number,
  ) {}

  get row(): number {
    return this.simulation.node - this.firstAddress;
  }

  get self(): number {
    return this.simulation.node;
  }

  get nowUs(): number {
    const { clocks, nowUs } = this.simulation;
    return clocks === undefined ? nowUs : clocks.shownUs(this.simulation.node, nowUs);
  }

  get incarnation(): number {
    return this.simulation.rows.incarnation(this.simulation.node);
  }

  get chance(): Chance {
    return this.simulation.nodeChance;
  }

  get peerCount(): number {
    return this.simulation.graph.neighbourCount(this.simulation.node);
  }

  peerAt(index: number): number {
    return this.simulation.graph.neighbourAt(this.simulation.node, index);
  }

  send(to: number, kind: number, a: number, b: number, c: number, d: number, body: number): void {
    this.simulation.send(this.slot, to, kind, a, b, c, d, body);
  }

  setTimer(kind: number, delayUs: number, argument: number): void {
    const { simulation, slot } = this;
    const { clocks, node } = simulation;
    simulation.setTimer(slot, kind, clocks === undefined ? delayUs : clocks.trueUs(node, delayUs), argument);
  }

  spend(us: number): void {
    this.simulation.spend(us);
  }

  report(kind: ReportKind, body: number, value: number): void {
    this.simulation.report(kind, body, value);
  }
}

/** The host of what follows the plan of the scenario: a clock fault moves neither its time nor its timers. */
export class TrueTimeHost extends SimulatedHost {
  override get nowUs(): number {
    return this.simulation.nowUs;
  }

  override setTimer(kind: number, delayUs: number, argument: number): void {
    this.simulation.setTimer(this.slot, kind, delayUs, argument);
  }
}
