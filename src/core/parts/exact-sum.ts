/** A sum of whole numbers that stays exact beyond 2^53: a small part as a number, and a large part once it is needed. */
export class ExactSum {
  #small = 0;
  #large = 0n;

  /** @param value integer 0..2^53-1 */
  add(value: number): void {
    if (this.#small > Number.MAX_SAFE_INTEGER - value) {
      this.#large += BigInt(this.#small);
      this.#small = 0;
    }
    this.#small += value;
  }

  /** The sum: a number while it is exact as one, else its digits. */
  get value(): number | string {
    const sum = this.#large + BigInt(this.#small);
    return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum.toString();
  }
}
