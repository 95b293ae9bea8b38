/**
 * Whom to keep close? Answers to one question: given the peers that a node knows and how far away they are, which few should it talk
 * to. Only near ones is quick, and falls apart into islands; only random ones holds together, and is slow; most do a little of both.
 * Near is what takes little time, or what is near on the map.
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
export function atRandom<Item>(candidates: readonly Item[], wanted: number, chance: Chance): Item[] {
  const pool = [...candidates];
  const count = Math.min(wanted, pool.length);
  for (let i = 0; i < count; i++) {
    const j = i + chance.below(pool.length - i);
    [pool[i], pool[j]] = [pool[j], pool[i]];
  }
  return pool.slice(0, count);
}

/** How far away a peer is, in any unit; below 0 where nobody knows. */
export type Distance = (candidate: Candidate) => number;

export const byRoundTrip: Distance = ({ roundTripUs }) => roundTripUs;

/** The nearest of those whose distance is known; lots decide between equals, or everybody would run to the same ones. */
function nearest(
  candidates: readonly Candidate[],
  distanceOf: Distance,
  wanted: number,
  chance: Chance,
): Candidate[] {
  const known = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(candidate) }))
    .filter(({ distance }) => distance >= 0);
  return atRandom(known, known.length, chance)
    .sort((p, q) => p.distance - q.distance)
    .slice(0, wanted)
    .map(({ candidate }) => candidate);
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
export function nearAndFar(nearShare: number, distanceOf: Distance): PeerChoice {
  return (candidates, wanted, chance) => {
    const near = nearest(candidates, distanceOf, Math.round(nearShare * wanted), chance);
    return filledUp(near, candidates, wanted, chance);
  };
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
