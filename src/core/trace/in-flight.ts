/**
 * Messages between two nodes, like letters in the post: we know when each was posted and when it is due. A plain list, tidied only when
 * it is full, so that a message costs next to nothing on its way in.
 */

export interface Flight {
  readonly from: number;
  readonly to: number;
  readonly sentUs: number;
  readonly dueUs: number;
}

const stride = 4;

export class InFlight {
  /** Posted and not yet handled. */
  count = 0;

  #list = new Float64Array(256 * stride);
  #length = 0;

  add(sentUs: number, dueUs: number, from: number, to: number): void {
    this.count++;
    if (this.#length === this.#list.length) this.#tidy(sentUs);
    const at = this.#length;
    this.#list[at] = dueUs;
    this.#list[at + 1] = sentUs;
    this.#list[at + 2] = from;
    this.#list[at + 3] = to;
    this.#length += stride;
  }

  /** One message arrived, or found its receiver down. A trace from a stranger may have arrivals that were never sent. */
  handled(): void {
    if (this.count > 0) this.count--;
  }

  /** Those due after this moment, the next first; at equal times in the order in which they were sent. */
  first(nowUs: number, max: number): readonly Flight[] {
    const list = this.#list;
    const places: number[] = [];
    for (let at = 0; at < this.#length; at += stride) if (list[at] > nowUs) places.push(at);
    places.sort((p, q) => list[p] - list[q] || p - q);
    return places.slice(0, max).map((at) => ({
      dueUs: list[at],
      sentUs: list[at + 1],
      from: list[at + 2],
      to: list[at + 3],
    }));
  }

  /** Forgets what was due before this moment; makes the list longer when that does not help enough. */
  #tidy(nowUs: number): void {
    const list = this.#list;
    let kept = 0;
    for (let at = 0; at < this.#length; at += stride) {
      if (list[at] < nowUs) continue;
      list.copyWithin(kept, at, at + stride);
      kept += stride;
    }
    this.#length = kept;
    if (kept * 2 <= list.length) return;
    this.#list = new Float64Array(list.length * 2);
    this.#list.set(list);
  }
}
