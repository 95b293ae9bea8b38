/** Each rule on logs that were written by hand, and what it says of itself. */
import { describe, expect, it } from 'vitest';
import { checks, createMessageValidator } from '../../src/core/checks/registry.js';
import { MedianOfColumns } from '../../src/core/parts/running-median.js';
import { ExactSum } from '../../src/core/parts/exact-sum.js';
import { line, nonZero, standardPattern, tallyOf } from './helpers.js';

function found(log: string, options: Parameters<typeof tallyOf>[1] = {}): string[] {
  return tallyOf(log, options).samples.map(({ line: number, kind }) => `${number} ${kind}`);
}

describe('every check', () => {
  it('says what it can mean and what it cannot see', () => {
    for (const rule of checks) {
      expect(rule.canMean.length, rule.name).toBeGreaterThan(40);
      expect(rule.cannotSee.length, rule.name).toBeGreaterThan(40);
      expect(rule.summary.endsWith('.'), rule.name).toBe(false);
    }
  });
});

describe('marks', () => {
  it('are moved by good lines only', () => {
    // The wrong value at step 9 does not move the mark, so step 5 is still ahead of it.
    const log = line('a', 4) + line('a', 9, { patternValue: 5 }) + line('a', 5) + line('a', 5) + line('a', 3);
    expect(found(log)).toEqual(['2 pattern-mismatch', '4 step-repeat', '5 step-backwards']);
  });

  it('are compared with the line before under resync', () => {
    const log = line('a', 4) + line('a', 1) + line('a', 2) + line('a', 2) + line('a', 5);
    expect(found(log)).toEqual(['2 step-backwards', '3 step-backwards', '4 step-backwards']);
    expect(found(log, { resync: true })).toEqual(['2 step-backwards', '4 step-repeat']);
    expect(tallyOf(log, { resync: true })).toMatchObject({ gaps: 1, missingSteps: 2 });
  });

  it('belong to code units, not to looks', () => {
    const names = ['a', 'A', 'a ', 'ä', 'a\u0308', '__proto__', 'constructor', ''];
    expect(tallyOf(names.map((name) => line(name, 0)).join(''))).toMatchObject({ senders: 8, valid: 8 });
    const lone = ['\\ud800', '\\ud801', '\\udc00', '\\ufffd'].map((name) =>
      line('x', 0).replace('"x"', `"${name}"`),
    );
    expect(tallyOf(lone.join('')).senders).toBe(4);
    const same = ['😀', '\\ud83d\\ude00', '\\uD83D\\uDE00'].map((name) =>
      line('x', 0).replace('"x"', `"${name}"`),
    );
    expect(tallyOf(same.join(''))).toMatchObject({ senders: 1, valid: 1 });
  });
});

describe('gaps', () => {
  it('count leaps and the steps they skip, exactly beyond 2^53', () => {
    expect(tallyOf(line('a', 5) + line('a', 6) + line('a', 9) + line('b', 3) + line('b', 5))).toMatchObject({
      gaps: 2,
      missingSteps: 3,
    });
    const top = 2 ** 53 - 1;
    const far = ['a', 'b', 'c'].map((name) => line(name, 0) + line(name, top)).join('');
    // Three times 2^53 - 2, worked out by hand.
    expect(tallyOf(far, { patternCheck: undefined }).missingSteps).toBe('27021597764222970');
  });
});

describe('equivocation', () => {
  const pair = (first: string, second: string): string[] =>
    found(line('a', 1).replace('{"t":1}', first) + line('a', 1).replace('{"t":1}', second));

  it.each([
    ['{"a":1,"b":2}', '{ "b" : 2.0, "a" : 1e0 }'],
    ['"é"', '"\\u00e9"'],
    ['[1,2,{"x":null}]', '[1, 2, {"x":null}]'],
    ['0', '-0'],
    ['100', '1E+2'],
    ['0.0000001', '1e-7'],
    ['{"k\\u0061":true}', '{"ka":true}'],
  ])('does not take %s and %s for two payloads', (first, second) => {
    expect(pair(first, second)).toEqual(['2 step-repeat']);
  });

  it.each([
    ['{"a":1}', '{"a":2}'],
    ['{"a":1}', '{"b":1}'],
    ['[1,2]', '[2,1]'],
    ['"1"', '1'],
    ['{}', '[]'],
    ['[[]]', '[]'],
    ['null', 'false'],
    ['{"a":{"b":1}}', '{"a":{"b":1,"c":2}}'],
    ['23.5', '23.50001'],
    ['"abcd"', '"abcde"'],
    ['{"a":"b"}', '{"b":"a"}'],
  ])('takes %s and %s for two payloads', (first, second) => {
    expect(pair(first, second)).toEqual(['2 step-repeat', '2 equivocation']);
  });

  it('counts what it could not know', () => {
    const bare = '{"senderId":"a","globalStep":1,"patternValue":4}\n';
    const tally = tallyOf(bare + bare + line('a', 1), { needsData: false });
    expect(tally.equivocationUnknown).toBe(2);
    expect(nonZero(tally.findings)).toEqual({ 'step-repeat': 2 });
  });
});

