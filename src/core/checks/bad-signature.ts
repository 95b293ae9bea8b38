/** A signature that is missing or does not fit. */
import { rowFlags } from '../parts/log-block.js';
import type { LogRule } from '../parts/log-rule.js';

export const badSignature: LogRule = {
  name: 'bad-signature',
  summary: 'the signature is missing or does not cover what the line says',
  scope: 'line',
  canMean:
    'The message was altered, forged, or signed with another key. It proves nothing about the node whose name it carries.',
  cannotSee:
    'A replayed message has a good signature: look for step-repeat and step-backwards. The pattern value is not covered by the signature.',
  isOn: (settings) => settings.hasKeys,
  start: () => ({
    judge: (line) =>
      (line.flags & rowFlags.badSignature) === 0
        ? undefined
        : { expected: 'a signature of the sender', received: null, message: line.note },
  }),
};
