/** How many came and went, and how many were there: the figures of churn, over the whole run and whatever took the nodes down. */
import type { ResultSections } from '../model/result.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

class Comings implements Instrument {
  #departures = 0;
  #goodbyes = 0;
  #arrivals = 0;
  #upMin = Infinity;
  #upMax = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
  ) {}

  nodeUp(): void {
    // Who is there from the beginning has not come.
    if (this.simulation.nowUs > 0) this.#arrivals++;
  }

  nodeDown(_node: number, left: boolean): void {
    this.#departures++;
    if (left) this.#goodbyes++;
  }

  tick(): void {
    this.#upMin = Math.min(this.#upMin, this.world.upCount);
    this.#upMax = Math.max(this.#upMax, this.world.upCount);
  }

  metric(name: string): number | null | undefined {
    return name === 'upShare' ? this.#upShare : undefined;
  }

  get #upShare(): number | null {
    const { nowUs, experiment } = this.simulation;
    if (nowUs === 0) return null;
    let upUs = 0;
    for (let node = 0; node < experiment.nodeCount; node++) upUs += this.world.upUsOf(node);
    return upUs / nowUs / experiment.nodeCount;
  }

  sections(): Partial<ResultSections> {
    return {
      churn: {
        departures: this.#departures,
        goodbyes: this.#goodbyes,
        arrivals: this.#arrivals,
        upShare: this.#upShare,
        upMin: this.#upMin === Infinity ? null : this.#upMin,
        upMax: this.#upMin === Infinity ? null : this.#upMax,
      },
    };
  }
}

export function comingsOf(simulation: Simulation, world: WorldChanges): Instrument | undefined {
  const comesAndGoes = simulation.experiment.faults.some(({ kind }) => kind.comesAndGoes === true);
  return comesAndGoes ? new Comings(simulation, world) : undefined;
}
