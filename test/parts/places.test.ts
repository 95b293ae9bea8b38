import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM } from '../../src/core/parts/places.js';

const positions = (places: readonly (readonly [number, number])[], isPlane?: boolean) => ({
  latitudes: Float64Array.from(places, ([latitude]) => latitude),
  longitudes: Float64Array.from(places, ([, longitude]) => longitude),
  isPlane,
});

describe('distances on a map', () => {
  it('a plane has the triangle of 3, 4 and 5', () => {
    // A degree is 2 pi 6371.0088 km / 360 = 111.195080 km.
    expect(
      distanceM(
        positions(
          [
            [0, 0],
            [3, 4],
          ],
          true,
        ),
        0,
        1,
      ),
    ).toBe(555_975);
    expect(
      distanceM(
        positions(
          [
            [0, 0],
            [0, 4],
          ],
          true,
        ),
        0,
        1,
      ),
    ).toBe(444_780);
  });

  it('a plane is a plane everywhere, and the Earth is not', () => {
    const far = [
      [60, 10],
      [60, 11],
    ] as const;
    expect(distanceM(positions(far, true), 0, 1)).toBe(111_195);
    // At 60 degrees a degree of longitude is half as long.
    expect(Math.abs(distanceM(positions(far), 0, 1) - 55_597)).toBeLessThan(5);
  });

  it('is nowhere for who has no place, and whole metres either way', () => {
    expect(
      distanceM(
        positions([
          [NaN, NaN],
          [3, 4],
        ]),
        0,
        1,
      ),
    ).toBe(-1);
    expect(
      distanceM(
        positions(
          [
            [NaN, NaN],
            [3, 4],
          ],
          true,
        ),
        1,
        0,
      ),
    ).toBe(-1);
    const degree = fc.double({ min: -80, max: 80, noNaN: true });
    fc.assert(
      fc.property(degree, degree, degree, degree, fc.boolean(), (a, b, c, d, isPlane) => {
        const map = positions(
          [
            [a, b],
            [c, d],
          ],
          isPlane,
        );
        const there = distanceM(map, 0, 1);
        expect(Number.isInteger(there)).toBe(true);
        expect(Math.abs(there - distanceM(map, 1, 0))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
