/**
 * How metrics move: one row at every regular look at the network (`measureEvery`) and one at the end, as comma separated values. A cell
 * without a value is empty. Rows are handed over as they come, so that a long run needs no more memory than a short one.
 */

export class Series {
  #lastUs = -1;
  rows = 0;

  /**
   * @param names the columns after `timeMs`
   * @param write takes the header at once, and every row
   */
  constructor(
    private readonly names: readonly string[],
    private readonly write: (text: string) => void,
  ) {
    write(`timeMs,${names.join(',')}\n`);
  }

  /** A look at the network; the second at one moment says nothing new. */
  look(nowUs: number, metric: (name: string) => number | null): void {
    if (nowUs === this.#lastUs) return;
    this.#lastUs = nowUs;
    this.rows++;
    let row = String(nowUs / 1000);
    for (const name of this.names) {
      const value = metric(name);
      row += `,${value === null || !Number.isFinite(value) ? '' : value}`;
    }
    this.write(`${row}\n`);
  }
}