describe('checks that are asked for', () => {
  it('step-jump: a leap beyond the limit is a finding and moves nothing', () => {
    const log = line('a', 900) + line('a', 910) + line('a', 921) + line('a', 920);
    expect(found(log, { jumpMax: 10 })).toEqual(['3 step-jump']);
    expect(found(log)).toEqual(['4 step-backwards']);
  });

  it('desync: far from the step that most have reached, and a network that leaps together agrees again', () => {
    const round = (step: number): string =>
      ['a', 'b', 'c', 'd', 'e'].map((name) => line(name, step)).join('');
    expect(found(round(10) + line('a', 14) + line('a', 15) + line('e', 90), { tolerance: 4 })).toEqual([
      '7 desync',
      '8 desync',
    ]);
    // All leap: two are far from the others until three have leapt.
    expect(found(round(10) + round(50) + round(51), { tolerance: 4 })).toEqual([
      '6 desync',
      '7 desync',
      '8 desync',
    ]);
  });

  it('rate: by the second of the clock', () => {
    const at = (step: number, timestamp: number): string => line('a', step, { timestamp });
    const log =
      at(0, 1000) +
      at(1, 1500) +
      at(2, 1999) +
      at(3, 2000) +
      line('b', 0, { timestamp: 1999 }) +
      line('a', 4);
    expect(found(log, { rateMax: 2 })).toEqual(['3 rate']);
  });

  it('clock-skew: backwards for one sender, and away from all others', () => {
    const lines = Array.from({ length: 20 }, (_, i) =>
      line(`n${i % 4}`, i >> 2, { timestamp: 1_000_000 + i * 10 }),
    );
    const back = line('n0', 5, { timestamp: 900_000 });
    const away = line('fresh', 5, { timestamp: 2_000_000 });
    expect(found(lines.join('') + back + away, { skewMsMax: 5000 })).toEqual([
      '21 clock-skew',
      '22 clock-skew',
    ]);
  });
});

describe('the message validator', () => {
  it('speaks with the same rules', () => {
    const validator = createMessageValidator({ patternCheck: standardPattern });
    const message = (step: number, value: number, data: unknown = 1): unknown => ({
      senderId: 'a',
      globalStep: step,
      patternValue: value,
      data,
    });
    expect(validator.observe(message(0, 7)).findings).toEqual([]);
    expect(validator.observe(message(1, 9)).findings).toMatchObject([
      { kind: 'pattern-mismatch', expected: 4, received: 9 },
    ]);
    expect(validator.observe(message(0, 7, 2)).findings.map(({ kind }) => kind)).toEqual([
      'step-repeat',
      'equivocation',
    ]);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const [strange, kind] of [
      [null, 'not-object'],
      ['text', 'not-object'],
      [[], 'not-object'],
      [{}, 'missing-field'],
      [message(1.5, 4), 'bad-step'],
      [message(-1, 4), 'bad-step'],
      [message(1, Infinity), 'bad-number'],
      [{ senderId: 1, globalStep: 1, patternValue: 4, data: 1 }, 'wrong-type'],
    ] as const) {
      expect(validator.observe(strange).malformed).toBe(kind);
    }
    expect(validator.observe(message(2, 1, circle)).malformed).toBe(undefined);
    expect(validator.tally()).toMatchObject({ lines: 12, malformed: 8, wellFormed: 4, valid: 2 });
  });
});

describe('the running median', () => {
  it('is the step that more than half have reached, whatever comes and goes', () => {
    const median = new MedianOfColumns();
    const values: number[] = [];
    let state = 1;
    const roll = (sides: number): number => (state = (state * 48271) % 2147483647) % sides;
    for (let turn = 0; turn < 5000; turn++) {
      if (values.length > 0 && roll(3) === 0) {
        const [gone] = values.splice(roll(values.length), 1);
        median.remove(gone);
      } else {
        const value = roll(40);
        values.push(value);
        median.add(value);
      }
      if (values.length === 0) continue;
      const most = [...values].sort((a, b) => b - a)[Math.floor(values.length / 2)];
      expect(median.median).toBe(most);
    }
  });
});

describe('the exact sum', () => {
  it('does not round', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 3; i++) sum.add(2 ** 53 - 1);
    sum.add(1);
    expect(sum.value).toBe('27021597764222974');
    const small = new ExactSum();
    small.add(2 ** 53 - 1);
    expect(small.value).toBe(2 ** 53 - 1);
  });
});
