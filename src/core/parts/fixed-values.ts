/**
 * Values to be averaged, one a node, in whole numbers: so that not a grain is lost or invented when two nodes share, and "the sum is
 * conserved" is a fact and not a hope. What a node starts with depends on its address alone.
 */
import type { Chance } from '../base/random.js';

/** How values lie at the start. Units are millionths of the largest. */
export const beginnings = ['uniform', 'peak', 'halves'] as const;
export type Beginning = (typeof beginnings)[number];

/** The largest value at the start, in grains: sums of a million of them stay exact. */
export const grainsMax = 2 ** 32;

/**
 * `uniform`: anything from 0 to the largest, drawn by the node. `peak`: node 0 has it all, which makes averaging a count of nodes.
 * `halves`: even addresses have the largest, odd ones nothing.
 */
export function firstValue(beginning: Beginning, address: number, chance: Chance): number {
  if (beginning === 'uniform') return chance.below(grainsMax);
  const has = beginning === 'peak' ? address === 0 : address % 2 === 0;
  return has ? grainsMax : 0;
}
