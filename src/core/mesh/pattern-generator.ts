/** The pattern as an object, with the names of the original design. The closed form needs no cache; clearing it is free. */
import type { PatternFunction } from '../model/pattern.js';
import { digitCollapse } from '../patterns/digit-collapse.js';

export class PatternGenerator {
  readonly #pattern: PatternFunction;

  /**
   * @param seed integer 1..2^53-1
   * @param phaseResetInterval integer 1..2^53-1
   * @throws UserError `invalid-seed` or `invalid-interval`
   */
  constructor(
    readonly seed = 7,
    readonly phaseResetInterval = 100,
  ) {
    this.#pattern = digitCollapse.create({ seed, phaseResetInterval });
  }

  /** The value that a message of this step carries. @throws UserError `invalid-step` */
  computeValue(step: number): number {
    return this.#pattern.value(step);
  }

  /** Values are computed in constant time and never kept, so there is nothing to forget. */
  clearCache(): void {
    // See above.
  }
}
