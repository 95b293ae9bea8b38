/** What links did to messages: how many copies they made, held back, damaged and lost in bursts, and how long the queues were. */
import type { LinkFigures, QueueFigures, ResultSections } from '../model/result.js';
import type { AccessLines } from './access.js';
import type { Instrument } from './instrument.js';
import type { Simulation } from './simulation.js';

const figuresOf = (lines: AccessLines | undefined): QueueFigures | null => {
  if (lines === undefined) return null;
  const { messages, bytes, dropped, waitUs } = lines;
  const toMs = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
  const wait = { mean: toMs(waitUs.mean), p99: toMs(waitUs.percentile(0.99, 0)), max: toMs(waitUs.max) };
  return { messages, bytes, dropped, wait };
};

/** Messages that found no room, wherever there is one: before a line, or before a node that is busy. */
export const queueDropsOf = ({ uplinks, downlinks, desks }: Simulation): number =>
  (uplinks?.dropped ?? 0) + (downlinks?.dropped ?? 0) + (desks?.dropped ?? 0);

class LinkInstrument implements Instrument {
  constructor(private readonly simulation: Simulation) {}

  metric(name: string): number | undefined {
    const { counts } = this.simulation.links;
    switch (name) {
      case 'duplicatedMessages':
        return counts.duplicated;
      case 'reorderedMessages':
        return counts.reordered;
      case 'corruptedMessages':
        return counts.corrupted;
      case 'queueDrops':
        return queueDropsOf(this.simulation);
      default:
        return undefined;
    }
  }

  sections(): Partial<ResultSections> {
    const { links, uplinks, downlinks, observations } = this.simulation;
    const figures: LinkFigures = {
      messages: observations.traffic.messages,
      bytes: observations.traffic.bytes,
      ...links.counts,
      uplink: figuresOf(uplinks),
      downlink: figuresOf(downlinks),
    };
    return { links: figures };
  }
}

/** @returns undefined where links only lose and delay, as they always do */
export function linkFiguresOf(simulation: Simulation): Instrument | undefined {
  const { faults, network } = simulation.experiment;
  const isRough =
    faults.some(({ kind }) => kind.roughens === true) ||
    [
      network.burst,
      network.duplicateRatio,
      network.reorderRatio,
      network.corruptRatio,
      network.upBytesPerSecond,
      network.downBytesPerSecond,
    ].some((knob) => knob !== undefined);
  return isRough ? new LinkInstrument(simulation) : undefined;
}
