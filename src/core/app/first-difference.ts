/** Two runs of what should be the same experiment, event by event beside each other, up to the first event at which they part. */
import { formatDuration } from '../base/units.js';
import type { Experiment } from '../model/experiment.js';
import { Simulation } from '../sim/simulation.js';

const classNames = ['change of the world', 'delivery', 'timer', 'measurement'] as const;

function describe({ queue }: Simulation, experiment: Experiment): string {
  const what = classNames[queue.class];
  const where = queue.class === 1 || queue.class === 2 ? ` at ${experiment.nameOf(queue.destination)}` : '';
  return `${what}${where} at ${formatDuration(queue.time)}`;
}

function key({ queue }: Simulation): string {
  const { time, class: eventClass, destination, source, counter, slot, kind, a, b, c, d } = queue;
  return [time, eventClass, destination, source, counter, slot, kind, a, b, c, d].join();
}

/** In words, escaped. Both runs start from the beginning. */
export function firstDifference(experimentA: Experiment, experimentB: Experiment): string {
  const first = new Simulation(experimentA);
  const second = new Simulation(experimentB);
  first.begin();
  second.begin();
  for (;;) {
    const goesOn = [first.advance(1), second.advance(1)];
    if (goesOn[0] !== goesOn[1]) return `one run ends after ${Math.min(first.events, second.events)} events`;
    if (!goesOn[0]) return 'the events were the same this time, the results were not';
    if (key(first) !== key(second)) {
      return `event ${first.events}: ${describe(first, experimentA)} in one run, ${describe(second, experimentB)} in the other`;
    }
    if (first.fingerprintOf(first.node) !== second.fingerprintOf(second.node)) {
      return `event ${first.events}, ${describe(first, experimentA)}: the node came to different results`;
    }
  }
}
