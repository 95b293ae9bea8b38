/** All rules of a healthy log, in the order in which findings of one line are listed. A new one is a file and a line here. */
import { Registry } from '../base/registry.js';
import type { LogRule } from '../parts/log-rule.js';
import { LogValidator, MessageValidator, type ValidatorOptions } from '../parts/log-validator.js';
import { badSignature } from './bad-signature.js';
import { clockSkew } from './clock-skew.js';
import { desync } from './desync.js';
import { equivocation } from './equivocation.js';
import { patternMismatch } from './pattern-mismatch.js';
import { rate } from './rate.js';
import { stepBackwards } from './step-backwards.js';
import { stepJump } from './step-jump.js';
import { stepRepeat } from './step-repeat.js';
import { unknownSender } from './unknown-sender.js';

export { patternCheck } from './pattern-mismatch.js';

export const checks = new Registry<LogRule>('check', [
  patternMismatch,
  stepRepeat,
  equivocation,
  stepBackwards,
  stepJump,
  desync,
  rate,
  clockSkew,
  unknownSender,
  badSignature,
]);

/** A validator of logs with all rules: `push(chunk)`, `end()`, `tally()`. */
export function createLogValidator(options: ValidatorOptions): LogValidator {
  return new LogValidator(options, checks);
}

/** A validator of messages with all rules: `observe(message)`, `tally()`. */
export function createMessageValidator(options: ValidatorOptions): MessageValidator {
  return new MessageValidator(options, checks);
}
