/** Figures of many runs, side by side. */
import { describe, expect, it } from 'vitest';
import { runColumns } from '../../src/core/parts/run-figures.js';

const columns = (...runs: object[]): Record<string, unknown> => Object.fromEntries(runColumns(runs));

describe('runColumns', () => {
  it('joins names with dots, and leaves out words and what has no name', () => {
    expect(columns({ a: 1, b: { c: 2, d: { e: null } }, type: 'swim', on: true, over: [{ atMs: 0, steps: 3 }], list: [1, 2] })).toEqual({
      a: [1],
      'b.c': [2],
      'b.d.e': [null],
    }); // prettier-ignore
  });

  it('entries that the scenario orders have their place, causes their name', () => {
    expect(columns({ faults: [{ id: 'x', fired: 1 }, { id: 'y', fired: 4 }], targets: [{ what: 'bytes, mean', measured: 7 }] })).toEqual({
      'faults[0].fired': [1],
      'faults[1].fired': [4],
      'targets[0].measured': [7],
    }); // prettier-ignore
    const wrong = (...causes: string[]): object => ({
      detection: { honestButWrong: causes.map((cause) => ({ cause, flagged: 2 })) },
    });
    expect(columns(wrong('clock'), wrong('lost-state', 'clock'))).toEqual({
      'detection.honestButWrong.clock.flagged': [2, 2],
      'detection.honestButWrong.lost-state.flagged': [0, 2],
    });
  });

  it('what was not there to be counted is 0, what could not be measured is nothing', () => {
    const damage = {
      detection: { corruption: { acts: 3, detectionRate: 1, checks: { rate: { detected: 3, only: 1 } } } },
    };
    const alarms = { detection: { falseAlarmsByCheck: { 'bad-signature': 5 } } };
    expect(columns(damage, alarms, { detection: {} })).toEqual({
      'detection.corruption.acts': [3, 0, 0],
      'detection.corruption.detectionRate': [1, null, null],
      'detection.corruption.checks.rate.detected': [3, 0, 0],
      'detection.corruption.checks.rate.only': [1, 0, 0],
      'detection.falseAlarmsByCheck.bad-signature': [0, 5, 0],
    });
    expect(columns({ faults: [{ id: 'x', leftOut: 2 }] }, { faults: [{ id: 'x' }] })).toEqual({
      'faults[0].leftOut': [2, 0],
    });
    expect(columns({ hops: null }, {}, { hops: 2 })).toEqual({ hops: [null, null, 2] });
  });
});
