/**
 * `mesh replay`: everything that can be asked of a recorded run. Each use case opens the trace, moves one finger along it, and comes
 * back with a value; none needs more memory for a longer trace.
 */
import { UserError } from '../base/errors.js';
import { showText } from '../base/escape.js';
import { openLog } from '../io/log-input.js';
import { TraceCursor, type TraceEnding } from '../trace/cursor.js';
import { type Comparison, firstDivergence } from '../trace/divergence.js';
import type { TraceEvent } from '../trace/event.js';
import { addressOf, EventFilter, type EventWish } from '../trace/filter.js';
import type { TraceOpening } from '../trace/header.js';
import { NetworkState } from '../trace/network-state.js';
import { EventPrinter } from '../trace/printer.js';
import { Summary, type TraceSummary } from '../trace/summary.js';

export type { EventWish } from '../trace/filter.js';

/** What every question may come with. */
export interface ReplayOptions {
  /** Stops the reading; the answer is then about what was read. */
  readonly signal?: AbortSignal;
  /** Told now and then how many events were read. */
  readonly onProgress?: (events: number) => void;
}

/** A trace with a way to let go of its file. */
interface OpenTrace {
  readonly cursor: TraceCursor;
  close(): Promise<void>;
}

/** @throws UserError `input-unreadable` or `bad-trace` */
export async function openTrace(path: string): Promise<OpenTrace> {
  const input = await openLog(path);
  const place = path === '-' ? 'standard input' : showText(path);
  try {
    const cursor = await TraceCursor.open(input.chunks(), place);
    return {
      cursor,
      close: async () => {
        await cursor.close();
        await input.close();
      },
    };
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** Moves to the end, or until `look` says stop. Returns false when somebody said stop. */
async function walk(
  { cursor }: OpenTrace,
  { signal, onProgress }: ReplayOptions,
  look: (event: TraceEvent) => boolean,
): Promise<boolean> {
  while (await cursor.load()) {
    if (signal?.aborted === true) return false;
    onProgress?.(cursor.event.index + 1);
    while (cursor.advance()) if (!look(cursor.event)) return false;
  }
  return true;
}

/** How far a trace was read: its own ending, or that somebody stopped the reading. */
function endingOf({ cursor }: OpenTrace): TraceEnding {
  if (cursor.hasEnded) return cursor.ending;
  return {
    complete: false,
    problem: 'the reading was stopped',
    events: cursor.event.index + 1,
    bytes: 0,
    endUs: cursor.event.timeUs,
    interrupted: true,
  };
}

/** The trace in a few figures. */
export async function summariseTrace(path: string, options: ReplayOptions = {}): Promise<TraceSummary> {
  const trace = await openTrace(path);
  try {
    const summary = new Summary(trace.cursor.opening);
    await walk(trace, options, (event) => {
      summary.take(event);
      return true;
    });
    return summary.result(endingOf(trace));
  } finally {
    await trace.close();
  }
}

/** The network at a moment. */
export interface NetworkAt {
  readonly opening: TraceOpening;
  readonly printer: EventPrinter;
  readonly state: NetworkState;
  readonly atUs: number;
  /** Address of the node that was asked for. */
  readonly node: number | undefined;
  /** Set when the trace ended before that moment. */
  readonly ending: TraceEnding | undefined;
}

/**
 * The state of the network when everything up to and including this moment has happened.
 * @param atUs whole microseconds of virtual time
 * @throws UserError also `unknown-node`, before the trace is read, when the trace has no such node
 */
export async function networkAt(
  path: string,
  atUs: number,
  options: ReplayOptions & { readonly node?: string } = {},
): Promise<NetworkAt> {
  const trace = await openTrace(path);
  try {
    const { opening } = trace.cursor;
    const node = options.node === undefined ? undefined : addressOf(opening, options.node);
    const state = new NetworkState(opening);
    const gotToTheEnd = await walk(trace, options, (event) => {
      if (event.timeUs > atUs) return false;
      state.take(event);
      return true;
    });
    const ending = gotToTheEnd || options.signal?.aborted === true ? endingOf(trace) : undefined;
    state.passTo(ending === undefined ? atUs : Math.min(atUs, ending.endUs));
    return { opening, printer: new EventPrinter(opening), state, atUs, node, ending };
  } finally {
    await trace.close();
  }
}

/** Some events, and how many more there are. */
export interface ChosenEvents {
  readonly opening: TraceOpening;
  readonly printer: EventPrinter;
  readonly events: readonly TraceEvent[];
  readonly matching: number;
  readonly ending: TraceEnding | undefined;
}

/** The first `limit` events that are wished for; all are counted. */
export async function chooseEvents(
  path: string,
  wish: EventWish,
  limit: number,
  options: ReplayOptions = {},
): Promise<ChosenEvents> {
  const trace = await openTrace(path);
  try {
    const { opening } = trace.cursor;
    const filter = new EventFilter(opening, wish);
    const events: TraceEvent[] = [];
    let matching = 0;
    const gotToTheEnd = await walk(trace, options, (event) => {
      if (event.timeUs > filter.untilUs) return false;
      if (filter.matches(event)) {
        matching++;
        if (events.length < limit) events.push(event.copy());
      }
      return true;
    });
    const ending = gotToTheEnd || options.signal?.aborted === true ? endingOf(trace) : undefined;
    return { opening, printer: new EventPrinter(opening), events, matching, ending };
  } finally {
    await trace.close();
  }
}

/** How much text is gathered before it is written. */
const linesCharacters = 65_536;

/**
 * Writes the wished events as JSON lines. The content of a body is spelt out where it is first written.
 * @param write false when nobody reads any more
 * @returns how the trace ended; undefined when the reading stopped before its end
 */
export async function writeEventLines(
  path: string,
  wish: EventWish,
  write: (text: string) => Promise<boolean>,
  options: ReplayOptions = {},
): Promise<TraceEnding | undefined> {
  const trace = await openTrace(path);
  const { cursor } = trace;
  try {
    const { opening } = cursor;
    const filter = new EventFilter(opening, wish);
    const printer = new EventPrinter(opening);
    // Bodies are told apart by being the same object, and are forgotten when the cursor forgets them.
    const told = new WeakSet<object>();
    const isStopped = (): boolean => options.signal?.aborted === true;
    let text = '';
    while (await cursor.load()) {
      if (isStopped()) break;
      while (cursor.advance()) {
        const { event } = cursor;
        if (event.timeUs > filter.untilUs) {
          await write(text);
          return undefined;
        }
        if (!filter.matches(event)) continue;
        const isNew = event.body !== undefined && !told.has(event.body);
        if (isNew) told.add(event.body as object);
        text += `${printer.json(event, isNew)}\n`;
        if (text.length < linesCharacters) continue;
        if (!(await write(text)) || isStopped()) return undefined;
        text = '';
      }
    }
    await write(text);
    return endingOf(trace);
  } finally {
    await trace.close();
  }
}

/** Two traces, and where they part. */
export interface TraceComparison extends Comparison {
  readonly openingA: TraceOpening;
  readonly openingB: TraceOpening;
}

/** The first event at which two traces differ. */
export async function compareTraces(pathA: string, pathB: string): Promise<TraceComparison> {
  const a = await openTrace(pathA);
  try {
    const b = await openTrace(pathB);
    try {
      return await compareOpen(a.cursor, b.cursor);
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}

/** The same for traces that are open already. */
export async function compareOpen(a: TraceCursor, b: TraceCursor): Promise<TraceComparison> {
  return { ...(await firstDivergence(a, b)), openingA: a.opening, openingB: b.opening };
}

/** @throws UserError when the trace comes through a pipe and would have to be read twice */
export function requireFile(path: string, flag: string): void {
  if (path !== '-') return;
  throw new UserError('input-unreadable', {
    place: 'standard input',
    what: `${flag} reads the trace more than once`,
    expected: 'a file',
  });
}
