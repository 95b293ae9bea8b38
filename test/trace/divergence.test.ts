import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceCursor } from '../../src/core/trace/cursor.js';
import { type Comparison, firstDivergence } from '../../src/core/trace/divergence.js';
import { anyCalls, body, envelope, header, joined, record, tinyRun, type Call } from './make.js';

async function compare(a: readonly Uint8Array[], b: readonly Uint8Array[]): Promise<Comparison> {
  return firstDivergence(await TraceCursor.open(a), await TraceCursor.open(b));
}

const changed = (index: number, change: (call: Call) => Call): Call[] =>
  tinyRun().map((call, i) => (i === index ? change(call) : call));

describe('the first divergence', () => {
  it('of a trace and itself is none, however it was flushed', async () => {
    await fc.assert(
      fc.asyncProperty(anyCalls, async (calls) => {
        const one = record(calls);
        const other = record(calls, { flushEvery: 3 });
        expect(await compare(one.pieces, other.pieces)).toMatchObject({
          divergence: undefined,
          headerFields: [],
          common: one.expected.length,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('names the event and the field, and shows what is around', async () => {
    // Call 8 is the first message to beta; calls count the body, events do not.
    const other = changed(8, (call) => ({ ...call, delayUs: 2501 }) as Call);
    const { divergence, common } = await compare(record(tinyRun()).pieces, record(other).pieces);
    expect(common).toBe(7);
    expect(divergence).toMatchObject({
      index: 7,
      fields: ['delayUs'],
      a: { delayUs: 2500 },
      b: { delayUs: 2501 },
    });
    expect(divergence?.before.map(({ index }) => index)).toEqual([4, 5, 6]);
    expect(divergence?.afterA.map(({ index }) => index)).toEqual([8, 9, 10]);
  });

  it.each<[string, number, (call: Call) => Call, string[]]>([
    [
      'a word',
      8,
      (call) => ({ ...call, envelope: envelope({ to: 1, a: 48, b: 1, d: 1, body: 1 }) }) as Call,
      ['step'],
    ],
    [
      'a receiver',
      8,
      (call) => ({ ...call, envelope: envelope({ to: 4, a: 47, b: 1, d: 1, body: 1 }) }) as Call,
      ['to'],
    ],
    ['a time', 10, (call) => ({ ...call, passedUs: 99 }) as Call, ['timeUs']],
    ['a flag', 12, (call) => ({ ...call, value: 2 }) as Call, ['value']],
    ['a reason', 15, (call) => ({ ...call, reason: -1 }) as Call, ['reason']],
    ['a crash', 16, (call) => ({ ...call, subject: 4 }) as Call, ['node']],
    ['a timer', 6, (call) => ({ ...call, argument: 4 }) as Call, ['argument']],
    ['the kind of event', 6, () => ({ do: 'world', passedUs: 1000, change: 1, subject: 2 }), ['event']],
    ['a content', 0, () => ({ do: 'put', handle: 1, body: body(0, 'other') }), ['body']],
  ])('sees %s', async (_, index, change, fields) => {
    const { divergence } = await compare(record(tinyRun()).pieces, record(changed(index, change)).pieces);
    expect(divergence?.fields).toEqual(fields);
  });

  it('is where one run ends before the other', async () => {
    const shorter = record(tinyRun().slice(0, -1));
    const { divergence } = await compare(record(tinyRun()).pieces, shorter.pieces);
    expect(divergence).toMatchObject({ index: 18, b: undefined, fields: [] });
    expect(divergence?.a?.index).toBe(18);
  });

  it('is not where a trace was cut', async () => {
    const whole = joined(record(tinyRun(), { flushEvery: 4 }).pieces);
    const { divergence, common, endingB } = await compare([whole], [whole.slice(0, whole.length - 200)]);
    expect(divergence).toBeUndefined();
    expect(common).toBeLessThan(19);
    expect(endingB?.complete).toBe(false);
  });

  it('is not where a run was stopped early', async () => {
    const stopped = record(tinyRun().slice(0, -1), { interrupted: true });
    const { divergence, common } = await compare(record(tinyRun()).pieces, stopped.pieces);
    expect([divergence, common]).toEqual([undefined, 18]);
  });

  it('is told together with headers that differ', async () => {
    const { headerFields } = await compare(
      record(tinyRun()).pieces,
      record(tinyRun(), { header: { ...header, seed: 43, mesh: '9.9.9' } }).pieces,
    );
    expect(headerFields).toEqual(['mesh version', 'seed']);
  });
});
