/**
 * The network as expressions see it: figures of the whole, of groups, and of single nodes. What was read stays in a drawer until the
 * next look, so that a figure which every node is compared with is reckoned once and not once a node.
 */
import { assert } from '../base/assert.js';
import type { Experiment } from '../model/experiment.js';
import type { MeasuredWorld, NodeSet } from '../model/expression.js';
import type { NodeAttributeName } from '../model/metrics.js';
import { grainsMax } from '../parts/fixed-values.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

const noGroup = -1;

export class SimulatedWorld implements MeasuredWorld {
  /** What anybody will want to know, as far as it costs something to know it. */
  readonly asked = new Set<string>();
  asksForGroups = false;
  readonly #drawer = new Map<string, number>();
  readonly #experiment: Experiment;
  #readings: Float64Array | undefined;

  /** @param read a metric of the whole network (group -1) or of a group; null when there is nothing to measure */
  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly read: (name: string, group: number) => number | null,
  ) {
    this.#experiment = simulation.experiment;
  }

  get nodeCount(): number {
    return this.#experiment.nodeCount;
  }

  /** A new look: what was read before is old. */
  refresh(): void {
    this.#drawer.clear();
    this.#readings = undefined;
  }

  metric(name: string, group: number): () => number {
    this.asked.add(name);
    if (group !== noGroup) this.asksForGroups = true;
    const key = group === noGroup ? name : `${name} ${group}`;
    return () => {
      let value = this.#drawer.get(key);
      if (value === undefined) this.#drawer.set(key, (value = this.read(name, group) ?? NaN));
      return value;
    };
  }

  attribute(name: string): (node: number) => number {
    const { simulation, world } = this;
    switch (name as NodeAttributeName) {
      case 'up':
        return (node) => world.up[node];
      case 'honest':
        return (node) => world.honest[node];
      case 'step':
        return (node) => (world.isUp(node) ? (simulation.stepOf(node) ?? NaN) : NaN);
      case 'sent':
        return (node) => simulation.observations.traffic.messagesOf(node);
      case 'degree':
        return (node) => simulation.graph.neighbourCount(node);
      case 'reading':
        return (node) => {
          // Tallies are no share of anything; `exactShare` is for them.
          this.#readings ??=
            (this.#hasTallies ? undefined : simulation.readingsOf('state')) ?? new Float64Array(0);
          return world.isUp(node) && node < this.#readings.length ? this.#readings[node] / grainsMax : NaN;
        };
    }
  }

  get #hasTallies(): boolean {
    return this.#experiment.stack.some(({ protocol }) => protocol.readings === 'tallies');
  }

  isMember(node: number, who: NodeSet['who'], group: number): boolean {
    if (group !== noGroup && this.#experiment.groupOf?.[node] !== group) return false;
    return who === 'nodes' || (this.world.up[node] === 1 && this.world.honest[node] === 1);
  }

  groupNumber(id: string): number {
    const number = this.#experiment.groupNames.indexOf(id);
    assert(number >= 0, `groups in an expression exist (${id})`);
    return number;
  }

  addressOf(name: string): number {
    return this.simulation.directory.addressOf(name);
  }
}
