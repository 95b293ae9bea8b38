/** A recorded run that can be played: it moves forward in virtual time as it is told, and can be rewound by reading the file again. */
import type { Line } from '../base/blocks.js';
import { frameLines, type View } from '../reports/replay-frame.js';
import type { TraceEnding } from '../trace/cursor.js';
import { TraceEvent } from '../trace/event.js';
import { eventTypes } from '../trace/format.js';
import { NetworkState } from '../trace/network-state.js';
import { EventPrinter } from '../trace/printer.js';
import { reportKinds } from '../model/protocol.js';
import { worldChanges } from '../model/record.js';
import { openTrace } from './replay.js';

type Trace = Awaited<ReturnType<typeof openTrace>>;

/** Events that a large window may show. */
const recentMax = 60;

export class LiveReplay {
  #trace: Trace;
  #state: NetworkState;
  #printer: EventPrinter;
  readonly #recent: TraceEvent[] = [];
  /** True when the cursor stands on an event that has not happened yet. */
  #isAhead = false;
  #ending: TraceEnding | undefined;

  private constructor(
    private readonly path: string,
    trace: Trace,
  ) {
    this.#trace = trace;
    this.#state = new NetworkState(trace.cursor.opening);
    this.#printer = new EventPrinter(trace.cursor.opening);
  }

  /** @throws UserError `input-unreadable` or `bad-trace` */
  static async open(path: string): Promise<LiveReplay> {
    return new LiveReplay(path, await openTrace(path));
  }

  get nowUs(): number {
    return this.#state.nowUs;
  }

  get nodeCount(): number {
    return this.#trace.cursor.opening.nodeCount;
  }

  /** True when nothing more will happen. */
  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /**
   * Lets everything happen up to a moment.
   * @param eventsMax no more events than this, so that the window stays alive
   * @returns false when there was more to happen than that
   */
  async advanceTo(timeUs: number, eventsMax: number): Promise<boolean> {
    for (let i = 0; i < eventsMax; i++) {
      if (!(await this.#lookAhead())) return true;
      if (this.#trace.cursor.event.timeUs > timeUs) {
        this.#state.passTo(timeUs);
        return true;
      }
      this.#take();
    }
    return false;
  }

  /** Lets one event happen. */
  async step(): Promise<void> {
    if (await this.#lookAhead()) this.#take();
  }

  /**
   * Lets everything happen up to and including the next change of the world or flag; starts of nodes do not count.
   * @returns false when `eventsMax` events passed without one: call again
   */
  async stepToNotable(eventsMax: number): Promise<boolean> {
    for (let i = 0; i < eventsMax; i++) {
      if (!(await this.#lookAhead())) return true;
      this.#take();
      const { event } = this.#trace.cursor;
      const isChange = event.type === eventTypes.world && event.change !== worldChanges.start;
      if (isChange || (event.type === eventTypes.report && event.report === reportKinds.flagged)) return true;
    }
    return false;
  }

  /** Back to the beginning. */
  async rewind(): Promise<void> {
    const trace = await openTrace(this.path);
    await this.#trace.close();
    this.#trace = trace;
    this.#state = new NetworkState(trace.cursor.opening);
    this.#printer = new EventPrinter(trace.cursor.opening);
    this.#recent.length = 0;
    this.#isAhead = false;
    this.#ending = undefined;
  }

  /** The picture for a window. */
  frame(view: View): readonly Line[] {
    return frameLines(
      {
        opening: this.#trace.cursor.opening,
        printer: this.#printer,
        state: this.#state,
        recent: this.#recent,
        ending: this.#ending,
      },
      view,
    );
  }

  async close(): Promise<void> {
    await this.#trace.close();
  }

  async #lookAhead(): Promise<boolean> {
    if (this.#isAhead) return true;
    const { cursor } = this.#trace;
    while (!cursor.advance()) {
      if (await cursor.load()) continue;
      this.#ending = cursor.ending;
      this.#state.passTo(cursor.ending.endUs);
      return false;
    }
    return (this.#isAhead = true);
  }

  #take(): void {
    const { event } = this.#trace.cursor;
    this.#isAhead = false;
    this.#state.take(event);
    const kept = this.#recent.length < recentMax ? new TraceEvent() : (this.#recent.shift() as TraceEvent);
    this.#recent.push(kept.become(event));
  }
}
