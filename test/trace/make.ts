/** Small traces for tests: calls as the engine makes them, and what a reader should make of them. */
import fc from 'fast-check';
import type { Bodies, Body } from '../../src/core/model/bodies.js';
import type { Envelope } from '../../src/core/model/envelope.js';
import type { ReportKind } from '../../src/core/model/protocol.js';
import type { WorldChange } from '../../src/core/model/record.js';
import type { TraceHeader } from '../../src/core/trace/header.js';
import { TraceWriter } from '../../src/core/trace/writer.js';
import { flagNames, reportKinds } from '../../src/core/model/protocol.js';
import { traceNames } from '../../src/core/trace/header.js';

export const nodeNames = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

export const header: TraceHeader = {
  mesh: '0.1.0',
  name: 'tiny',
  seed: 42,
  scenario: '{"version":1}',
  nodeCount: nodeNames.length,
  stopTimeUs: 10_000_000,
  slots: [
    {
      name: 'spread',
      protocol: 'flood',
      messages: [
        { name: 'data', words: ['step', 'value', 'sequence', 'hops'] },
        { name: 'digest', words: ['count'] },
      ],
    },
    { name: 'clock', protocol: 'max', messages: [{ name: 'step', words: ['step'] }] },
  ],
  faults: [
    { id: 'split', kind: 'partition', lasts: true },
    { id: 'noise', kind: 'loss', lasts: true },
  ],
  adversaries: [{ id: 'liar', kind: 'forge-pattern', fromUs: 0, untilUs: 10_000_000 }],
  reports: traceNames.reports,
  flags: flagNames,
  changes: traceNames.changes,
  reasons: traceNames.reasons,
};

export function body(origin: number, data: unknown, extra: Partial<Body> = {}): Body {
  const canonical = JSON.stringify(data);
  return {
    origin,
    incarnation: 0,
    step: 47,
    sequence: 0,
    timestampMs: 1_700_000_000_000,
    data,
    canonical,
    sizeBytes: canonical.length,
    digest0: 1,
    digest1: 2,
    ...extra,
  };
}

/** A table in which handles are used again at will. */
export class Shelf implements Bodies {
  readonly bodies = new Map<number, Body>();
  add(): number {
    throw new Error('not in these tests');
  }
  get(handle: number): Body {
    const found = this.bodies.get(handle);
    if (found === undefined) throw new Error(`no body ${handle}`);
    return found;
  }
  retain(): void {}
  release(): void {}
}

/** One call to the listener. `put` changes what a handle holds. */
export type Call =
  | { do: 'put'; handle: number; body: Body }
  | { do: 'sent' | 'delivered'; passedUs: number; envelope: Envelope; delayUs: number }
  | { do: 'dropped'; passedUs: number; envelope: Envelope; reason: number }
  | { do: 'timer'; passedUs: number; node: number; slot: number; kind: number; argument: number }
  | { do: 'world'; passedUs: number; change: WorldChange; subject: number }
  | {
      do: 'reported';
      passedUs: number;
      node: number;
      kind: ReportKind;
      body: number;
      value: number;
      /** About the message that arrived last, if any; else a stale envelope is passed. */
      atHand: boolean;
    };

export function envelope(fields: Partial<Envelope>): Envelope {
  return { slot: 0, kind: 0, from: 0, to: 1, a: 0, b: 0, c: 0, d: 0, body: 0, ...fields };
}

/** What a reader should see of one event; only the fields that its type has. */
export type Seen = Readonly<Record<string, unknown>>;

