/**
 * What has no meaning in `timing: rounds`, where nothing lies between the boundaries: latency, jitter, faults that delay or bend clocks,
 * protocols whose merges are not idempotent, rhythms that do not fit. It is refused, not ignored: to ignore it would be to answer
 * another question than was asked. The scenario asks here to say so with a position, the simulator to be sure.
 */
import { noLatency, type Experiment } from '../model/experiment.js';

export interface RoundRefusal {
  /** Where in the scenario; for a protocol, its slot, and below it a knob. */
  readonly path: readonly (string | number)[];
  readonly what: string;
}

export const roundRefusalNext = 'Leave it out, or use timing: events';

/** Everything in the experiment that has no meaning in rounds of this length. */
export function refusalsInRounds(
  { network, processing, stack, faults, adversaries, workload }: Experiment,
  roundUs: number,
): RoundRefusal[] {
  const refusals: RoundRefusal[] = [];
  const refuse = (path: RoundRefusal['path'], what: string): void => {
    refusals.push({ path, what: `${what} has no meaning in rounds` });
  };
  if (network.latency !== noLatency) refuse(['network', 'latency'], 'network.latency');
  if (network.jitterUs > 0) refuse(['network', 'jitter'], 'network.jitter');
  if ((network.duplicateRatio ?? 0) > 0) refuse(['network', 'duplicate'], 'network.duplicate');
  if ((network.reorderRatio ?? 0) > 0) refuse(['network', 'reorder'], 'network.reorder');
  if ((network.corruptRatio ?? 0) > 0) refuse(['network', 'corrupt'], 'network.corrupt');
  if (network.upBytesPerSecond !== undefined) refuse(['network', 'bandwidthUp'], 'network.bandwidthUp');
  if (network.downBytesPerSecond !== undefined) refuse(['network', 'bandwidthDown'], 'network.bandwidthDown');
  if (processing !== undefined) refuse(['processing'], 'processing');
  for (const { protocol, parameters } of stack) {
    if (protocol.messages.length > 0 && protocol.createForRounds === undefined)
      refuse([protocol.slot], `the protocol ${protocol.name}`);
    for (const knob of protocol.eventsOnly ?? [])
      if (parameters[knob] !== undefined) refuse([protocol.slot, knob], `${knob} of ${protocol.name}`);
  }
  faults.forEach(({ id, kind, parameters }, index) => {
    // Identifiers are words of letters, digits, dots, dashes and underscores.
    if (kind.inRounds?.(parameters as never) !== true)
      refuse(['faults', index], `the fault ${id} (${kind.name})`);
  });
  adversaries.forEach(({ id, kind }, index) => {
    if (kind.inRounds === false) refuse(['adversaries', index], `the adversary ${id} (${kind.name})`);
  });
  workload.forEach(({ everyUs }, index) => {
    if (everyUs % roundUs !== 0)
      refuse(['workload', index], 'a workload whose every is no whole number of rounds');
  });
  return refusals;
}
