/**
 * A node's access to the network: one line out and one line in, each with a waiting room. A message queues for its sender's uplink when it
 * is sent, crosses the link, and queues for its receiver's downlink when its first byte gets there. Faults and loss strike in between.
 */
import type { MessageKind } from '../model/envelope.js';
import type { NetworkSettings } from '../model/experiment.js';
import { dropReasons } from '../model/record.js';
import { Histogram } from '../parts/histogram.js';
import { SerialLines } from '../parts/serial-line.js';
import type { Simulation } from './simulation.js';
import { eventClasses } from './queue.js';

/** Marks the kind of a message that is through its receiver's downlink. Kinds are numbered from 0, a handful a protocol. */
const throughMark = 1 << 12;

/** One direction: the lines of all nodes, and what became of messages there. */
export class AccessLines {
  messages = 0;
  bytes = 0;
  /** Messages that found no room. */
  dropped = 0;
  /** From coming to the line until the last byte is through. */
  readonly waitUs = new Histogram();
  readonly #lines: SerialLines;

  constructor(nodeCount: number, bytesPerSecond: number, queueBytes: number) {
    this.#lines = new SerialLines(nodeCount, bytesPerSecond, queueBytes);
  }

  /** @returns how long the message takes; -1 when there is no room for it */
  take(node: number, sizeBytes: number, nowUs: number): number {
    const waitUs = this.#lines.take(node, sizeBytes, nowUs);
    if (waitUs < 0) {
      this.dropped++;
      return waitUs;
    }
    this.messages++;
    this.bytes += sizeBytes;
    this.waitUs.record(waitUs);
    return waitUs;
  }
}

/** @returns undefined where the network has no limit in this direction */
export function accessLines(
  nodeCount: number,
  bytesPerSecond: number | undefined,
  { queueBytes = Infinity }: NetworkSettings,
): AccessLines | undefined {
  return bytesPerSecond === undefined ? undefined : new AccessLines(nodeCount, bytesPerSecond, queueBytes);
}

/**
 * The delivery that is taken out of the queue just now comes to its receiver's downlink.
 * @returns true when it is dealt with: it waits there, or there was no room. False when it is through (and its mark is gone), or when
 * nobody is there.
 */
export function waitsForDownlink(
  simulation: Simulation,
  downlinks: AccessLines,
  kinds: readonly (readonly MessageKind[])[],
): boolean {
  const { queue, bodies, nowUs } = simulation;
  const { slot, kind, destination, source, counter, body, a, b, c, d } = queue;
  if (kind >= throughMark) {
    queue.kind = kind - throughMark;
    return false;
  }
  if (!simulation.isUp(destination)) return false;
  const sizeBytes = kinds[slot][kind].headBytes + (body === 0 ? 0 : bodies.get(body).sizeBytes);
  const waitUs = downlinks.take(destination, sizeBytes, nowUs);
  if (waitUs < 0) {
    const envelope = { slot, kind, from: source, to: destination, a, b, c, d, body };
    simulation.listener?.dropped?.(nowUs, envelope, dropReasons.downlinkFull);
    if (body !== 0) bodies.release(body);
    return true;
  }
  const meta = eventClasses.delivery | (slot << 2) | ((kind | throughMark) << 8);
  const delayUs = Math.min(queue.delayUs + waitUs, 2147483647);
  queue.push(nowUs + waitUs, meta, destination, source, counter, body, delayUs, a, b, c, d);
  return true;
}
