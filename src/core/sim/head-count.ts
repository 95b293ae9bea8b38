/**
 * How right the nodes are about how many they are: what each holds, against the true count and sum of the nodes that are up, which only the simulator
 * knows. Kept as a table from tally to the number of live nodes that hold it, so that a change costs one step however many nodes there are.
 */
import type { HierarchyFigures, ResultSections } from '../model/result.js';
import { reportKinds, type ReportKind } from '../model/protocol.js';
import { Histogram } from '../parts/histogram.js';
import { countIn, ownValue, sumIn, tallyOf, type OwnValues } from '../parts/tally.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

class HeadCount implements Instrument {
  /** What each node holds, 0 before the first result. */
  readonly #held: Float64Array;
  /** 1 for nodes that are in the table: those that are up and honest. */
  readonly #present: Uint8Array;
  /** How many live honest nodes hold it, by tally. */
  readonly #holders = new Map<number, number>();
  /** The leader of each group's highest term; -1 while it is down. */
  readonly #leaders: Int32Array;
  readonly #terms: Float64Array;
  /** When a group lost its leader; NaN while it has one. */
  readonly #leaderlessUs: Float64Array;
  readonly #failovers = new Histogram();
  #leaderCrashes = 0;
  #trueTally = 0;
  #countedMax = 0;
  #changedUs = 0;
  #changes = 0;
  #exactUs: number | undefined;
  #firstExactUs: number | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly type: string,
    private readonly values: OwnValues,
    private readonly cycleUs: number,
    private readonly groupCount: number,
  ) {
    this.#held = new Float64Array(simulation.experiment.nodeCount);
    this.#present = new Uint8Array(simulation.experiment.nodeCount);
    this.#leaders = new Int32Array(groupCount).fill(-1);
    this.#terms = new Float64Array(groupCount);
    this.#leaderlessUs = new Float64Array(groupCount).fill(NaN);
  }

  reported(node: number, kind: ReportKind, _body: number, value: number): void {
    if (kind === reportKinds.changed) {
      this.#count(node, -1);
      this.#held[node] = value;
      this.#count(node, 1);
      this.#countedMax = Math.max(this.#countedMax, countIn(value));
      this.#look();
    } else if (kind === reportKinds.leads) {
      this.#led(node, value % this.groupCount, Math.floor(value / this.groupCount));
    }
  }

  /** Who came back with an older term only thinks that it leads. */
  #led(node: number, group: number, term: number): void {
    if (term < this.#terms[group]) return;
    this.#terms[group] = term;
    this.#leaders[group] = node;
    const sinceUs = this.#leaderlessUs[group];
    if (Number.isNaN(sinceUs)) return;
    this.#failovers.record(this.simulation.nowUs - sinceUs);
    this.#leaderlessUs[group] = NaN;
  }

  nodeUp(node: number, reason: string): void {
    if (reason === 'state-lost') this.#held[node] = 0;
    this.#trueTally += tallyOf(1, ownValue(this.values, node));
    this.#present[node] = this.world.honest[node];
    this.#count(node, 1);
    this.#worldChanged();
  }

  nodeDown(node: number): void {
    const { nowUs } = this.simulation;
    this.#trueTally -= tallyOf(1, ownValue(this.values, node));
    this.#count(node, -1);
    this.#present[node] = 0;
    for (let group = 0; group < this.groupCount; group++) {
      if (this.#leaders[group] !== node) continue;
      this.#leaders[group] = -1;
      this.#leaderlessUs[group] = nowUs;
      this.#leaderCrashes++;
    }
    this.#worldChanged();
  }

  faultBegan(): void {
    this.#worldChanged();
  }

  faultEnded(): void {
    this.#worldChanged();
  }

  metric(name: string): number | null | undefined {
    switch (name) {
      case 'exactShare':
        return this.#exactShare;
      case 'countedMax':
        return this.#countedMax;
      case 'failoverTime': {
        const { max } = this.#failovers;
        return max === undefined ? null : max / 1000;
      }
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    let least = Infinity;
    let most = -Infinity;
    for (const tally of this.#holders.keys()) {
      least = Math.min(least, countIn(tally));
      most = Math.max(most, countIn(tally));
    }
    const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
    const { hierarchy } = this.simulation.experiment.layout;
    const figures: HierarchyFigures = {
      type: this.type,
      groups: this.groupCount,
      topGroups: this.groupCount - (hierarchy?.topStart ?? 0),
      trueCount: countIn(this.#trueTally),
      trueSum: sumIn(this.#trueTally),
      counted: this.#holders.size === 0 ? null : { least, most },
      countedMax: this.#countedMax,
      exactShare: this.#exactShare,
      exactTime: toMs(this.#firstExactUs),
      exactCycles: this.#firstExactUs === undefined ? null : Math.ceil(this.#firstExactUs / this.cycleUs),
      recoveryTime:
        this.#changes === 0 || this.#exactUs === undefined ? null : toMs(this.#exactUs - this.#changedUs),
      leaderCrashes: this.#leaderCrashes,
      leaderless: this.#leaderlessUs.filter((us) => !Number.isNaN(us)).length,
      failoverTime: { mean: toMs(this.#failovers.mean), max: toMs(this.#failovers.max) },
      counters: this.simulation.figuresOf('state') ?? {},
    };
    return { hierarchy: figures };
  }

  get #exactShare(): number | null {
    const { honestUpCount } = this.world;
    return honestUpCount === 0 ? null : (this.#holders.get(this.#trueTally) ?? 0) / honestUpCount;
  }

  #count(node: number, by: number): void {
    if (this.#present[node] === 0) return;
    const tally = this.#held[node];
    const holders = (this.#holders.get(tally) ?? 0) + by;
    if (holders === 0) this.#holders.delete(tally);
    else this.#holders.set(tally, holders);
  }

  #worldChanged(): void {
    const { nowUs } = this.simulation;
    if (nowUs > 0) this.#changes++;
    this.#changedUs = nowUs;
    this.#exactUs = undefined;
    this.#look();
  }

  #look(): void {
    const { honestUpCount } = this.world;
    if (honestUpCount === 0 || this.#holders.get(this.#trueTally) !== honestUpCount) {
      this.#exactUs = undefined;
      return;
    }
    this.#exactUs ??= this.simulation.nowUs;
    this.#firstExactUs ??= this.#exactUs;
  }
}

export function headCountOf(simulation: Simulation, world: WorldChanges): Instrument | undefined {
  const { stack, layout } = simulation.experiment;
  const layer = stack.find(({ protocol }) => protocol.slot === 'state');
  if (layer?.protocol.readings !== 'tallies' || layout.hierarchy === undefined) return undefined;
  const { interval, values } = layer.parameters;
  return new HeadCount(
    simulation,
    world,
    layer.protocol.name,
    values as OwnValues,
    typeof interval === 'number' ? interval : 1e6,
    layout.hierarchy.groupCount,
  );
}
