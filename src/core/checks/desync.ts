/** A step far from the one that most senders have reached. */
import { grown } from '../parts/columns.js';
import type { Finding, LineView, LogRule, RuleRun } from '../parts/log-rule.js';
import { MedianOfColumns } from '../parts/running-median.js';

/** With fewer senders there is no "most". */
const sendersMin = 3;

class Run implements RuleRun {
  /** The step that each sender has reached, by lines without other findings. */
  readonly #reached = new MedianOfColumns();
  #steps = new Float64Array(256).fill(-1);

  constructor(
    private readonly tolerance: number,
    private readonly resync: boolean,
  ) {}

  judge(line: LineView): Finding | undefined {
    if (this.#reached.count < sendersMin) return undefined;
    const most = this.#reached.median;
    const away = line.step - most;
    if (Math.abs(away) <= this.tolerance) return undefined;
    return {
      expected: `${Math.max(0, most - this.tolerance)} to ${most + this.tolerance}`,
      received: line.step,
      message: `step ${line.step} is ${Math.abs(away)} ${away < 0 ? 'behind' : 'ahead of'} the step that most senders have reached`,
    };
  }

  settle(line: LineView, others: number): void {
    // A line that is only out of step still says how far its sender is; else a network that leaps together could never agree again.
    if (others > 0) return;
    const { sender, step } = line;
    if (sender >= this.#steps.length) {
      const length = this.#steps.length;
      this.#steps = grown(this.#steps, 2 * sender);
      this.#steps.fill(-1, length);
    }
    const before = this.#steps[sender];
    if (!this.resync && step <= before) return;
    this.#steps[sender] = step;
    if (before >= 0) this.#reached.remove(before);
    this.#reached.add(step);
  }
}

export const desync: LogRule = {
  name: 'desync',
  summary: 'further than --tolerance from the step that most senders have reached',
  scope: 'log',
  canMean:
    'The node has lost touch, was restarted with an old state, or runs ahead because it follows somebody who lied about the step.',
  cannotSee:
    'It needs three senders, and believes the majority: if most of them are wrong, the right ones are flagged. Senders that have gone silent still count with the last step that they reached.',
  isOn: (settings) => settings.tolerance !== undefined,
  start: ({ tolerance = Infinity, resync }) => new Run(tolerance, resync),
};
