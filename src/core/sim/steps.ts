/**
 * The common step under liars and latecomers. Who was led to a step that honest nodes alone could not have reached? Does anybody follow
 * more liars than its rule bears? And how long does a node that comes late, or back without its memory, need to be with the others?
 */
import type { ResultSections, SyncFigures } from '../model/result.js';
import { chanceOfMoreLiars } from '../parts/committee.js';
import { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

/** Points of a curve in the result. */
const pointsMax = 64;

interface Join {
  readonly sinceUs: number;
  /** The highest step that an honest node had held by then. */
  readonly target: number;
}

interface Budget {
  readonly least: number | null;
  readonly liarsHeard: number;
  readonly overBudget: number;
}

export class Steps implements Instrument {
  /** Who came late, or back, and is not with the others yet. */
  readonly #behind = new Map<number, Join>();
  readonly #catchUpUs = new Histogram();
  #joins = 0;
  #looks = 0;
  #sum = 0;
  #max = 0;
  /** Every `#stride`-th look. */
  readonly #curve: { atMs: number; steps: number }[] = [];
  #stride = 1;
  #budget: Budget | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly rule: string,
  ) {}

  nodeUp(node: number): void {
    const { simulation } = this;
    if (simulation.nowUs === 0 || this.world.honest[node] === 0) return;
    this.#joins++;
    const target = simulation.observations.honestStepMax;
    this.#behind.set(node, { sinceUs: simulation.nowUs, target });
    this.#look(node);
  }

  nodeDown(node: number): void {
    this.#behind.delete(node);
  }

  adopted(node: number): void {
    if (this.#behind.size > 0) this.#look(node);
  }

  #look(node: number): void {
    const join = this.#behind.get(node);
    if (join === undefined || (this.simulation.stepOf(node) ?? 0) < join.target) return;
    this.#behind.delete(node);
    this.#catchUpUs.record(this.simulation.nowUs - join.sinceUs);
  }

  tick(): void {
    const { simulation } = this;
    // Steps of a node's own are nobody's report: for those, the regular look has to do.
    for (const node of [...this.#behind.keys()]) this.#look(node);
    const steps = simulation.observations.divergence;
    if (steps === null) return;
    this.#sum += steps;
    this.#max = Math.max(this.#max, steps);
    if (this.#looks++ % this.#stride !== 0) return;
    if (this.#curve.length === pointsMax) {
      for (let i = 0; i < pointsMax / 2; i++) this.#curve[i] = this.#curve[2 * i];
      this.#curve.length = pointsMax / 2;
      this.#stride *= 2;
    }
    this.#curve.push({ atMs: simulation.nowUs / 1000, steps });
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'misledNodes':
        return this.#misled;
      case 'overBudgetNodes':
        return (this.#budget ??= this.#countLiars()).overBudget;
      case 'catchUpTime': {
        const { mean } = this.#catchUpUs;
        return mean === undefined ? null : mean / 1000;
      }
      default:
        return undefined;
    }
  }

  get #misled(): number {
    const { simulation, world } = this;
    const { cleanStepMax } = simulation.observations;
    let misled = 0;
    for (let node = 0; node < world.honest.length; node++) {
      if (world.honest[node] === 1 && world.isUp(node) && (simulation.stepOf(node) ?? 0) > cleanStepMax)
        misled++;
    }
    return misled;
  }

  /** Holds the liars among those whom each honest node follows against what its rule bears. */
  #countLiars(): Budget {
    const { simulation, world } = this;
    const { graph, experiment } = simulation;
    const { committee } = experiment;
    const everywhere = this.#liars;
    const onCommittee = this.#liarsOnCommittee;
    const isStraight = experiment.stack.some(({ protocol }) => protocol.isStraight === true);
    let least: number | null = null;
    let liarsHeard = 0;
    let overBudget = 0;
    for (let node = 0; node < experiment.nodeCount; node++) {
      if (world.honest[node] === 0) continue;
      const hears = simulation.withClock(node, (clock) => clock.hears);
      const nearby = isStraight || hears === 'neighbours';
      let liars = everywhere;
      let voices = experiment.nodeCount;
      if (hears === 'committee') {
        liars = onCommittee;
        voices = committee?.length ?? 0;
      } else if (nearby) {
        liars = 0;
        voices = graph.neighbourCount(node) + 1;
        for (let i = 0; i < voices - 1; i++) liars += 1 - world.honest[graph.neighbourAt(node, i)];
      }
      liarsHeard = Math.max(liarsHeard, liars);
      const borne = simulation.withClock(node, (clock) => clock.faultsBorne?.(voices));
      if (borne === undefined) continue;
      if (least === null || borne < least) least = borne;
      if (liars > borne) overBudget++;
    }
    return { least, liarsHeard, overBudget };
  }

  #committee(): Pick<SyncFigures, 'committee'> {
    const { simulation } = this;
    const { experiment } = simulation;
    const { committee: members, nodeCount } = experiment;
    if (members === undefined) return {};
    const size = members.length;
    const liarsBorne = simulation.withClock(members[0], (clock) => clock.faultsBorne?.(size)) ?? 0;
    return {
      committee: {
        size,
        members: Array.from(members, (member) => experiment.nameOf(member)),
        liars: this.#liarsOnCommittee,
        liarsBorne,
        excessChance: chanceOfMoreLiars(nodeCount, this.#liars, size, liarsBorne),
      },
    };
  }

  get #liars(): number {
    return this.world.honest.reduce((sum, honest) => sum + 1 - honest, 0);
  }

  get #liarsOnCommittee(): number {
    const { committee } = this.simulation.experiment;
    return committee?.reduce((sum, member) => sum + 1 - this.world.honest[member], 0) ?? 0;
  }

  sections(): Partial<ResultSections> {
    const { world } = this;
    const { least, liarsHeard, overBudget } = (this.#budget ??= this.#countLiars());
    const honest = world.honest.reduce((sum, one) => sum + one, 0);
    const sync: SyncFigures = {
      rule: this.rule,
      ...this.#committee(),
      honest,
      liars: world.honest.length - honest,
      faultBudget: least,
      liarsHeard,
      overBudget,
      misled: this.#misled,
      divergence: {
        mean: this.#looks === 0 ? null : this.#sum / this.#looks,
        max: this.#looks === 0 ? null : this.#max,
        over: [...this.#curve],
      },
      joins: this.#joins,
      caughtUp: this.#catchUpUs.count,
      catchUpTime: percentilesOf(this.#catchUpUs),
    };
    return { sync };
  }
}

/** Where everybody is heard and nobody lies, comes or goes, there is nothing to say about steps that the metrics do not. */
export function stepsOf(simulation: Simulation, world: WorldChanges): Steps | undefined {
  const { stack, adversaries, committee } = simulation.experiment;
  const clock = stack.find(({ protocol }) => protocol.slot === 'clock');
  const isPlain = adversaries.length === 0 && committee === undefined && !world.mayChange;
  if (clock === undefined || isPlain) return undefined;
  return new Steps(simulation, world, clock.protocol.name);
}