/** Plays calls into a writer. Returns the bytes, piece by piece, and what should be read, by its own reckoning. */
export function record(
  calls: readonly Call[],
  options: {
    readonly finish?: boolean;
    readonly interrupted?: boolean;
    readonly flushEvery?: number;
    readonly header?: TraceHeader;
  } = {},
): { pieces: Uint8Array[]; expected: Seen[] } {
  const pieces: Uint8Array[] = [];
  const shelf = new Shelf();
  const writer = new TraceWriter(
    options.header ?? header,
    (address) => nodeNames[address],
    shelf,
    (bytes) => pieces.push(bytes),
    [{ name: 'map.graphml', bytes: Uint8Array.of(1, 2, 3) }],
  );
  const expected: Seen[] = [];
  const contentOf = (handle: number): unknown => {
    if (handle === 0) return undefined;
    const { origin, incarnation, step, sequence, timestampMs, canonical, signature } = shelf.get(handle);
    return {
      origin,
      incarnation,
      step,
      sequence,
      timestampMs,
      canonical,
      ...(signature === undefined ? {} : { signature }),
    };
  };
  let timeUs = 0;
  let hand: Envelope | undefined;
  let lastUs = 0;
  for (const call of calls) {
    if (call.do === 'put') {
      shelf.bodies.set(call.handle, call.body);
      // The engine never changes a body while its message is being handled.
      hand = undefined;
      continue;
    }
    timeUs += call.passedUs;
    const index = expected.length;
    const about = (message: Envelope): Seen => ({
      ...message,
      body: contentOf(message.body),
      hasMessage: true,
    });
    switch (call.do) {
      case 'sent':
        writer.sent(timeUs, { ...call.envelope }, call.delayUs);
        expected.push({
          index,
          timeUs,
          type: 0,
          node: call.envelope.from,
          delayUs: call.delayUs,
          ...about(call.envelope),
        });
        break;
      case 'delivered':
        writer.delivered(timeUs, { ...call.envelope }, call.delayUs);
        expected.push({
          index,
          timeUs,
          type: 1,
          node: call.envelope.to,
          delayUs: call.delayUs,
          ...about(call.envelope),
        });
        hand = call.envelope;
        lastUs = timeUs;
        break;
      case 'dropped':
        writer.dropped(timeUs, { ...call.envelope }, call.reason);
        expected.push({
          index,
          timeUs,
          type: 2,
          node: call.envelope.from,
          reason: call.reason,
          ...about(call.envelope),
        });
        break;
      case 'timer':
        writer.timer(timeUs, call.node, call.slot, call.kind, call.argument);
        expected.push({
          index,
          timeUs,
          type: 3,
          node: call.node,
          slot: call.slot,
          kind: call.kind,
          argument: call.argument,
          hasMessage: false,
        });
        hand = undefined;
        break;
      case 'world':
        writer.world(timeUs, call.change, call.subject);
        expected.push({
          index,
          timeUs,
          type: 4,
          change: call.change,
          subject: call.subject,
          hasMessage: false,
        });
        hand = undefined;
        break;
      case 'reported': {
        const message = call.atHand && hand !== undefined && lastUs === timeUs ? hand : undefined;
        const node = message === undefined ? call.node : message.to;
        const handle = message === undefined ? call.body : message.body;
        const passed = message ?? envelope({ a: 977, from: 3, to: 2 });
        writer.reported(timeUs, node, call.kind, handle, call.value, { ...passed });
        const seen = { index, timeUs, type: 5, node, report: call.kind, value: call.value };
        expected.push(
          message === undefined
            ? { ...seen, hasMessage: false, body: contentOf(handle) }
            : { ...seen, ...about(message) },
        );
      }
    }
    if (options.flushEvery !== undefined && expected.length % options.flushEvery === 0) writer.flush();
  }
  if (options.finish ?? true) {
    const { interrupted } = options;
    writer.finish({ fingerprint: '0123456789abcdef', endUs: timeUs, interrupted });
  }
  return { pieces, expected };
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

const address = fc.nat(nodeNames.length - 1);
/** Words: small, huge, negative, fractional, not finite. No minus zero, which a trace does not tell from zero. */
const word = fc
  .oneof(
    fc.nat(300),
    fc.maxSafeNat(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(Infinity, -Infinity, NaN, 2 ** 53, -(2 ** 52), 2 ** 52),
  )
  .map((value) => (value === 0 ? 0 : value));
const kinds = fc.constantFrom({ slot: 0, kind: 0 }, { slot: 0, kind: 1 }, { slot: 1, kind: 0 });
/** Handles 1 and 5 are on the shelf from the start. */
const handle = fc.constantFrom(0, 0, 1, 5);
const anEnvelope = fc
  .record({ kinds, from: address, to: address, a: word, b: word, c: word, d: word, body: handle })
  .map(({ kinds: { slot, kind }, ...rest }) => ({ slot, kind, ...rest }));
const passedUs = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(5000), fc.nat(2 ** 45));
const aBody = fc
  .record({
    origin: address,
    incarnation: fc.nat(3),
    step: fc.maxSafeNat(),
    sequence: fc.nat(2 ** 32 - 1),
    timestampMs: fc.double({ noNaN: true }),
    data: fc.jsonValue(),
    signature: fc.option(fc.uint8Array({ maxLength: 70 }), { nil: undefined }),
  })
  .map(({ origin, data, ...extra }) => body(origin, data, extra));

/** Anything that an engine may say, in any order. */
export const anyCall: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    do: fc.constantFrom('sent' as const, 'delivered' as const),
    passedUs,
    envelope: anEnvelope,
    delayUs: fc.maxSafeNat(),
  }),
  fc.record({
    do: fc.constant('dropped' as const),
    passedUs,
    envelope: anEnvelope,
    reason: fc.integer({ min: -4, max: 1 }),
  }),
  fc.record({
    do: fc.constant('timer' as const),
    passedUs,
    node: address,
    slot: fc.nat(1),
    kind: fc.nat(200),
    argument: word,
  }),
  fc.record({
    do: fc.constant('world' as const),
    passedUs,
    change: fc.constantFrom(0, 1, 2, 3) as fc.Arbitrary<WorldChange>,
    subject: address,
  }),
  fc.record({
    do: fc.constant('world' as const),
    passedUs,
    change: fc.constantFrom(4, 5) as fc.Arbitrary<WorldChange>,
    subject: fc.nat(1),
  }),
  fc.record({
    do: fc.constant('reported' as const),
    passedUs,
    node: address,
    kind: fc.constantFrom(...Object.values(reportKinds)),
    body: handle,
    value: fc.nat(flagNames.length - 1),
    atHand: fc.boolean(),
  }),
  fc.record({ do: fc.constant('put' as const), handle: fc.constantFrom(1, 5), body: aBody }),
);

