import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/base/errors.js';
import { TraceCursor, type TraceEnding } from '../../src/core/trace/cursor.js';
import type { TraceEvent } from '../../src/core/trace/event.js';
import { NetworkState } from '../../src/core/trace/network-state.js';
import { EventPrinter } from '../../src/core/trace/printer.js';
import { joined, record, tinyRun } from './make.js';
import { framesOf, traceOf } from './reseal.js';

/** Small frames, so that cuts leave something. */
const whole = record(tinyRun(), { flushEvery: 3 });
const trace = joined(whole.pieces);

/** Reads what can be read and does with it all that a command would. */
async function read(bytes: Uint8Array): Promise<{ events: TraceEvent[]; ending: TraceEnding } | UserError> {
  try {
    const cursor = await TraceCursor.open([bytes]);
    const events: TraceEvent[] = [];
    const state = new NetworkState(cursor.opening);
    const printer = new EventPrinter(cursor.opening);
    while (await cursor.load()) {
      while (cursor.advance()) {
        events.push(cursor.event.copy());
        state.take(cursor.event);
        expect(JSON.parse(printer.json(cursor.event, true))).toBeTypeOf('object');
        printer.words(cursor.event);
      }
    }
    for (let node = 0; node < cursor.opening.nodeCount; node++) state.node(node);
    state.inFlight(5);
    return { events, ending: cursor.ending };
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Whatever was read is the beginning of what was written. */
function expectPrefix(events: readonly TraceEvent[]): void {
  expect(events.length).toBeLessThanOrEqual(whole.expected.length);
  events.forEach((event, i) => expect(event).toMatchObject(whole.expected[i]));
}

describe('a trace that was cut', () => {
  it('at any byte is a valid prefix that says so, or has no header', async () => {
    let longest = 0;
    let shortest = Infinity;
    for (let length = 0; length < trace.length; length++) {
      const result = await read(trace.slice(0, length));
      if (result instanceof UserError) {
        expect(result.code).toBe('bad-trace');
        shortest = Infinity;
        continue;
      }
      expect(result.ending.complete).toBe(false);
      expect(result.ending.problem).toMatch(/ends/);
      expect(result.ending.events).toBe(result.events.length);
      expectPrefix(result.events);
      expect(result.events.length).toBeGreaterThanOrEqual(longest);
      longest = Math.max(longest, result.events.length);
      shortest = Math.min(shortest, result.events.length);
    }
    // All events survive when only the footer is lost, some when more is.
    expect(longest).toBe(whole.expected.length);
    expect(shortest).toBeLessThan(5);
  });

  it('loses nothing up to the last flush', async () => {
    const { pieces } = record(tinyRun(), { flushEvery: 1, finish: false });
    const result = await read(joined(pieces));
    expect(result).toMatchObject({ ending: { complete: false, events: whole.expected.length } });
  });
});

describe('a trace that was damaged', () => {
  it('by one bit anywhere is noticed, and what is read before is right', async () => {
    for (let at = 0; at < trace.length; at++) {
      const damaged = trace.slice();
      damaged[at] ^= 1 << (at % 8);
      const result = await read(damaged);
      if (result instanceof UserError) continue;
      expect(result.ending.complete).toBe(false);
      expectPrefix(result.events);
    }
  });

  it('by lost, doubled or swapped frames is noticed', async () => {
    // Frames as they lie in the file, checksums untouched.
    const pieces = whole.pieces;
    const first = pieces.length - 4;
    const variants = [
      [...pieces.slice(0, first), ...pieces.slice(first + 1)],
      [...pieces.slice(0, first), pieces[first], ...pieces.slice(first)],
      [...pieces.slice(0, first), pieces[first + 1], pieces[first], ...pieces.slice(first + 2)],
      [...pieces, pieces[first]],
      [...pieces, Uint8Array.of(0)],
    ];
    for (const variant of variants) {
      const result = await read(joined(variant));
      expect(result).toMatchObject({ ending: { complete: false } });
      if (!(result instanceof UserError)) expectPrefix(result.events);
    }
  });

  it('by any bytes at all never crashes the reader', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(trace.length),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(40),
        async (at, insert, removed) => {
          await read(
            joined([trace.subarray(0, at), insert, trace.subarray(Math.min(trace.length, at + removed))]),
          );
        },
      ),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(await read(bytes)).toBeInstanceOf(UserError);
      }),
    );
  });

  it('by somebody who can seal never crashes the reader', async () => {
    const frames = framesOf(trace);
    expect(traceOf(trace, frames)).toEqual(trace);
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(frames.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'insert', 'remove')), {
          minLength: 1,
          maxLength: 4,
        }),
        async (which, changes) => {
          const forged = frames.map((frame) => ({ ...frame }));
          let content = [...forged[which].content];
          for (const [place, byte, how] of changes) {
            const at = place % (content.length + 1);
            if (how === 'set') content[at] = byte;
            else
              content = content.toSpliced(at, how === 'remove' ? 1 : 0, ...(how === 'insert' ? [byte] : []));
          }
          forged[which] = { type: forged[which].type, content: Uint8Array.from(content) };
          const result = await read(traceOf(trace, forged));
          if (!(result instanceof UserError) && result.events.length > 0) accepted++;
        },
      ),
      { numRuns: 2000 },
    );
    // Else this test would only try the header's door.
    expect(accepted).toBeGreaterThan(500);
  });

  it('by a promise of great length costs nothing', async () => {
    const frames = framesOf(trace);
    const head = traceOf(trace, frames.slice(0, 3));
    const claim = Uint8Array.of(4, 0, 0, 0, 4, 1, 2, 3);
    const before = process.memoryUsage().arrayBuffers;
    const result = await read(joined([head, claim]));
    expect(result).toMatchObject({ ending: { complete: false, events: 0 } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    const impossible = await read(joined([head, Uint8Array.of(4, 255, 255, 255, 255, 1)]));
    expect(impossible).toMatchObject({
      ending: { complete: false, problem: 'a frame has an impossible type or length' },
    });
  });
});

