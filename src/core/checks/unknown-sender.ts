/** A sender for whom there is no key. */
import { rowFlags } from '../parts/log-block.js';
import type { LogRule } from '../parts/log-rule.js';

export const unknownSender: LogRule = {
  name: 'unknown-sender',
  summary: 'the sender is not in the key file',
  scope: 'line',
  canMean: 'A node that nobody registered, a misspelt name, or an intruder.',
  cannotSee: 'With one key for the whole group, any member can speak in the name of any other.',
  isOn: (settings) => settings.hasKeys,
  start: () => ({
    judge: (line) =>
      (line.flags & rowFlags.unknownSender) === 0
        ? undefined
        : { expected: 'a sender with a key', received: null, message: 'this sender has no key' },
  }),
};
