/** Turns the workload into what each node has to do: who is meant, and at which phase each publisher starts. */
import { KeyedDraws } from '../base/random.js';
import type { Experiment } from '../model/experiment.js';
import type { Duties, Duty } from '../model/workload.js';
import type { NodeDirectory } from './selection.js';

const none: readonly Duty[] = [];

export class ResolvedDuties implements Duties {
  readonly #byNode = new Map<number, Duty[]>();
  readonly #deadlinesUs = new Map<number, number>();
  expectedMessages = 0;
  /** When the last publication is planned; 0 without any. */
  lastPublicationUs = 0;

  of(address: number): readonly Duty[] {
    return this.#byNode.get(address) ?? none;
  }

  /** How long after publication a delivery counts; the longest of the node's duties. */
  deadlineUsOf(address: number): number {
    return this.#deadlinesUs.get(address) ?? 0;
  }

  add(address: number, duty: Duty, deadlineUs: number): void {
    const duties = this.#byNode.get(address);
    if (duties === undefined) this.#byNode.set(address, [duty]);
    else duties.push(duty);
    this.#deadlinesUs.set(address, Math.max(deadlineUs, this.deadlineUsOf(address)));
    const lastUs = duty.untilUs - duty.fromUs;
    if (lastUs >= 0) {
      const occurrences = duty.everyUs === 0 ? 0 : Math.floor(lastUs / duty.everyUs);
      this.lastPublicationUs = Math.max(this.lastPublicationUs, duty.fromUs + occurrences * duty.everyUs);
    }
    if (lastUs >= 0 && duty.write === undefined)
      this.expectedMessages += duty.everyUs === 0 ? 1 : Math.floor(lastUs / duty.everyUs) + 1;
  }
}

export function resolveDuties(experiment: Experiment, directory: NodeDirectory): ResolvedDuties {
  const duties = new ResolvedDuties();
  const draws = new KeyedDraws(experiment.seed, 'workload');
  const { timing } = experiment;
  const roundUs = timing?.mode === 'rounds' ? timing.roundUs : 1;
  const atBoundary = (timeUs: number): number => Math.ceil(timeUs / roundUs) * roundUs;
  experiment.workload.forEach((item, index) => {
    // A single moment is its own end, and moves to the boundary with it.
    const endUs = item.everyUs === 0 ? atBoundary(item.untilUs) : item.untilUs;
    const untilUs = Math.min(endUs, experiment.stopTimeUs);
    for (const address of directory.select(item.who, draws, index)) {
      const phaseUs =
        item.spreadPhases && item.everyUs > 0 ? draws.stream(address, index).below(item.everyUs) : 0;
      duties.add(
        address,
        {
          fromUs: atBoundary(item.atUs + phaseUs),
          untilUs,
          everyUs: item.everyUs,
          makePayload: item.makePayload,
          write: item.write,
        },
        item.write === undefined ? item.deadlineUs : 0,
      );
    }
  });
  duties.expectedMessages = Math.max(1, duties.expectedMessages);
  return duties;
}
