import { describe, expect, it } from 'vitest';
import { compileDistribution } from '../../src/core/parts/distributions.js';
import {
  constantLatency,
  coordinateLatency,
  drawnLatency,
  latencyUsMax,
  regionLatency,
} from '../../src/core/parts/latency.js';
import { parseLatencyMatrix } from '../../src/core/parts/latency-matrix.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('latency of a link', () => {
  it('constant, at least one microsecond', () => {
    expect(constantLatency(250, 'c').latencyUs(1, 2)).toBe(250);
    expect(constantLatency(0, 'c').latencyUs(1, 2)).toBe(1);
  });

  const lognormal = compileDistribution({ distribution: 'lognormal', medianUs: 40_000, sigma: 0.5 });

  it.each([100, 5000])(
    'drawn: one draw for an unordered pair, whatever else is asked (%i nodes)',
    (nodeCount) => {
      const model = drawnLatency(3, lognormal, nodeCount, 'd');
      const again = drawnLatency(3, lognormal, nodeCount, 'd');
      const values: number[] = [];
      for (let from = 0; from < 60; from++) {
        for (let to = from + 1; to < 60; to++) values.push(model.latencyUs(from, to));
      }
      expect(again.latencyUs(17, 4)).toBe(model.latencyUs(4, 17));
      expect(again.latencyUs(4, 17)).toBe(model.latencyUs(4, 17));
      expect(model.latencyUs(4, 17)).toBe(model.latencyUs(4, 17));
      // Half of 1770 links below the median, standard deviation 21.
      expect(Math.abs(values.filter((us) => us < 40_000).length - 885)).toBeLessThan(90);
      expect(new Set(values).size).toBeGreaterThan(1700);
      expect(values.every(Number.isInteger)).toBe(true);
      expect(drawnLatency(4, lognormal, nodeCount, 'd').latencyUs(4, 17)).not.toBe(model.latencyUs(4, 17));
    },
  );

  it('the same pair has the same latency in a larger network', () => {
    expect(drawnLatency(3, lognormal, 100, 'd').latencyUs(4, 17)).toBe(
      drawnLatency(3, lognormal, 5000, 'd').latencyUs(4, 17),
    );
  });

  it('heavy tails and negative draws stay within bounds', () => {
    const heavy = compileDistribution({ distribution: 'pareto', scaleUs: 1e12, shape: 0.1 });
    const model = drawnLatency(1, heavy, 50, 'd');
    const values = Array.from({ length: 49 }, (_, i) => model.latencyUs(0, i + 1));
    expect(Math.max(...values)).toBe(latencyUsMax);
    expect(values).toEqual(Array.from({ length: 49 }, (_, i) => model.latencyUs(i + 1, 0)));
    const negative = compileDistribution({ distribution: 'normal', meanUs: -5000, deviationUs: 1 });
    expect(drawnLatency(1, negative, 50, 'd').latencyUs(0, 1)).toBe(1);
  });

  it('coordinates: light in fibre, detours, overhead, and a fallback', () => {
    // New York, Los Angeles, unknown. Great circle 3936 km (haversine, R = 6371.0088 km, computed apart).
    const positions = {
      latitudes: Float64Array.of(40.7128, 34.0522, NaN),
      longitudes: Float64Array.of(-74.006, -118.2437, 0),
    };
    const plain = coordinateLatency(positions, { stretch: 1, overheadUs: 0, fallbackUs: 5000 }, 'c');
    // 3936 km / 199862 km/s = 19.69 ms.
    expect(plain.latencyUs(0, 1) / 1000).toBeCloseTo(19.69, 1);
    expect(plain.latencyUs(1, 0)).toBe(plain.latencyUs(0, 1));
    expect(plain.latencyUs(0, 2)).toBe(5000);
    const long = coordinateLatency(positions, { stretch: 2, overheadUs: 1000, fallbackUs: 5000 }, 'c');
    expect(Math.abs(long.latencyUs(0, 1) - (2 * plain.latencyUs(0, 1) + 1000))).toBeLessThanOrEqual(1);
  });

  it('regions: direction, mirror, diagonal and holes', () => {
    const matrix = parseLatencyMatrix(bytes('From/to,eu,us,ap\neu,0,40,\nus,50,2,\nap,110,,\n'), false);
    const model = regionLatency(matrix, Int32Array.of(0, 1, 2, -1, 0, 1), 700, 9000, 'r');
    expect(model.latencyUs(0, 1)).toBe(40_000);
    expect(model.latencyUs(1, 0)).toBe(50_000);
    expect(model.latencyUs(0, 2)).toBe(110_000);
    expect(model.latencyUs(1, 2)).toBe(9000);
    expect(model.latencyUs(0, 3)).toBe(9000);
    expect(model.latencyUs(0, 4)).toBe(700);
    expect(model.latencyUs(1, 5)).toBe(2000);
    expect(model.latencyUs(2, 2)).toBe(700);
  });
});

describe('latency tables', () => {
  it('halves round trips, takes quotes, CRLF and rows in another order', () => {
    const matrix = parseLatencyMatrix(bytes('x,"a, b",c\r\nc,3,0\r\n"a, b",0,5.5\r\n\r\n'), true);
    expect(matrix.names).toEqual(['a, b', 'c']);
    expect([...matrix.delaysUs]).toEqual([0, 2750, 1500, 0]);
  });

  it.each([
    ['', 'the latency matrix is empty'],
    ['x,a\n', 'the latency matrix is empty'],
    ['x,a,a\na,1,2\n', 'line 1: two columns are called "a"'],
    ['x,a,\na,1,2\n', 'line 1: column 3 has no name'],
    ['x,a\nb,1\n', 'line 2: the row "b" has no column'],
    ['x,a\na,1\na,1\n', 'line 3: two rows are called "a"'],
    ['x,a\na,1,2\n', 'line 2: 2 values'],
    ['x,a\na,-1\n', 'line 2: cannot read "-1"'],
    ['x,a\na,1s\n', 'line 2: cannot read "1s"'],
    ['x,a\na,"1\n', 'line 2: a quote is not closed'],
    ['x,a\na,"1"2\n', 'line 2: text after a closing quote'],
    ['x,a\na,\u001b[2J\n', 'line 2: cannot read "\\u001b[2J"'],
  ])('%j is refused', (text, said) => {
    expect(() => parseLatencyMatrix(bytes(text), false)).toThrow(said);
  });

  it('needs UTF-8', () => {
    expect(() => parseLatencyMatrix(Uint8Array.of(0xff, 0xfe), false)).toThrow('not valid UTF-8');
  });
});
