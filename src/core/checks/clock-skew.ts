/** Timestamps that run backwards, or away from everybody else's. */
import { grown } from '../parts/columns.js';
import type { Finding, LineView, LogRule, RuleRun } from '../parts/log-rule.js';

/** The clock of the log is the median of so many timestamps. */
const window = 15;

class Run implements RuleRun {
  #last = new Float64Array(256).fill(NaN);
  /** The timestamps before this line, a ring. */
  readonly #recent = new Float64Array(window);
  readonly #sorted = new Float64Array(window);
  #seen = 0;

  constructor(private readonly skewMsMax: number) {}

  judge(line: LineView): Finding | undefined {
    const now = line.timestamp;
    if (Number.isNaN(now)) return undefined;
    const previous = line.sender < this.#last.length ? this.#last[line.sender] : NaN;
    if (now < previous - this.skewMsMax) {
      return this.#finding(now, previous, "earlier than this sender's last message");
    }
    if (this.#seen < window) return undefined;
    this.#sorted.set(this.#recent);
    this.#sorted.sort();
    const clock = this.#sorted[window >> 1];
    const away = now - clock;
    if (Math.abs(away) <= this.skewMsMax) return undefined;
    return this.#finding(now, clock, `${away < 0 ? 'behind' : 'ahead of'} the other lines`);
  }

  settle(line: LineView): void {
    if (Number.isNaN(line.timestamp)) return;
    if (line.sender >= this.#last.length) {
      const length = this.#last.length;
      this.#last = grown(this.#last, 2 * line.sender);
      this.#last.fill(NaN, length);
    }
    this.#last[line.sender] = line.timestamp;
    this.#recent[this.#seen % window] = line.timestamp;
    this.#seen++;
  }

  #finding(now: number, clock: number, words: string): Finding {
    const awayMs = Math.abs(now - clock);
    return {
      expected: `within ${this.skewMsMax} ms of ${clock}`,
      received: now,
      message: `the timestamp is ${awayMs} ms ${words}`,
    };
  }
}

export const clockSkew: LogRule = {
  name: 'clock-skew',
  summary:
    'a timestamp further than --max-skew from its sender’s last one backwards, or from the other lines',
  scope: 'log',
  canMean: 'The clock of the node is wrong or was set, the message was held back, or it is replayed.',
  cannotSee:
    'The clock of the log is the median of the 15 timestamps before. If most senders are wrong, the right ones are flagged. Pauses in the log longer than the limit look like leaps of the clock.',
  isOn: (settings) => settings.skewMsMax !== undefined,
  start: ({ skewMsMax = Infinity }) => new Run(skewMsMax),
};
