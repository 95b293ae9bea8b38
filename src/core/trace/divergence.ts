/**
 * Where two runs part: two fingers move along two traces, and stop at the first event that is not the same in both. Times, nodes,
 * words and contents are compared, never the numbers that a trace gives to bodies, and names rather than positions where they differ.
 */
import type { TraceCursor, TraceEnding } from './cursor.js';
import { type TraceBody, TraceEvent } from './event.js';
import { eventTypes } from './format.js';
import type { TraceOpening } from './header.js';

/** One event around the place where traces part. */
export interface Neighbour {
  readonly index: number;
  readonly event: TraceEvent;
}

export interface Divergence {
  /** The position of the first event that differs; earlier ones are the same in both. */
  readonly index: number;
  /** That event in both traces; undefined where a trace has ended already. */
  readonly a: TraceEvent | undefined;
  readonly b: TraceEvent | undefined;
  /** Which fields differ, such as `delayUs`; empty when a trace has ended. */
  readonly fields: readonly string[];
  /** The last events that both share, the oldest first. */
  readonly before: readonly TraceEvent[];
  /** What follows in each trace. */
  readonly afterA: readonly TraceEvent[];
  readonly afterB: readonly TraceEvent[];
}

export interface Comparison {
  /** Undefined when no event differs as far as both traces go. */
  readonly divergence: Divergence | undefined;
  /** What differs in the headers, such as `seed`; the events are compared all the same. */
  readonly headerFields: readonly string[];
  /** Events that are the same in both. */
  readonly common: number;
  /** Where the reading of a trace stopped at its end, and how. */
  readonly endingA: TraceEnding | undefined;
  readonly endingB: TraceEnding | undefined;
}

/** Events shown on either side. */
const aroundMax = 3;

/**
 * Compares two traces from their first event on. A trace that ends early, because it was cut or its run was stopped, is no
 * divergence: nobody knows what it would have said.
 * @param a, b opened and not yet moved; both are read only as far as needed
 */
export async function firstDivergence(a: TraceCursor, b: TraceCursor): Promise<Comparison> {
  const headerFields = differingHeaderFields(a.opening, b.opening);
  const sameNames = !headerFields.includes('nodes') && !headerFields.includes('slots');
  const recent: TraceEvent[] = [];
  let common = 0;
  const moved = { a: false, b: false };
  for (;;) {
    // Within a frame nothing has to be awaited.
    moved.a = a.advance() || (await moveOn(a));
    moved.b = b.advance() || (await moveOn(b));
    if (!moved.a || !moved.b) break;
    if (!sameNames || !isSame(a.event, b.event)) {
      const fields = differingFields(a.event, b.event, a.opening, b.opening);
      if (fields.length > 0) return found(fields);
    }
    common++;
    // The oldest is used again, so that a long way leaves no garbage behind.
    const kept = recent.length < aroundMax ? new TraceEvent() : (recent.shift() as TraceEvent);
    recent.push(kept.become(a.event));
  }
  const endingA = a.hasEnded ? a.ending : undefined;
  const endingB = b.hasEnded ? b.ending : undefined;
  const goesOn = moved.a || moved.b;
  // Only a run that came to its end has really nothing more to say.
  const ended = moved.a ? endingB : endingA;
  if (goesOn && ended?.complete === true && !ended.interrupted) return found([]);
  return { divergence: undefined, headerFields, common, endingA, endingB };

  async function found(fields: readonly string[]): Promise<Comparison> {
    const eventA = moved.a ? a.event.copy() : undefined;
    const eventB = moved.b ? b.event.copy() : undefined;
    const divergence: Divergence = {
      index: common,
      a: eventA,
      b: eventB,
      fields,
      before: recent,
      afterA: await following(a),
      afterB: await following(b),
    };
    return {
      divergence,
      headerFields,
      common,
      endingA: a.hasEnded ? a.ending : undefined,
      endingB: b.hasEnded ? b.ending : undefined,
    };
  }
}

/**
 * The quick look, for traces that call everything by the same names. Fields that mean nothing for this type are left over from events
 * before, so they are the same too; where they are not, the thorough look decides.
 */
