/**
 * A recorded run instead of a log: the messages in it, as the log that its observers would have written, and the pattern that it ran
 * with. Where nobody observed, every message counts from the first node that took it or found fault with it.
 */
import type { LogInput } from '../io/log-input.js';
import { reportKinds } from '../model/protocol.js';
import { messageLine } from '../parts/message-line.js';
import { TraceCursor } from '../trace/cursor.js';
import { eventTypes, magic } from '../trace/format.js';
import type { TraceOpening } from '../trace/header.js';
import type { PortableRequest } from './observe-options.js';

/** Copies of one message are told apart among the latest this many. */
const remembered = 65_536;
const pieceLength = 1 << 16;

/** Is this file a trace? Only of a plain file can it be told without taking bytes away. */
export async function isTrace(input: LogInput): Promise<boolean> {
  if (!input.isSeekable) return false;
  for await (const bytes of input.range(0, magic.length))
    return magic.every((byte, place) => bytes[place] === byte);
  return false;
}

export interface TraceLog {
  readonly input: LogInput;
  /** What the run's messages carry. */
  readonly pattern: Pick<PortableRequest, 'pattern' | 'seed' | 'phaseResetInterval'>;
}

/** @throws UserError `bad-trace` when it is not a trace that this version reads */
export async function traceAsLog(input: LogInput): Promise<TraceLog> {
  const { opening } = await TraceCursor.open(input.chunks(), input.path);
  return {
    pattern: patternOf(opening),
    input: {
      path: input.path,
      sizeBytes: input.sizeBytes,
      isSeekable: false,
      chunks: (onRead) => lines(input, onRead),
      range: (from, to) => input.range(from, to),
      close: () => input.close(),
    },
  };
}

/** From the scenario in the header, which has every default written out. */
function patternOf({ scenario }: TraceOpening): TraceLog['pattern'] {
  const { pattern } = JSON.parse(scenario) as { pattern?: Record<string, unknown> };
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const name = typeof pattern?.type === 'string' ? pattern.type : undefined;
  return {
    pattern: name,
    seed: number(pattern?.seed),
    phaseResetInterval: number(pattern?.phaseResetInterval),
  };
}

async function* lines(input: LogInput, onRead?: (bytes: number) => void): AsyncIterable<Uint8Array> {
  const cursor = await TraceCursor.open(input.chunks(onRead), input.path);
  const { nodeNames } = cursor.opening;
  const encoder = new TextEncoder();
  const seen = new Set<string>();
  // Whether anybody observed is known only when the whole run was looked through.
  const isObserved = await hasObservers(input);
  let text = '';
  while (await cursor.load()) {
    while (cursor.advance()) {
      const { event } = cursor;
      if (event.type !== eventTypes.report || !event.hasMessage || event.body === undefined) continue;
      const { report, body, a, b, c } = event;
      const counts = isObserved
        ? report === reportKinds.observed
        : report === reportKinds.delivered || report === reportKinds.flagged;
      if (!counts) continue;
      const identity = `${body.number} ${a} ${b} ${c}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      if (seen.size > remembered) seen.delete(seen.values().next().value as string);
      text += messageLine(nodeNames[body.origin], body, a, b, c);
      if (text.length < pieceLength) continue;
      yield encoder.encode(text);
      text = '';
    }
  }
  if (text !== '') yield encoder.encode(text);
}

async function hasObservers(input: LogInput): Promise<boolean> {
  const cursor = await TraceCursor.open(input.chunks(), input.path);
  while (await cursor.load()) {
    while (cursor.advance()) {
      const { type, report } = cursor.event;
      if (type === eventTypes.report && report === reportKinds.observed) return true;
    }
  }
  return false;
}
