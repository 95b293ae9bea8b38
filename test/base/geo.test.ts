import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earthRadiusKm, greatCircleKm, propagationDelayUs } from '../../src/core/base/geo.js';

const degrees = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

/** A second method: the angle between two points as vectors, from their cross and dot product, with the engine's own functions. */
function byVectors(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number {
  const point = (latitude: number, longitude: number): [number, number, number] => {
    const phi = (latitude * Math.PI) / 180;
    const lambda = (longitude * Math.PI) / 180;
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const a = point(latitude1, longitude1);
  const b = point(latitude2, longitude2);
  const cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  return earthRadiusKm * Math.atan2(Math.hypot(...cross), a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

describe('great circles', () => {
  it('agree with the angle between vectors', () => {
    fc.assert(
      fc.property(
        degrees(-90, 90),
        degrees(-180, 180),
        degrees(-90, 90),
        degrees(-180, 180),
        (a, b, c, d) => {
          const got = greatCircleKm(a, b, c, d);
          expect(Math.abs(got - byVectors(a, b, c, d))).toBeLessThan(1e-3);
          expect(greatCircleKm(c, d, a, b)).toBeCloseTo(got, 6);
        },
      ),
    );
  });

  it('know the size of the Earth', () => {
    const quarter = (Math.PI * earthRadiusKm) / 2;
    expect(greatCircleKm(0, 0, 0, 90)).toBeCloseTo(quarter, 6);
    expect(greatCircleKm(-90, 0, 90, 123)).toBeCloseTo(2 * quarter, 6);
    expect(greatCircleKm(0, 179, 0, -179)).toBeCloseTo(quarter / 45, 6);
    expect(greatCircleKm(52.5, 13.4, 52.5, 13.4)).toBe(0);
    expect(greatCircleKm(NaN, 0, 0, 0)).toBeNaN();
    // New York to Los Angeles, city to city: 3,936 km is what tables of air distances say.
    expect(Math.abs(greatCircleKm(40.7128, -74.006, 34.0522, -118.2437) - 3936)).toBeLessThan(1);
  });
});

describe('published distances', () => {
  const atLatitude = (degrees: number, minutes: number): number => degrees + minutes / 60;

  it('Los Angeles to New York (LAX to JFK) is 0.623585 of the radius, 2144 nautical miles', () => {
    // E. Williams, Aviation Formulary, worked examples: 33d57m N 118d24m W to 40d38m N 73d47m W.
    const km = greatCircleKm(
      atLatitude(33, 57),
      -atLatitude(118, 24),
      atLatitude(40, 38),
      -atLatitude(73, 47),
    );
    expect(km / earthRadiusKm).toBeCloseTo(0.623585, 6);
    expect(Math.round((km / earthRadiusKm) * (180 / Math.PI) * 60)).toBe(2144);
  });

  it('Los Angeles to New York on the ellipsoid is 2475 miles: the sphere is off by less than half a percent', () => {
    // Great Circle Mapper (gcmap.com), JFK-LAX, by the airports' own coordinates on WGS84.
    const km = greatCircleKm(33.942496, -118.408049, 40.639926, -73.778694);
    expect(Math.abs(km / 1.609344 / 2475 - 1)).toBeLessThan(0.005);
  });

  it('Jerusalem to Los Angeles is 12,185 km', () => {
    // Astronomy course of the Hebrew University of Jerusalem (Y. Cariel), by the spherical law of cosines, to the kilometre.
    expect(Math.floor(greatCircleKm(31.75, 35.25, 34, -118))).toBe(12_185);
  });
});

describe('light in fibre', () => {
  it.each([
    [0, 1],
    [0.001, 1],
    [0.3, 2],
    [200, 1001],
    [1000, 5003],
    [20_015, 100_144],
  ])('%d km take %i us', (km, us) => {
    // 1000 km / (2/3 * 299792.458 km/s) = 5003.46 us; worked by hand from the speed of light.
    expect(propagationDelayUs(km)).toBe(us);
  });
});