function isSame(a: TraceEvent, b: TraceEvent): boolean {
  return (
    a.timeUs === b.timeUs &&
    a.type === b.type &&
    a.node === b.node &&
    a.hasMessage === b.hasMessage &&
    a.from === b.from &&
    a.to === b.to &&
    a.slot === b.slot &&
    a.kind === b.kind &&
    a.a === b.a &&
    a.b === b.b &&
    a.c === b.c &&
    a.d === b.d &&
    a.delayUs === b.delayUs &&
    a.reason === b.reason &&
    a.argument === b.argument &&
    a.change === b.change &&
    a.subject === b.subject &&
    a.report === b.report &&
    a.value === b.value &&
    sameBody(a.body, b.body)
  );
}

async function moveOn(cursor: TraceCursor): Promise<boolean> {
  while (await cursor.load()) if (cursor.advance()) return true;
  return false;
}

async function following(cursor: TraceCursor): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = [];
  while (events.length < aroundMax && (cursor.advance() || (await moveOn(cursor)))) {
    events.push(cursor.event.copy());
  }
  return events;
}

/** The fields in which two events differ, as they are called in JSON. */
export function differingFields(
  a: TraceEvent,
  b: TraceEvent,
  openingA: TraceOpening,
  openingB: TraceOpening,
): readonly string[] {
  const fields: string[] = [];
  if (a.timeUs !== b.timeUs) fields.push('timeUs');
  if (a.type !== b.type) return [...fields, 'event'];
  const name = (opening: TraceOpening, address: number): string | undefined => opening.nodeNames[address];
  const node = (field: string, p: number, q: number): void => {
    if (p !== q || name(openingA, p) !== name(openingB, q)) fields.push(field);
  };
  const number = (field: string, p: number, q: number): void => {
    // Bit for bit: NaN is NaN.
    if (p !== q && !(Number.isNaN(p) && Number.isNaN(q))) fields.push(field);
  };
  switch (a.type) {
    case eventTypes.timer:
      node('node', a.node, b.node);
      number('slot', a.slot, b.slot);
      number('timer', a.kind, b.kind);
      number('argument', a.argument, b.argument);
      return fields;
    case eventTypes.world:
      number('event', a.change, b.change);
      number(a.node >= 0 ? 'node' : 'fault', a.subject, b.subject);
      return fields;
    case eventTypes.report:
      number('event', a.report, b.report);
      node('node', a.node, b.node);
      number('value', a.value, b.value);
      if (a.hasMessage !== b.hasMessage) fields.push('message');
      break;
    case eventTypes.dropped:
      number('reason', a.reason, b.reason);
      break;
    default:
      number('delayUs', a.delayUs, b.delayUs);
  }
  if (a.hasMessage && b.hasMessage) {
    node('from', a.from, b.from);
    node('to', a.to, b.to);
    number('slot', a.slot, b.slot);
    number('message', a.kind, b.kind);
    const words = openingA.slots[a.slot]?.messages[a.kind]?.words ?? [];
    number(words[0] ?? 'a', a.a, b.a);
    number(words[1] ?? 'b', a.b, b.b);
    number(words[2] ?? 'c', a.c, b.c);
    number(words[3] ?? 'd', a.d, b.d);
  }
  if (!sameBody(a.body, b.body)) fields.push('body');
  return fields;
}

function sameBody(a: TraceBody | undefined, b: TraceBody | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.origin === b.origin &&
    a.incarnation === b.incarnation &&
    a.step === b.step &&
    a.sequence === b.sequence &&
    Object.is(a.timestampMs, b.timestampMs) &&
    a.canonical === b.canonical &&
    sameBytes(a.signature, b.signature)
  );
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function differingHeaderFields(a: TraceOpening, b: TraceOpening): readonly string[] {
  const fields: string[] = [];
  if (a.mesh !== b.mesh) fields.push('mesh version');
  if (a.scenario !== b.scenario) fields.push('scenario');
  if (a.seed !== b.seed) fields.push('seed');
  if (a.nodeCount !== b.nodeCount || a.nodeNames.some((name, i) => name !== b.nodeNames[i])) {
    fields.push('nodes');
  }
  if (JSON.stringify([a.slots, a.flags]) !== JSON.stringify([b.slots, b.flags])) fields.push('slots');
  return fields;
}
