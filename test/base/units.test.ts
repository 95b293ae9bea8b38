import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandwidthText,
  durationText,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  formatSize,
  parseBandwidth,
  parseDuration,
  parseRate,
  parseSize,
  rateText,
  sizeText,
} from '../../src/core/base/units.js';

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['1us', 1],
    ['0.1s', 100_000],
    ['0.3s', 300_000],
    ['1.005ms', 1005],
    ['250ms', 250_000],
    ['250 ms', 250_000],
    ['12.5s', 12_500_000],
    ['4.35s', 4_350_000],
    ['10min', 600_000_000],
    ['1.5h', 5_400_000_000],
    ['2d', 172_800_000_000],
    ['0.000001s', 1],
    ['9007199254740991us', 9_007_199_254_740_991],
  ])('%s is %i us', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  it.each([
    ['250', 'has no unit'],
    ['', 'cannot read'],
    ['ms', 'cannot read'],
    ['1.s', 'cannot read'],
    ['.5s', 'cannot read'],
    ['1e3ms', 'unknown unit'],
    ['0x10s', 'unknown unit'],
    ['1,5s', 'unknown unit'],
    ['5m', 'did you mean "min"?'],
    ['5\u00b5s', 'did you mean "us"?'],
    ['5sec', 'did you mean "s"?'],
    ['1  s', 'cannot read'],
    ['1s ', 'unknown unit'],
    ['-5s', 'has a sign'],
    ['0.5us', 'not a whole number of microseconds'],
    ['0.0000001s', 'not a whole number of microseconds'],
    ['9007199254740992us', 'too large'],
    ['9'.repeat(40) + 'd', 'too many digits'],
    ['9'.repeat(4000) + 'd', 'cannot read'],
    ['1s\u001b[2J', 'unknown unit in "1s\\u001b[2J"'],
  ])('refuses %j', (text, what) => {
    const reading = parseDuration(text);
    expect(reading).toMatchObject({ what: expect.stringContaining(what) as string });
    expect(reading).toMatchObject({ expected: expect.stringContaining('250ms') as string });
  });

  it('takes a sign where it is asked for, and never gives minus zero', () => {
    expect(parseDuration('-20ms', { signed: true })).toBe(-20_000);
    expect(parseDuration('+20ms', { signed: true })).toBe(20_000);
    expect(Object.is(parseDuration('-0s', { signed: true }), 0)).toBe(true);
  });

  it('agree with exact whole-number arithmetic for any decimal', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (seconds, micros) => {
        const text = `${seconds}.${String(micros).padStart(6, '0')}s`;
        expect(parseDuration(text)).toBe(seconds * 1_000_000 + micros);
      }),
    );
  });

  it('print exactly what can be read again', () => {
    expect([0, 1, 1500, 250_000, 1_500_000, 12_500_000, 600_000_000, 172_800_000_000].map(durationText)).toEqual([
      '0s', '1us', '1.5ms', '250ms', '1.5s', '12.5s', '10min', '2d',
    ]); // prettier-ignore
    fc.assert(
      fc.property(fc.maxSafeInteger(), (us) => {
        expect(parseDuration(durationText(us), { signed: true })).toBe(us);
      }),
    );
  });

  it.each([
    [0, '0 us'],
    [0.5, '0.5 us'],
    [34_000, '34 ms'],
    [1_250_000, '1.25 s'],
    [1_254_900, '1.25 s'],
    [999_700, '1 s'],
    [999_400, '999 ms'],
    [123_456, '123 ms'],
    [59_960_000, '60 s'],
    [99_960_000, '1 min 40 s'],
    [125_000_000, '2 min 5 s'],
    [3_599_600_000, '1 h'],
    [11_400_000_000, '3 h 10 min'],
    [187_200_000_000, '2 d 4 h'],
    [-1500, '-1.5 ms'],
    [Infinity, 'never'],
    [NaN, 'never'],
  ])('%d us is shown as %s', (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });
});

describe('sizes, rates and bandwidths', () => {
  it.each([
    ['0B', 0],
    ['512B', 512],
    ['64KiB', 65_536],
    ['1.5kB', 1500],
    ['0.1MB', 100_000],
    ['1MiB', 1_048_576],
    ['2GB', 2e9],
    ['0.5GiB', 536_870_912],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it('refuses parts of bytes and look-alike units', () => {
    expect(parseSize('1.5B')).toMatchObject({ what: '"1.5B" is not a whole number of bytes' });
    expect(parseSize('1KB')).toMatchObject({ what: expect.stringContaining('"kB"') as string });
    expect(parseSize('1s')).toMatchObject({ what: 'unknown unit in "1s"' });
  });

  it.each([
    ['1000/s', 1000],
    ['90/min', 1.5],
    ['1/h', 1 / 3600],
    ['0.1/s', 0.1],
    ['0.3/s', 0.3],
    ['1/min', 1 / 60],
    ['0/s', 0],
  ])('%s is %d events a second', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  it.each([
    ['1MB/s', 1e6],
    ['8Mbit/s', 1e6],
    ['56kbit/s', 7000],
    ['1KiB/s', 1024],
    ['0.5Gbit/s', 62_500_000],
  ])('%s is %i bytes a second', (text, rate) => {
    expect(parseBandwidth(text)).toBe(rate);
  });

  it('refuses what is not whole bytes a second, and says so in English', () => {
    expect(parseBandwidth('1bit/s')).toMatchObject({
      what: '"1bit/s" is not a whole number of bytes a second',
    });
    expect(parseBandwidth('8Mbps')).toMatchObject({ what: expect.stringContaining('"Mbit/s"') as string });
  });

  it('print exactly what can be read again', () => {
    expect([0, 512, 1000, 1500, 65_536, 1e6].map(sizeText)).toEqual([
      '0B',
      '512B',
      '1kB',
      '1.5kB',
      '64KiB',
      '1MB',
    ]);
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseSize(sizeText(bytes))).toBe(bytes);
        expect(parseBandwidth(bandwidthText(bytes))).toBe(bytes);
      }),
    );
    expect([1000, 0.5, 1 / 3600, 0.1].map(rateText)).toEqual(['1000/s', '30/min', '1/h', '6/min']);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.constantFrom('/s', '/min', '/h'), (count, unit) => {
        const rate = parseRate(`${count}${unit}`);
        expect(parseRate(rateText(rate as number))).toBe(rate);
      }),
    );
  });
});

describe('numbers for people', () => {
  it('use three digits, commas and no locale', () => {
    expect([512, 1210, 104e6, 999_999, 2.5e9].map(formatSize)).toEqual([
      '512 B',
      '1.21 kB',
      '104 MB',
      '1 MB',
      '2.5 GB',
    ]);
    expect([0, 999, 1000, 1_000_000, -12_345].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '1,000,000',
      '-12,345',
    ]);
    expect([0, 0.01234, 3.14159, 12_345.6, -2, Infinity, 1e-9].map(formatNumber)).toEqual([
      '0', '0.0123', '3.14', '12,346', '-2', 'infinite', '0.000000001',
    ]); // prettier-ignore
  });

  it('never round a share to certainty', () => {
    expect([0, 0.975, 1, 0.99999, 0.000001, NaN].map(formatShare)).toEqual([
      '0 %', '97.5 %', '100 %', '99.99 %', '< 0.01 %', 'unknown',
    ]); // prettier-ignore
  });
});
