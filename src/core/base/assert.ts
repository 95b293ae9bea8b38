/**
 * The line between a mishap and a bug. What a user or a peer can cause is a value or a `UserError`;
 * what only we can cause is an assertion, and its text names the invariant that was thought to hold.
 */

/** A broken invariant: a bug in mesh, exit code 70. Never caught and turned into a result. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * Throws when an invariant of ours does not hold.
 * @param invariant a sentence that is true in a correct program, such as "time never runs backwards"
 */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(`invariant broken: ${invariant}`);
}
