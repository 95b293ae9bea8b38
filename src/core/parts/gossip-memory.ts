/**
 * What push, pull and push-pull take. In rounds: a bit or two and a few bytes for each node and message, and the list of what a round
 * carried. In events: what a node has seen, what it holds, and the digest of it that it sends around.
 */
import type { MemoryLoad } from '../model/protocol.js';
import type { GossipParameters } from './gossip-knobs.js';
import { doublingBytes, eventBytes, mapBytes, objectBytes, seenBytes, shelfBytes } from './memory-size.js';

/** What a digest takes for each message: a pointer, and room to grow. */
const digestBytes = 12;

export function gossipMemoryBytes(
  { nodeCount, messages, inRounds }: MemoryLoad,
  { pulls }: { readonly pulls: boolean },
  { held, seenCapacity, stop, antiEntropy }: GossipParameters,
): number {
  if (inRounds) {
    const room = messages <= 1024 ? messages : 1.5 * doublingBytes(messages, 1);
    const words = Math.ceil(room / 32);
    const tiring = stop === undefined ? 0 : room;
    // Who was asked for what stands in a map, for one round.
    const asked = stop === undefined ? 0 : mapBytes(nodeCount / 4);
    const carried = doublingBytes(nodeCount * messages * (stop === undefined ? 0.5 : 1), 16);
    return nodeCount * (8 * words + 2 * room + tiring) + carried + asked;
  }
  const holds = Math.min(messages, held);
  // The turn, and one for comparisons; where nodes ask, a digest of the shelf, which others may still have on their way.
  const timers = antiEntropy === undefined ? eventBytes : 2 * eventBytes;
  const digest = pulls || antiEntropy !== undefined ? 2 * objectBytes + holds * digestBytes : 0;
  return (
    seenBytes(nodeCount, messages, seenCapacity) +
    shelfBytes(nodeCount, messages, held) +
    nodeCount * (20 + timers + digest)
  );
}
