/** Small things for tests of `mesh observe`. */
import { createLogValidator, patternCheck } from '../../src/core/checks/registry.js';
import type { LogTally } from '../../src/core/parts/log-tally.js';
import type { ValidatorOptions } from '../../src/core/parts/log-validator.js';
import { digitCollapse } from '../../src/core/patterns/digit-collapse.js';

const pattern = digitCollapse.create({ seed: 7, phaseResetInterval: 100 });

export const standardPattern = patternCheck((step) => pattern.value(step));

/** The value of a step with seed 7 and interval 100: 7, then 4, 1, 7, 4, 1 ... after each reset. */
export function valueOf(step: number): number {
  return [7, 4, 1][(step % 100) % 3];
}

/** A good line. */
export function line(senderId: string, step: number, extra: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ senderId, globalStep: step, patternValue: valueOf(step), data: { t: step }, ...extra })}\n`;
}

/** The tally of a log, in pieces of `pieceBytes`. */
export function tallyOf(
  log: string | Uint8Array,
  options: Partial<ValidatorOptions> = {},
  pieceBytes = 65_536,
): LogTally {
  const bytes = typeof log === 'string' ? new TextEncoder().encode(log) : log;
  const validator = createLogValidator({ patternCheck: standardPattern, ...options });
  validator.begin();
  for (let at = 0; at < bytes.length; at += pieceBytes) validator.push(bytes.subarray(at, at + pieceBytes));
  validator.end();
  return validator.tally();
}

export function nonZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
