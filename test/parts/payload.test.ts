import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/base/random.js';
import { payloadMaker, type PayloadTemplate } from '../../src/core/parts/payload.js';

const many = (template: PayloadTemplate, count = 4000): unknown[] => {
  const make = payloadMaker(template);
  const chance = RandomStream.named(7, 'payload test');
  return Array.from({ length: count }, (_, i) => make(chance, i * 2, i));
};
const decimals = (value: unknown): number => (/\.(\d+)$/.exec(String(value))?.[1] ?? '').length;

describe('payloads', () => {
  it('normal: mean and deviation of theory, two digits of the deviation', () => {
    const values = many({ kind: 'normal', mean: 23.5, deviation: 0.5 }) as number[];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Four standard errors: 4 * 0.5 / sqrt(4000).
    expect(Math.abs(mean - 23.5)).toBeLessThan(0.032);
    expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(0.025);
    expect(Math.max(...values.map(decimals))).toBe(2);
    // 68.3 % within one deviation.
    expect(values.filter((value) => Math.abs(value - 23.5) <= 0.5).length / 4000).toBeCloseTo(0.683, 1);
  });

  it('uniform: stays in its range, a thousandth of it apart', () => {
    const values = many({ kind: 'uniform', low: -1, high: 1 }) as number[];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(Math.max(...values.map(decimals))).toBe(3);
    expect(values.some((value) => Object.is(value, -0))).toBe(false);
    expect(new Set(many({ kind: 'uniform', low: 3, high: 3 }, 10))).toEqual(new Set([3]));
  });

  it('integer and choice reach every value about equally often', () => {
    const faces = many({ kind: 'integer', low: 1, high: 6 }, 6000) as number[];
    for (let face = 1; face <= 6; face++) {
      // 1000 expected, standard deviation 28.9.
      expect(Math.abs(faces.filter((value) => value === face).length - 1000)).toBeLessThan(130);
    }
    const words = many({ kind: 'choice', items: [{ kind: 'constant', value: 'a' }, { kind: 'step' }] }, 10);
    for (const [i, word] of words.entries()) expect(['a', i * 2]).toContain(word);
  });

  it('counter, step and bytes', () => {
    expect(many({ kind: 'counter', start: 5 }, 3)).toEqual([5, 6, 7]);
    expect(many({ kind: 'step' }, 3)).toEqual([0, 2, 4]);
    expect(many({ kind: 'bytes', sizeBytes: 3 }, 1)).toEqual(['xxx']);
  });

  it('objects keep the order of their fields, are frozen, and constants are shared', () => {
    const template: PayloadTemplate = {
      kind: 'object',
      fields: [
        ['b', { kind: 'step' }],
        ['a', { kind: 'list', items: [{ kind: 'constant', value: { deep: [1] } }, { kind: 'step' }] }],
      ],
    };
    const [first, second] = many(template, 2) as Record<string, unknown>[];
    expect(JSON.stringify(second)).toBe('{"b":2,"a":[{"deep":[1]},2]}');
    expect(Object.isFrozen(first) && Object.isFrozen(first.a)).toBe(true);
    expect(Object.isFrozen((first.a as unknown[])[0])).toBe(true);
    const [one, two] = many({ kind: 'object', fields: [['x', { kind: 'constant', value: 1 }]] }, 2);
    expect(one).toBe(two);
  });

  it('the same chance makes the same message', () => {
    const template: PayloadTemplate = { kind: 'normal', mean: 0, deviation: 1e-5 };
    expect(many(template, 50)).toEqual(many(template, 50));
  });
});