describe('an event that cannot be', () => {
  const hex = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => parseInt(byte, 16));
  const text = (content: string): string =>
    Array.from(new TextEncoder().encode(content), (byte) => byte.toString(16)).join(' ');
  /** A body in slot 0 of node 0. */
  const bodyOf = (content: string): string =>
    `06 00 00 00 00 00 00 00 00 00 00 00 00 00 ${content.length.toString(16)} ${text(content)}`;

  // Written by hand after docs/trace-format.md, behind one good event.
  it.each([
    ['an unknown type', '07', /unknown type/],
    ['an end in the middle', '0c', /ends in the middle/],
    ['a number of nine bytes', '0c ff ff ff ff ff ff ff ff 01', /larger than 2\^53-1/],
    ['a number above 2^53-1', '0c ff ff ff ff ff ff ff 7f 00', /larger than 2\^53-1/],
    ['a time beyond all', '04 ff ff ff ff ff ff ff 0f 00 00 04 01 00 00', /time is out of range/],
    ['a node that does not exist', '18 05 00 00 00', /node does not exist/],
    ['a body that was never written', '18 01 01 00 00', /used before it is written/],
    ['an unknown kind', '58 01 00 03 00', /unknown kind/],
    ['an unknown form of a word', '18 01 00 00 03 00', /unknown form/],
    ['a fault that does not exist', '0c 04 02', /about nobody/],
    ['a node that crashes and does not exist', '0c 01 05', /about nobody/],
    ['a drop by a fault that does not exist', '5a 01 00 00 04', /fault does not exist/],
    ['a timer of a slot that does not exist', '1b 02 00 00', /slot does not exist/],
    ['a report about no message', '3d 01 00', /never arrived/],
    ['a flag that does not exist', '1d 04 7f', /flag does not exist/],
    ['a body in a slot out of order', bodyOf('1').replace('06 00', '06 01'), /out of order/],
    [
      'a body of a node that does not exist',
      bodyOf('1').replace('06 00 00', '06 00 05'),
      /node does not exist/,
    ],
    ['a body that is not UTF-8', bodyOf('1').replace(/31$/, 'ff'), /not UTF-8/],
    ['a body that is no JSON', bodyOf('{'), /not$/],
    ['a body on two lines', bodyOf('[\n]'), /not canonical JSON/],
    ['a body longer than its frame', '06 00 00 00 00 00 00 00 00 00 00 00 00 00 09 31', /ends in the middle/],
  ])('%s ends the trace there', async (_, bytes, problem) => {
    const good = '0c 00 00';
    const frames = framesOf(trace).slice(0, 3);
    const forged = [...frames, { type: 4, content: hex(`${good} ${bytes}`) }];
    const result = await read(traceOf(trace, forged));
    expect(result).toMatchObject({
      ending: { complete: false, problem: expect.stringMatching(problem) as string },
    });
  });

  it('a footer that counts other events is not believed', async () => {
    const frames = framesOf(trace);
    const footer = '{"events":18,"fingerprint":"0123456789abcdef","endUs":1,"interrupted":false}';
    frames[frames.length - 1] = { type: 5, content: new TextEncoder().encode(footer) };
    const result = await read(traceOf(trace, frames));
    expect(result).toMatchObject({
      ending: { complete: false, events: 19, problem: 'the footer counts other events' },
    });
  });
});

describe('a file that is no trace', () => {
  it.each([
    ['empty', new Uint8Array(0), /cannot be read/],
    ['text', new TextEncoder().encode('{"senderId":"a"}\n'), /not a trace/],
    ['sent as text', Uint8Array.of(0x89, 0x4d, 0x45, 0x53, 0x48, 0x0a, 0x1a, 1, 0, 0, 0, 0), /not a trace/],
    [
      'of a later version',
      Uint8Array.from(trace, (byte, i) => (i === 8 ? 2 : byte)),
      /version 2 \(expected version 1\)/,
    ],
  ])('%s is refused with its reason', async (_, bytes, message) => {
    const result = await read(bytes);
    expect(result).toBeInstanceOf(UserError);
    expect((result as UserError).message).toMatch(message);
    expect((result as UserError).exitCode).toBe(2);
  });

  it('with nodes whose names are missing is refused', async () => {
    const frames = framesOf(trace);
    const text = new TextDecoder().decode(frames[0].content).replace('"nodeCount":5', '"nodeCount":6');
    const forged = [{ type: 1, content: new TextEncoder().encode(text) }, ...frames.slice(1)];
    const result = await read(traceOf(trace, forged));
    expect((result as UserError).message).toMatch(/names of nodes are missing/);
  });
});
