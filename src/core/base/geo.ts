/**
 * How far, and how long at least. Light in glass covers two thirds of what it covers in empty space, about 200 km in a millisecond;
 * no cable is shorter than the great circle and no router is faster than light, so this is the floor under every real latency.
 */
import { atan2, cos, pi, sin, sqrt } from './math.js';

/** Mean radius of the Earth (IUGG: (2a + b) / 3). */
export const earthRadiusKm = 6371.0088;

/** Two thirds of the speed of light, in km a second. */
const fibreKmPerSecond = (299_792.458 * 2) / 3;

const radians = (degrees: number): number => (degrees * pi) / 180;

/**
 * Distance on the great circle by the haversine formula, in km; the Earth is taken for a sphere, which is off by 0.5 % at most.
 * Degrees north and east; longitudes may wind around.
 * @returns NaN when a coordinate is
 */
export function greatCircleKm(
  latitude1: number,
  longitude1: number,
  latitude2: number,
  longitude2: number,
): number {
  const phi1 = radians(latitude1);
  const phi2 = radians(latitude2);
  const turn = (longitude2 - longitude1) % 360;
  if (Number.isNaN(phi1 + phi2 + turn)) return NaN;
  const halfPhi = sin((phi2 - phi1) / 2);
  const halfLambda = sin(radians(turn) / 2);
  const haversine = halfPhi * halfPhi + cos(phi1) * cos(phi2) * halfLambda * halfLambda;
  // Rounding may push antipodes a hair above 1.
  const rest = haversine < 1 ? 1 - haversine : 0;
  return 2 * earthRadiusKm * atan2(sqrt(haversine), sqrt(rest));
}

/** One-way time of light in fibre, in whole microseconds, at least 1. */
export function propagationDelayUs(distanceKm: number): number {
  return Math.max(1, Math.round((distanceKm / fibreKmPerSecond) * 1e6));
}
