/** Two payloads under one step. */
import type { Finding, LineView, LogRule, RuleRun } from '../parts/log-rule.js';

class Run implements RuleRun {
  /** Repeats that could not be compared, because one of the two lines has no payload. */
  unknown = 0;

  judge(line: LineView): Finding | undefined {
    if (line.step !== line.mark) return undefined;
    if (!line.hasPayload || !line.markHasPayload) {
      this.unknown++;
      return undefined;
    }
    if (line.payloadA === line.markPayloadA && line.payloadB === line.markPayloadB) return undefined;
    return {
      expected: 'the payload of the earlier line',
      received: 'another payload',
      message: `step ${line.step} was used for another payload`,
    };
  }
}

export const equivocation: LogRule = {
  name: 'equivocation',
  summary: 'the same step as the last good line of its sender, with another payload',
  scope: 'sender',
  canMean:
    'A node told two stories under one step, lost its state and began again, or somebody else used its name. Only signatures can tell which.',
  cannotSee:
    'Payloads are compared by a 64-bit thumbprint of what they say, whatever the order of keys, and only with the last good line of the sender. Steps before that are not remembered.',
  isOn: () => true,
  start: () => new Run(),
};