/** Some calls, with bodies on the shelf before they are needed. */
export const anyCalls = fc
  .array(anyCall, { maxLength: 60 })
  .map((calls): Call[] => [
    { do: 'put', handle: 5, body: body(2, { t: 23.5 }) },
    { do: 'put', handle: 1, body: body(0, 'x') },
    ...calls,
  ]);

/** A short run that has one of everything. */
export function tinyRun(): Call[] {
  const data = envelope({ from: 0, to: 1, a: 47, b: 1, c: 0, d: 1, body: 1 });
  return [
    { do: 'put', handle: 1, body: body(0, { temperature: 23.5 }) },
    ...nodeNames.map((_, node): Call => ({ do: 'world', passedUs: 0, change: 0, subject: node })),
    { do: 'timer', passedUs: 1000, node: 0, slot: 0, kind: 1, argument: 3 },
    { do: 'reported', passedUs: 0, node: 0, kind: reportKinds.published, body: 1, value: 47, atHand: false },
    { do: 'sent', passedUs: 0, envelope: data, delayUs: 2500 },
    { do: 'sent', passedUs: 0, envelope: { ...data, to: 2 }, delayUs: 700 },
    { do: 'world', passedUs: 100, change: 4, subject: 0 },
    { do: 'delivered', passedUs: 600, envelope: { ...data, to: 2 }, delayUs: 700 },
    { do: 'reported', passedUs: 0, node: 2, kind: reportKinds.flagged, body: 1, value: 1, atHand: true },
    { do: 'reported', passedUs: 0, node: 2, kind: reportKinds.delivered, body: 1, value: 1, atHand: true },
    { do: 'sent', passedUs: 0, envelope: { ...data, from: 2, to: 3, d: 2 }, delayUs: 90_000 },
    { do: 'dropped', passedUs: 0, envelope: { ...data, from: 2, to: 4, d: 2 }, reason: 0 },
    { do: 'world', passedUs: 10, change: 1, subject: 3 },
    { do: 'delivered', passedUs: 1790, envelope: data, delayUs: 2500 },
    { do: 'reported', passedUs: 0, node: 1, kind: reportKinds.adopted, body: 0, value: 48, atHand: true },
    { do: 'dropped', passedUs: 88_200, envelope: { ...data, from: 2, to: 3, d: 2 }, reason: -2 },
  ];
}
