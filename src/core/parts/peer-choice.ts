/**
 * Whom to keep close? Four answers to one question: given the peers that a node knows and how far away they are, which few should it talk
 * to. Only near ones is quick, and falls apart into islands; only random ones holds together, and is slow; most do a little of both.
 */
import type { Chance } from '../base/random.js';

export interface Candidate {
  readonly address: number;
  /** Smoothed round trip in microseconds, -1 where it is not known. */
  readonly roundTripUs: number;
}

/** @param wanted how many; all there are when there are no more */
export type PeerChoice = (candidates: readonly Candidate[], wanted: number, chance: Chance) => Candidate[];

/** So many at random, each set equally likely. */
export const atRandom: PeerChoice = (candidates, wanted, chance) => {
  const pool = [...candidates];
  const count = Math.min(wanted, pool.length);
  for (let i = 0; i < count; i++) {
    const j = i + chance.below(pool.length - i);
    [pool[i], pool[j]] = [pool[j], pool[i]];
  }
  return pool.slice(0, count);
};

/** The nearest of those whose distance is known; lots decide between equals, or everybody would run to the same ones. */
function nearest(candidates: readonly Candidate[], wanted: number, chance: Chance): Candidate[] {
  const measured = candidates.filter(({ roundTripUs }) => roundTripUs >= 0);
  return atRandom(measured, measured.length, chance)
    .sort((p, q) => p.roundTripUs - q.roundTripUs)
    .slice(0, wanted);
}

/** Fills up with random others. */
function filledUp(
  chosen: Candidate[],
  candidates: readonly Candidate[],
  wanted: number,
  chance: Chance,
): Candidate[] {
  const taken = new Set(chosen.map(({ address }) => address));
  const others = candidates.filter(({ address }) => !taken.has(address));
  return [...chosen, ...atRandom(others, wanted - chosen.length, chance)];
}

/** A share of near peers, and random ones for the rest. */
export function nearAndFar(nearShare: number): PeerChoice {
  return (candidates, wanted, chance) =>
    filledUp(nearest(candidates, Math.round(nearShare * wanted), chance), candidates, wanted, chance);
}

/** A share from the own region, random among them, and others from anywhere else. */
export function fromRegion(nearShare: number, isNear: (address: number) => boolean): PeerChoice {
  return (candidates, wanted, chance) => {
    const near = candidates.filter(({ address }) => isNear(address));
    const far = candidates.filter(({ address }) => !isNear(address));
    const home = atRandom(near, Math.round(nearShare * wanted), chance);
    const away = atRandom(far, wanted - home.length, chance);
    return filledUp([...home, ...away], candidates, wanted, chance);
  };
}
