/**
 * A jury for the step. In a crowd of a million nobody can listen to everybody, so a hundred identities are drawn by lot, and only what
 * they say counts. The lot cannot be bribed, but it can be unlucky: now and then it draws more liars than the jury bears. How often is
 * no matter of taste; it is the oldest sum about drawing balls from an urn, the hypergeometric distribution.
 */
import { KeyedDraws } from '../base/random.js';
import { drawLots } from './lots.js';

/** Above so many nodes a committee is drawn when nothing is said. */
export const everybodyMax = 2000;
export const usualCommitteeSize = 100;

/** @param said what the scenario says, if anything @returns how many members, undefined when everybody's claims count */
export function committeeSizeOf(nodeCount: number, said: number | undefined): number | undefined {
  return said ?? (nodeCount > everybodyMax ? usualCommitteeSize : undefined);
}

/** The members, ascending. A node's lot depends on nothing but the seed and its address, so a node more displaces one member at most. */
export function drawCommittee(seed: number, nodeCount: number, size: number): Int32Array {
  const everybody = Int32Array.from({ length: nodeCount }, (_, address) => address);
  return drawLots(everybody, size, new KeyedDraws(seed, 'committee'), 0);
}

/**
 * The chance that more than `f` of the members are liars, when `size` are drawn without replacement from so many nodes with so many liars.
 * Summed from the likeliest number outwards by ratios of neighbours, so that no factorial and no logarithm is needed; exact to about 13
 * digits.
 */
export function chanceOfMoreLiars(nodeCount: number, liars: number, size: number, f: number): number {
  const least = Math.max(0, size - (nodeCount - liars));
  const most = Math.min(size, liars);
  if (f < least) return 1;
  if (f >= most) return 0;
  /** P(k + 1) / P(k). */
  const ratio = (k: number): number =>
    ((liars - k) / (k + 1)) * ((size - k) / (nodeCount - liars - size + k + 1));
  const mode = Math.min(most, Math.max(least, Math.floor(((size + 1) * (liars + 1)) / (nodeCount + 2))));
  // Weights relative to that of the mode.
  let below = 0;
  let above = 0;
  const add = (k: number, weight: number): void => {
    if (k > f) above += weight;
    else below += weight;
  };
  add(mode, 1);
  for (let k = mode, weight = 1; k < most && weight > 0; k++) add(k + 1, (weight *= ratio(k)));
  for (let k = mode, weight = 1; k > least && weight > 0; k--) add(k - 1, (weight /= ratio(k - 1)));
  return above / (above + below);
}
