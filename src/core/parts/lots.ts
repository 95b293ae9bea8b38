/**
 * Drawing lots: every candidate draws a number that depends on nothing but itself and the occasion, and the smallest win. So a node's
 * luck does not depend on how many others there are. A million candidates are sorted as plain numbers, not as objects.
 */
import type { KeyedDraws } from '../base/random.js';

/**
 * @param candidates addresses, ascending
 * @param wanted how many win, at most all
 * @returns the winners, ascending; of equal lots the lower address wins
 */
export function drawLots(
  candidates: ArrayLike<number>,
  wanted: number,
  draws: KeyedDraws,
  occasion: number,
): Int32Array {
  const count = candidates.length;
  if (wanted >= count) return Int32Array.from(candidates);
  const winners = new Int32Array(wanted);
  if (wanted === 0) return winners;
  const lots = new Float64Array(count);
  for (let i = 0; i < count; i++) lots[i] = draws.ratio(candidates[i], occasion);
  const limit = wanted === 1 ? smallest(lots) : Float64Array.from(lots).sort()[wanted - 1];
  let below = 0;
  for (let i = 0; i < count; i++) if (lots[i] < limit) below++;
  // Those who drew the very limit share the places that are left.
  let atLimit = wanted - below;
  let at = 0;
  for (let i = 0; i < count && at < wanted; i++) {
    if (lots[i] < limit || (lots[i] === limit && atLimit-- > 0)) winners[at++] = candidates[i];
  }
  return winners;
}

function smallest(values: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] < least) least = values[i];
  return least;
}
