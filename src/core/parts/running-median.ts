/**
 * The step that most have reached: the largest that more than half of the values reach or exceed. Values come and go; the
 * answer is kept ready in two heaps, the lower half upside down, in the manner of two piles of cards of which only the top
 * ones are looked at. A value that was taken away stays in its pile until it comes to the top.
 */

class Pile {
  readonly #cards: number[] = [];
  readonly #removed = new Map<number, number>();
  /** Cards that count. */
  size = 0;
  /** Cards that were taken away and still lie in the pile. */
  #stale = 0;

  /** @param sign 1: the smallest card is on top; -1: the largest */
  constructor(private readonly sign: 1 | -1) {}

  get top(): number {
    this.#clean();
    return this.sign * this.#cards[0];
  }

  push(value: number): void {
    this.size++;
    const gone = this.#removed.get(value);
    if (gone !== undefined) {
      // The old card takes the place of the new one.
      if (gone === 1) this.#removed.delete(value);
      else this.#removed.set(value, gone - 1);
      this.#stale--;
      return;
    }
    this.#insert(this.sign * value);
  }

  #insert(card: number): void {
    const cards = this.#cards;
    let place = cards.length;
    cards.push(card);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (cards[parent] <= card) break;
      cards[place] = cards[parent];
      place = parent;
    }
    cards[place] = card;
  }

  pop(): number {
    this.#clean();
    this.size--;
    return this.sign * this.#take();
  }

  /** Marks a card that is in the pile as gone. */
  remove(value: number): void {
    this.size--;
    this.#removed.set(value, (this.#removed.get(value) ?? 0) + 1);
    this.#stale++;
    if (this.#stale > this.size + 64) this.#rebuild();
  }

  /** Builds the pile again without the cards that were taken away. */
  #rebuild(): void {
    const old = this.#cards.splice(0);
    for (const card of old) {
      const value = this.sign * card;
      const gone = this.#removed.get(value) ?? 0;
      if (gone === 0) this.#insert(card);
      else this.#removed.set(value, gone - 1);
    }
    this.#removed.clear();
    this.#stale = 0;
  }

  #clean(): void {
    for (;;) {
      const value = this.sign * this.#cards[0];
      const gone = this.#removed.get(value);
      if (gone === undefined) return;
      this.#take();
      this.#stale--;
      if (gone === 1) this.#removed.delete(value);
      else this.#removed.set(value, gone - 1);
    }
  }

  #take(): number {
    const cards = this.#cards;
    const top = cards[0];
    const card = cards.pop() as number;
    if (cards.length === 0) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= cards.length) break;
      if (child + 1 < cards.length && cards[child + 1] < cards[child]) child++;
      if (cards[child] >= card) break;
      cards[place] = cards[child];
      place = child;
    }
    cards[place] = card;
    return top;
  }
}

export class MedianOfColumns {
  /** The lower values; its top is the median. Never smaller than `upper`, and at most one larger when all is settled. */
  readonly #lower = new Pile(-1);
  readonly #upper = new Pile(1);

  get count(): number {
    return this.#lower.size + this.#upper.size;
  }

  /** The largest value that more than half of all values reach; there must be one. */
  get median(): number {
    return this.#lower.top;
  }

  add(value: number): void {
    if (this.#lower.size === 0 || value <= this.#lower.top) this.#lower.push(value);
    else this.#upper.push(value);
    this.#balance();
  }

  /** Takes away one value that was added before. */
  remove(value: number): void {
    // Equal values may lie in both piles; those in the lower one are never larger than its top.
    if (value <= this.#lower.top) this.#lower.remove(value);
    else this.#upper.remove(value);
    this.#balance();
  }

  #balance(): void {
    // More than half reach the median: with n values it is the (floor(n / 2) + 1)-th largest.
    const wanted = (this.count + 1) >> 1;
    while (this.#lower.size > wanted) this.#upper.push(this.#lower.pop());
    while (this.#lower.size < wanted) this.#lower.push(this.#upper.pop());
  }
}
