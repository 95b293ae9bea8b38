/**
 * The two kinds of time. In events messages take a while, in rounds everybody acts at once and nothing lies between; what belongs to one
 * of them is refused in the other, because to ignore it would be to answer another question than was asked.
 */
import type { Experiment } from '../model/experiment.js';
import { refusalsInRounds, roundRefusalNext } from '../parts/round-rules.js';
import type { Issues } from './issues.js';
import type { Chosen, Kind } from './kinds.js';
import { slotSections, type ScenarioSpec, type SectionSlot } from './language.js';
import type { LatencySpec } from './latency-shape.js';

/** On every link, where nothing else is said. */
export const usualLatency: LatencySpec = { form: 'constant', delayUs: 10_000 };

/** A round takes one turn of the dissemination, where it has turns, else one of the state slot, else a second. */
export function roundUsOf({ dissemination, state }: ScenarioSpec): number {
  for (const slot of [dissemination, state]) {
    const interval = (slot as Partial<Chosen<Kind>> | undefined)?.parameters?.interval;
    if (typeof interval === 'number') return interval;
  }
  return 1_000_000;
}

/** What belongs to one kind of time only. */
export function checkTiming({ timing, activation, network }: ScenarioSpec, issues: Issues): void {
  const { latency, jitter, lossPer } = network;
  if (timing === 'events') {
    if (lossPer === 'call')
      issues.reportAt(
        ['network', 'lossPer'],
        'in events each message travels by itself, and nothing says which of them make a call',
        'Leave it out, or use timing: rounds',
      );
    if (latency === 'none')
      issues.reportAt(['network', 'latency'], 'messages take time', 'Give a duration, or use timing: rounds');
    return;
  }
  const meaningless = 'this has no meaning in rounds';
  if (activation !== undefined)
    issues.reportAt(['activation'], meaningless, 'Leave it out: everybody acts once a round');
  if (latency !== undefined && latency !== 'none')
    issues.reportAt(['network', 'latency'], meaningless, 'Leave it out, or use timing: events');
  if (jitter > 0) issues.reportAt(['network', 'jitter'], meaningless, 'Leave it out, or use timing: events');
}

/** What the experiment as a whole holds that has no meaning in its rounds: protocols, faults, rhythms. */
export function checkRounds(experiment: Experiment, issues: Issues): void {
  if (experiment.timing?.mode !== 'rounds') return;
  for (const { path, what } of refusalsInRounds(experiment, experiment.timing.roundUs)) {
    const [first, ...below] = path;
    const at = Object.hasOwn(slotSections, first) ? [slotSections[first as SectionSlot].key, ...below] : path;
    issues.reportAt(at, what, roundRefusalNext);
  }
}
