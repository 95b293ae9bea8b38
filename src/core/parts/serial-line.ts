/**
 * A line that carries one message after the other, at so many bytes a second, and a waiting room of so many bytes before it: what a node's
 * access to the network is. First come, first served; who finds no room is turned away (tail drop).
 *
 * Reckoned in whole numbers, byte-microseconds, so that a line that is always busy carries exactly its bytes a second, however long it
 * runs: work of b bytes is b * 1e6 of them, and every microsecond takes as many of them as the line has bytes a second.
 */

const perByte = 1e6;

export class SerialLines {
  /** What each line still has to carry, as it was at `#atUs`. */
  readonly #work: Float64Array;
  readonly #atUs: Float64Array;

  /**
   * @param count how many lines
   * @param bytesPerSecond of each, at least 1
   * @param queueBytes what may wait, the rest of what is being sent included; a line with nothing to do takes any message
   */
  constructor(
    count: number,
    private readonly bytesPerSecond: number,
    private readonly queueBytes: number,
  ) {
    this.#work = new Float64Array(count);
    this.#atUs = new Float64Array(count);
  }

  get bytes(): number {
    return this.#work.byteLength + this.#atUs.byteLength;
  }

  /**
   * A message comes to a line. Times never run backwards.
   * @returns microseconds until its last byte is through, rounded up; -1 when there was no room
   */
  take(line: number, sizeBytes: number, nowUs: number): number {
    const waiting = this.#waiting(line, nowUs);
    const work = waiting + sizeBytes * perByte;
    if (waiting > 0 && work > this.queueBytes * perByte) return -1;
    this.#work[line] = work;
    this.#atUs[line] = nowUs;
    return Math.ceil(work / this.bytesPerSecond);
  }

  /** Bytes that wait now, rounded up. */
  waitingBytes(line: number, nowUs: number): number {
    return Math.ceil(this.#waiting(line, nowUs) / perByte);
  }

  #waiting(line: number, nowUs: number): number {
    return Math.max(0, this.#work[line] - (nowUs - this.#atUs[line]) * this.bytesPerSecond);
  }
}
