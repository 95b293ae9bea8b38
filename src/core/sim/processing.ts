/**
 * What security costs: how busy nodes are with checking signatures and handling messages, how long messages wait for that, and how many
 * find no room. And whether the signatures were real.
 */
import type { ProcessingFigures, ResultSections, Spread } from '../model/result.js';
import { Histogram } from '../parts/histogram.js';
import { percentilesOf } from '../parts/percentiles.js';
import type { Instrument } from './instrument.js';
import { queueDropsOf } from './link-figures.js';
import type { Simulation } from './simulation.js';

class Processing implements Instrument {
  constructor(private readonly simulation: Simulation) {}

  metric(name: string): number | null | undefined {
    if (name === 'queueDrops') return queueDropsOf(this.simulation);
    if (name === 'busyShare') return this.#busy().max;
    return undefined;
  }

  #busy(): Spread {
    const { nowUs, desks } = this.simulation;
    const busyUs = Float64Array.from(desks?.busyUs ?? []).sort();
    if (busyUs.length === 0 || nowUs === 0) return { mean: 0, p99: 0, max: 0 };
    const shareOf = (us: number): number => Math.min(1, us / nowUs);
    return {
      mean: shareOf(busyUs.reduce((sum, us) => sum + us, 0) / busyUs.length),
      p99: shareOf(busyUs[Math.ceil(0.99 * busyUs.length) - 1]),
      max: shareOf(busyUs[busyUs.length - 1]),
    };
  }

  sections(): Partial<ResultSections> {
    const { simulation } = this;
    const { desks, experiment } = simulation;
    const settings = experiment.processing;
    if (settings === undefined) return {};
    const { verifyUs, messageUs, queueCapacity } = settings;
    const processing: ProcessingFigures = {
      verifyTimeMs: verifyUs / 1000,
      messageTimeMs: messageUs / 1000,
      queueCapacity: queueCapacity === Infinity ? null : queueCapacity,
      verified: simulation.figuresOf('guards', 'authentication')?.verified ?? 0,
      busyShare: this.#busy(),
      queueDrops: desks?.dropped ?? 0,
      longestQueue: desks?.longest ?? 0,
      wait: percentilesOf(desks?.waitUs ?? new Histogram()),
    };
    return { processing };
  }
}

export function processingOf(simulation: Simulation): Instrument | undefined {
  return simulation.experiment.processing === undefined ? undefined : new Processing(simulation);
}

/** Whoever reads a result with signatures in it should know whether they were any. */
export function authenticationOf({ experiment: { signer } }: Simulation): Instrument | undefined {
  if (signer === undefined) return undefined;
  const { scheme, isModelled } = signer;
  return {
    sections: () => ({ authentication: { scheme, signatures: isModelled === true ? 'modelled' : 'real' } }),
  };
}
