/**
 * The two kinds of time. In events messages take a while, in rounds everybody acts at once and nothing lies between; what belongs to one
 * of them is refused in the other, because to ignore it would be to answer another question than was asked.
 */
import type { Issues } from './issues.js';
import type { Chosen, Kind } from './kinds.js';
import type { ScenarioSpec } from './language.js';
import type { LatencySpec } from './latency-shape.js';

/** On every link, where nothing else is said. */
export const usualLatency: LatencySpec = { form: 'constant', delayUs: 10_000 };

/** A round takes one turn of the dissemination, or a second where it has no turns. */
export function roundUsOf({ dissemination }: ScenarioSpec): number {
  const interval = (dissemination as Chosen<Kind> | undefined)?.parameters.interval;
  return typeof interval === 'number' ? interval : 1_000_000;
}

/** What belongs to one kind of time only. What else has no meaning in rounds, the simulator knows. */
export function checkTiming({ timing, activation, network }: ScenarioSpec, issues: Issues): void {
  const { latency, jitter } = network;
  if (timing === 'events') {
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
