/**
 * What replicated state takes: every node has a replica of its own, with an entry for each write at the most, a place for it in the tree
 * of hashes, and a line for each writer. Rounded figures of 64-bit V8, measured with scripts/memory.ts.
 */
import type { MemoryLoad } from '../model/protocol.js';
import { eventBytes } from './memory-size.js';

const replicaBytes = 3000;
const entryBytes = 400;
const writerBytes = 120;
/** Deltas and version vectors that nobody needs any more, before they are collected. */
const garbageBytes = 24 * 1_048_576;

export function replicaMemoryBytes({ nodeCount, writes, writers }: MemoryLoad): number {
  return (
    garbageBytes + nodeCount * (replicaBytes + writes * entryBytes + writers * writerBytes + 3 * eventBytes)
  );
}
