/**
 * How much room things take, for those who estimate before they allocate. Typed arrays are exact; what grows by doubling is counted at its
 * next power of two and half as much again, because for a moment the old array stands beside the new one; objects of the engine are
 * rounded figures, measured with scripts/memory.ts on 64-bit V8.
 */

/** One event in the queue, with its share of half-empty chunks. */
export const eventBytes = 110;

/** A small object or array on its own, such as a typed array of a few numbers with its buffer. */
export const objectBytes = 200;

/** A map or a set with so many entries, the numbers in it included. */
export function mapBytes(entries: number): number {
  return objectBytes + 48 * entries;
}

function powerOfTwoFrom(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  return power;
}

/** An array that doubles until `count` items of `itemBytes` fit. */
export function doublingBytes(count: number, itemBytes: number): number {
  return 1.5 * powerOfTwoFrom(count) * itemBytes;
}

/** The seen-caches of so many nodes (parts/seen-cache.ts), each of which comes across so many messages. */
export function seenBytes(nodes: number, messages: number, capacity: number): number {
  const kept = Math.min(messages, capacity);
  const slots = Math.max(2, powerOfTwoFrom(kept * 1.5));
  const tables = messages > capacity ? 2 : 1.5;
  return nodes * (4 + tables * slots * 8);
}

/** The shelves of so many nodes (parts/gossip-shelf.ts), each with so many messages. */
export function shelfBytes(nodes: number, messages: number, capacity: number): number {
  const room = Math.max(4, powerOfTwoFrom(Math.min(messages, capacity)));
  return nodes * 24 + doublingBytes(nodes * room, 8);
}
