/** Thrown inside the reader where bytes cannot be a trace; the cursor catches it and ends the valid prefix there. Never leaves `trace`. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
}
