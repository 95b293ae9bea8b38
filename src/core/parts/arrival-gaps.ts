/**
 * The latest gaps between the heartbeats of each peer of each node, as a mean and a deviation: the memory of the phi-accrual detector.
 * A ring of gaps a peer, and two running sums of whole microseconds, which stay exact.
 */
import { sqrt } from '../base/math.js';
import { withRoomFor } from './columns.js';

export class ArrivalGaps {
  readonly #gaps: Float64Array[];
  readonly #sums: Float64Array[];
  readonly #counts: Uint32Array[];

  constructor(
    rows: number,
    private readonly capacity: number,
    private readonly expectedUs: number,
  ) {
    this.#gaps = new Array<Float64Array>(rows);
    this.#sums = new Array<Float64Array>(rows);
    this.#counts = new Array<Uint32Array>(rows);
  }

  begin(row: number, peerCount: number): void {
    this.#gaps[row] = new Float64Array(peerCount * this.capacity);
    this.#sums[row] = new Float64Array(peerCount);
    this.#counts[row] = new Uint32Array(peerCount);
    for (let position = 0; position < peerCount; position++) this.#expect(row, position);
  }

  /** Forgets what was remembered at this position, which may be a new one: another peer takes it. */
  anew(row: number, position: number): void {
    this.#gaps[row] = withRoomFor((position + 1) * this.capacity, this.#gaps[row]);
    this.#sums[row] = withRoomFor(position + 1, this.#sums[row]);
    this.#counts[row] = withRoomFor(position + 1, this.#counts[row]);
    this.#sums[row][position] = 0;
    this.#counts[row][position] = 0;
    this.#expect(row, position);
  }

  /** Two gaps that were never seen stand for what is expected, give or take a quarter: the first few alone would say too much. */
  #expect(row: number, position: number): void {
    const quarterUs = Math.floor(this.expectedUs / 4);
    this.add(row, position, this.expectedUs - quarterUs);
    this.add(row, position, this.expectedUs + quarterUs);
  }

  add(row: number, position: number, gapUs: number): void {
    const counts = this.#counts[row];
    const gaps = this.#gaps[row];
    const at = position * this.capacity + (counts[position] % this.capacity);
    this.#sums[row][position] += gapUs - (counts[position] >= this.capacity ? gaps[at] : 0);
    gaps[at] = gapUs;
    counts[position]++;
  }

  /** Mean of the remembered gaps, microseconds. */
  meanUs(row: number, position: number): number {
    return this.#sums[row][position] / Math.min(this.#counts[row][position], this.capacity);
  }

  /** Standard deviation of the remembered gaps, microseconds. */
  deviationUs(row: number, position: number): number {
    const count = Math.min(this.#counts[row][position], this.capacity);
    const meanUs = this.#sums[row][position] / count;
    const gaps = this.#gaps[row];
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const offUs = gaps[position * this.capacity + i] - meanUs;
      squares += offUs * offUs;
    }
    return sqrt(squares / count);
  }
}
