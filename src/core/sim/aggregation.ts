/** How near the nodes have come to the mean of what they started with: read off from outside, with the true mean at hand. */
import { ln, exp } from '../base/math.js';
import type { ResultSections } from '../model/result.js';
import { grainsMax } from '../parts/fixed-values.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';
import type { WorldChanges } from './world.js';

interface Reading {
  readonly mean: number;
  readonly variance: number;
  readonly maxError: number;
  readonly sum: number;
}

class Aggregation implements Instrument {
  #first: { readonly atUs: number; readonly variance: number } | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly world: WorldChanges,
    private readonly type: string,
    private readonly cycleUs: number,
  ) {}

  tick(): void {
    if (this.#first !== undefined) return;
    const reading = this.#read();
    if (reading !== undefined) this.#first = { atUs: this.simulation.nowUs, variance: reading.variance };
  }

  metric(name: string): number | null | undefined {
    if (name === 'aggregateVariance') return this.#read()?.variance ?? null;
    if (name === 'aggregateError') return this.#read()?.maxError ?? null;
    return undefined;
  }

  sections(): Partial<ResultSections> {
    // Whether the slot has readings is known only once it is built.
    if (this.simulation.readingsOf('state') === undefined) return {};
    const reading = this.#read();
    const first = this.#first;
    const cycles = first === undefined ? 0 : (this.simulation.nowUs - first.atUs) / this.cycleUs;
    const factor =
      first !== undefined && reading !== undefined && cycles > 0 && reading.variance > 0 && first.variance > 0
        ? exp(ln(reading.variance / first.variance) / cycles)
        : null;
    const start = this.#sumAtStart;
    return {
      aggregation: {
        type: this.type,
        trueMean: this.#trueMean,
        mean: reading?.mean ?? null,
        maxError: reading?.maxError ?? null,
        varianceFirst: first?.variance ?? null,
        varianceEnd: reading?.variance ?? null,
        factorPerCycle: factor,
        sumError: reading === undefined || start === 0 ? null : (reading.sum - start) / start,
      },
    };
  }

  get #sumAtStart(): number {
    return this.simulation.figuresOf('state')?.grainsAtStart ?? 0;
  }

  get #trueMean(): number | null {
    return this.#sumAtStart / this.simulation.experiment.nodeCount / grainsMax;
  }

  #read(): Reading | undefined {
    const readings = this.simulation.readingsOf('state');
    if (readings === undefined) return undefined;
    const { up, honest } = this.world;
    let sum = 0;
    let count = 0;
    for (let node = 0; node < readings.length; node++) {
      if (up[node] === 0 || honest[node] === 0) continue;
      sum += readings[node];
      count++;
    }
    if (count === 0) return undefined;
    const mean = sum / count;
    const truth = (this.#trueMean ?? 0) * grainsMax;
    let squares = 0;
    let maxError = 0;
    for (let node = 0; node < readings.length; node++) {
      if (up[node] === 0 || honest[node] === 0) continue;
      const off = readings[node] - mean;
      squares += off * off;
      maxError = Math.max(maxError, Math.abs(readings[node] - truth));
    }
    const unit = grainsMax;
    return { mean: mean / unit, variance: squares / count / unit / unit, maxError: maxError / unit, sum };
  }
}

export function aggregationOf(simulation: Simulation, world: WorldChanges): Instrument | undefined {
  // Data that is written to is no aggregate of what was there at the start: see replication.ts.
  const layer = simulation.experiment.stack.find(
    ({ protocol }) => protocol.slot === 'state' && protocol.writes === undefined,
  );
  if (layer === undefined || layer.protocol.readings === 'tallies') return undefined;
  const { interval } = layer.parameters;
  return new Aggregation(
    simulation,
    world,
    layer.protocol.name,
    typeof interval === 'number' ? interval : 1e6,
  );
}
