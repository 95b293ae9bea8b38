/**
 * How far apart are two nodes of a map? On the great circle where the map is of the Earth, straight across where it is a plane. Whole
 * metres, so that who is nearer is never a matter of the last bit.
 */
import { earthRadiusKm, greatCircleKm } from '../base/geo.js';
import { pi, sqrt } from '../base/math.js';
import type { Positions } from '../model/topology.js';

const kmPerDegree = (pi * earthRadiusKm) / 180;

/** Whole metres between two nodes; -1 where one of them has no place. */
export function distanceM({ latitudes, longitudes, isPlane }: Positions, from: number, to: number): number {
  const km =
    isPlane === true
      ? straightKm(latitudes[to] - latitudes[from], longitudes[to] - longitudes[from])
      : greatCircleKm(latitudes[from], longitudes[from], latitudes[to], longitudes[to]);
  return Number.isNaN(km) ? -1 : Math.round(km * 1000);
}

/** From differences in degrees, both as long as a degree of latitude. */
function straightKm(north: number, east: number): number {
  return kmPerDegree * sqrt(north * north + east * east);
}
