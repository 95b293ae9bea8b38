/**
 * "Did that come just now?" The last sixteen messages that each node received, and when: enough for windows of a few milliseconds. What
 * came sixteen messages ago counts as long ago.
 */
const perRow = 16;

export class RecentReceipts {
  readonly #identities: Int32Array;
  readonly #timesUs: Float64Array;
  /** Where the next one goes. */
  readonly #next: Uint8Array;

  constructor(rows: number) {
    this.#identities = new Int32Array(rows * perRow * 2);
    this.#timesUs = new Float64Array(rows * perRow).fill(-1);
    this.#next = new Uint8Array(rows);
  }

  note(row: number, x: number, y: number, nowUs: number): void {
    const at = row * perRow + this.#next[row];
    this.#identities[2 * at] = x;
    this.#identities[2 * at + 1] = y;
    this.#timesUs[at] = nowUs;
    this.#next[row] = (this.#next[row] + 1) % perRow;
  }

  /** Was the message noted at `sinceUs` or later? */
  has(row: number, x: number, y: number, sinceUs: number): boolean {
    const from = row * perRow;
    for (let i = 0; i < perRow; i++) {
      const at = from + ((this.#next[row] + perRow - 1 - i) % perRow);
      // From the latest back.
      if (this.#timesUs[at] < sinceUs || this.#timesUs[at] < 0) return false;
      if (this.#identities[2 * at] === (x | 0) && this.#identities[2 * at + 1] === (y | 0)) return true;
    }
    return false;
  }

  forget(row: number): void {
    this.#timesUs.fill(-1, row * perRow, (row + 1) * perRow);
  }
}
