/** The real clock and the real machine: for progress, benchmarks and figures about ourselves, never for results. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds since some moment in the past, never running backwards. */
export function monotonicMs(): number {
  return performance.now();
}

/** Lets signals, timers and other work have their turn. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The most memory that this process has held so far, in bytes. */
export function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Memory that this process holds now for its own objects and arrays, in bytes. */
export function memoryInUseBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The same without what nobody refers to any more: collects garbage first, which takes some milliseconds for each 10 MB. */
export function memoryHeldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return memoryInUseBytes();
}
