/** More messages in one second than a sender may send. */
import { grown } from '../parts/columns.js';
import type { Finding, LineView, LogRule, RuleRun } from '../parts/log-rule.js';

/** Counts by seconds of the clock, as timestamps have them: one number a sender, whatever the limit. */
class Run implements RuleRun {
  #second = new Float64Array(256);
  #count = new Float64Array(256);

  constructor(private readonly rateMax: number) {}

  judge(line: LineView): Finding | undefined {
    if (Number.isNaN(line.timestamp)) return undefined;
    const sender = line.sender;
    if (sender >= this.#second.length) {
      this.#second = grown(this.#second, 2 * sender);
      this.#count = grown(this.#count, 2 * sender);
    }
    const second = Math.floor(line.timestamp / 1000);
    if (this.#count[sender] === 0 || this.#second[sender] !== second) {
      this.#second[sender] = second;
      this.#count[sender] = 0;
    }
    const count = ++this.#count[sender];
    if (count <= this.rateMax) return undefined;
    return {
      expected: `at most ${this.rateMax} a second`,
      received: count,
      message: `message ${count} of this sender in one second`,
    };
  }
}

export const rate: LogRule = {
  name: 'rate',
  summary: 'more messages of one sender in a second than --max-rate',
  scope: 'sender',
  canMean: 'A node babbles, a queue was flushed after an outage, or somebody floods the network.',
  cannotSee:
    'Time is what the sender wrote into its timestamp. Seconds are those of the clock, so a burst across the border of two may have twice the limit. Lines without a timestamp are not counted.',
  isOn: (settings) => settings.rateMax !== undefined,
  start: ({ rateMax = Infinity }) => new Run(rateMax),
};
