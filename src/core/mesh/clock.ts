/**
 * What time is it, and wake me later: all that nodes in one process want of the world's time. The real clock looks at the machine
 * (real-clock.ts); the manual one stands still until it is told to move, so that a test of ten minutes takes none.
 */
import { UserError } from '../base/errors.js';
import { showValue } from '../base/escape.js';

export interface MeshClock {
  /** Milliseconds since 1970, as the calendar has it; may jump. For timestamps. */
  epochMs(): number;
  /** Microseconds since some moment in the past, never running backwards; may have a fraction. For durations. */
  nowUs(): number;
  /**
   * Calls back once, after at least that many milliseconds.
   * @returns a function that calls it off
   */
  later(delayMs: number, callback: () => void): () => void;
}

interface Alarm {
  readonly dueUs: number;
  readonly number: number;
  readonly callback: () => void;
}

/** A clock that moves only by `advance`. Alarms ring in the order of their times, equal times in the order in which they were set. */
export class ManualClock implements MeshClock {
  readonly #startMs: number;
  #nowUs = 0;
  #numbers = 0;
  readonly #alarms = new Map<number, Alarm>();

  /** @param startMs milliseconds since 1970 at which it stands; default 0 */
  constructor(startMs = 0) {
    this.#startMs = checkMs(startMs, 'the start of a manual clock');
  }

  epochMs(): number {
    return this.#startMs + Math.floor(this.#nowUs / 1000);
  }

  nowUs(): number {
    return this.#nowUs;
  }

  later(delayMs: number, callback: () => void): () => void {
    const number = this.#numbers++;
    this.#alarms.set(number, {
      dueUs: this.#nowUs + Math.max(0, Math.round(delayMs * 1000)),
      number,
      callback,
    });
    return () => void this.#alarms.delete(number);
  }

  /** Alarms that have not rung. */
  get pending(): number {
    return this.#alarms.size;
  }

  /**
   * Lets time pass and rings every alarm on the way, also those that ringing alarms set.
   * @param ms milliseconds, not negative; kept to the microsecond
   * @throws UserError `invalid-value`
   */
  advance(ms: number): void {
    const untilUs = this.#nowUs + Math.round(checkMs(ms, 'the time to pass') * 1000);
    for (;;) {
      let next: Alarm | undefined;
      for (const alarm of this.#alarms.values()) {
        if (alarm.dueUs <= untilUs && (next === undefined || alarm.dueUs < next.dueUs)) next = alarm;
      }
      if (next === undefined) break;
      this.#alarms.delete(next.number);
      this.#nowUs = Math.max(this.#nowUs, next.dueUs);
      next.callback();
    }
    this.#nowUs = Math.max(this.#nowUs, untilUs);
  }
}

function checkMs(ms: number, what: string): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= Number.MAX_SAFE_INTEGER / 1000) return ms;
  throw new UserError('invalid-value', {
    what: `${what} is ${showValue(ms)}`,
    expected: 'milliseconds, 0 to 2^53 microseconds',
  });
}
