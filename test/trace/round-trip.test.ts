import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceCursor, readTrace } from '../../src/core/trace/cursor.js';
import type { TraceEvent } from '../../src/core/trace/event.js';
import { TraceWriter } from '../../src/core/trace/writer.js';
import {
  Shelf,
  anyCalls,
  body,
  envelope,
  header,
  joined,
  nodeNames,
  record,
  tinyRun,
  type Call,
} from './make.js';

/** All events of a trace, and its ending. */
export async function readAll(chunks: Iterable<Uint8Array>): Promise<{
  events: TraceEvent[];
  cursor: TraceCursor;
}> {
  const cursor = await TraceCursor.open(chunks);
  const events: TraceEvent[] = [];
  while (await cursor.load()) while (cursor.advance()) events.push(cursor.event.copy());
  return { events, cursor };
}

function* slicesOf(bytes: Uint8Array, sizes: readonly number[]): Iterable<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length];
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('a trace that is written and read', () => {
  it('holds the same events, however its bytes are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCalls,
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        async (calls, sizes, flushEvery) => {
          const { pieces, expected } = record(calls, { flushEvery });
          const { events, cursor } = await readAll(slicesOf(joined(pieces), sizes));
          expect(events.length).toBe(expected.length);
          events.forEach((event, i) => expect(event).toMatchObject(expected[i]));
          expect(cursor.ending).toMatchObject({
            complete: true,
            events: expected.length,
            fingerprint: '0123456789abcdef',
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('knows header, names and files', async () => {
    const { cursor } = await readAll(record(tinyRun()).pieces);
    const { nodeNames: names, files, ...rest } = cursor.opening;
    expect(rest).toEqual(header);
    expect(names).toEqual(nodeNames);
    expect(files).toEqual([{ name: 'map.graphml', bytes: Uint8Array.of(1, 2, 3) }]);
  });

  it('forgets a body whose handle is used again, and numbers bodies by first use', async () => {
    const say = (): Call => ({ do: 'sent', passedUs: 1, envelope: envelope({ body: 5 }), delayUs: 1 });
    const calls: Call[] = [
      { do: 'put', handle: 5, body: body(0, 'first') },
      say(),
      say(),
      { do: 'put', handle: 5, body: body(0, 'second') },
      say(),
    ];
    const { events } = await readAll(record(calls).pieces);
    expect(events.map((event) => [event.body?.number, event.body?.canonical])).toEqual([
      [1, '"first"'],
      [1, '"first"'],
      [2, '"second"'],
    ]);
  });

  it('takes bodies longer than a frame, and many frames', async () => {
    const calls: Call[] = [];
    for (let i = 0; i < 40; i++) {
      calls.push({ do: 'put', handle: 1, body: body(0, 'y'.repeat(i * 9000)) });
      calls.push({ do: 'sent', passedUs: 1, envelope: envelope({ body: 1, a: i }), delayUs: 5 });
    }
    const { pieces, expected } = record(calls);
    const { events, cursor } = await readAll(pieces);
    expect(events.length).toBe(40);
    events.forEach((event, i) => expect(event).toMatchObject(expected[i]));
    expect(cursor.ending.complete).toBe(true);
  });

  it('is read one event at a time, too', async () => {
    const { pieces, expected } = record(tinyRun());
    const events: TraceEvent[] = [];
    for await (const event of readTrace(pieces)) events.push(event);
    expect(events.length).toBe(expected.length);
    expect(new Set(events).size).toBe(expected.length);
  });

  it('a report at another time is not about the message that arrived before', async () => {
    const pieces: Uint8Array[] = [];
    const writer = new TraceWriter(
      header,
      (address) => nodeNames[address],
      new Shelf(),
      (piece) => pieces.push(piece),
    );
    const message = envelope({ from: 0, to: 1 });
    writer.delivered(5, message, 1);
    writer.reported(5, 1, 5, 0, 3, message);
    writer.reported(6, 1, 5, 0, 4, message);
    writer.flush();
    const { events } = await readAll(pieces);
    expect(events.map((event) => event.hasMessage)).toEqual([true, true, false]);
  });

  it('a report of a timer is not about the message that arrived before', async () => {
    const message = envelope({ from: 0, to: 1, body: 0 });
    const calls: Call[] = [
      { do: 'delivered', passedUs: 5, envelope: message, delayUs: 1 },
      { do: 'reported', passedUs: 0, node: 1, kind: 5, body: 0, value: 3, atHand: true },
      { do: 'timer', passedUs: 0, node: 1, slot: 1, kind: 0, argument: 0 },
      { do: 'reported', passedUs: 0, node: 1, kind: 5, body: 0, value: 4, atHand: true },
    ];
    const { events } = await readAll(record(calls).pieces);
    expect(events.map((event) => event.hasMessage)).toEqual([true, true, false, false]);
  });
});
