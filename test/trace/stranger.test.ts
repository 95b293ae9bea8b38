/**
 * A reader that a stranger could have written from docs/trace-format.md: no code of ours, no checks, a page long. It must see what our
 * own reader sees, event for event.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCalls, joined, record, tinyRun, type Seen } from './make.js';
import { slowCrc32c } from './reseal.js';

interface Content {
  [field: string]: unknown;
}

function strangersReader(trace: Uint8Array): { events: Content[]; footer: unknown; names: string[] } {
  const view = new DataView(trace.buffer, trace.byteOffset, trace.byteLength);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  let names: string[] = [];
  let footer: unknown;
  let slots: { messages: unknown[] }[] = [];
  const stream: number[] = [];
  let sum = slowCrc32c(trace.subarray(0, 12));
  for (let at = 12; at < trace.length;) {
    const length = view.getUint32(at + 1, true);
    const content = trace.subarray(at + 5, at + 5 + length);
    sum = slowCrc32c(trace.subarray(at, at + 5 + length), sum);
    expect(view.getUint32(at + 5 + length, true)).toBe(sum);
    if (trace[at] === 1) ({ slots } = JSON.parse(text(content)) as { slots: typeof slots });
    if (trace[at] === 2) names = [...names, ...(JSON.parse(text(content)) as string[])];
    if (trace[at] === 4) stream.push(...content);
    if (trace[at] === 5) footer = JSON.parse(text(content));
    at += 5 + length + 4;
  }

  let at = 0;
  const byte = (): number => stream[at++];
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
  };
  const signed = (): number => {
    const folded = varint();
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  };
  const bytes = (count: number): Uint8Array => Uint8Array.from(stream.slice(at, (at += count)));
  const double = (): number => new DataView(bytes(8).buffer).getFloat64(0, true);

  const kinds = slots.flatMap(({ messages }, slot) => messages.map((_, kind) => ({ slot, kind })));
  const kindWords = kinds.map(() => [0, 0, 0, 0]);
  const bodies: { words: number[]; kind: number; content: Content }[] = [];
  let timeUs = 0;
  let node = 0;
  let code = 0;
  let atHand: Content = {};
  const events: Content[] = [];
  while (at < stream.length) {
    const first = byte();
    const type = first & 7;
    const has = (mark: number): boolean => (first & mark) !== 0;
    if (type === 6) {
      const slot = varint();
      const content: Content = {
        origin: varint(),
        incarnation: varint(),
        step: varint(),
        sequence: varint(),
        timestampMs: double(),
        canonical: text(bytes(varint())),
      };
      if (has(8)) content.signature = bytes(varint());
      bodies[slot] = { words: [0, 0, 0, 0], kind: 0, content };
      continue;
    }
    if (!has(8)) timeUs += varint();
    const event: Content = { index: events.length, timeUs, type, hasMessage: false };
    events.push(event);
    if (type === 4) {
      Object.assign(event, { change: varint(), subject: varint() });
      continue;
    }
    if (!has(16)) node = varint();
    event.node = node;
    if (type === 3) {
      Object.assign(event, { slot: varint(), kind: varint(), argument: has(32) ? double() : signed() });
    } else if (type === 5) {
      Object.assign(event, { report: byte(), value: varint() });
      if (has(32)) Object.assign(event, atHand);
      else if (has(64)) event.body = bodies[varint() - 1].content;
    } else {
      const other = varint();
      if (!has(32)) code = varint();
      const body = code === 0 ? undefined : bodies[code - 1];
      const kind = has(128) ? body!.kind : varint();
      if (body !== undefined) body.kind = kind;
      const words = body?.words ?? kindWords[kind];
      if (!has(64)) {
        const forms = byte();
        for (let i = 0; i < 4; i++) {
          const form = (forms >> (2 * i)) & 3;
          if (form === 1) words[i] += signed();
          if (form === 2) words[i] = double();
        }
      }
      const [a, b, c, d] = words;
      const ends = type === 1 ? { from: other, to: node } : { from: node, to: other };
      const message = { hasMessage: true, ...ends, ...kinds[kind], a, b, c, d, body: body?.content };
      Object.assign(event, message, type === 2 ? { reason: signed() } : { delayUs: varint() });
      if (type === 1) atHand = message;
    }
  }
  return { events, footer, names };
}

const check = (events: readonly Content[], expected: readonly Seen[]): void => {
  expect(events.length).toBe(expected.length);
  events.forEach((event, i) => expect({ body: undefined, ...event }).toMatchObject(expected[i]));
};

describe("a stranger's reader", () => {
  it('reads a tiny run', () => {
    const { pieces, expected } = record(tinyRun());
    const { events, footer, names } = strangersReader(joined(pieces));
    check(events, expected);
    expect(names).toEqual(['alpha', 'beta', 'gamma', 'delta', 'epsilon']);
    expect(footer).toMatchObject({ events: expected.length, fingerprint: '0123456789abcdef' });
  });

  it('reads anything', () => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const { pieces, expected } = record(calls, { flushEvery: 7 });
        check(strangersReader(joined(pieces)).events, expected);
      }),
      { numRuns: 150 },
    );
  });
});
